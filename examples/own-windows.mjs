// Which episodes began in maintenance windows of your own, from a CSV of `start,end` in ISO 8601, and the same windows
// as exposure for the report's own comparison.
// node examples/own-windows.mjs WINDOWS.csv LOG...
import { readFile } from "node:fs/promises";
import { analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";

const [csv, ...logs] = process.argv.slice(2);
const windows = (await readFile(csv, "utf8"))
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [start, end] = line.split(",");
    return { startMs: Date.parse(start), endMs: Date.parse(end) };
  });

const { events, evidence } = await readEvidence(logs, { timeZone: "Europe/Berlin" });
const report = analyze({ events, evidence }, { now: Date.now(), windows });

for (const { host, adapter, episodes } of report.series) {
  const inside = episodes.filter(({ onsetMs }) =>
    windows.some(({ startMs, endMs }) => onsetMs >= startMs && onsetMs < endMs),
  );
  console.log(`${host} ${adapter.interfaces.at(-1)}: ${inside.length} of ${episodes.length} episodes in your windows`);
  for (const { onsetMs } of inside) console.log(new Date(onsetMs).toISOString());
}
