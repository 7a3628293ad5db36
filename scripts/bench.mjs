#!/usr/bin/env node
/**
 * Question: how long does hangproof take to read a big kern.log into typed events, beside what people run otherwise?
 *
 * Whole processes, warm page cache, the contenders in turn, each run's answer checked. Prints medians, ratios to
 * `grep -c` of the same round, and peak memory. What it leaves out: cold disks, and other forms than rsyslog's.
 *
 *   pnpm bench [--gib 1] [--rounds 3]
 */
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bigKernLog } from "../fixtures/make/dist/index.js";

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, "..", ".cache");
const { values } = parseArgs({
  options: { gib: { type: "string", default: "1" }, rounds: { type: "string", default: "3" } },
});
const bytes = Math.round(Number(values.gib) * 2 ** 30);
const rounds = Number(values.rounds);
if (!(bytes > 0) || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write("bench: --gib must be above 0 and --rounds a whole number from 1\n");
  process.exit(2);
}

/** Makes the log once; its name says what is in it, so that another size is another file. */
async function makeLog() {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `kern-${bytes}.log`);
  const facts = `${path}.json`;
  if (!existsSync(path) || !existsSync(facts)) {
    process.stderr.write(`> writing ${values.gib} GiB of kern.log to .cache (once)\n`);
    const out = createWriteStream(`${path}.part`);
    let hangs = 0;
    for await (const chunk of bigKernLog({ bytes, hangsEvery: 4 * 2 ** 20, seed: 1, onHang: () => (hangs += 1) })) {
      if (!out.write(chunk)) await new Promise((resume) => out.once("drain", resume));
    }
    await new Promise((done) => out.end(done));
    writeFileSync(facts, JSON.stringify({ hangs }));
    renameSync(`${path}.part`, path);
  }
  return { path, hangs: JSON.parse(readFileSync(facts, "utf8")).hangs };
}

/** One whole process: seconds, peak resident MiB (highest VmHWM seen, sampled), standard output. */
function measure(command, args) {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let peakKib = 0;
    const sampler = setInterval(() => {
      try {
        const kib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0);
        peakKib = Math.max(peakKib, kib);
      } catch {
        // Between exit and reaping the process has no status file.
      }
    }, 5);
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.on("error", fail);
    child.on("close", () => {
      clearInterval(sampler);
      done({ seconds: (performance.now() - start) / 1000, peakMib: peakKib / 1024, output: output.trim() });
    });
  });
}

const has = (command) => spawnSync(command, ["--version"]).error === undefined;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

const { path, hangs } = await makeLog();
const NEEDLE = "Detected Hardware Unit Hang";
const contenders = [
  { name: "hangproof (typed events)", run: [process.execPath, [join(here, "bench", "parse.mjs"), path]] },
  { name: "grep -c -F", run: ["grep", ["-c", "-F", NEEDLE, path]] },
  ...(has("rg") ? [{ name: "rg -c -F", run: ["rg", ["-c", "-F", NEEDLE, path]] }] : []),
  { name: "node readline + includes", run: [process.execPath, [join(here, "bench", "readline.mjs"), path, NEEDLE]] },
];
for (const one of contenders) one.samples = [];
spawnSync("cat", [path], { stdio: ["ignore", "ignore", "inherit"] });
for (let round = 0; round < rounds; round += 1) {
  for (const one of contenders) {
    const sample = await measure(...one.run);
    if (Number(sample.output) !== hangs) {
      throw new Error(`${one.name} found ${sample.output} hang reports; the log holds ${hangs}`);
    }
    one.samples.push(sample);
  }
}

const grep = contenders.find((one) => one.name.startsWith("grep"));
const size = statSync(path).size;
const cpu = os.cpus()[0]?.model ?? "unknown CPU";
console.log(`${(size / 2 ** 30).toFixed(2)} GiB kern.log, ${hangs} hang reports, ${rounds} rounds, median`);
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpu}, ${os.cpus().length} cores, Node ${process.version}\n`);
console.log("| contender | seconds | MB/s | time / grep | peak MiB |\n| --- | ---: | ---: | ---: | ---: |");
for (const one of contenders) {
  const seconds = median(one.samples.map((sample) => sample.seconds));
  const ratio = median(one.samples.map((sample, round) => sample.seconds / grep.samples[round].seconds));
  const peak = Math.max(...one.samples.map((sample) => sample.peakMib));
  console.log(
    `| ${one.name} | ${seconds.toFixed(2)} | ${(size / 1e6 / seconds).toFixed(0)} | ${ratio.toFixed(2)} | ${peak.toFixed(0)} |`,
  );
}
if (!has("rg")) console.log("\nrg is not installed here and was left out (Debian: apt-get install ripgrep).");
