// Every register of every hang report as CSV, in hexadecimal as the driver prints them. A field that the evidence
// lacks is empty, not 0. Text from a log may be an attack on whoever opens the table: `csvText` lets no cell be a formula.
// node examples/registers-csv.mjs LOG... > registers.csv
import { openEvidence } from "@hangproof/parser/node";
import { stringify } from "csv-stringify/sync";
import { csvText } from "hangproof/html";

const rows = [];
const names = new Set();
for await (const { batch } of openEvidence(process.argv.slice(2), { timeZone: "Europe/Berlin" })) {
  for (const event of batch.events) {
    if (event.kind !== "e1000e.hang") continue;
    for (const name of Object.keys(event.registers)) names.add(name);
    rows.push(event);
  }
}

const cells = rows.map(({ time, host, adapter, registers }) => [
  time.unixMs === null ? "" : new Date(time.unixMs).toISOString(),
  ...[host, adapter.pci, adapter.interface].map((name) => csvText(name ?? "")),
  ...[...names].map((name) => registers[name]?.toString(16) ?? ""),
]);
process.stdout.write(stringify([["time", "host", "pci", "interface", ...names], ...cells]));
