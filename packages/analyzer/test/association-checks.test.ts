import { expect, test } from "vitest";
import { type AnalyzeOptions, type AssociationCheck, analyze } from "../src/index.js";
import { boot, DAY, event, HOUR, MINUTE, recovered, run, summary, T0 } from "./support/make-events.js";

const END = T0 + 60 * DAY;
const NIGHTS = Array.from({ length: 60 }, (_, day) => T0 + day * DAY + 2 * HOUR);
const backup = (startMs: number) => run(startMs, startMs + HOUR);

function associationOf(hangs: readonly number[], runs: readonly number[], options: Partial<AnalyzeOptions> = {}) {
  const events = [boot(T0), ...runs.flatMap(backup), ...hangs.flatMap((ms) => recovered(ms))];
  return analyze({ events, evidence: [summary(T0, END)] }, { now: END, ...options }).series[0]!.association;
}

function resultOf(association: ReturnType<typeof associationOf>, name: AssociationCheck["check"]) {
  return association.checks.find(({ check }) => check === name)!.result;
}

const inRuns = (every: number) => NIGHTS.filter((_, i) => i % every === 0).map((ms) => ms + 20 * MINUTE);

test("backups every night at the same hour cannot be told apart from that hour", () => {
  const association = associationOf(inRuns(10), NIGHTS);
  expect(association.rung).toBe("association-shown");
  expect(association.sentence).toContain("The hour of the day is not ruled out");
  const result = resultOf(association, "same-clock-hours");
  // The hour from 3 to 4 holds the backup's lag and time after it, without a hang.
  if (result.status === "ok") expect(result.value).toMatchObject({ inside: { hangs: 0 } });
  expect(resultOf(association, "nights-without")).toMatchObject({ status: "insufficient" });
});

test("nights without a backup at the same hours rule the hour out", () => {
  const every2nd = NIGHTS.filter((_, i) => i % 2 === 0);
  const association = associationOf(inRuns(4), every2nd);
  expect(association.rung).toBe("association-shown");
  expect(association.sentence).not.toContain("hour of the day");
  expect(resultOf(association, "same-clock-hours")).toMatchObject({
    value: { ratio: "infinite", inside: { hangs: 15 }, outside: { hangs: 0 } },
  });
  expect(resultOf(association, "nights-without")).toMatchObject({
    value: { ratio: "infinite", inside: { hangs: 15, of: 30 }, outside: { hangs: 0, of: 30 }, interval: null },
  });
});

test("hangs at the hour of the backups on nights without one speak against backups", () => {
  const every2nd = NIGHTS.filter((_, i) => i % 2 === 0);
  const association = associationOf(inRuns(3), every2nd);
  const result = resultOf(association, "same-clock-hours");
  if (result.status !== "ok") throw new Error(result.because);
  expect(result.value.p).toBeGreaterThan(0.5);
  expect(association.sentence).toMatch(/hour of the day is not ruled out|does not show one/);
});

test("an excess before backups too is a control that fails: nothing is called shown", () => {
  // The backup's window is 70 minutes with its lag; the control ends 30 minutes before.
  const early = NIGHTS.filter((_, i) => i % 3 === 1).map((ms) => ms - 60 * MINUTE);
  const association = associationOf([...inRuns(3), ...early], NIGHTS);
  expect(association.controlsFail).toBe(true);
  expect(association.rung).toBe("consistent-with-association");
  expect(association.sentence).toContain("something else at these hours");
});

test("hangs tied to backups leave both controls without an excess", () => {
  const association = associationOf(inRuns(6), NIGHTS);
  expect(association.controlsFail).toBe(false);
  for (const check of ["before-backups", "after-backups"] as const)
    expect(resultOf(association, check)).toMatchObject({ value: { p: 1, inside: { hangs: 0 } } });
});

test("the day after a hang left out, a second hang on it does not count", () => {
  const twice = inRuns(10).flatMap((ms) => [ms, ms + 3 * HOUR]);
  const association = associationOf(twice, NIGHTS);
  expect(resultOf(association, "day-after-left-out")).toMatchObject({
    value: { inside: { hangs: 6 }, outside: { hangs: 0 } },
  });
});

test("self-controlled within boots: the ratio of windows spread over the day", () => {
  const runs = Array.from({ length: 60 }, (_, day) => T0 + day * DAY + ((day * 5) % 24) * HOUR);
  const hangs = [...runs.filter((_, i) => i % 5 === 0), T0 + 10 * DAY + 23 * HOUR, T0 + 31.6 * DAY].map(
    (ms) => ms + 10 * MINUTE,
  );
  const result = resultOf(associationOf(hangs, runs), "self-controlled");
  if (result.status !== "ok") throw new Error(result.because);
  const { ratio, interval } = result.value;
  expect(ratio).toBeGreaterThan(20);
  expect(interval?.lower).toBeGreaterThan(5);
});

test("on a boot's own clock there is no time of day", () => {
  const where = { relative: true };
  const events = [
    ...[10, 20, 30, 40].flatMap((hour) => run(hour * HOUR, (hour + 1) * HOUR, 103, where)),
    ...[10, 30].flatMap((hour) => recovered(hour * HOUR + 20 * MINUTE, where)),
    ...recovered(25 * HOUR, where),
  ];
  const series = analyze({ events, evidence: [summary(0, 0, { span: null, activeHours: [] })] }, { now: END })
    .series[0]!;
  expect(series.relativeTime).toBe(true);
  for (const { check, result } of series.association.checks)
    if (check === "same-clock-hours" || check === "nights-without")
      expect(result).toMatchObject({ status: "insufficient", because: "the time of day is not known" });
});

test("storages with other rates show as a dose, adjusted for all factors that were tried", () => {
  const events = NIGHTS.flatMap((ms, i) => [
    event("backup.job_start", ms, {
      command: "vzdump 103",
      upid: null,
      storage: i % 2 === 0 ? "nfs" : "local",
      mode: i % 3 === 0 ? "snapshot" : "stop",
      bandwidthLimitKiBps: null,
    }),
    event("backup.job_end", ms + HOUR, { outcome: "ok", upid: null, detail: null }),
  ]);
  const hangs = NIGHTS.filter((_, i) => i % 4 === 0).flatMap((ms) => recovered(ms + 10 * MINUTE));
  const { dose } = analyze({ events: [boot(T0), ...events, ...hangs], evidence: [summary(T0, END)] }, { now: END })
    .series[0]!;
  expect(dose.map(({ factor }) => factor)).toEqual(["storage", "mode"]);
  const [storage, mode] = dose;
  expect(storage?.levels).toMatchObject([
    { level: "local", runs: 30, runsHit: 0, hangs: 0 },
    { level: "nfs", runs: 30, runsHit: 15, hangs: 15 },
  ]);
  if (storage?.test.status !== "ok" || mode?.test.status !== "ok") throw new Error("both can be tested");
  // Exact: all 15 on one side of two equal exposures, either way.
  expect(storage.test.value.p).toBeLessThan(2.1 * 0.5 ** 15 * 1.5);
  expect(storage.test.value.pAdjusted).toBeCloseTo(2 * storage.test.value.p, 12);
  expect(mode.test.value.p).toBeGreaterThan(0.3);
});
