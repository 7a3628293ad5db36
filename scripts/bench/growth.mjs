#!/usr/bin/env node
/**
 * Question: does a byte cost the same time, and the whole the same memory, whatever the size of the log?
 *
 * Whole processes, warm page cache, kern.log with rare hangs, counts checked; the median of some rounds. Leaves out other
 * forms and other machines.
 *
 *   node scripts/bench/growth.mjs [--gib 1,2,4,8] [--rounds 3] [--write]
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table, withPart } from "../docs/generated.mjs";
import { kernLog } from "./inputs.mjs";
import { measure, median } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    gib: { type: "string", default: "1,2,4,8" },
    rounds: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
const parse = fileURLToPath(new URL("parse.mjs", import.meta.url));
const rows = [];
for (const gib of values.gib.split(",").map(Number)) {
  const { path, hangs } = await kernLog(gib * 2 ** 30, { portStates: false });
  const samples = [];
  for (let round = -1; round < Number(values.rounds); round += 1) {
    const sample = await measure(process.execPath, [parse, path]);
    if (Number(sample.output) !== hangs) throw new Error(`${path}: ${sample.output} hang reports, it holds ${hangs}`);
    // The first round warms the page cache.
    if (round >= 0) samples.push(sample);
  }
  const seconds = median(samples.map((sample) => sample.seconds));
  const peakMib = Math.max(...samples.map((sample) => sample.peakMib));
  rows.push([gib, seconds.toFixed(2), ((seconds / statSync(path).size) * 1e9).toFixed(2), peakMib.toFixed(0)]);
  console.log(rows.at(-1).join("  "));
}
if (values.write) {
  const document = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
  const part = table(["GiB", "seconds", "nanoseconds a byte", "peak MiB"], rows);
  writeFileSync(document, withPart(readFileSync(document, "utf8"), "growth", part));
}
