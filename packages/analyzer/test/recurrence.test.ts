import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, HOUR, hang, recovered, run, summary, T0 } from "./support/make-events.js";

const DAYS = 100;
const END = T0 + DAYS * DAY;
const nights = Array.from({ length: DAYS }, (_, day) => {
  const start = T0 + day * DAY + 2 * HOUR;
  return run(start, start + 2 * HOUR);
}).flat();
const report = (days: readonly number[], hour = 3) =>
  analyze(
    {
      events: [boot(T0), ...nights, ...days.flatMap((day) => recovered(T0 + day * DAY + hour * HOUR))],
      evidence: [summary(T0, END)],
    },
    { now: END },
  ).series[0]!;

test("the time from one hang to the next counts exposure, and the silence at the end is censored", () => {
  const { recurrence } = report([10, 20, 30, 40]);
  expect(recurrence).toMatchObject({ status: "ok", value: { unit: "backup-hour", hangs: 4 } });
  if (recurrence.status !== "ok") return;
  // Ten nights of two hours and ten minutes of lag, less the seconds of the hang.
  expect(recurrence.value.medianHours).toBeCloseTo(10 * (2 + 1 / 6), 1);
  expect(recurrence.value.quietHours).toBeCloseTo(59 * (2 + 1 / 6) + 1 + 1 / 6, 0);
  expect(recurrence.value.trend?.laplaceU).toBeLessThan(-1.5);
  // (1 - f)^n for this place; exact alternating sum for any gap (Feller II, I.9).
  const f = recurrence.value.quietHours / recurrence.value.exposureHours;
  expect(recurrence.value.pQuietHere).toBeCloseTo((1 - f) ** 4, 6);
  expect(recurrence.value.pQuietAnywhere).toBeCloseTo(5 * (1 - f) ** 4, 6);
  expect(recurrence.value.sentence).toContain("4 hangs in");
});

test("without a hang there is nothing to say of recurrence", () => {
  expect(report([]).recurrence.status).toBe("insufficient");
});

test("an adapter that hung all the time leaves no silence to judge", () => {
  const end = T0 + HOUR;
  const hangs = Array.from({ length: 1_800 }, (_, n) => hang(T0 + n * 2_000));
  const [series] = analyze({ events: [boot(T0), ...hangs], evidence: [summary(T0, end)] }, { now: end }).series;
  expect(series?.recurrence).toMatchObject({
    status: "insufficient",
    because: "less than a minute of the covered time was without a hang",
  });
});

test("hangs in an hour behind the backup move with the lag, and those inside do not", () => {
  const inside = report([10, 20, 30]).lags;
  expect(inside.map(({ events }) => events)).toEqual(inside.map(() => 3));
  expect(inside.length).toBeGreaterThan(4);
  const behind = report([10, 20, 30], 4.75).lags;
  expect(behind.map(({ lagMs, events }) => [lagMs / 60_000, events])).toEqual([
    [0, 0],
    [10, 0],
    [30, 0],
    [60, 3],
    [120, 3],
    [360, 3],
  ]);
});
