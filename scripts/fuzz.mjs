#!/usr/bin/env node
/**
 * Feeds the parser with changed copies of real and made inputs, guided by coverage: an input that takes a new branch is
 * changed further. Says how many it took; ends with 1 at the first that throws, that costs more processor time than its
 * length allows, or after which memory is gone, and keeps that input in .cache/fuzz. The same seed and number of inputs
 * give the same inputs. A signal ends it early, with the counts so far. With --jobs, so many processes run beside each
 * other, with the seeds that follow.
 *
 *   pnpm fuzz [--seconds 60 | --inputs N] [--seed 1] [--jobs 1] [--target PART-OF-A-NAME]
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Corpus } from "./fuzz/corpus.mjs";
import { instrumentedParser } from "./fuzz/instrument.mjs";
import { mutated, randomOf } from "./fuzz/mutate.mjs";
import { seedsOf } from "./fuzz/seeds.mjs";
import { targetsOf } from "./fuzz/targets.mjs";
import { watchdog } from "./fuzz/watchdog.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    inputs: { type: "string" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "1" },
    target: { type: "string", default: "" },
  },
});
const most = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
const seconds = Number(values.seconds ?? (values.inputs === undefined ? 60 : Number.POSITIVE_INFINITY));
const seed = Number(values.seed);
const jobs = Number(values.jobs);
if (!(seconds > 0) || !(most > 0) || !Number.isInteger(seed) || !(Number.isInteger(jobs) && jobs > 0)) {
  process.stderr.write("fuzz: --seconds, --inputs and --jobs must be above 0, --seed and --jobs whole numbers\n");
  process.exit(2);
}
if (jobs > 1) process.exit(await beside());

/** Runs the jobs as processes of their own, all to their end. @returns 1 when one of them found something */
async function beside() {
  // Each of them ends with its counts at a signal, which the terminal sends to all.
  process.on("SIGINT", () => {});
  const children = Array.from({ length: jobs }, (_, job) => {
    const own = process.argv.slice(2).concat("--seed", String(seed + job), "--jobs", "1");
    return spawn(process.execPath, [fileURLToPath(import.meta.url), ...own], {
      stdio: ["ignore", "inherit", "inherit"],
    });
  });
  process.on("SIGTERM", () => {
    for (const child of children) child.kill("SIGTERM");
  });
  const codes = await Promise.all(children.map((child) => new Promise((resolve) => child.on("close", resolve))));
  return codes.every((code) => code === 0) ? 0 : 1;
}

/** Processor time that an input may cost, counters included: so much, and so much a byte. */
const MOST_MS = 1_000;
const MOST_MS_A_BYTE = 0.02;
const MOST_MEMORY_BYTES = 2 ** 30;
const MEMORY_EVERY = 4_096;
const SIGNALS_EVERY = 1_024;

const { parser, counters } = await instrumentedParser();
const { text, journals, packed } = seedsOf(parser);
const random = randomOf(seed);
const seedsFor = (name) => (name.startsWith("native") ? journals : name.startsWith("compressed") ? packed : text);
const targets = Object.entries(targetsOf(parser))
  .filter(([name]) => name.includes(values.target))
  .map(([name, target]) => ({
    ...target,
    name,
    seeds: seedsFor(name),
    corpus: new Corpus(counters),
    inputs: 0,
  }));
/** Whose turn it is: those that cost little come more often. */
const turns = targets.flatMap((target) => Array(target.turns).fill(target));

const folder = join(root, ".cache/fuzz");
mkdirSync(folder, { recursive: true });
const watch = watchdog(join(folder, `seed-${seed}-endless`), 2 ** 16);

function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Processor time when it was asked for last, and the time then: all inputs since took no more of the one than of the other. */
let [usedBefore, askedAt] = [processorMs(), performance.now()];
const ASK_EVERY = 256;
let fed = 0;

/** The counts so far. */
function tell(how) {
  for (const { name, inputs, corpus } of targets)
    process.stdout.write(`${name}: ${inputs} inputs, ${corpus.size} kept, ${corpus.branches} branches\n`);
  const took = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${fed} inputs in ${took} s, seed ${seed}, ${counters.length} branches in all: ${how}\n`);
}

/** Runs one input; ends the process where it fails. */
async function feed(target, input) {
  watch(input);
  const before = performance.now();
  let fault = null;
  try {
    const running = target.run(input, random);
    if (running !== undefined) await running;
  } catch (error) {
    fault = error.stack;
  }
  target.inputs += 1;
  fed += 1;
  const mostMs = MOST_MS + MOST_MS_A_BYTE * input.length;
  // What took little time took little of the processor's; to ask for that costs as much as a small input.
  const ms = performance.now() - before > mostMs ? processorMs() - usedBefore - (before - askedAt) : 0;
  if (fed % ASK_EVERY === 0) [usedBefore, askedAt] = [processorMs(), performance.now()];
  if (ms > mostMs) fault ??= `${Math.round(ms)} ms for ${input.length} bytes`;
  if (target.inputs % MEMORY_EVERY === 0 && process.memoryUsage.rss() > MOST_MEMORY_BYTES)
    fault ??= `${process.memoryUsage.rss()} bytes of memory`;
  if (fault !== null) {
    const path = join(folder, `seed-${seed}-input-${target.inputs}`);
    writeFileSync(path, input);
    tell("this one failed");
    process.stderr.write(`fuzz: ${target.name}: ${fault}\n${path}\n`);
    process.exit(1);
  }
  return target.corpus.offer(input);
}

const end = performance.now() + seconds * 1000;
const started = performance.now();
for (const target of targets) for (const one of target.seeds) await feed(target, one);
let isStopped = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => (isStopped = true));
for (let round = 0; performance.now() < end && fed < most && !isStopped; round += 1) {
  // Signals are heard between tasks only.
  if (round % SIGNALS_EVERY === 0) await new Promise(setImmediate);
  const target = turns[round % turns.length];
  const { corpus } = target;
  // What is wrong with a large input is as a rule wrong with a part of it, which costs less.
  const mostBytes = random(32) === 0 ? 8_192 : random(8) === 0 ? 4 * target.mostBytes : target.mostBytes;
  await feed(target, mutated(random, [corpus.pick(random), corpus.pick(random)], mostBytes));
}
await watch(null);
tell("none threw, hung or filled the memory");
