import { expect, test } from "vitest";
import type { Stratum } from "../../src/stats/conditional-strata.js";
import { gammaPoisson } from "../../src/stats/gamma-poisson.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { type Cell, largestError, referenceTable } from "../reference.js";
import { value } from "./near.js";

const orInfinity = (cell: Cell): number => cell ?? Number.POSITIVE_INFINITY;

test("Garwood's limits agree with R for counts up to a million", () => {
  const rows = referenceTable<readonly number[]>("rates.json", "garwood");
  const pairs = rows.flatMap(([events = 0, exposure = 0, level = 0, lower = 0, upper = 0, oneSided = 0]) => {
    const got = value(poissonRate({ events, exposure, level }));
    return [
      [got.interval.lower, lower],
      [got.interval.upper, upper],
      [got.upperOneSided, oneSided],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-10);
});

test("rate ratios agree with R's poisson.test: three p values and four limits", () => {
  const rows = referenceTable<readonly Cell[]>("rates.json", "ratio");
  const pairs = rows.flatMap(([x, t, x0, t0, level, pTwo, pLess, pMore, lower, upper, oneLower, oneUpper]) => {
    const got = value(
      rateRatio({
        events: x ?? 0,
        exposure: t ?? 0,
        referenceEvents: x0 ?? 0,
        referenceExposure: t0 ?? 0,
        level: level ?? 0,
      }),
    );
    return [
      [got.pMinimumLikelihood, pTwo ?? 0],
      [got.pLess, pLess ?? 0],
      [got.pGreater, pMore ?? 0],
      [got.interval.lower, lower ?? 0],
      [got.interval.upper, orInfinity(upper ?? null)],
      [got.lowerOneSided, oneLower ?? 0],
      [got.upperOneSided, orInfinity(oneUpper ?? null)],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-9);
});

test("rate ratios keep their digits in tails down to 1e-305 and over twelve orders of exposure", () => {
  const rows = referenceTable<readonly number[]>("rates.json", "ratioFar");
  const pairs = rows.flatMap(([x = 0, t = 0, x0 = 0, t0 = 0, pLess = 0, pGreater = 0, pMid = 0]) => {
    const got = value(rateRatio({ events: x, exposure: t, referenceEvents: x0, referenceExposure: t0 }));
    return [
      [got.pLess, pLess],
      [got.pGreater, pGreater],
      [got.pMid, pMid],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-10);
});

test("stratified ratios agree with convolution in SciPy and Poisson regression in statsmodels", () => {
  type Row = readonly [readonly (readonly number[])[], ...(readonly number[])];
  const pairs = referenceTable<Row>("rates.json", "stratified").flatMap(([strata, ...want]) => {
    const got = value(
      stratifiedRateRatio(
        strata.map(
          ([events = 0, exposure = 0, referenceEvents = 0, referenceExposure = 0]): Stratum => ({
            events,
            exposure,
            referenceEvents,
            referenceExposure,
          }),
        ),
      ),
    );
    const all = [
      got.pLess,
      got.pGreater,
      got.interval.lower,
      got.interval.upper,
      got.midPInterval.lower,
      got.midPInterval.upper,
      got.ratio ?? 0,
    ];
    return all.map((mine, i) => [mine, want[i] ?? 0] as const);
  });
  expect(largestError(pairs)).toBeLessThan(1e-8);
});

test("the posterior of the ratio agrees with SciPy's beta prime distribution", () => {
  const rows = referenceTable<readonly number[]>("rates.json", "posterior");
  const pairs = rows.flatMap(([events = 0, exposure = 0, n1 = 0, t1 = 0, improved = 0, halved = 0, median = 0]) => {
    const got = value(gammaPoisson({ events, exposure, referenceEvents: n1, referenceExposure: t1 }));
    return [
      [got.pImproved, improved],
      [got.pHalved, halved],
      [got.median, median],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-8);
});
