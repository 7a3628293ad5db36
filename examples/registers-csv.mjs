// Every register of every hang report as CSV, in hexadecimal as the driver prints them. A field that the evidence
// lacks is empty, not 0.
// node examples/registers-csv.mjs LOG... > registers.csv
import { openEvidence } from "@hangproof/parser/node";

const rows = [];
const names = new Set();
for await (const { batch } of openEvidence(process.argv.slice(2), { timeZone: "Europe/Berlin" })) {
  for (const event of batch.events) {
    if (event.kind !== "e1000e.hang") continue;
    for (const name of Object.keys(event.registers)) names.add(name);
    rows.push(event);
  }
}

console.log(["time", "pci", ...names].join(","));
for (const { time, adapter, registers } of rows) {
  const values = [...names].map((name) => registers[name]?.toString(16) ?? "");
  const stamp = time.unixMs === null ? "" : new Date(time.unixMs).toISOString();
  console.log([stamp, adapter.pci, ...values].join(","));
}
