import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, event, HOUR, MINUTE, recovered, shutdown, summary, T0 } from "./support/make-events.js";

const CHANGE = T0 + 30 * DAY;
const END = T0 + 60 * DAY;
const at = (...days: readonly number[]): KernelEvent[] => days.flatMap((day) => recovered(T0 + day * DAY));
const verdictOf = (events: readonly KernelEvent[], evidence: EvidenceSummary = summary(T0, END)) =>
  analyze(
    { events: [boot(T0), ...events], evidence: [evidence] },
    { now: END, changes: [{ timeMs: CHANGE, title: "TSO off" }] },
  ).series[0]!;
const STEADY = [2, 5, 9, 12, 16, 20, 23, 27] as const;

test("a steady rate that stops is an improvement without any flag", () => {
  const { verdict, sensitivity } = verdictOf(at(...STEADY));
  expect([verdict.rung, verdict.flags]).toEqual(["improvement-shown", []]);
  expect(sensitivity.map((one) => one.gapThresholdMs / 1000)).toEqual([10, 30, 60, 120, 300, 600, 1800, 3600]);
  expect(sensitivity.every((one) => one.rung === "improvement-shown" && one.episodes === 8)).toBe(true);
});

test("two bursts that look like eight episodes are sensitive to what an episode is", () => {
  const bursts = [8, 20].flatMap((day) => [0, 2, 4, 6].map((minute) => day + (minute * MINUTE) / DAY));
  const { verdict, sensitivity } = verdictOf(at(...bursts));
  expect(sensitivity.map((one) => one.episodes)).toEqual([8, 8, 8, 2, 2, 2, 2, 2]);
  expect(verdict.flags).toContain("cluster_sensitive");
  expect(verdict.rung).toBe("consistent-with-improvement");
});

test("a drop that came long before the change is not the change's", () => {
  const { verdict } = verdictOf(at(0.2, 0.6, 1, 1.4, 2, 2.6, 3, 3.4, 4));
  expect(verdict.flags).toEqual(expect.arrayContaining(["placebo_failed", "trend_before"]));
  expect(verdict.rung).toBe("consistent-with-improvement");
});

test("logs of less than half of the time are not enough", () => {
  const silent = [[CHANGE + 9 * DAY, END - 5 * DAY]] as const;
  const { verdict, coverage } = verdictOf(
    at(...STEADY, ...STEADY.map((day) => day + 0.4)),
    summary(T0, END, { silent }),
  );
  expect(coverage.gaps).toHaveLength(1);
  expect(verdict.flags).toEqual(["coverage_low"]);
});

test("crashes since the change may each hide a hang", () => {
  const crashes = [35, 40, 45, 50, 55].map((day) => boot(T0 + day * DAY));
  expect(verdictOf([...at(...STEADY), ...crashes]).verdict.flags).toContain("coverage_low");
  const orderly = [35, 40, 45].flatMap((day) => [shutdown(T0 + day * DAY - MINUTE), boot(T0 + day * DAY)]);
  expect(verdictOf([...at(...STEADY), ...orderly]).verdict.flags).toEqual([]);
});

test("times less certain than the lag are said to be so", () => {
  const events = STEADY.flatMap((day) => recovered(T0 + day * DAY, { uncertaintyMs: HOUR }));
  expect(verdictOf(events).verdict.flags).toEqual(["clock_uncertain"]);
});

test("a report that could be of either of two adapters is of neither, and is not lost", () => {
  const bare = event("e1000e.hang", T0 + DAY, { adapter: { pci: null, interface: null }, registers: {}, missing: [] });
  const two = ["0000:00:19.0", "0000:03:00.0"].map((pci) =>
    event("e1000e.link_down", T0 + HOUR, { adapter: { pci, interface: null } }),
  );
  const report = analyze({ events: [...two, bare], evidence: [summary(T0, END)] }, { now: END });
  expect(report.series.map((series) => [series.adapter.pci, series.episodes.length])).toEqual([
    [null, 1],
    ["0000:00:19.0", 0],
    ["0000:03:00.0", 0],
  ]);
});
