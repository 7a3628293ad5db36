import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, HOUR, hang, recovered, summary, T0 } from "./support/make-events.js";

const END = T0 + 120 * DAY;
const UNTIL_40 = [2, 5, 9, 12, 16, 19, 23, 27, 30, 34, 38];
const series = (days: readonly number[], changeDay: number | null) =>
  analyze(
    { events: [boot(T0), ...days.flatMap((day) => recovered(T0 + day * DAY))], evidence: [summary(T0, END)] },
    { now: END, changes: changeDay === null ? [] : [{ timeMs: T0 + changeDay * DAY, title: "TSO off" }] },
  ).series[0]!;
const dateOf = (days: readonly number[], changeDay: number | null) => {
  const { changeDate } = series(days, changeDay);
  if (changeDate.status !== "ok") throw new Error(changeDate.because);
  return changeDate.value;
};

test("a rate that fell when the change was made most likely changed then", () => {
  const date = dateOf(UNTIL_40, 40);
  expect(date).toMatchObject({ unit: "hour", isLikely: true, claimedIsAmong: true });
  expect(Math.abs(date.mostLikelyMs - (T0 + 39 * DAY))).toBeLessThanOrEqual(DAY);
  expect(date.fromMs).toBeLessThan(date.mostLikelyMs);
  expect(date.toMs).toBeGreaterThan(date.mostLikelyMs);
  expect(date.sentence).toContain("which takes in the judged change");
});

test("a change made two months later is told that the hangs stopped at another date", () => {
  const date = dateOf(UNTIL_40, 100);
  expect(date).toMatchObject({ isLikely: true, claimedIsAmong: false });
  expect(date.sentence).toContain("which is not when the judged change was made");
});

test("a steady rate has no date", () => {
  const date = dateOf(
    Array.from({ length: 12 }, (_, i) => 4 + i * 10),
    60,
  );
  expect(date.isLikely).toBe(false);
  expect(date.sentence).toBe("The hangs alone do not say that their rate changed at any date.");
});

test("without a change to judge the date stands by itself; the answer is the same every time", () => {
  const date = dateOf(UNTIL_40, null);
  expect(date.claimedIsAmong).toBeNull();
  expect(date.sentence).toMatch(/^Going by the hangs alone.*\)\.$/);
  expect(dateOf(UNTIL_40, null)).toEqual(date);
});

test("too few hangs, or none, say so", () => {
  expect(series([3, 50, 90], 60).changeDate).toMatchObject({ status: "insufficient", need: "4 events" });
  expect(series([], 60).changeDate.status).toBe("insufficient");
});

test("hangs that leave no time at risk on their day are counted all the same", () => {
  const wedged = [10, 20, 30, 40, 50].flatMap((day) =>
    Array.from({ length: 24 * 60 }, (_, i) => hang(T0 + day * DAY + i * (HOUR / 60), { packet: day })),
  );
  const report = analyze({ events: [boot(T0), ...wedged], evidence: [summary(T0, END)] }, { now: END });
  expect(report.series[0]!.changeDate.status).toBe("ok");
});
