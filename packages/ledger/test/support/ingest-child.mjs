// Takes in the readings of a JSON file one by one, and says after each that it is kept.
import { readFileSync, writeSync } from "node:fs";

const [library, path, readings] = process.argv.slice(2);
const { openLedger } = await import(library);
const ledger = openLedger(path);
writeSync(1, "open\n");
for (const { summary, events } of JSON.parse(readFileSync(readings, "utf8"))) {
  ledger.ingest(summary, events);
  writeSync(1, `${summary.evidence}\n`);
}
