import fc from "fast-check";
import { expect, test } from "vitest";
import type { Stratum } from "../../src/stats/conditional-strata.js";
import { rateShrinkage } from "../../src/stats/rate-shrinkage.js";
import { ratioOfRatios } from "../../src/stats/ratio-of-ratios.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { type Cell, largestError, referenceTable } from "../reference.js";

const stratum = (events: number, referenceEvents: number, exposure = 1, referenceExposure = 1): Stratum => ({
  events,
  exposure,
  referenceEvents,
  referenceExposure,
});

function ok<Value>(outcome: { status: "ok"; value: Value } | { status: "insufficient"; because: string }): Value {
  if (outcome.status !== "ok") throw new Error(outcome.because);
  return outcome.value;
}

test("with equal exposures the ratio of ratios is Fisher's exact test", () => {
  const { pLess, pGreater, ratio } = ok(ratioOfRatios([stratum(1, 9)], [stratum(5, 5)]));
  // (C(10,0) C(10,6) + C(10,1) C(10,5)) / C(20,6)
  expect(pLess).toBeCloseTo(2730 / 38_760, 12);
  expect(pGreater).toBeCloseTo(1 - 210 / 38_760, 12);
  // SciPy: contingency.odds_ratio([[1, 9], [5, 5]], kind="conditional")
  expect(ratio).toBeCloseTo(0.124710833413, 10);
});

test("old rates and exposures cancel: the distribution is the product of both groups' conditional ones", () => {
  const treated = [stratum(1, 4, 100, 300), stratum(0, 3, 50, 20)];
  const control = [stratum(2, 2, 10, 30)];
  const { pLess } = ok(ratioOfRatios(treated, control));
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  const weight = (group: readonly Stratum[], k: number): number =>
    group.length === 0
      ? Number(k === 0)
      : Array.from({ length: k + 1 }, (_, i) => {
          const [first, ...rest] = group as [Stratum, ...Stratum[]];
          const total = first.events + first.referenceEvents;
          if (i > total) return 0;
          return choose(total, i) * (first.exposure / first.referenceExposure) ** i * weight(rest, k - i);
        }).reduce((a, b) => a + b, 0);
  const masses = [0, 1, 2, 3].map((k) => weight(treated, k) * weight(control, 3 - k));
  expect(pLess).toBeCloseTo((masses[0]! + masses[1]!) / masses.reduce((a, b) => a + b, 0), 12);
});

const anyStratum = fc
  .record({ a: fc.nat(6), b: fc.nat(6), t: fc.double({ min: 1, max: 1000, noNaN: true }), u: fc.constant(50) })
  .map(({ a, b, t, u }) => stratum(a, b, t, u));
const strata = fc.array(anyStratum, { minLength: 1, maxLength: 5 });

test("changing the groups' places turns the ratio over, and the order of strata does not matter", () => {
  fc.assert(
    fc.property(strata, strata, (treated, control) => {
      const one = ratioOfRatios(treated, control);
      const other = ratioOfRatios(control, [...treated].reverse());
      expect(other.status).toBe(one.status);
      if (one.status !== "ok" || other.status !== "ok") return;
      expect(other.value.pGreater).toBeCloseTo(one.value.pLess, 9);
      if (one.value.ratio > 0 && Number.isFinite(one.value.ratio))
        expect(other.value.ratio * one.value.ratio).toBeCloseTo(1, 6);
      expect(one.value.interval.lower).toBeLessThanOrEqual(one.value.ratio * (1 + 1e-9));
      expect(one.value.interval.upper).toBeGreaterThanOrEqual(one.value.ratio * (1 - 1e-9));
    }),
  );
});

test("beside controls with very many events it is the common ratio over theirs", () => {
  const treated = [stratum(4, 10), stratum(2, 7)];
  const alone = ok(stratifiedRateRatio(treated));
  const beside = ok(ratioOfRatios(treated, [stratum(2400, 2400)]));
  expect(beside.ratio).toBeCloseTo(alone.ratio!, 2);
  expect(beside.pLess).toBeCloseTo(alone.pLess, 2);
});

test("without a choice, without a group and with too many events it is insufficient", () => {
  expect(ratioOfRatios([stratum(0, 3)], [stratum(0, 5)])).toMatchObject({
    because: expect.stringContaining("only one"),
  });
  expect(ratioOfRatios([stratum(1, 3)], [])).toMatchObject({ because: expect.stringContaining("control") });
  expect(ratioOfRatios([stratum(1, 3, 1, 1)], [stratum(0, 0, 0, 1)])).toMatchObject({ status: "insufficient" });
  expect(ratioOfRatios([stratum(5001, 3)], [stratum(1, 1)])).toMatchObject({ status: "insufficient" });
  expect(() => ratioOfRatios([stratum(1, 3, 0, 1)], [stratum(1, 1)])).toThrow("treated[0].exposure");
});

type Bins = readonly (readonly [number, number])[];
const FITS = referenceTable<readonly [Bins, number, number, number, readonly (readonly [number, number])[]]>(
  "fleet.json",
  "shrinkage",
);
const binsOf = (units: Bins) => units.map(([events, exposure]) => ({ events, exposure }));

test("fits, p and intervals agree with SciPy's maximum likelihood and gamma quantiles", () => {
  const pairs = FITS.flatMap(([given, shape, rate, p, intervals]) => {
    const got = ok(rateShrinkage(binsOf(given)));
    return [
      [got.variation ** -2, shape] as const,
      [got.mean, shape / rate] as const,
      [got.p, p] as const,
      ...got.units.flatMap(({ interval }, i) => [
        [interval.lower, intervals[i]![0]] as const,
        [interval.upper, intervals[i]![1]] as const,
      ]),
    ];
  });
  expect(largestError(pairs)).toBeLessThan(1e-5);
});

test("ratios of ratios agree with R's fisher.test (p values) and SciPy (estimate and limits)", () => {
  const rows = referenceTable<readonly Cell[]>("fleet.json", "ratioOfRatios");
  const pairs = rows.flatMap((row) => {
    const [a, b, c, d, ta, tb, tc, td] = row.map((cell) => cell ?? 0) as number[] & { length: 8 };
    const got = ok(ratioOfRatios([stratum(a!, b!, ta, tb)], [stratum(c!, d!, tc, td)]));
    const [less, greater, ratio, lower, upper] = row.slice(8).map((cell) => cell ?? Number.POSITIVE_INFINITY);
    return [
      [got.pLess, less!],
      [got.pGreater, greater!],
      [got.ratio, ratio!],
      [got.interval.lower, lower!],
      [got.interval.upper, upper!],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-8);
});

test("counts that vary less than chance are all given the common rate, and no variation is claimed", () => {
  const { variation, p, mean, units } = ok(rateShrinkage([5, 5, 5, 5].map((events) => ({ events, exposure: 10 }))));
  expect({ variation, p, mean }).toEqual({ variation: 0, p: 1, mean: 0.5 });
  expect(units.map(({ rate, weight }) => [rate, weight])).toEqual(Array.from({ length: 4 }, () => [0.5, 0]));
});

test("no fit of shape and mean is likelier than the one that was found", () => {
  const bin = fc.record({ events: fc.nat(20), exposure: fc.double({ min: 0.5, max: 50, noNaN: true }) });
  fc.assert(
    fc.property(
      fc.array(bin, { minLength: 3, maxLength: 8 }),
      fc.double({ min: -3, max: 5, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      (bins, lnShape, lnScale) => {
        const fit = rateShrinkage(bins);
        if (fit.status !== "ok" || fit.value.variation === 0) return;
        const lnLikelihood = (shape: number, mean: number): number =>
          bins.reduce((sum, { events, exposure }) => {
            let ln = -(shape + events) * Math.log1p((mean * exposure) / shape) + events * Math.log(mean * exposure);
            for (let k = 1; k < events; k++) ln += Math.log1p(k / shape);
            return sum + ln;
          }, 0);
        const { mean, variation } = fit.value;
        const best = lnLikelihood(variation ** -2, mean);
        expect(lnLikelihood(Math.exp(lnShape), mean * Math.exp(lnScale))).toBeLessThanOrEqual(best + 1e-6);
      },
    ),
  );
});

const PUMPS = binsOf(FITS[0]![0]);

test("shrinking refuses fewer than three units and fleets without an event", () => {
  expect(rateShrinkage(PUMPS.slice(0, 2))).toMatchObject({ status: "insufficient" });
  expect(rateShrinkage(PUMPS.map(({ exposure }) => ({ events: 0, exposure })))).toMatchObject({
    because: "there is no event",
  });
  expect(() => rateShrinkage([{ events: 1, exposure: 0 }])).toThrow("units[0].exposure");
});
