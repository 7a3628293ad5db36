#!/usr/bin/env node
/**
 * Question: would the tests notice if a line of the core were wrong? Stryker changes the code, one small change at a time,
 * and runs the tests that reach it; what no test notices survives. Works on a clone of the last commit under .cache, with
 * Stryker installed there alone. Takes minutes to an hour a part, by the number of its changes.
 *
 *   pnpm mutation [PART-OF-A-NAME] [--list]            prints scores and survivors
 *   pnpm mutation [PART-OF-A-NAME] --write             puts the scores into docs/mutation.md and scripts/mutation/scores.json
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table, withPart } from "./docs/generated.mjs";
import { PARTS } from "./mutation/parts.mjs";
import { PNPM } from "./pnpm.mjs";

const STRYKER = ["@stryker-mutator/core@9.6.1", "@stryker-mutator/vitest-runner@9.6.1"];
/** A test that takes longer than this and half as long again as without a change does not end. */
const TIMEOUT_MS = 4_000;

const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false }, list: { type: "boolean", default: false } },
  allowPositionals: true,
});
const parts = PARTS.filter(({ name }) => name.includes(positionals[0] ?? ""));
if (parts.length === 0 || values.list) {
  for (const { name, mutate } of PARTS) console.log(`${name}: ${mutate.join(", ")}`);
  process.exit(values.list ? 0 : 2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tree = join(root, ".cache/mutation/tree");
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
const commit = git("rev-parse", "HEAD");
if (git("status", "--porcelain") !== "") console.error("mutation: what is not committed is not in the clone");

/** A property on a loaded machine may take longer than the runner's five seconds; Stryker starts from passing tests only. */
const TEST_TIMEOUT_MS = 60_000;

/** A clone of the last commit with Stryker in it. */
function prepare() {
  const mark = join(tree, ".commit");
  if (existsSync(mark) && readFileSync(mark, "utf8") === commit) return;
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(dirname(tree), { recursive: true });
  execFileSync("git", ["clone", "--quiet", root, tree]);
  const run = (...args) =>
    execFileSync("npx", ["--yes", ...args], { cwd: tree, stdio: ["ignore", "ignore", "inherit"] });
  run(PNPM, "install", "--frozen-lockfile", "--prefer-offline");
  run(PNPM, "add", "--workspace-root", "--save-dev", ...STRYKER);
  writeFileSync(mark, commit);
}

/** Runs one part; its counts and the changes that no test noticed. */
function run({ name, mutate, tests }) {
  const put = (file, text) => writeFileSync(join(tree, file), text);
  put(
    "vitest.mutation.config.js",
    `const conditions = ["@hangproof/source"];
export default { resolve: { conditions }, ssr: { resolve: { conditions } }, test: { include: ${JSON.stringify(tests)}, testTimeout: ${TEST_TIMEOUT_MS} } };`,
  );
  const report = join(tree, "mutation.json");
  const options = {
    packageManager: "pnpm",
    plugins: ["@stryker-mutator/vitest-runner"],
    testRunner: "vitest",
    vitest: { configFile: "vitest.mutation.config.js", related: false },
    // Sandboxes of links break the workspace; the clone is the sandbox.
    inPlace: true,
    mutate,
    coverageAnalysis: "perTest",
    ignoreStatic: true,
    timeoutMS: TIMEOUT_MS,
    concurrency: os.availableParallelism(),
    reporters: ["json"],
    jsonReporter: { fileName: report },
    checkers: [],
  };
  put("stryker.mutation.json", JSON.stringify(options));
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/stryker", ["run", "stryker.mutation.json"], {
    cwd: tree,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name}: Stryker ended with ${status}: ${`${stdout}${stderr}`.slice(-2_000)}`);
  const files = Object.entries(JSON.parse(readFileSync(report, "utf8")).files);
  const mutants = files.flatMap(([file, { mutants: all }]) => all.map((mutant) => ({ file, ...mutant })));
  const count = (...states) => mutants.filter(({ status: state }) => states.includes(state)).length;
  const survivors = mutants.filter(({ status: state }) => state === "Survived" || state === "NoCoverage");
  return {
    killed: count("Killed", "RuntimeError"),
    timedOut: count("Timeout"),
    survived: count("Survived"),
    uncovered: count("NoCoverage"),
    survivors,
  };
}

const scoreOf = ({ killed, timedOut, survived, uncovered }) => {
  const all = killed + timedOut + survived + uncovered;
  return { all, score: `${((100 * (killed + timedOut)) / all).toFixed(1)} %` };
};

/** Keeps the counts of a part beside those of the others, and tells all of them. */
function write(name, counts) {
  const file = join(root, "scripts/mutation/scores.json");
  const kept = { ...JSON.parse(readFileSync(file, "utf8")), [name]: counts };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  const rows = PARTS.filter((part) => part.name in kept).map((part) => {
    const { killed, timedOut, survived, uncovered, date } = kept[part.name];
    const { all, score } = scoreOf(kept[part.name]);
    return [part.name, all, killed, timedOut, survived, uncovered, score, date];
  });
  const head = ["part", "changes", "noticed", "did not end", "survived", "reached by no test", "score", "date"];
  const document = join(root, "docs/mutation.md");
  writeFileSync(document, withPart(readFileSync(document, "utf8"), "scores", table(head, rows)));
}

prepare();
for (const part of parts) {
  const { survivors, ...counts } = run(part);
  const { killed, timedOut, survived, uncovered } = counts;
  const { all, score } = scoreOf(counts);
  console.log(
    `${part.name}: of ${all} changes ${killed} noticed, ${timedOut} did not end, ${survived} survived, ${uncovered} reached by no test: ${score}`,
  );
  for (const { file, location, mutatorName, replacement, status } of survivors) {
    const { line, column } = location.start;
    const change = (replacement ?? "").replace(/\s+/g, " ").slice(0, 90);
    console.log(`  ${file}:${line}:${column} ${status}: ${mutatorName} to ${change}`);
  }
  if (values.write) write(part.name, { ...counts, date: new Date().toISOString().slice(0, 10) });
}
