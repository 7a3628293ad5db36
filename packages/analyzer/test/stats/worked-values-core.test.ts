import { expect, test } from "vitest";
import { betaTails } from "../../src/math/incomplete-beta.js";
import { gammaTails } from "../../src/math/incomplete-gamma.js";
import { normalQuantile, normalTails } from "../../src/math/normal.js";
import { below, betaQuantileLogit, gammaQuantile } from "../../src/math/quantiles.js";
import { xoshiro128 } from "../../src/random/xoshiro128.js";
import { circularShift } from "../../src/stats/circular-shift.js";
import { gammaPoisson, skepticalPrior } from "../../src/stats/gamma-poisson.js";
import { holm } from "../../src/stats/holm.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { runComparison } from "../../src/stats/run-comparison.js";
import {
  FEWER,
  furtherExposureAnytime,
  lnEValue,
  quietExposureAnytime,
  sequentialEvidence,
} from "../../src/stats/sequential.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { barnardTest } from "../../src/stats/unconditional-test.js";
import { verdictLadder } from "../../src/stats/verdict-ladder.js";
import { chanceOfSilence, forecast, power, quietExposure } from "../../src/stats/waiting.js";
import { expectNear, value } from "./near.js";

const MONTH = { events: 5, exposure: 120 };

test("the kernel gives the check values of R", () => {
  expectNear(gammaTails(1000, 1000).lower, 0.5042052441802, 1e-12);
  expectNear(gammaTails(40, 160).upper, 1.923892251914e-30, 1e-12);
  expectNear(betaTails(1, 2, 0.21).lower, 0.3759, 1e-14);
  expectNear(betaTails(14, 3, 0.9).lower, 0.7892493396962, 1e-12);
  const logit = betaQuantileLogit(1, 11, below(0.975));
  expectNear(1 / (1 + Math.exp(-logit)), 0.2849141529182, 1e-12);
  expectNear(gammaQuantile(5, below(0.975)), 10.2415886754, 1e-11);
  expectNear(normalQuantile(0.975), 1.959963984540054, 1e-14);
  expectNear(normalTails(-1.959963984540054).lower, 0.025, 1e-13);
});

test("one rate: Garwood's interval, time and event truncated, and the rule of three", () => {
  const four = value(poissonRate({ events: 4, exposure: 168 }));
  expectNear(four.rate, 4 / 168);
  expectNear(four.interval.lower, 0.00648729389);
  expectNear(four.interval.upper, 0.0609618374);
  expectNear(four.upperOneSided, 0.0544852323);
  const five = value(poissonRate({ events: 5, exposure: 120, truncated: "event" }));
  expectNear(five.interval.lower, 0.0135290533);
  expectNear(five.interval.upper, 0.0853465723);
  expectNear(five.rate, 4 / 120);
  const none = value(poissonRate({ events: 0, exposure: 1 }));
  expectNear(none.upperOneSided, -Math.log(0.05));
  expectNear(none.interval.upper, -Math.log(0.025));
  expect(none.interval.lower).toBe(0);
});

test("two rates: the vignette of rateratio.test, four p values for one table", () => {
  const got = value(rateRatio({ events: 2, exposure: 17877, referenceEvents: 9, referenceExposure: 16660 }));
  expectNear(got.ratio, 0.2070941557);
  expectNear(got.interval.lower, 0.0217740628);
  expectNear(got.interval.upper, 1.000549104);
  expectNear(got.upperOneSided, 0.82671092, 1e-8);
  expectNear(got.pLess, 0.02505325, 1e-7);
  expectNear(got.pCentral, 0.0501065, 1e-7);
  expectNear(got.pMinimumLikelihood, 0.0330942, 1e-7);
  expectNear(got.pMid, 0.02926657, 2e-7);
});

test("two rates: in and out of windows", () => {
  const got = value(rateRatio({ events: 5, exposure: 42, referenceEvents: 3, referenceExposure: 630 }));
  expectNear(got.ratio, 25);
  expectNear(got.interval.lower, 4.86395091);
  expectNear(got.interval.upper, 160.987318);
  expectNear(got.pCentral, 9.0999994e-5, 1e-8);
  expectNear(got.midPInterval.lower, 5.77468504);
  expectNear(got.midPInterval.upper, 127.045865);
  const none = value(rateRatio({ events: 0, exposure: 42, referenceEvents: 4, referenceExposure: 630 }));
  expect(none.ratio).toBe(0);
  expect(none.interval.lower).toBe(0);
  expectNear(none.interval.upper, 22.7230029);
  expect(none.pCentral).toBe(1);
});

test("strata: exact, conditional estimate, Mantel-Haenszel", () => {
  const got = value(
    stratifiedRateRatio([
      { events: 3, exposure: 20, referenceEvents: 4, referenceExposure: 260 },
      { events: 2, exposure: 35, referenceEvents: 1, referenceExposure: 300 },
    ]),
  );
  expectNear(got.interval.lower, 2.62367708);
  expectNear(got.interval.upper, 50.202683);
  expectNear(got.pCentral, 0.00122676713);
  expectNear(got.ratio, 11.4787809);
  expectNear(got.mantelHaenszel?.ratio ?? null, 11.7295082);
  expectNear(got.mantelHaenszel?.interval.lower ?? null, 3.30754547);
  expectNear(got.mantelHaenszel?.interval.upper ?? null, 41.5962119);
});

test("circular shift: the worked sweep", () => {
  const got = value(
    circularShift(
      {
        length: 48,
        windows: [
          [4, 7],
          [18, 21],
        ],
        events: [5, 20, 33],
      },
      xoshiro128(1),
    ),
  );
  expect(got.observed).toBe(2);
  expectNear(got.p, 0.0833333333);
  expectNear(got.expected, 0.375);
});

test("runs: Fisher, Barnard, clean runs needed", () => {
  const units = { before: { runs: 40, hit: 1 }, after: { runs: 10, hit: 4 } };
  const fisher = value(runComparison(units));
  expectNear(fisher.pFisher, 0.00408352, 1e-6);
  expectNear(fisher.oddsRatio, 26);
  expectNear(value(barnardTest(units)).pTwoSided, 0.00228663, 2e-6);
  const one = value(runComparison({ before: { runs: 25, hit: 1 }, after: { runs: 5, hit: 0 } }));
  expectNear(one.pLess, 25 / 30);
  expect(one.cleanRunsNeeded).toBe(475);
  const four = { runs: 25, hit: 4 };
  const enough = value(runComparison({ before: four, after: { runs: 27, hit: 0 } }));
  expectNear(enough.pLess, 0.0467263829);
  expect(enough.cleanRunsNeeded).toBe(27);
  expectNear(value(runComparison({ before: four, after: { runs: 26, hit: 0 } })).pLess, 0.0506202481);
});

test("gamma-Poisson: Jeffreys", () => {
  const got = value(gammaPoisson({ events: 1, exposure: 90, referenceEvents: 7, referenceExposure: 160 }));
  expectNear(got.pImproved, 0.9249520066);
  expectNear(got.pHalved, 0.7202253646);
  expectNear(got.interval.lower, 0.02494652, 1e-6);
  expectNear(got.median, 0.29357671, 1e-7);
  expectNear(got.interval.upper, 1.47655254, 1e-8);
  const quiet = value(gammaPoisson({ events: 0, exposure: 40, referenceEvents: 5, referenceExposure: 120 }));
  expect(quiet.pImproved).toBeCloseTo(0.918, 3);
  const skeptic = { events: 0, exposure: 40, referenceEvents: 5, referenceExposure: 120 };
  expect(value(gammaPoisson({ ...skeptic, prior: skepticalPrior(skeptic) })).pImproved).toBeLessThan(0.918);
});

test("waiting: the plan, its table, and what silence says", () => {
  const plan = value(quietExposure(MONTH));
  expectNear(plan.needed, 98.46770436);
  expectNear(plan.ifRateWereKnown, 71.89757, 1e-6);
  expectNear(value(quietExposure({ ...MONTH, alpha: 0.025 })).needed, 130.9534926);
  expectNear(chanceOfSilence(MONTH, 100), 0.0482828421);
  const after = value(rateRatio({ events: 0, exposure: 100, referenceEvents: 5, referenceExposure: 120 }));
  expectNear(after.pLess, 0.0482828421);
  expectNear(after.upperOneSided, 0.9846770436);
  expectNear(value(poissonRate({ events: 0, exposure: 100 })).upperOneSided, 0.0299573227);
  const table = [
    [1, 19.0],
    [2, 6.944],
    [3, 5.143],
    [4, 4.459],
    [5, 4.103],
    [6, 3.885],
    [8, 3.634],
    [10, 3.493],
    [15, 3.316],
    [20, 3.232],
    [30, 3.15],
    [50, 3.087],
    [100, 3.041],
  ] as const;
  for (const [events, gaps] of table)
    expect(value(quietExposure({ events, exposure: 7 })).inMeanGaps).toBeCloseTo(gaps, 3);
});

test("waiting: power, assurance, forecast", () => {
  const got = value(power({ ...MONTH, planned: 150, trueRatio: 0.2 }));
  expect(got.allowance).toBe(0);
  expectNear(got.power, 0.286504797, 2e-9);
  expectNear(got.assurance, 0.293085902);
  const at = (planned: number) => value(power({ ...MONTH, planned, trueRatio: 0.1 }));
  expect([100, 150, 200, 250].map((planned) => at(planned).allowance)).toEqual([0, 0, 1, 2]);
  expect([100, 150, 200, 250].map((planned) => at(planned).power.toFixed(2))).toEqual(["0.66", "0.54", "0.80", "0.91"]);
  expectNear(value(forecast({ ...MONTH, next: 48 })).pNone, 0.157143276);
  expectNear(value(forecast({ ...MONTH, next: 48 })).pAtMost(0), 0.157143276);
});

test("sequential: e-values, the mixture, and the limit of every look", () => {
  const after = (events: number, exposure: number) => ({
    events,
    exposure,
    referenceEvents: 5,
    referenceExposure: 120,
  });
  const e = (ratio: number) => Math.exp(lnEValue(after(0, 100), ratio));
  expectNear(e(0), 20.71129115);
  expectNear(e(0.1), 13.88022936);
  expectNear(e(0.5), 3.629683834);
  const quiet = value(sequentialEvidence(after(0, 100)));
  expectNear(quiet.improved, 15.43228426);
  expectNear(quiet.upperAnytime, 1.127180986);
  expectNear(value(quietExposureAnytime({ referenceEvents: 5, referenceExposure: 120 })), 112.7180986);
  expectNear(value(furtherExposureAnytime(after(0, 100))), 12.7180986, 1e-8);
  expectNear(value(sequentialEvidence(after(0, 130))).upperAnytime, 0.8670622971);
  expectNear(value(sequentialEvidence(after(1, 250))).improved, 9.250421581);
  expectNear(value(sequentialEvidence(after(1, 250))).upperAnytime, 1.321480457);
  expectNear(value(sequentialEvidence(after(1, 600))).improved, 123.6950639);
  expectNear(value(sequentialEvidence(after(1, 600))).upperAnytime, 0.5506168573);
  expect(FEWER.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 15);
  const table = [
    [1, 32.95],
    [2, 4.462],
    [3, 2.053],
    [4, 1.296],
    [5, 0.9393],
    [6, 0.7341],
    [8, 0.5091],
    [10, 0.389],
    [15, 0.2442],
    [20, 0.1778],
    [30, 0.1152],
    [50, 0.0675],
  ] as const;
  for (const [referenceEvents, needed] of table) {
    expectNear(value(quietExposureAnytime({ referenceEvents, referenceExposure: 1 })), needed, 5e-4);
  }
});

test("one old event, then another: no e-value however long can show fewer, and the limit says so", () => {
  const got = value(sequentialEvidence({ events: 1, exposure: 1e6, referenceEvents: 1, referenceExposure: 1 }));
  expect(got.upperAnytime).toBe(Number.POSITIVE_INFINITY);
  expect(furtherExposureAnytime({ events: 1, exposure: 1, referenceEvents: 1, referenceExposure: 1 }).status).toBe(
    "insufficient",
  );
});

test("the ladder: the checks of its section", () => {
  const rung = (n1: number, t1: number, n2: number, t2: number, looks: "single" | "repeated") =>
    verdictLadder({ referenceEvents: n1, referenceExposure: t1, events: n2, exposure: t2, looks }).rung;
  expect(rung(5, 120, 0, 100, "repeated")).toBe("consistent-with-improvement");
  expect(rung(5, 120, 0, 130, "repeated")).toBe("improvement-shown");
  expect(rung(9, 300, 8, 300, "single")).toBe("insufficient-evidence");
  expect(rung(30, 900, 29, 900, "single")).toBe("no-effect-shown");
  expect(rung(2, 100, 9, 100, "single")).toBe("worse");
  expect(rung(1, 50, 0, 20, "repeated")).toBe("insufficient-evidence");
  expect(rung(3, 90, 0, 12, "repeated")).toBe("insufficient-evidence");
  expect(rung(0, 0, 3, 10, "repeated")).toBe("insufficient-evidence");
  expect(rung(0, 10, 0, 10, "single")).toBe("insufficient-evidence");
});

test("Holm: steps down, never below an earlier one", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([])).toEqual([]);
});
