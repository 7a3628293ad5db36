import { expect, test } from "vitest";
import { caseSeries } from "../../src/stats/case-series.js";
import { quasiPoissonRatio } from "../../src/stats/quasi-poisson-ratio.js";
import { rateHomogeneity } from "../../src/stats/rate-homogeneity.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { expectNear, value } from "./near.js";

// Values of R 4.2.2, glm(family = poisson) with offset log(t).
const STRATA = [
  { events: 12, exposure: 20, referenceEvents: 5, referenceExposure: 30 },
  { events: 7, exposure: 40, referenceEvents: 30, referenceExposure: 90 },
];

test("strata with different ratios are told apart, as by the interaction in R", () => {
  const { homogeneity, ratio, waldInterval } = value(stratifiedRateRatio(STRATA));
  expectNear(homogeneity?.statistic ?? null, 9.118245756);
  expect(homogeneity?.df).toBe(1);
  expectNear(homogeneity?.p ?? null, 0.002530725289);
  expectNear(ratio, 1.069779243);
  expectNear(Math.log(waldInterval?.lower ?? 0), -0.4934128873);
  expectNear(Math.log(waldInterval?.upper ?? 0), 0.6283175123);
  const thin = { ...STRATA[0], events: 1, exposure: 1, referenceEvents: 0, referenceExposure: 1 };
  expect(value(stratifiedRateRatio([...STRATA, thin])).homogeneity).toBeNull();
});

test("a case series without a second factor is the stratified comparison", () => {
  const cells = STRATA.flatMap(({ events, exposure, referenceEvents, referenceExposure }, unit) => [
    { unit, inWindow: true, group: "all", exposure, events },
    { unit, inWindow: false, group: "all", exposure: referenceExposure, events: referenceEvents },
  ]);
  const series = value(caseSeries(cells));
  const { ratio, waldInterval } = value(stratifiedRateRatio(STRATA));
  expectNear(series.ratio, ratio);
  expectNear(series.interval.upper, waldInterval?.upper ?? null);
  expect(series.groups).toEqual([]);
});

test("several epochs with one rate or not, as the deviance in R", () => {
  const parts = [
    [9, 10],
    [14, 40],
    [30, 50],
    [0, 0],
  ].map(([events = 0, exposure = 0]) => ({ events, exposure }));
  const got = value(rateHomogeneity(parts));
  expectNear(got.statistic, 5.356050684);
  expectNear(got.p, 0.06869867668);
  expect(rateHomogeneity(parts.slice(0, 1)).status).toBe("insufficient");
});

test("clusters widen the interval; regularity does not narrow it", () => {
  const counts = { events: 12, exposure: 20, referenceEvents: 5, referenceExposure: 30 };
  const wide = value(quasiPoissonRatio(counts, 2.3));
  expectNear(wide.interval.lower, 0.7398822677);
  expectNear(wide.interval.upper, 17.51630032);
  expect(value(quasiPoissonRatio(counts, 0.2))).toEqual(value(quasiPoissonRatio(counts, 1)));
  expect(quasiPoissonRatio({ ...counts, events: 4 }, 1).status).toBe("insufficient");
});
