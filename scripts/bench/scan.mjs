#!/usr/bin/env node
/**
 * Question: how fast does the scanner go through a log, beside `rg -c` and `grep -c` with the same literals?
 *
 * Each line count is checked against the others. The scanner runs in this process over whole lines read with readSync
 * into its memory, so that reading and scanning are told apart; the peers are whole processes with a warm page cache.
 * Leaves out: decoding, and what the readers do with a candidate line.
 *
 *   node scripts/bench/scan.mjs [file] [--rounds 3] [--mib 256]
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { NEEDLES } from "../../packages/parser/dist/read/needles.js";
import { createScanner } from "../../packages/parser/dist/scan/create-scanner.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, mib: { type: "string", default: "256" } },
  allowPositionals: true,
});
const file = positionals[0] ?? join(root, ".cache", "kern-1073741824.log");
const most = Number(values.mib) * 2 ** 20;
const rounds = Number(values.rounds);

const SETS = {
  "one literal": ["Detected Hardware Unit Hang"],
  "the driver's": ["e1000e", "Hardware Unit Hang", "NETDEV WATCHDOG", "Reset adapter"],
  "all needles": NEEDLES,
};

const temporary = mkdtempSync(join(tmpdir(), "hangproof-scan-"));
const log = join(temporary, "log");
const size = copyWholeLines(file, log);
const now = () => performance.now();

/** The file's first bytes, up to a line's end: the same for everyone. */
function copyWholeLines(from, to) {
  const bytes = Buffer.alloc(most);
  const input = openSync(from, "r");
  const got = readSync(input, bytes, 0, most, 0);
  closeSync(input);
  const end = bytes.lastIndexOf(10, got - 1) + 1;
  writeFileSync(to, bytes.subarray(0, end));
  return end;
}

/** Lines with a needle, all lines, and the milliseconds that scanning alone took. */
function scanFile(scanner) {
  const { buffer } = scanner;
  const input = openSync(log, "r");
  let kept = 0;
  let matching = 0;
  let lines = 0;
  let scanMs = 0;
  for (;;) {
    const got = readSync(input, buffer, kept, buffer.length - kept, null);
    if (got === 0) break;
    const end = buffer.lastIndexOf(10, kept + got - 1) + 1;
    const start = now();
    for (let at = 0; at < end; ) {
      at = scanner.scan(at, end);
      matching += scanner.count;
      lines += scanner.lineFeeds;
    }
    scanMs += now() - start;
    buffer.copyWithin(0, end, kept + got);
    kept = kept + got - end;
  }
  closeSync(input);
  return { matching, lines, scanMs };
}

function peer(command, patterns) {
  const start = now();
  const result = spawnSync(command, ["-c", "-F", "-f", patterns, log], { env: { ...process.env, LC_ALL: "C" } });
  return { matching: Number(result.stdout), ms: now() - start };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const rate = (list) => (size / 1e6 / median(list)).toFixed(2);
const has = (command) => spawnSync(command, ["--version"]).error === undefined;

console.log(
  `${(size / 2 ** 20).toFixed(0)} MiB, ${rounds} rounds, median; ${os.cpus()[0]?.model}, Node ${process.version}`,
);
console.log("GB/s; lets through: share of lines with a literal\n");
console.log("| literals | lets through | SIMD scan | SIMD read+scan | scalar scan | rg -c | grep -c |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const [name, needles] of Object.entries(SETS)) {
  const patterns = join(temporary, "literals");
  writeFileSync(patterns, `${needles.join("\n")}\n`);
  const simd = createScanner(needles);
  const scalar = createScanner(needles, { kind: "scalar" });
  const times = { scan: [], whole: [], scalar: [], rg: [], grep: [] };
  let answer = null;
  for (let round = 0; round < rounds; round += 1) {
    const start = now();
    const fast = scanFile(simd);
    times.whole.push(now() - start);
    times.scan.push(fast.scanMs);
    const slow = scanFile(scalar);
    times.scalar.push(slow.scanMs);
    const answers = [slow.matching];
    for (const command of ["rg", "grep"].filter(has)) {
      const found = peer(command, patterns);
      times[command].push(found.ms);
      answers.push(found.matching);
    }
    if (answers.some((one) => one !== fast.matching) || slow.lines !== fast.lines) {
      throw new Error(
        `${name}: ${fast.matching} lines of ${fast.lines}, but the others found ${answers}, ${slow.lines}`,
      );
    }
    answer = fast;
  }
  const cells = [
    `${name} (${needles.length})`,
    `${((100 * answer.matching) / answer.lines).toFixed(2)} %`,
    rate(times.scan),
    rate(times.whole),
    rate(times.scalar),
    times.rg.length === 0 ? "-" : rate(times.rg),
    times.grep.length === 0 ? "-" : rate(times.grep),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
rmSync(temporary, { recursive: true });

/** Texts that make a scanner look twice, or never let it go on. */
const HOSTILE = {
  "line feeds only": "\n",
  "beginnings of needles, a line each": NEEDLES.map((needle) => `${needle.slice(0, -1)}\n`).join(""),
  "needles only": NEEDLES.map((needle) => `${needle}\n`).join(""),
  "shortest needle, a line each": "TDH\n",
  "no line end": "x".repeat(1000),
};
console.log("\n| hostile text, all needles | SIMD GB/s | scalar GB/s |\n| --- | ---: | ---: |");
for (const [name, unit] of Object.entries(HOSTILE)) {
  const rates = [createScanner(NEEDLES), createScanner(NEEDLES, { kind: "scalar" })].map((scanner) => {
    const { buffer } = scanner;
    buffer.set(Buffer.from(unit.repeat(Math.ceil(buffer.length / unit.length))).subarray(0, buffer.length));
    const samples = Array.from({ length: 64 }, () => {
      const start = now();
      for (let at = 0; at < buffer.length; ) at = scanner.scan(at, buffer.length);
      return now() - start;
    });
    return (buffer.length / 1e6 / median(samples)).toFixed(2);
  });
  console.log(`| ${name} | ${rates.join(" | ")} |`);
}
