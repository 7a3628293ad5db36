#!/usr/bin/env node
/**
 * Question: how often is hangproof wrong, with somebody looking every week for a year, and how often does it see what is
 * there? Thousands of simulated hosts of known truth, through the analyzer as it is; the naive practices on the same
 * hosts. Writes docs/calibration.md and its picture. Seeded: the same numbers every time.
 *
 *   pnpm calibrate [--hosts 400]
 */
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { analyze } from "../packages/analyzer/dist/index.js";
import { makeHost, T0 } from "./calibrate/hosts.mjs";
import { cleanSince, lineCountTest, longerThanEver } from "./calibrate/naive.mjs";
import { plotShares } from "./calibrate/plot.mjs";
import { table, withPart } from "./docs/generated.mjs";

const { values } = parseArgs({ options: { hosts: { type: "string", default: "400" } } });
const hosts = Number(values.hosts);
if (!Number.isInteger(hosts) || hosts < 10) {
  process.stderr.write("calibrate: --hosts must be a whole number from 10\n");
  process.exit(2);
}

const BASE = { perBackupHour: 0.06, daysBefore: 120, daysAfter: 365, clustered: false, gaps: 0, outside: 0 };
const SCENARIOS = [
  ["no effect", { ...BASE, effect: 1 }],
  ["no-op (the driver's default asked for)", { ...BASE, effect: 1, noOp: true }],
  ["no effect, hangs rarer", { ...BASE, effect: 1, perBackupHour: 0.02 }],
  ["no effect, hangs in bursts", { ...BASE, effect: 1, clustered: true }],
  ["no effect, a fifth of the days without log", { ...BASE, effect: 1, gaps: 0.2 }],
  ["no effect, hangs outside backups too", { ...BASE, effect: 1, outside: 0.05 }],
  ["half as many", { ...BASE, effect: 0.5 }],
  ["a tenth", { ...BASE, effect: 0.1 }],
  ["a tenth, hangs in bursts", { ...BASE, effect: 0.1, clustered: true }],
  ["a tenth, a fifth of the days without log", { ...BASE, effect: 0.1, gaps: 0.2 }],
  ["none any more", { ...BASE, effect: 0 }],
  ["twice as many", { ...BASE, effect: 2 }],
];
/** What the picture shows. */
const DRAWN = ["no effect", "half as many", "a tenth", "none any more", "twice as many"];
const WEEK = 7 * 86_400_000;

/** What hangproof says of a host at a moment, from what its logs show up to then. */
function reportAt(host, nowMs) {
  const events = host.events.filter(({ time }) => time.unixMs < nowMs);
  const lastHour = Math.floor(nowMs / 3_600_000) - 1;
  const evidence = host.evidence.map((one) => {
    const activeHours = one.activeHours
      .filter(([first]) => first <= lastHour)
      .map(([first, last]) => [first, Math.min(last, lastHour)]);
    const endMs = ((activeHours.at(-1)?.[1] ?? lastHour) + 1) * 3_600_000 - 1;
    return { ...one, activeHours, span: { ...one.span, endMs } };
  });
  const changes = [{ timeMs: host.changeMs, title: "InterruptThrottleRate=3" }];
  return analyze({ events, evidence }, { now: nowMs, changes }).series[0];
}

/**
 * One host: what hangproof says at the end, and at which weekly look it first said "improvement shown". Looks before the
 * evidence first reached its boundary cannot say so, and are not made.
 */
function judge(host) {
  const series = reportAt(host, host.endMs);
  const efficacy = series?.efficacy[0];
  const comparison = efficacy?.perBackupHour.status === "ok" ? efficacy.perBackupHour.value : null;
  const reachedMs = efficacy?.sequential.status === "ok" ? efficacy.sequential.value.firstShownMs : null;
  let shownMs = null;
  for (let look = reachedMs ?? host.endMs; shownMs === null && reachedMs !== null && look <= host.endMs; look += WEEK) {
    if (reportAt(host, look)?.verdict.rung === "improvement-shown") shownMs = look;
  }
  const burst = efficacy?.burstiness.status === "ok" ? efficacy.burstiness.value : null;
  return {
    rung: series?.verdict.rung ?? "insufficient-evidence",
    comparison,
    onClusters: burst?.intervalOnClusters ?? comparison?.interval ?? null,
    isNoOp: series?.verdict.noOp === true,
    shownMs,
  };
}

const rows = [];
const naive = [];
const curves = [];
const started = performance.now();
for (const [at, [name, scenario]] of SCENARIOS.entries()) {
  const tally = {
    ever: 0,
    shown: 0,
    worse: 0,
    none: 0,
    covered: 0,
    coveredOnce: 0,
    noOp: 0,
    intervals: 0,
    weeks: [],
    since: 0,
    streak: 0,
    test: 0,
  };
  for (let i = 0; i < hosts; i += 1) {
    const host = { ...makeHost(scenario, 1_000_003 * (at + 1) + i), startMs: T0 };
    const { rung, comparison, onClusters, isNoOp, shownMs } = judge(host);
    if (isNoOp) tally.noOp += 1;
    if (shownMs !== null) {
      tally.ever += 1;
      tally.weeks.push(Math.ceil((shownMs - host.changeMs) / WEEK));
    }
    if (rung === "improvement-shown") tally.shown += 1;
    if (rung === "worse") tally.worse += 1;
    if (rung === "no-effect-shown") tally.none += 1;
    if (comparison !== null && comparison.ratio !== null) {
      tally.intervals += 1;
      const holds = ({ lower, upper }) => scenario.effect >= lower && (upper === null || scenario.effect <= upper);
      if (holds(comparison.interval)) tally.covered += 1;
      if (holds(onClusters)) tally.coveredOnce += 1;
    }
    if (cleanSince(host, 14)) tally.since += 1;
    if (longerThanEver(host)) tally.streak += 1;
    if (lineCountTest(host)) tally.test += 1;
  }
  const share = (n, of = hosts) => {
    const p = n / of;
    return `${(100 * p).toFixed(1)} % ± ${(100 * Math.sqrt((p * (1 - p)) / of)).toFixed(1)}`;
  };
  const weeks = tally.weeks.sort((a, b) => a - b);
  const median = weeks.length < hosts / 2 ? "–" : String(weeks[Math.floor(hosts / 2)] ?? "–");
  if (scenario.noOp === true && tally.noOp < hosts) throw new Error(`${hosts - tally.noOp} no-ops were not recognised`);
  if (DRAWN.includes(name)) {
    const weeks = Math.ceil((scenario.daysAfter * 86_400_000) / WEEK);
    const shares = Array.from(
      { length: weeks + 1 },
      (_, week) => tally.weeks.filter((at) => at <= week).length / hosts,
    );
    curves.push({ name, shares });
  }
  rows.push([
    name,
    share(tally.ever),
    share(tally.shown),
    share(tally.worse),
    share(tally.none),
    share(tally.covered, tally.intervals || 1),
    share(tally.coveredOnce, tally.intervals || 1),
    median,
  ]);
  naive.push([name, share(tally.ever), share(tally.since), share(tally.streak), share(tally.test)]);
  process.stderr.write(`> ${name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}

const file = fileURLToPath(new URL("../docs/calibration.md", import.meta.url));
const cpu = os.cpus()[0]?.model.trim() ?? "unknown";
const made = `${hosts} hosts a row; made on ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpu}, in ${Math.round((performance.now() - started) / 1000)} s. Shares ± one standard error of the simulation.\n`;
const main = table(
  [
    "truth",
    "improvement ever shown, looking weekly",
    "… at the end",
    "worse, at the end",
    "no effect, at the end",
    "95 % interval holds the truth",
    "… hangs of one backup counted once",
    "weeks until shown, median",
  ],
  rows,
);
const others = table(
  [
    "truth",
    "hangproof, looking weekly",
    "no hang in 14 days",
    "quiet for longer than ever before",
    "t-test on lines a day",
  ],
  naive,
);
let text = readFileSync(file, "utf8");
text = withPart(text, "calibration", `${made}\n${main}`);
text = withPart(text, "naive", others);
writeFileSync(file, text);
writeFileSync(fileURLToPath(new URL("../docs/calibration.svg", import.meta.url)), plotShares(curves));
