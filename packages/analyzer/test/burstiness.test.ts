import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { burstReason } from "../src/questions/wording.js";
import { clip, lengthMs, passedMs } from "../src/timeline/spans.js";
import { boot, DAY, HOUR, MINUTE, recovered, summary, T0 } from "./support/make-events.js";

const CHANGE = T0 + 60 * DAY;
const END = T0 + 90 * DAY;

/** Backups of 3 hours every night; hangs at moments counted in days. */
function series(days: readonly number[]) {
  const windows = Array.from({ length: 90 }, (_, night) => ({
    startMs: T0 + night * DAY + 2 * HOUR,
    endMs: T0 + night * DAY + 5 * HOUR,
  }));
  const events = [boot(T0), ...days.flatMap((day) => recovered(T0 + day * DAY))];
  return analyze(
    { events, evidence: [summary(T0, END)] },
    { now: END, windows, changes: [{ timeMs: CHANGE, title: "TSO off" }] },
  ).series[0]!;
}
const night = (which: number, minute: number): number => which + (2 * HOUR + minute * MINUTE) / DAY;

test("hangs of a few nights, over an hour apart, do not show an improvement", () => {
  const { verdict, efficacy, sensitivity } = series([12, 30, 48].flatMap((n) => [5, 70, 135].map((m) => night(n, m))));
  expect(sensitivity.every((one) => one.episodes === 9 && one.rung === "improvement-shown")).toBe(true);
  const burst = efficacy[0]!.burstiness;
  expect(burst).toMatchObject({
    status: "ok",
    value: { uneven: true, clustersBefore: 3, clustersAfter: 0, widened: null },
  });
  expect(verdict.flags).toContain("cluster_sensitive");
  expect(verdict.rung).toBe("consistent-with-improvement");
  expect(verdict.reasons.join("\n")).toContain("With the hangs of one backup counted once: 3 before and 0 since");
});

test("hangs of as many nights are independent, and the claim stands", () => {
  const { verdict, efficacy } = series([3, 10, 16, 23, 29, 36, 43, 50, 56].map((n) => night(n, 30)));
  expect(efficacy[0]!.burstiness).toMatchObject({ value: { uneven: false, clustersBefore: 9, clustersAfter: 0 } });
  expect([verdict.rung, verdict.flags]).toEqual(["improvement-shown", []]);
});

test("fewer than five hangs do not say whether they come together", () => {
  expect(series([night(4, 10), night(20, 10)]).efficacy[0]!.burstiness.status).toBe("insufficient");
});

test("with five hangs on each side the interval is the quasi-Poisson one, no narrower than phi allows", () => {
  const nights = [12, 30, 48].flatMap((n) => [5, 70, 135].map((m) => night(n, m)));
  const { efficacy } = series([...nights, ...[62, 67, 72, 77, 82].map((n) => night(n, 20))]);
  const { perBackupHour, burstiness } = efficacy[0]!;
  if (perBackupHour.status !== "ok" || burstiness.status !== "ok") throw new Error("both are computed here");
  const { phi, widened } = burstiness.value;
  const reach = 1.959963984540054 * Math.sqrt(phi * (1 / 9 + 1 / 5));
  const ratio = perBackupHour.value.ratio as number;
  expect(widened!.lower).toBeCloseTo(ratio * Math.exp(-reach), 9);
  expect(widened!.upper).toBeCloseTo(ratio * Math.exp(reach), 9);
});

test("the sentence claims nothing", () => {
  for (const phi of [1.01, 3, 1e9])
    for (const p of [0.05, 1e-4, 0])
      expect(
        burstReason({
          phi,
          p,
          bins: 9,
          uneven: true,
          widened: null,
          clustersBefore: 1,
          clustersAfter: 0,
          intervalOnClusters: null,
          rungOnClusters: "insufficient-evidence",
          method: "",
        }),
      ).not.toMatch(/fixed|solved|prove|works|safe|no hangs|p 0\)/);
});

test("time passed in a set, in one pass, is the length of the set before the moment", () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })));
  const moments = fc.array(fc.integer({ min: -10, max: 900 }));
  fc.assert(
    fc.property(spans, moments, (steps, times) => {
      let at = 0;
      const set = steps.map(([gap, length]) => {
        const startMs = at + gap;
        at = startMs + length;
        return { startMs, endMs: at };
      });
      const ascending = times.toSorted((a, b) => a - b);
      expect(passedMs(set, ascending)).toEqual(
        ascending.map((ms) => lengthMs(clip(set, Number.NEGATIVE_INFINITY, ms))),
      );
    }),
  );
});
