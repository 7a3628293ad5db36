import { expect, test } from "vitest";
import { xoshiro128 } from "../../src/random/xoshiro128.js";
import { circularShift } from "../../src/stats/circular-shift.js";
import { rateConfidenceSequence, ratioConfidenceSequence } from "../../src/stats/confidence-sequence.js";
import { dispersion, dispersionOfTimes } from "../../src/stats/dispersion.js";
import { extremalIndex } from "../../src/stats/extremal-index.js";
import { gammaPoisson } from "../../src/stats/gamma-poisson.js";
import { gapMixture } from "../../src/stats/gap-mixture.js";
import { hawkes } from "../../src/stats/hawkes.js";
import { kaplanMeier } from "../../src/stats/kaplan-meier.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { runComparison } from "../../src/stats/run-comparison.js";
import { quietExposureAnytime, sequentialEvidence } from "../../src/stats/sequential.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { trend } from "../../src/stats/trend.js";
import { power, quietExposure } from "../../src/stats/waiting.js";
import { weibull } from "../../src/stats/weibull.js";
import { expectNear, value } from "./near.js";

const BOTH = { events: 2, exposure: 10, referenceEvents: 3, referenceExposure: 10 };

test("no event on either side: no ratio, every ratio fits, p is 1", () => {
  const got = value(rateRatio({ ...BOTH, events: 0, referenceEvents: 0 }));
  expect(got.ratio).toBeNull();
  expect(got.interval).toEqual({ level: 0.95, lower: 0, upper: Number.POSITIVE_INFINITY });
  expect([got.pLess, got.pGreater, got.pCentral, got.pMid, got.pMinimumLikelihood]).toEqual([1, 1, 1, 1, 1]);
  const strata = value(stratifiedRateRatio([{ ...BOTH, events: 0, referenceEvents: 0 }]));
  expect(strata.ratio).toBeNull();
  expect(strata.interval).toEqual(got.interval);
  expect([strata.pLess, strata.pGreater, strata.pCentral]).toEqual([1, 1, 1]);
});

test("no event on one side: one limit is open, the other finite", () => {
  const none = value(rateRatio({ ...BOTH, events: 0 }));
  expect(none.ratio).toBe(0);
  expect(none.interval.lower).toBe(0);
  expect(Number.isFinite(none.interval.upper)).toBe(true);
  const all = value(rateRatio({ ...BOTH, referenceEvents: 0 }));
  expect(all.ratio).toBe(Number.POSITIVE_INFINITY);
  expect(all.interval.upper).toBe(Number.POSITIVE_INFINITY);
  expect(all.interval.lower).toBeGreaterThan(0);
});

test("no exposure is an answer; events without exposure are the caller's error", () => {
  expect(rateRatio({ ...BOTH, events: 0, exposure: 0 }).status).toBe("insufficient");
  expect(poissonRate({ events: 0, exposure: 0 }).status).toBe("insufficient");
  expect(gammaPoisson({ ...BOTH, events: 0, exposure: 0 }).status).toBe("insufficient");
  expect(sequentialEvidence({ ...BOTH, events: 0, exposure: 0 }).status).toBe("insufficient");
  expect(stratifiedRateRatio([]).status).toBe("insufficient");
  expect(() => rateRatio({ ...BOTH, exposure: 0 })).toThrow(RangeError);
  expect(() => rateRatio({ ...BOTH, exposure: 0 })).toThrow(/exposure/);
});

test("impossible arguments are named", () => {
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => rateRatio({ ...BOTH, referenceExposure: bad })).toThrow(/referenceExposure/);
    expect(() => quietExposure({ events: 1, exposure: bad })).toThrow(/exposure/);
  }
  for (const bad of [-1, 0.5, 2 ** 53 + 2, Number.NaN]) {
    expect(() => rateRatio({ ...BOTH, events: bad })).toThrow(/events/);
    expect(() => poissonRate({ events: bad, exposure: 1 })).toThrow(/events/);
    expect(() => stratifiedRateRatio([BOTH, { ...BOTH, events: bad }])).toThrow(/strata\[1\]\.events/);
  }
  for (const level of [0, 1, 95, Number.NaN]) expect(() => rateRatio({ ...BOTH, level })).toThrow(/level/);
  expect(() => runComparison({ before: { runs: 3, hit: 4 }, after: { runs: 1, hit: 0 } })).toThrow(/before\.hit/);
});

test("one old event: every waiting question works, and the plan says 19 times the old exposure", () => {
  expectNear(value(quietExposure({ events: 1, exposure: 7 })).needed, 19 * 7);
  expectNear(value(quietExposureAnytime({ referenceEvents: 1, referenceExposure: 1 })), 32.95, 1e-3);
  expect(quietExposure({ events: 0, exposure: 7 }).status).toBe("insufficient");
  expect(quietExposureAnytime({ referenceEvents: 0, referenceExposure: 7 }).status).toBe("insufficient");
});

test("counts up to 2^53 are answered, as narrowly as they should be", () => {
  const events = 2 ** 53;
  const got = value(rateRatio({ events, exposure: 1, referenceEvents: events, referenceExposure: 1 }));
  const sd = Math.sqrt(2 / events);
  expect((got.interval.upper - 1) / (1.959963984540054 * sd)).toBeCloseTo(1, 5);
  expect(got.pLess).toBeCloseTo(0.5, 6);
  const rate = value(poissonRate({ events, exposure: events }));
  expect((rate.interval.upper - 1) / (1.959963984540054 / Math.sqrt(events))).toBeCloseTo(1, 5);
});

test("exposures may be 600 orders of magnitude apart", () => {
  const got = value(rateRatio({ events: 2, exposure: 1e-300, referenceEvents: 3, referenceExposure: 1e300 }));
  expect(got.pGreater).toBe(0);
  expect(got.pLess).toBe(1);
  const near = value(rateRatio({ events: 2, exposure: 1e-150, referenceEvents: 3, referenceExposure: 1 }));
  expectNear(near.pGreater, 10 * 1e-300, 1e-9);
});

test("over 5,000 events the strata take the Wald interval of the estimate, close to the exact one", () => {
  const strata = [
    { events: 3000, exposure: 100, referenceEvents: 2500, referenceExposure: 90 },
    { events: 20, exposure: 3, referenceEvents: 30, referenceExposure: 4 },
  ];
  const wald = value(stratifiedRateRatio(strata));
  expect(wald.method).toBe("wald");
  const exact = value(rateRatio(strata[0] ?? BOTH));
  expectNear(wald.interval.upper, exact.interval.upper, 5e-3);
  const none = value(
    stratifiedRateRatio([{ events: 0, exposure: 1, referenceEvents: 9000, referenceExposure: 1e6 }, BOTH].slice(0, 1)),
  );
  const same = value(rateRatio({ events: 0, exposure: 1, referenceEvents: 9000, referenceExposure: 1e6 }));
  expect(none.method).toBe("exact");
  expectNear(none.interval.upper, same.interval.upper);
});

test("windows over everything or nothing: the circular shift says which side lacks time", () => {
  const shift = (windows: readonly (readonly [number, number])[]) =>
    circularShift({ length: 10, windows, events: [3] }, xoshiro128(1));
  expect(shift([])).toMatchObject({ status: "insufficient", because: "no time lies in windows" });
  expect(shift([[0, 10]])).toMatchObject({ status: "insufficient", because: "no time lies outside windows" });
  expect(() =>
    shift([
      [4, 6],
      [5, 7],
    ]),
  ).toThrow(/windows\[1\]/);
  expect(() => shift([[6, 4]])).toThrow(RangeError);
});

test("an event tied with a window's edge: start in, end out", () => {
  const observed = (event: number) =>
    value(circularShift({ length: 10, windows: [[2, 4]], events: [event] }, xoshiro128(1))).observed;
  expect([2, 3, 4].map(observed)).toEqual([1, 1, 0]);
});

test("above a million break points the shift is simulated and agrees with theory", () => {
  const windows = Array.from({ length: 600 }, (_, i) => [10 * i, 10 * i + 3] as const);
  const events = Array.from({ length: 1000 }, (_, i) => 5.7 * i + 0.3);
  const got = value(circularShift({ length: 6000, windows, events }, xoshiro128(5)));
  expect(got.method).toBe("simulated");
  expect(got.p).toBeGreaterThan(0);
  expectNear(got.expected, 300);
});

test("all events at one instant: clustering cannot be judged, a power law can", () => {
  const same = new Array<number>(30).fill(5);
  expect(dispersionOfTimes(same, 10, 5).status).toBe("insufficient");
  expect(hawkes({ times: same, length: 10 }, xoshiro128(1)).status).toBe("insufficient");
  expect(extremalIndex(same.map(() => 0)).status).toBe("insufficient");
  expectNear(value(trend({ times: [5, 5, 5], length: 10 })).crowAmsaa.beta, 1 / Math.log(2));
});

test("too little data is an answer", () => {
  expect(
    dispersion([
      { events: 2, exposure: 1 },
      { events: 2, exposure: 1 },
    ]).status,
  ).toBe("insufficient");
  expect(trend({ times: [1, 2], length: 10 }).status).toBe("insufficient");
  expect(() => trend({ times: [0, 1, 2], length: 10 })).toThrow(/times\[0\]/);
  expect(kaplanMeier([{ time: 3, event: false }]).status).toBe("insufficient");
  expect(weibull([{ time: 3, event: true }]).status).toBe("insufficient");
  expect(gapMixture([1, 2, 3]).status).toBe("insufficient");
  expect(gapMixture(new Array<number>(12).fill(2)).status).toBe("insufficient");
  expect(runComparison({ before: { runs: 0, hit: 0 }, after: { runs: 1, hit: 0 } }).status).toBe("insufficient");
  expect(value(runComparison({ before: { runs: 5, hit: 0 }, after: { runs: 5, hit: 1 } })).cleanRunsNeeded).toBeNull();
});

test("absurd exposures end in an answer: a plan without end, a prior far from the data, a ratio out of reach", () => {
  const endless = value(power({ events: 5, exposure: 1e4, planned: 1e118, trueRatio: 0.5 }));
  expect(endless.allowance).toBeGreaterThanOrEqual(2 ** 52);
  const heavy = value(rateConfidenceSequence({ events: 14, exposure: 222, priorExposure: 1e110 }));
  expect(heavy.lower < 14 / 222 && heavy.upper > 14 / 222).toBe(true);
  const apart = { events: 238, exposure: 1e-204, referenceEvents: 2752, referenceExposure: 400 };
  expect(value(ratioConfidenceSequence(apart))).toEqual({ level: 0.95, lower: 0, upper: Number.POSITIVE_INFINITY });
});
