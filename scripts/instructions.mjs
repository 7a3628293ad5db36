#!/usr/bin/env node
/**
 * Question: how many instructions does a byte cost in the scanner's kernels and on the way from bytes to events? Unlike
 * times, these are the same on a busy machine; counted by valgrind (callgrind) as the difference of two runs, so that
 * start and compilation fall out. What it leaves out: caches, branches, and the disk.
 *
 *   pnpm instructions            prints the table
 *   pnpm instructions --write    puts it into docs/benchmarks.md and scripts/bench/instructions.json
 *   pnpm instructions --check    compares all kernels together with the committed counts; fails above a tenth more
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { kernelInputs } from "./bench/inputs.mjs";
import { table, withPart } from "./docs/generated.mjs";

const { values } = parseArgs({ options: { write: { type: "boolean" }, check: { type: "boolean" } } });
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const committedFile = path("bench/instructions.json");
/** Rounds until the compiler has settled, and those that are counted then. */
const SETTLING = 3;
const COUNTED = 4;
const TOLERANCE = 0.1;

if (spawnSync("valgrind", ["--version"]).error !== undefined) {
  console.log("instructions: skipped, valgrind is not installed");
  process.exit(0);
}
await kernelInputs();

const kernelsFile = path("bench/kernels.mjs");
/** Bytes of a round, by the kernel's name. */
const bytesOf = new Map(
  execFileSync(process.execPath, [kernelsFile], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .map(([name, bytes]) => [name, Number(bytes)]),
);

/** Instructions of a whole process. */
function count(names, rounds) {
  const args = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "--smc-check=all-non-file", process.execPath];
  // One thread and one compiler, so that the same work is the same instructions.
  const flags = ["--single-threaded", "--predictable", "--no-wasm-tier-up", "--no-liftoff"];
  return new Promise((resolve, fail) => {
    const child = spawn("valgrind", [...args, ...flags, kernelsFile, ...names.map((name) => `${name}=${rounds}`)]);
    let said = "";
    child.stderr.on("data", (chunk) => (said += chunk));
    child.on("error", fail);
    child.on("close", (code) => {
      const total = /Collected : (\d+)/.exec(said)?.[1];
      if (code === 0 && total !== undefined) resolve(Number(total));
      else fail(new Error(`valgrind ended with ${code}: ${said.slice(-500)}`));
    });
  });
}

/** Instructions of the counted rounds of some kernels. */
async function work(names) {
  const [settled, all] = await Promise.all([count(names, SETTLING), count(names, SETTLING + COUNTED)]);
  return all - settled;
}

const engine = `Node ${process.versions.node.split(".")[0]}, ${process.arch}`;
if (values.check) await check(JSON.parse(readFileSync(committedFile, "utf8")));
else {
  const perByte = {};
  for (const [name, bytes] of bytesOf) {
    perByte[name] = Number(((await work([name])) / COUNTED / bytes).toFixed(3));
    console.log(`${name}: ${perByte[name]} instructions a byte`);
  }
  const rows = Object.entries(perByte).map(([name, instructions]) => [name, instructions.toFixed(2)]);
  const text = `${engine}, counted by callgrind.\n\n${table(["work", "instructions a byte"], rows)}`;
  if (values.write) {
    // In one process they share what the compiler knows: their sum is not that of the rows.
    const together = await work([...bytesOf.keys()]);
    writeFileSync(committedFile, `${JSON.stringify({ engine, together }, null, 2)}\n`);
    const document = path("../docs/benchmarks.md");
    writeFileSync(document, withPart(readFileSync(document, "utf8"), "instructions", text));
  }
}

async function check(committed) {
  if (committed.engine !== engine) {
    console.log(`instructions: skipped, the committed counts are of ${committed.engine}, this is ${engine}`);
    return;
  }
  const ratio = (await work([...bytesOf.keys()])) / committed.together;
  console.log(`instructions: ${ratio.toFixed(3)} of the committed counts`);
  if (ratio <= 1 + TOLERANCE) return;
  console.error("instructions: more than a tenth above; `pnpm instructions` tells where, `--write` commits new counts");
  process.exitCode = 1;
}
