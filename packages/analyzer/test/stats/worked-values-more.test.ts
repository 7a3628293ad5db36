import { expect, test } from "vitest";
import { xoshiro128 } from "../../src/random/xoshiro128.js";
import { caseSeries } from "../../src/stats/case-series.js";
import { changePoint } from "../../src/stats/change-point.js";
import { changePointPosterior } from "../../src/stats/change-point-posterior.js";
import { rateConfidenceSequence, ratioConfidenceSequence } from "../../src/stats/confidence-sequence.js";
import { dispersion } from "../../src/stats/dispersion.js";
import { extremalIndex } from "../../src/stats/extremal-index.js";
import { gapMixture } from "../../src/stats/gap-mixture.js";
import { hawkes, hawkesLogLikelihood } from "../../src/stats/hawkes.js";
import { kaplanMeier } from "../../src/stats/kaplan-meier.js";
import { longestGap } from "../../src/stats/longest-gap.js";
import { maxSprtCriticalValue } from "../../src/stats/max-sprt.js";
import { meanCumulativeFunction } from "../../src/stats/mean-cumulative-function.js";
import { segmentation } from "../../src/stats/segmentation.js";
import { sprt } from "../../src/stats/sprt.js";
import { trend } from "../../src/stats/trend.js";
import { weibull } from "../../src/stats/weibull.js";
import { expectNear, value } from "./near.js";

const DURATIONS = [
  { time: 4, event: true },
  { time: 7, event: true },
  { time: 7, event: false },
  { time: 11, event: true },
  { time: 20, event: false },
];
const COUNTS = [3, 4, 2, 5, 3, 0, 1, 0, 0, 1].map((events) => ({ events, exposure: 1 }));

test("case series: the worked cells, as Poisson regression with a factor per unit", () => {
  const rows = [
    [1, 0, 0, 10, 0],
    [1, 1, 0, 2, 1],
    [1, 0, 1, 6, 0],
    [1, 1, 1, 3, 2],
    [2, 0, 0, 20, 1],
    [2, 1, 0, 1, 0],
    [2, 0, 1, 9, 1],
    [2, 1, 1, 5, 2],
    [3, 0, 0, 8, 1],
    [3, 1, 1, 4, 1],
    [3, 0, 1, 4, 0],
  ] as const;
  const got = value(
    caseSeries(
      rows.map(([unit, inside, group, exposure, events]) => ({
        unit,
        inWindow: inside === 1,
        group,
        exposure,
        events,
      })),
    ),
  );
  expectNear(got.ratio, 7.09774808);
  expectNear(got.interval.lower, 1.4934072, 1e-7);
  expectNear(got.interval.upper, 33.7336174);
  expectNear(got.groups[0]?.ratio ?? null, 1.17687634);
  expectNear(got.standardErrorOfLn, 0.795278556);
  expectNear(got.groups[0]?.standardErrorOfLn ?? null, 0.807408788);
  expectNear(got.logLikelihood, -9.75245206);
  expectNear(got.likelihoodRatio, 6.73455888);
  expectNear(got.p, 0.00945626, 1e-6);
});

test("case series: all events inside windows is an answer, not an infinite estimate", () => {
  const cell = { unit: 1, group: 0, exposure: 5 };
  expect(
    caseSeries([
      { ...cell, inWindow: true, events: 2 },
      { ...cell, inWindow: false, events: 0 },
    ]).status,
  ).toBe("insufficient");
});

test("change point: likelihood ratio, posterior and segmentation of the worked counts", () => {
  // 17 events before 5, the last at 5 itself, and two after: 3.4 against 0.4.
  const times = [...Array.from({ length: 17 }, (_, i) => (5 * (i + 1)) / 17), 6.5, 9.4];
  const best = value(changePoint({ times, length: 10, simulations: 999 }, xoshiro128(7)));
  expect(best.at).toBe(5);
  expect(best.eventsBefore).toBe(17);
  expectNear(best.statistic, 13.5527541);
  expect(best.p).toBeLessThan(0.02);

  const posterior = value(changePointPosterior(COUNTS, { shape: 1, rate: 1 }));
  expect(posterior.mode).toBe(4);
  [0.06828651, 0.75998649, 0.08190443, 0.06507211].forEach((want, i) => {
    expectNear(posterior.posterior[3 + i] ?? null, want, 1e-6);
  });
  expectNear(posterior.lnBayesFactor, 3.26652309);

  const segments = value(segmentation(COUNTS));
  expect(segments.changesAfter).toEqual([4]);
  expectNear(segments.objective, 4.66196844);
});

test("Kaplan-Meier and Nelson-Aalen: the worked durations", () => {
  const { steps, median } = value(kaplanMeier(DURATIONS));
  expect(steps.map(({ time }) => time)).toEqual([4, 7, 11]);
  expect(steps.map(({ survival }) => survival.toFixed(12))).toEqual([
    "0.800000000000",
    "0.600000000000",
    "0.300000000000",
  ]);
  [0.1788854382, 0.219089023, 0.2387467277].forEach((want, i) => {
    expectNear(steps[i]?.standardError ?? null, want);
  });
  expectNear(steps[1]?.interval?.lower ?? null, 0.125730183);
  expectNear(steps[1]?.interval?.upper ?? null, 0.881756407);
  [0.2, 0.45, 0.95].forEach((want, i) => {
    expectNear(steps[i]?.cumulativeHazard ?? null, want);
  });
  expect(median).toBe(11);
});

test("Weibull: the worked durations", () => {
  const got = value(weibull(DURATIONS));
  expectNear(got.shape, 1.51637712);
  expectNear(got.scale, 14.7885804);
  expectNear(got.logLikelihood, -11.0468371);
  expectNear(got.likelihoodRatio, 0.665573834);
  expectNear(got.p, 0.414599, 1e-6);
});

test("trend: Laplace, MIL-HDBK-189, Lewis-Robinson, Crow-AMSAA", () => {
  const got = value(trend({ times: [8, 21, 33, 70, 118], length: 150 }));
  expectNear(got.laplace.u, -1.29099445);
  expectNear(got.laplace.p, 0.1967056, 1e-6);
  expectNear(got.milHdbk189.statistic, 14.8270501);
  expect(got.milHdbk189.df).toBe(10);
  expectNear(got.milHdbk189.p, 0.276991, 2e-6);
  expectNear(got.lewisRobinson?.gapVariation ?? null, 0.753594279);
  expectNear(got.lewisRobinson?.u ?? null, -1.71311604);
  expectNear(got.crowAmsaa.beta, 0.674442989);
  expectNear(got.crowAmsaa.betaInterval.lower, 0.218989803);
  expectNear(got.crowAmsaa.betaInterval.upper, 1.38147353);
  expectNear(got.crowAmsaa.betaUnbiased, 0.539554391);
  expectNear(got.crowAmsaa.lambda, 0.170341518);
  expectNear(got.crowAmsaa.intensityNow, 0.022481433);
});

test("bursts: dispersion, two exponentials, cluster size, Hawkes likelihood", () => {
  const bins = [0, 4, 1, 0, 3, 0].map((events) => ({ events, exposure: 2 }));
  const spread = value(dispersion(bins));
  expectNear(spread.statistic, 11.5);
  expectNear(spread.p, 0.0423198321);
  expectNear(spread.phi, 2.3);
  const mixture = value(gapMixture([2, 2.1, 1.8, 3600, 2, 2.2, 7200, 2], 8));
  expectNear(mixture.shortShare, 0.749745331);
  expectNear(mixture.shortMean, 2.01666421);
  expectNear(mixture.longMean, 5394.50681);
  expectNear(mixture.threshold, 18.1344655);
  expect(mixture.accepted).toBe(true);
  // Regular gaps: 2 (4 g)^2 / (4 * 4 g^2) = 2, capped at 1.
  expect(value(extremalIndex([3, 3, 3, 3])).index).toBe(1);
  expectNear(value(extremalIndex([1, 1, 1, 9])).index, (2 * 144) / (4 * 84));
  expectNear(hawkesLogLikelihood([1, 2, 2.5, 9], 10, { mu: 0.2, alpha: 0.5, beta: 1 }), -8.47125523);
});

test("Hawkes: bursts are told from a Poisson process, and too few events are refused", () => {
  const bursts = Array.from({ length: 30 }, (_, i) => Math.floor(i / 5) * 100 + (i % 5) + 10);
  const got = value(hawkes({ times: bursts, length: 600, simulations: 39 }, xoshiro128(3)));
  expect(got.branchingRatio).toBeGreaterThan(0.5);
  expect(got.p).toBe(1 / 40);
  expect(hawkes({ times: [1, 2, 3], length: 10 }, xoshiro128(3)).status).toBe("insufficient");
});

test("confidence sequences: ratio and one rate", () => {
  const ratio = value(
    ratioConfidenceSequence({ events: 1, exposure: 400, referenceEvents: 10, referenceExposure: 500 }),
  );
  expectNear(ratio.lower, 0.00053694, 1e-5);
  expectNear(ratio.upper, 1.28712, 1e-5);
  expectNear(
    value(rateConfidenceSequence({ events: 0, exposure: 100, priorExposure: 50 })).upper,
    (Math.log(20) + 0.5 * Math.log(3)) / 100,
  );
});

test("SPRT and MaxSPRT: bounds, times to accept, published critical value", () => {
  const at = (events: number) =>
    value(sprt({ events, exposure: 10, oldRate: 5 / 120, ratio: 0.1, alpha: 0.05, beta: 0.1 }));
  expectNear(at(0).upperBound, 2.890371758);
  expectNear(at(0).lowerBound, -2.251291799);
  [77.0765802, 138.4788494, 199.8811185].forEach((want, events) => {
    expectNear(at(events).exposureToAccept, want);
  });
  expectNear(maxSprtCriticalValue(5, 0.05), 3.297183, 2e-7);
});

test("longest gap: chosen beforehand, or noticed", () => {
  const got = longestGap(4, 0.6);
  expectNear(got.pChosenBefore, 0.0256);
  expectNear(got.pAnyGap, 0.128);
  // Fisher's sum in exact fractions.
  for (const [events, quiet, want] of [
    [60, 0.05, 0.9816094383821314],
    [61, 0.05, 0.9778581990724637],
    [60, 0.03, 0.9999999999715699],
    [100, 0.1, 0.0026816726383805706],
    [200, 0.04, 0.05606643343033967],
    [500, 0.01, 0.9732962660211213],
    [1000, 0.01, 0.04238186960072504],
    [5000, 0.002, 0.20171711041075674],
    [300, 0.004, 1],
  ] as const)
    expect(Math.abs(longestGap(events, quiet).pAnyGap - want), `${events} events, ${quiet} quiet`).toBeLessThan(1e-8);
});

test("mean cumulative function: two units by hand", () => {
  const steps = value(
    meanCumulativeFunction([
      { length: 10, times: [2, 5] },
      { length: 6, times: [5] },
    ]),
  );
  expect(steps.map(({ mean }) => mean)).toEqual([0.5, 1.5]);
  // At 2: residuals 0.25 and -0.25; at 5 both have one event, which is the mean: nothing is added.
  expectNear(steps[0]?.standardError ?? null, Math.sqrt(2 * 0.0625));
  expectNear(steps[1]?.standardError ?? null, Math.sqrt(2 * 0.0625));
  expect(value(meanCumulativeFunction([{ length: 10, times: [3] }]))[0]?.standardError).toBeNull();
});
