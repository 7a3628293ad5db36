import { expect, test } from "vitest";
import { dispersion } from "../../src/stats/dispersion.js";
import { kaplanMeier } from "../../src/stats/kaplan-meier.js";
import { weibull } from "../../src/stats/weibull.js";
import { type Cell, largestError, referenceTable } from "../reference.js";
import { value } from "./near.js";

type Curve = readonly Cell[];
type SurvivalRow = readonly [readonly (readonly [number, number])[], Curve, Curve, Curve, Curve, Curve, Curve, Curve];

const durationsOf = (pairs: SurvivalRow[0]) => pairs.map(([time, event]) => ({ time, event: event === 1 }));

test("Kaplan-Meier, Greenwood, log-log limits and Nelson-Aalen agree with R's survfit", () => {
  const pairs = referenceTable<SurvivalRow>("times.json", "survival").flatMap(
    ([durations, time, survival, error, lower, upper, hazard]) => {
      const { steps } = value(kaplanMeier(durationsOf(durations)));
      expect(steps.length).toBe(time.length);
      return steps.flatMap((step, i) => [
        [step.time, time[i] ?? 0] as const,
        [step.survival, survival[i] ?? 0] as const,
        [step.standardError, error[i] ?? 0] as const,
        [step.interval?.lower ?? 0, lower[i] ?? 0] as const,
        [step.interval?.upper ?? 0, upper[i] ?? 0] as const,
        [step.cumulativeHazard, hazard[i] ?? 0] as const,
      ]);
    },
  );
  expect(largestError(pairs)).toBeLessThan(1e-10);
});

test("the Weibull fit agrees with R's survreg", () => {
  const pairs = referenceTable<SurvivalRow>("times.json", "survival").flatMap((row) => {
    const fit = weibull(durationsOf(row[0]));
    const [shape, scale, logLikelihood] = row[7];
    if (fit.status !== "ok") return [];
    return [
      [fit.value.shape, shape ?? 0] as const,
      [fit.value.scale, scale ?? 0] as const,
      [fit.value.logLikelihood, logLikelihood ?? 0] as const,
    ];
  });
  expect(pairs.length).toBeGreaterThan(100);
  expect(largestError(pairs)).toBeLessThan(1e-6);
});

test("the dispersion test agrees with SciPy's chisquare where no bins are merged", () => {
  type Row = readonly [readonly (readonly [number, number])[], number, number];
  const pairs = referenceTable<Row>("times.json", "dispersion").flatMap(([bins, statistic, p]) => {
    const got = value(dispersion(bins.map(([events, exposure]) => ({ events, exposure }))));
    expect(got.bins).toBe(bins.length);
    return [[got.statistic, statistic] as const, [got.p, p] as const];
  });
  expect(largestError(pairs)).toBeLessThan(1e-10);
});
