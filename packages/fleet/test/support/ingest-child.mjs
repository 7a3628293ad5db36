// Takes the readings of a JSON file into a lake one by one, and says after each that it is kept.
import { readFileSync, writeSync } from "node:fs";

const [library, path, readings] = process.argv.slice(2);
const { openLake } = await import(library);
const lake = await openLake(path);
writeSync(1, "open\n");
for (const { summary, events } of JSON.parse(readFileSync(readings, "utf8"))) {
  const intake = await lake.begin(summary.evidence);
  for (const event of events) intake.add(event);
  await intake.finish(summary);
  writeSync(1, `${summary.evidence}\n`);
}
await lake.close();
