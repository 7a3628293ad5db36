#!/usr/bin/env node
/**
 * Question: does the analyzer's cost grow with what it is given, and no faster? Made-up hosts with one change in the
 * middle: reports, episodes and backup runs grow tenfold at each step. The answer is checked: every episode and every
 * run is in the report. Prints seconds for taking the events in and for the report, and peak memory. Leaves out parsing.
 *
 *   node scripts/bench/analyze.mjs
 */
import { Analysis } from "../../packages/analyzer/dist/index.js";

const HOUR = 3_600_000;
const START = Date.UTC(2006, 0, 1);
const SPAN = 20 * 365 * 24 * HOUR;
const adapter = { pci: "0000:00:19.0", interface: "eno1" };
let line = 0;

function event(kind, unixMs, fields) {
  line += 1;
  return {
    kind,
    time: { unixMs, bootMs: null, source: "utc", uncertaintyMs: 0, year: null },
    host: "pve",
    bootId: null,
    trust: "kernel",
    provenance: { evidence: "journal", line, byteOffset: line * 100, byteLength: 100 },
    ...fields,
  };
}

function* host(episodes, reports, runs) {
  for (let i = 0; i < episodes; i++) {
    const onset = START + HOUR + Math.floor((i * (SPAN - 2 * HOUR)) / episodes);
    for (let k = 0; k < reports; k++) {
      const at = onset + k * 2_000;
      const registers = { TDH: 1, TDT: 2, jiffies: Math.round((at % 1e10) / 4), time_stamp: onset % 1e9 };
      yield event("e1000e.hang", at, { adapter, registers, missing: [] });
    }
    yield event("e1000e.reset", onset + reports * 2_000, { adapter });
  }
  for (let i = 0; i < runs; i++) {
    const at = START + 2 * HOUR + Math.floor((i * SPAN) / runs);
    const job = { command: "vzdump 103", upid: null, storage: "nfs", mode: "snapshot", bandwidthLimitKiBps: null };
    yield event("backup.job_start", at, job);
    yield event("backup.job_end", at + HOUR / 2, { outcome: "ok", upid: null, detail: null });
  }
}

function summary() {
  return {
    evidence: "journal",
    form: "journal-json",
    formReason: "made up",
    formConfidence: 1,
    forms: {},
    sha256: null,
    storedBytes: null,
    bytes: 0,
    lines: 0,
    records: line,
    kernelRecords: line,
    events: {},
    hosts: ["pve"],
    boots: 1,
    clocks: { utc: line },
    lost: { records: 0, atLeast: false, beforeMs: null, isTail: false },
    suspicious: [],
    span: { startMs: START, endMs: START + SPAN },
    activeHours: [[START / HOUR, (START + SPAN) / HOUR]],
    zone: null,
    zoneAssumed: false,
    year: null,
    diagnostics: {},
  };
}

console.log("reports    episodes  runs    taking in  report    peak");
for (const [episodes, reports, runs] of [
  [1_000, 10, 100],
  [10_000, 10, 1_000],
  [100_000, 10, 10_000],
]) {
  const changes = [{ timeMs: START + SPAN / 2, title: "made up" }];
  const analysis = new Analysis({ now: START + SPAN, changes });
  const begun = performance.now();
  for (const one of host(episodes, reports, runs)) analysis.add(one);
  analysis.addEvidence(summary());
  const taken = performance.now();
  const { series } = analysis.finish();
  const done = performance.now();
  if (series[0]?.episodes.length !== episodes || series[0].runs.length !== runs) throw new Error("wrong answer");
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padEnd(10);
  const peak = `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;
  const counts = [String(episodes * reports).padEnd(10), String(episodes).padEnd(9), String(runs).padEnd(7)];
  console.log(`${counts.join(" ")} ${seconds(taken - begun)} ${seconds(done - taken)} ${peak}`);
}
