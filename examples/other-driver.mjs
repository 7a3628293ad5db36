// Hangs of igc during runs of borgmatic: a driver and a backup program that the library does not know, by two packs.
// The change to judge is told: no log line shows it.
// node examples/other-driver.mjs 2025-10-11T12:00:00Z LOG...
import { Analysis } from "@hangproof/analyzer";
import { openEvidence } from "@hangproof/parser/node";
import { borgmatic } from "./packs/borgmatic.mjs";
import { igc } from "./packs/igc.mjs";

const [changed, ...logs] = process.argv.slice(2);
const changes = [{ timeMs: Date.parse(changed), title: "flow control off" }];
const analysis = new Analysis({ now: Date.now(), driver: "igc", changes });
const packs = [igc, borgmatic];
for await (const { batch, summary } of openEvidence(logs, { timeZone: "Europe/Berlin", packs })) {
  for (const event of batch.events) {
    analysis.add(event);
    if (event.kind !== "pack.hang") continue;
    const { adapter, registers } = event;
    console.log(`${adapter.interface} queue ${registers["Tx Queue"]}: TDH ${registers.TDH}, TDT ${registers.TDT}`);
  }
  if (summary !== null) analysis.addEvidence(summary);
}

for (const { host, adapter, episodes, runs, verdict } of analysis.finish().series) {
  const inBackup = episodes.filter(({ run }) => run !== null).length;
  console.log(
    `${host} ${adapter.interfaces.at(-1)}: ${episodes.length} episodes, ${inBackup} in ${runs.length} backups`,
  );
  console.log(verdict.headline);
}
