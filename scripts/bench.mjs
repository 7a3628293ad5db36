#!/usr/bin/env node
/**
 * Question: how long does hangproof take to read large logs, beside what people run otherwise?
 *
 * Whole processes, warm page cache, the contenders of a case in turn, hang reports counted and checked. Prints medians,
 * ratios to the reference of the same round, and peak memory; `--write` puts the tables into docs/benchmarks.md. What it
 * leaves out: cold disks, other machines, and logs that real hosts wrote.
 *
 *   pnpm bench [--gib 1] [--rounds 3] [--only PART-OF-A-NAME] [--write]
 *
 * With both `--only` and `--write` the tables of those cases are put in the place of the ones that are there.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./bench/cases.mjs";
import { has, measure, median, versionOf } from "./bench/measure.mjs";
import { table, withPart } from "./docs/generated.mjs";

const { values } = parseArgs({
  options: {
    gib: { type: "string", default: "1" },
    rounds: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const bytes = Math.round(Number(values.gib) * 2 ** 30);
const rounds = Number(values.rounds);
if (!(bytes > 0) || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("bench: --gib must be above 0 and --rounds a whole number from 1\n");
  process.exit(2);
}

function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

async function runCase({ name, input, contenders, reference }) {
  const made = await input();
  const all = contenders(made).map((one) => ({ ...one, samples: [] }));
  const agreed = new Map([["hangs", made.hangs === null ? null : String(made.hangs)]]);
  for (let round = -1; round < rounds; round += 1) {
    for (const one of all) {
      const sample = await measure(...one.run, { keep: one.answer !== undefined });
      if (one.answer !== undefined) {
        const counted = one.read?.(sample.output) ?? sample.output;
        const expected = agreed.get(one.answer) ?? counted;
        agreed.set(one.answer, expected);
        if (counted !== expected)
          throw new Error(`${one.name} counts ${counted} ${one.answer} in ${name}; there are ${expected}`);
      }
      // The first round warms the page cache.
      if (round >= 0) one.samples.push(sample);
    }
  }
  const size = sizeOf(made.path);
  const against = all.find((one) => one.name === reference) ?? all[0];
  const rows = all.map((one) => {
    const seconds = median(one.samples.map((sample) => sample.seconds));
    const ratio = median(one.samples.map((sample, round) => sample.seconds / against.samples[round].seconds));
    const peak = Math.max(...one.samples.map((sample) => sample.peakMib));
    return [one.name, seconds.toFixed(2), (size / 1e6 / seconds).toFixed(0), ratio.toFixed(2), peak.toFixed(0)];
  });
  const about = `${(size / 2 ** 20).toFixed(0)} MiB${made.hangs === null ? "" : `, ${made.hangs} hang reports`}`;
  return `### ${name}\n\n${about}\n\n${table(["contender", "seconds", "MB/s", `time / ${against.name}`, "peak MiB"], rows)}`;
}

const parts = [];
for (const one of cases(bytes).filter(({ name }) => name.includes(values.only))) {
  const part = await runCase(one);
  console.log(part);
  parts.push(part);
}
const cpu = os.cpus()[0]?.model.trim() ?? "unknown CPU";
const peers = ["grep", "rg", "jq", "sha256sum", "zcat", "journalctl", "lnav", "mtail", "mlr"]
  .filter(has)
  .map(versionOf);
const made = `${new Date().toISOString().slice(0, 10)}, ${cpu}, ${os.cpus().length} cores, Node ${process.version}; ${rounds} rounds, medians. Peers: ${peers.join("; ")}.\n`;
console.log(made);
if (values.write) {
  const file = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
  const text = readFileSync(file, "utf8");
  const kept =
    values.only === "" ? [] : (/<!-- generated: benchmarks;.*?(?=<!-- end)/s.exec(text)?.[0] ?? "").split(/^(?=### )/m);
  const measured = new Map([...kept.slice(1), ...parts].map((part) => [/^### (.*)/.exec(part)?.[1], part.trim()]));
  const all = cases(bytes).flatMap(({ name }) => measured.get(name) ?? []);
  writeFileSync(file, withPart(text, "benchmarks", `${made}\n${all.join("\n\n")}\n`));
}
