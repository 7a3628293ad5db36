#!/usr/bin/env node
/**
 * How a fleet's cost grows: generates so many hosts (28 days of journal each, or as many as are asked for; two of three with
 * a change in the middle), ingests them into a lake and reports on it.
 * Usage: node scripts/fleet-scale.mjs [--days N] [HOSTS...], by default 100 200 400.
 * Prints a row of the table in docs/fleet.md for each. Needs a build before it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CASE, makeWorld, renderHost } from "../fixtures/make/dist/index.js";

const main = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url));
const { values, positionals } = parseArgs({
  options: { days: { type: "string", default: "28" } },
  allowPositionals: true,
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [100, 200, 400];
const DAYS = Number(values.days);
/** Time of the processor, as others may be at work on this machine. */
const TELL = `data:text/javascript,process.on("exit",()=>{
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error("used", maxRSS, userCPUTime + systemCPUTime);
})`.replaceAll(/\n\s*/g, " ");

/** Writes one host's journal; returns its size. */
function writeHost(folder, index) {
  const changeDay = index % 3 === 0 ? DAYS + 7 : Math.floor(DAYS / 2);
  const parameters = {
    ...CASE,
    seed: index + 1,
    host: `web${index}`,
    days: DAYS,
    changeDay,
    gap: null,
    rebootDay: null,
  };
  const files = [...renderHost(makeWorld({ ...parameters, effect: 0.4 }))];
  const [, bytes] = files.find(([path]) => path.startsWith("journal/"));
  mkdirSync(join(folder, `web${index}`), { recursive: true });
  writeFileSync(join(folder, `web${index}`, "journal.txt"), bytes);
  return bytes.length;
}

/** Seconds of the processor and mebibytes of one run of the command. */
function measured(args) {
  const command = ["--import", TELL, main, "fleet", ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (status !== 0) throw new Error(`fleet ${args[0]}: status ${status}: ${stderr}`);
  const [, kibibytes, microseconds] = /used (\d+) (\d+)/.exec(stderr);
  return { seconds: microseconds / 1e6, mebibytes: kibibytes / 1024 };
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    files: files.length,
    bytes: files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0),
  };
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);
console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.versions.node}`);
console.log(
  "| hosts | logs, MiB | lake, MiB | files | ingest, s of CPU | ingest, MiB of memory | report, s of CPU | report, MiB of memory |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const hosts of sizes) {
  const work = mkdtempSync(join(tmpdir(), "hangproof-scale-"));
  try {
    const [logs, lake] = [join(work, "logs"), join(work, "lake")];
    let bytes = 0;
    for (let i = 0; i < hosts; i++) bytes += writeHost(logs, i);
    const ingest = measured(["ingest", logs, "--out", lake, "--quiet"]);
    const report = measured(["report", lake, "--format", "json", "-o", join(work, "report.json")]);
    const { files, bytes: stored } = sizeOf(lake);
    const cells = [
      hosts,
      mib(bytes),
      mib(stored),
      files,
      ...[ingest, report].flatMap(({ seconds, mebibytes }) => [seconds.toFixed(1), Math.round(mebibytes)]),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
