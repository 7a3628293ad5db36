import fc from "fast-check";
import { expect, test } from "vitest";
import { benjaminiHochberg } from "../../src/stats/benjamini-hochberg.js";
import { holm } from "../../src/stats/holm.js";
import { stratifiedTrend } from "../../src/stats/stratified-trend.js";
import { largestError, referenceTable } from "../reference.js";

type Bins = readonly (readonly [at: number, events: number, exposure: number])[];
const TRENDS = referenceTable<readonly [readonly Bins[], number, number, number, number]>(
  "fleet-pooled.json",
  "trends",
);
const strataOf = (given: readonly Bins[]) =>
  given.map((bins) => bins.map(([at, events, exposure]) => ({ at, events, exposure })));

test("trends, limits and p agree with R's Poisson regression with a factor for the strata", () => {
  const pairs = TRENDS.flatMap(([given, ratio, lower, upper, p]) => {
    const got = stratifiedTrend(strataOf(given));
    if (got.status !== "ok") throw new Error(got.because);
    const { interval } = got.value;
    return [
      [got.value.ratio, ratio],
      [interval.lower, lower],
      [interval.upper, upper],
      [got.value.p, p],
    ] as const;
  });
  expect(TRENDS.length).toBeGreaterThan(50);
  expect(largestError(pairs)).toBeLessThan(1e-6);
});

test("strata with different rates, watched one after the other, are no trend of their own", () => {
  const early = [0, 1, 2].map((at) => ({ at, events: 2, exposure: 10 }));
  const late = [3, 4, 5].map((at) => ({ at, events: 20, exposure: 10 }));
  const got = stratifiedTrend([early, late]);
  expect(got).toMatchObject({ status: "ok", value: { strata: 2, events: 66 } });
  expect(got.status === "ok" && got.value.ratio).toBeCloseTo(1, 12);
});

test("without enough events, or with all at one end, no trend is told", () => {
  const bins = (...events: number[]) => events.map((n, at) => ({ at, events: n, exposure: 1 }));
  expect(stratifiedTrend([bins(2, 2)])).toMatchObject({
    status: "insufficient",
    because: expect.stringContaining("4 events"),
  });
  expect(stratifiedTrend([bins(0, 0, 9)])).toMatchObject({
    status: "insufficient",
    because: expect.stringContaining("end"),
  });
  expect(() => stratifiedTrend([[{ at: 0, events: 1, exposure: 0 }]])).toThrow("strata[0][0]");
});

test("false discovery rates agree with R's p.adjust", () => {
  const families = referenceTable<readonly [readonly number[], readonly number[]]>("fleet-pooled.json", "discovery");
  const pairs = families.flatMap(([given, wanted]) =>
    benjaminiHochberg(given).map((got, i) => [got, wanted[i]!] as const),
  );
  expect(largestError(pairs)).toBeLessThan(1e-12);
});

test("what Holm calls worse the false discovery rate does too, in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (given) => {
      const [strict, lax] = [holm(given), benjaminiHochberg(given)];
      strict.forEach((p, i) => {
        expect(lax[i]!).toBeLessThanOrEqual(p + 1e-12);
        expect(lax[i]!).toBeGreaterThanOrEqual(given[i]!);
      });
      const back = benjaminiHochberg([...given].reverse()).reverse();
      expect(largestError(lax.map((p, i) => [p, back[i]!]))).toBeLessThan(1e-12);
    }),
  );
  expect(() => benjaminiHochberg([2])).toThrow("benjaminiHochberg");
});
