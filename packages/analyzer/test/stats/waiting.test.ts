import fc from "fast-check";
import { expect, test } from "vitest";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { runComparison } from "../../src/stats/run-comparison.js";
import { chanceOfSilence, forecast, power, quietExposure } from "../../src/stats/waiting.js";
import { expectNear, value } from "./near.js";

const BEFORE = { events: 4, exposure: 100 };

test("a smaller ratio is waited for longer, in proportion", () => {
  const got = value(quietExposure({ ...BEFORE, ratio: 0.5 }));
  expectNear(got.needed, (100 * (0.05 ** (-1 / 4) - 1)) / 0.5);
  expectNear(got.inMeanGaps, got.needed / 25);
  expectNear(got.ifRateWereKnown, (-Math.log(0.05) * 25) / 0.5);
  expectNear(chanceOfSilence(BEFORE, value(quietExposure(BEFORE)).needed), 0.05);
  expect(chanceOfSilence({ events: 0, exposure: 10 }, 1e9)).toBe(1);
  expect(chanceOfSilence({ events: 0, exposure: 0 }, 5)).toBe(1);
});

test("the allowance of a plan is the most events with which the comparison would still make the claim", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(0.01, 0.05, 0.2),
      (events, exposure, planned, alpha) => {
        const shows = (after: number): boolean =>
          value(rateRatio({ referenceEvents: events, referenceExposure: exposure, events: after, exposure: planned }))
            .pLess <= alpha;
        const { allowance } = value(power({ events, exposure, planned, trueRatio: 0.2, alpha }));
        expect(Number.isInteger(allowance) && allowance >= -1).toBe(true);
        // The chance grows with the count, so the border is all there is to see.
        if (allowance >= 0) expect(shows(allowance)).toBe(true);
        expect(shows(allowance + 1)).toBe(false);
      },
    ),
    { numRuns: 100 },
  );
});

test("a chance of exactly alpha is enough, and a plan that cannot show anything has no power", () => {
  // As much time after as before: silence has the chance (1/2)^1, one event 3/4.
  const half = { events: 1, exposure: 10, planned: 10, trueRatio: 0, alpha: 0.5 };
  expect(value(power(half))).toMatchObject({ allowance: 0, power: 1 });
  expect(value(power({ ...half, alpha: 0.4999 }))).toEqual({ allowance: -1, power: 0, assurance: 0 });
});

test.each([2, 4, 6])(
  "one event fewer than the %i before, in as much time, has a chance of one half: the most at that alpha",
  (events) => {
    const plan = { events, exposure: 10, planned: 10, trueRatio: 0 };
    expect(value(power({ ...plan, alpha: 0.5 })).allowance).toBe(events - 1);
    expect(value(power({ ...plan, alpha: 0.4999 })).allowance).toBe(events - 2);
  },
);

test("a forecast knows the old rate as well as Jeffreys' prior leaves it", () => {
  const got = value(forecast({ events: 3, exposure: 10, next: 20 }));
  expectNear(got.expected, 7);
  expectNear(got.pNone, 3 ** -3.5);
  expectNear(got.pAtMost(0), got.pNone);
  const nothing = value(forecast({ events: 3, exposure: 10, next: 0 }));
  expect([nothing.expected, nothing.pNone, ...[0, 1, 1e6].map(nothing.pAtMost)]).toEqual([0, 1, 1, 1, 1]);
  expect(() => got.pAtMost(0.5)).toThrow(/^forecast\.pAtMost: k must be a whole number/);
});

test.each([
  [() => quietExposure({ ...BEFORE, ratio: 0 }), /^quietExposure: ratio must be a finite number above 0/],
  [() => quietExposure({ ...BEFORE, events: -1 }), /^quietExposure: events must be a whole/],
  [() => quietExposure({ ...BEFORE, exposure: 0 }), /^quietExposure: exposure must be above 0 where events is 4/],
  [() => quietExposure({ ...BEFORE, alpha: 0 }), /^quietExposure: alpha must be between 0 and 1/],
  [() => chanceOfSilence(BEFORE, -1), /^chanceOfSilence: quiet must be a finite number, 0 or more/],
  [
    () => chanceOfSilence({ events: 1, exposure: 0 }, 1),
    /^chanceOfSilence: exposure must be above 0 where events is 1/,
  ],
  [() => power({ ...BEFORE, planned: 0, trueRatio: 1 }), /^power: planned must be a finite number above 0/],
  [() => power({ ...BEFORE, planned: 1, trueRatio: -1 }), /^power: trueRatio must be a finite number, 0 or more/],
  [
    () => power({ ...BEFORE, exposure: 0, planned: 1, trueRatio: 1 }),
    /^power: exposure must be above 0 where events is/,
  ],
  [() => power({ ...BEFORE, planned: 1, trueRatio: 1, alpha: 1 }), /^power: alpha must be between 0 and 1/],
  [() => forecast({ ...BEFORE, next: -1 }), /^forecast: next must be a finite number, 0 or more/],
  [() => forecast({ events: 1, exposure: 0, next: 1 }), /^forecast: exposure must be above 0 where events is 1/],
])("%s is refused by the argument's name", (call, message) => {
  expect(call).toThrow(message);
});

test("without an event before, or without exposure, the future is not told, and what is missing is", () => {
  const because = "there was no event before the change, so a silence after it says nothing";
  const need = "one event before the change";
  const none = { events: 0, exposure: 10 };
  expect(quietExposure(none)).toEqual({ status: "insufficient", because, need });
  expect(power({ ...none, planned: 1, trueRatio: 1 })).toEqual({ status: "insufficient", because, need });
  expect(forecast({ events: 0, exposure: 0, next: 1 })).toEqual({
    status: "insufficient",
    because: "there is no exposure to learn from",
    need: "any exposure",
  });
});

/** n over k, exact for small numbers. */
const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

test("runs are compared as Fisher does, table by table", () => {
  const side = fc
    .integer({ min: 1, max: 12 })
    .chain((runs) => fc.record({ runs: fc.constant(runs), hit: fc.nat({ max: runs }) }));
  fc.assert(
    fc.property(side, side, (before, after) => {
      const drawn = before.hit + after.hit;
      const all = choose(before.runs + after.runs, drawn);
      const mass = (hit: number): number => (choose(after.runs, hit) * choose(before.runs, drawn - hit)) / all;
      const sum = (wanted: (hit: number) => boolean): number =>
        Array.from({ length: drawn + 1 }, (_, hit) => (wanted(hit) ? mass(hit) : 0)).reduce((a, b) => a + b, 0);
      const got = value(runComparison({ before, after }));
      expectNear(
        got.pLess,
        sum((hit) => hit <= after.hit),
      );
      expectNear(
        got.pGreater,
        sum((hit) => hit >= after.hit),
      );
      expectNear(
        got.pFisher,
        Math.min(
          1,
          sum((hit) => mass(hit) <= mass(after.hit) * (1 + 1e-7)),
        ),
        1e-7,
      );
      const odds = (after.hit * (before.runs - before.hit)) / ((after.runs - after.hit) * before.hit);
      expectNear(got.oddsRatio, Number.isNaN(odds) ? null : odds);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [{ runs: 0, hit: 0 }, { runs: 3, hit: 0 }, "there is no run before"],
  [{ runs: 3, hit: 0 }, { runs: 0, hit: 0 }, "there is no run after"],
])("no run on a side is no comparison", (before, after, because) => {
  expect(runComparison({ before, after })).toEqual({ status: "insufficient", because, need: "runs on both sides" });
});

test.each([
  [{ runs: 1.5, hit: 0 }, { runs: 3, hit: 0 }, /^runComparison: before\.runs must be a whole number/],
  [{ runs: 3, hit: 0 }, { runs: 3, hit: -1 }, /^runComparison: after\.hit must be a whole number/],
  [{ runs: 3, hit: 4 }, { runs: 3, hit: 0 }, /^runComparison: before\.hit must be at most before\.runs \(3\), got 4/],
])("impossible runs are refused by name", (before, after, message) => {
  expect(() => runComparison({ before, after })).toThrow(message);
  expect(() => runComparison({ before: { runs: 2, hit: 1 }, after: { runs: 2, hit: 1 }, alpha: 0 })).toThrow(
    /^runComparison: alpha must be between/,
  );
});
