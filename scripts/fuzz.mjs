#!/usr/bin/env node
/**
 * Feeds the parser with changed copies of real and made inputs for as long as asked, and says how many it took. Stops at
 * the first that throws, or that takes a second or more, and keeps it in .cache/fuzz. Structured mutation, not guided by
 * coverage: every input of a run follows from its seed.
 *
 *   pnpm fuzz [--seconds 60] [--seed 1]
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as parser from "../packages/parser/dist/index.js";
import { gunzipped } from "../packages/parser/dist/node/containers/gzip.js";
import { unpack } from "../packages/parser/dist/open/containers/unpack.js";
import { mutated, randomOf } from "./fuzz/mutate.mjs";
import { bzip2, lz4, tar, xz, zstd } from "./fuzz/packed.mjs";
import { targetsOf } from "./fuzz/targets.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string", default: "1" } },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  process.stderr.write("fuzz: --seconds must be above 0 and --seed a whole number\n");
  process.exit(2);
}

const files = readdirSync(join(root, "fixtures/cases"), { recursive: true, encoding: "utf8" })
  .map((name) => join(root, "fixtures/cases", name))
  .filter((path) => statSync(path).isFile())
  .slice(0, 60)
  .map((path) => new Uint8Array(readFileSync(path)));
const journals = process.env.HANGPROOF_JOURNALS?.split(":").map((path) => new Uint8Array(readFileSync(path))) ?? [];
const text = files[0]?.subarray(0, 4096) ?? new Uint8Array(1);
const packed = [new Uint8Array(gzipSync(text)), tar, xz, bzip2, zstd, lz4];
const seeds = { text: files, journal: journals.length > 0 ? journals : [new TextEncoder().encode("LPKSHHRH")], packed };
const targets = Object.entries(targetsOf({ ...parser, unpack, gunzipped }));
const kinds = ["text", "text", "journal", "packed"];
const random = randomOf(seed);
const counts = targets.map(() => 0);
const end = performance.now() + seconds * 1000;
for (let round = 0; performance.now() < end; round += 1) {
  const at = round % targets.length;
  const [name, target] = targets[at];
  const input = mutated(random, seeds[kinds[at]]);
  const before = performance.now();
  let fault = null;
  try {
    await target(input, random);
  } catch (error) {
    fault = error;
  }
  const ms = performance.now() - before;
  if (fault !== null || ms > 1000) {
    mkdirSync(join(root, ".cache/fuzz"), { recursive: true });
    const path = join(root, ".cache/fuzz", `seed-${seed}-round-${round}`);
    writeFileSync(path, input);
    process.stderr.write(`fuzz: ${name}: ${fault === null ? `${Math.round(ms)} ms` : fault.stack}\n${path}\n`);
    process.exit(1);
  }
  counts[at] += 1;
}
for (const [at, [name]] of targets.entries()) process.stdout.write(`${counts[at]} inputs: ${name}\n`);
process.stdout.write(
  `${counts.reduce((sum, count) => sum + count, 0)} inputs in ${seconds} s, seed ${seed}: none threw, none took a second\n`,
);
