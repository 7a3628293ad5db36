import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTails } from "../../src/math/incomplete-beta.js";
import { gammaTails } from "../../src/math/incomplete-gamma.js";
import { poissonMass, poissonTails } from "../../src/math/poisson.js";
import { below, betaQuantileLogit, gammaQuantile } from "../../src/math/quantiles.js";
import { exponentialDraw } from "../../src/random/draws.js";
import { xoshiro128 } from "../../src/random/xoshiro128.js";
import { circularShift, type Stretch } from "../../src/stats/circular-shift.js";
import { gammaPoisson } from "../../src/stats/gamma-poisson.js";
import { kaplanMeier } from "../../src/stats/kaplan-meier.js";
import { poissonRate } from "../../src/stats/poisson-rate.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { lnEValue, sequentialEvidence } from "../../src/stats/sequential.js";
import { stratifiedRateRatio } from "../../src/stats/stratified-rate-ratio.js";
import { trend } from "../../src/stats/trend.js";
import { verdictLadder } from "../../src/stats/verdict-ladder.js";
import { quietExposure } from "../../src/stats/waiting.js";
import { expectNear, value } from "./near.js";

const count = fc.nat(60);
const exposure = fc.double({ min: -6, max: 6, noNaN: true }).map((e) => 10 ** e);
const near = fc.double({ min: 0.1, max: 10, noNaN: true });
const sides = fc.record({ events: count, exposure, referenceEvents: count, referenceExposure: exposure });
const comparable = fc.tuple(count, count, exposure, near).map(([events, referenceEvents, t, factor]) => ({
  events,
  referenceEvents,
  exposure: t,
  referenceExposure: t * factor,
}));
const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
const fraction = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

test("1: without a later event p is (T1/(T1 + T2))^n1, and E(0) its inverse", () => {
  fc.assert(
    fc.property(comparable, (counts) => {
      const quiet = { ...counts, events: 0 };
      const { pLess } = value(rateRatio(quiet));
      const share = counts.referenceExposure / (counts.referenceExposure + counts.exposure);
      expectNear(pLess, share ** counts.referenceEvents, 1e-11);
      expectNear(Math.exp(-lnEValue(quiet, 0)), pLess, 1e-10);
    }),
  );
});

test("2: swapping the sides inverts ratio and interval and swaps the one-sided p values", () => {
  fc.assert(
    fc.property(sides, (counts) => {
      const there = value(rateRatio(counts));
      const back = value(
        rateRatio({
          events: counts.referenceEvents,
          exposure: counts.referenceExposure,
          referenceEvents: counts.events,
          referenceExposure: counts.exposure,
        }),
      );
      expectNear(there.pLess, back.pGreater, 1e-10);
      expectNear(there.interval.lower, 1 / back.interval.upper, 1e-9);
      expectNear(there.interval.upper, 1 / back.interval.lower, 1e-9);
      expectNear(there.midPInterval.lower, 1 / back.midPInterval.upper, 1e-9);
      if (there.ratio !== null) expectNear(there.ratio, 1 / (back.ratio ?? Number.NaN), 1e-12);
    }),
  );
});

test("3: scaling both exposures changes nothing; scaling one scales ratio and limits", () => {
  fc.assert(
    fc.property(comparable, near, (counts, factor) => {
      const got = value(rateRatio(counts));
      const both = value(
        rateRatio({
          ...counts,
          exposure: counts.exposure * factor,
          referenceExposure: counts.referenceExposure * factor,
        }),
      );
      expectNear(both.pCentral, got.pCentral, 1e-9);
      expectNear(both.interval.lower, got.interval.lower, 1e-9);
      const one = value(rateRatio({ ...counts, exposure: counts.exposure * factor }));
      expectNear(one.interval.lower, got.interval.lower / factor, 1e-9);
      expectNear(one.interval.upper, got.interval.upper / factor, 1e-9);
    }),
  );
});

test("4: the interval excludes 1 exactly when central p < 0.05, the anytime limit exactly when E >= 20", () => {
  fc.assert(
    fc.property(comparable, (counts) => {
      const { interval, pCentral } = value(rateRatio(counts));
      if (Math.abs(pCentral - 0.05) > 1e-9) expect(interval.lower > 1 || interval.upper < 1).toBe(pCentral < 0.05);
      const sequential = sequentialEvidence(counts);
      if (sequential.status !== "ok") return;
      const { lnImproved, lnWorse, upperAnytime, lowerAnytime, boundary } = sequential.value;
      if (Math.abs(upperAnytime - 1) > 1e-9) expect(upperAnytime < 1).toBe(lnImproved > Math.log(boundary));
      if (Math.abs(lowerAnytime - 1) > 1e-9) expect(lowerAnytime > 1).toBe(lnWorse > Math.log(boundary));
    }),
  );
});

test("5: one stratum is the unstratified comparison, and strata without events or exposure change nothing", () => {
  const empty = { events: 0, exposure: 3, referenceEvents: 0, referenceExposure: 9 };
  const oneSided = { events: 0, exposure: 0, referenceEvents: 4, referenceExposure: 9 };
  fc.assert(
    fc.property(comparable, (counts) => {
      const plain = value(rateRatio(counts));
      const strata = value(stratifiedRateRatio([empty, counts, oneSided]));
      if (plain.ratio !== null) expectNear(strata.ratio, plain.ratio, 1e-10);
      expectNear(strata.pLess, plain.pLess, 1e-9);
      expectNear(strata.pMid, plain.pMid, 1e-9);
      expectNear(strata.interval.lower, plain.interval.lower, 1e-9);
      expectNear(strata.interval.upper, plain.interval.upper, 1e-9);
      expectNear(strata.midPInterval.upper, plain.midPInterval.upper, 1e-9);
    }),
  );
});

test("6: 1 - pLess is an incomplete beta, which is a gamma-Poisson posterior", () => {
  fc.assert(
    fc.property(comparable, (counts) => {
      if (counts.referenceEvents === 0) return;
      const { pLess } = value(rateRatio(counts));
      const total = counts.exposure + counts.referenceExposure;
      const tails = betaTails(
        counts.events + 1,
        counts.referenceEvents,
        counts.exposure / total,
        counts.referenceExposure / total,
      );
      expectNear(tails.upper, pLess, 1e-9);
    }),
  );
});

test("7: Garwood's limits put back into the Poisson distribution give half of alpha", () => {
  fc.assert(
    fc.property(fc.nat(5000), exposure, (events, t) => {
      const { interval } = value(poissonRate({ events, exposure: t }));
      expectNear(poissonTails(events, interval.upper * t).lower, 0.025, 1e-9);
      if (events > 0) expectNear(poissonTails(events - 1, interval.lower * t).upper, 0.025, 1e-9);
    }),
  );
});

test("8: the tails add up, recur, mirror, and invert", () => {
  fc.assert(
    fc.property(shape, shape, fraction, (a, b, p) => {
      const x = gammaQuantile(a, below(p));
      const tails = gammaTails(a, x);
      expect(tails.lower + tails.upper).toBeCloseTo(1, 14);
      expectNear(tails.lower, p, 1e-10);
      expect(gammaTails(a + 1, x).lower).toBeCloseTo(tails.lower - poissonMass(a, x), 13);
      const logit = betaQuantileLogit(a, b, below(p));
      const at = 1 / (1 + Math.exp(-logit));
      const rest = 1 / (1 + Math.exp(logit));
      expectNear(betaTails(a, b, at, rest).lower, p, 1e-10);
      expect(betaTails(a, b, at, rest).lower + betaTails(b, a, rest, at).lower).toBeCloseTo(1, 13);
    }),
  );
});

const circle = fc
  .tuple(
    fc.uniqueArray(fc.nat(999), { minLength: 2, maxLength: 16 }),
    fc.array(fc.nat(999), { minLength: 1, maxLength: 12 }),
    fc.nat(999),
  )
  .map(([edges, events, by]) => {
    const sorted = edges.sort((a, b) => a - b);
    const windows: Stretch[] = [];
    for (let i = 0; i + 1 < sorted.length; i += 2) windows.push([sorted[i] ?? 0, sorted[i + 1] ?? 0]);
    return { windows, events, by };
  });

/** Every whole shift of a circle of 1,000 whole positions: between two of them nothing changes. */
function shiftNaively(
  windows: readonly Stretch[],
  events: readonly number[],
): { p: number; mean: number; least: number } {
  const counts = Array.from({ length: 1000 }, (_, by) =>
    events.reduce((sum, event) => {
      const at = (event + by) % 1000;
      return sum + (windows.some(([start, end]) => at >= start && at < end) ? 1 : 0);
    }, 0),
  );
  const most = Math.max(...counts);
  return {
    p: counts.filter((shifted) => shifted >= (counts[0] ?? 0)).length / 1000,
    mean: counts.reduce((sum, shifted) => sum + shifted, 0) / 1000,
    least: counts.filter((shifted) => shifted === most).length / 1000,
  };
}

test("10: the circular shift is the naive one, its mean is n |W|/L, and turning everything changes nothing", () => {
  fc.assert(
    fc.property(circle, ({ windows, events, by }) => {
      const got = value(circularShift({ length: 1000, windows, events }, xoshiro128(0)));
      const naive = shiftNaively(windows, events);
      expect(got.p).toBeCloseTo(naive.p, 12);
      expect(got.smallestPossible).toBeCloseTo(naive.least, 12);
      expect(got.expected).toBeCloseTo(naive.mean, 12);
      const turned = windows.flatMap(([start, end]): Stretch[] => {
        const [from, to] = [start + by, end + by];
        if (from >= 1000) return [[from - 1000, to - 1000]];
        return to <= 1000
          ? [[from, to]]
          : [
              [from, 1000],
              [0, to - 1000],
            ];
      });
      const moved = circularShift(
        {
          length: 1000,
          windows: turned.sort((a, b) => a[0] - b[0]),
          events: events.map((event) => (event + by) % 1000),
        },
        xoshiro128(0),
      );
      expect(value(moved).p).toBeCloseTo(got.p, 12);
    }),
  );
});

test("11: without censoring Kaplan-Meier is 1 less the empirical distribution", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }), (times) => {
      const { steps } = value(kaplanMeier(times.map((time) => ({ time, event: true }))));
      for (const step of steps) {
        expect(step.survival).toBeCloseTo(times.filter((time) => time > step.time).length / times.length, 12);
      }
    }),
  );
});

test("12: T* in mean gaps falls with n1; E rises with exposure and falls with each event", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), comparable, near, (n1, counts, factor) => {
      const gaps = (events: number) => value(quietExposure({ events, exposure: 1 })).inMeanGaps;
      expect(gaps(n1 + 1)).toBeLessThan(gaps(n1));
      const before = { ...counts, referenceEvents: counts.referenceEvents + 1 };
      const e = (change: object) => value(sequentialEvidence({ ...before, ...change })).lnImproved;
      const slack = 1e-10;
      expect(e({ exposure: before.exposure * (1 + factor) })).toBeGreaterThanOrEqual(e({}) - slack);
      expect(e({ events: before.events + 1 })).toBeLessThanOrEqual(e({}) + slack);
    }),
  );
});

test("13: the order of the input never matters", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 20 }),
      fc.nat(1000),
      (times, seed) => {
        const other = [...times].sort((a, b) => ((a * 7919 + seed) % 101) - ((b * 7919 + seed) % 101));
        const [mine, theirs] = [times, other].map((order) => value(trend({ times: order, length: 100 })));
        expectNear(mine?.milHdbk189.statistic ?? null, theirs?.milHdbk189.statistic ?? null, 1e-12);
        const durations = (order: number[]) => order.map((time) => ({ time, event: time % 3 > 0 }));
        expect(kaplanMeier(durations(times))).toEqual(kaplanMeier(durations(other)));
      },
    ),
  );
});

test("E has mean 1 under no change: the sum over both Poisson counts", () => {
  const [t1, t2, rate] = [3, 2, 1.5];
  let mean = 0;
  for (let n1 = 0; n1 < 80; n1++) {
    for (let n2 = 0; n2 < 80; n2++) {
      const e = Math.exp(lnEValue({ events: n2, exposure: t2, referenceEvents: n1, referenceExposure: t1 }, 0.3));
      mean += e * poissonMass(n1, rate * t1) * poissonMass(n2, rate * t2);
    }
  }
  expect(mean).toBeCloseTo(1, 10);
});

test("the ladder: shown and worse exclude each other, and a flag never moves a verdict up", () => {
  fc.assert(
    fc.property(comparable, fc.constantFrom("single" as const, "repeated" as const), (counts, looks) => {
      const plain = verdictLadder({ ...counts, looks });
      const { numbers } = plain;
      if (numbers === null) return;
      const { comparison, sequential } = numbers;
      expect(comparison.pLess <= 0.05 && comparison.pGreater <= 0.05).toBe(false);
      expect(sequential.improved >= 20 && sequential.worse >= 20).toBe(false);
      const flagged = verdictLadder({ ...counts, looks, flags: ["trend_before"] });
      expect(flagged.rung).toBe(plain.rung === "improvement-shown" ? "consistent-with-improvement" : plain.rung);
      if (plain.rung === "improvement-shown") expect(numbers.upperLimit).toBeLessThanOrEqual(1 + 1e-12);
      if (plain.rung === "worse") expect(numbers.lowerLimit).toBeGreaterThanOrEqual(1 - 1e-12);
    }),
  );
});

test("14: under no change, looked at every week, improvement is shown in fewer than 5% of 1,000 seeded runs", () => {
  const random = xoshiro128(20261123);
  const arrivals = (length: number): number[] => {
    const times: number[] = [];
    for (let at = exponentialDraw(random); at < length; at += exponentialDraw(random)) times.push(at);
    return times;
  };
  let claims = 0;
  for (let run = 0; run < 1000; run++) {
    const referenceEvents = arrivals(8).length;
    if (referenceEvents === 0) continue;
    const after = arrivals(24);
    for (let week = 1; week <= 52; week++) {
      const exposure = (24 * week) / 52;
      const events = after.filter((time) => time < exposure).length;
      const look = sequentialEvidence({ events, exposure, referenceEvents, referenceExposure: 8 });
      if (value(look).improved >= 20) {
        claims += 1;
        break;
      }
    }
  }
  expect(claims).toBeGreaterThan(0);
  expect(claims).toBeLessThan(50);
});

test("the posterior goes over into 1 - pLess with one event more after and none added before", () => {
  fc.assert(
    fc.property(comparable, (counts) => {
      if (counts.referenceEvents === 0) return;
      const tiny = 1e-9;
      const got = value(gammaPoisson({ ...counts, events: counts.events + 1, prior: { shape: tiny, rate: 0 } }));
      const want = 1 - value(rateRatio(counts)).pLess;
      expect(got.pImproved).toBeCloseTo(want, 6);
    }),
  );
});
