import fc from "fast-check";
import { expect, test } from "vitest";
import { gammaPoisson } from "../../src/stats/gamma-poisson.js";
import { rateRatio } from "../../src/stats/rate-ratio.js";
import { sequentialEvidence } from "../../src/stats/sequential.js";
import { type VerdictInput, verdictLadder } from "../../src/stats/verdict-ladder.js";
import { value } from "./near.js";

const counts = fc.record({
  referenceEvents: fc.nat({ max: 40 }),
  referenceExposure: fc.integer({ min: 1, max: 400 }),
  events: fc.nat({ max: 40 }),
  exposure: fc.integer({ min: 1, max: 400 }),
});
const BORDERLINE = [
  { referenceEvents: 21, referenceExposure: 110, events: 16, exposure: 152 },
  { referenceEvents: 24, referenceExposure: 75, events: 16, exposure: 95 },
];
const looks = fc.constantFrom("single" as const, "repeated" as const);

/** The rules as `docs/statistics.md` states them, one line each, over the numbers of the methods themselves. */
function ruleOf(input: VerdictInput): string {
  const { looks: how, flags = [], alpha = 0.05, relevantRatio = 0.5, ...rest } = input;
  const exact = value(rateRatio({ ...rest, level: 1 - alpha }));
  const evidence = value(sequentialEvidence({ ...rest, alpha }));
  const bayes = value(gammaPoisson(rest));
  const isWorse = { single: exact.pGreater <= alpha, repeated: evidence.worse >= evidence.boundary }[how];
  const isImproved = { single: exact.pLess <= alpha, repeated: evidence.improved >= evidence.boundary }[how];
  if (isWorse) return "2 worse";
  if (isImproved) return flags.length > 0 ? "3-flagged consistent-with-improvement" : "3 improvement-shown";
  if (exact.interval.lower > relevantRatio && exact.pLess > alpha) return "4 no-effect-shown";
  return bayes.pImproved >= 0.9 ? "5 consistent-with-improvement" : "6 insufficient-evidence";
}

test("the first rule that fits decides, and every rule decides somewhere", () => {
  const decided = new Set<string>();
  const input = fc.record({
    counts,
    looks,
    flags: fc.constantFrom([], ["trend_before" as const]),
    relevantRatio: fc.constantFrom(0.3, 0.5, 0.9),
  });
  fc.assert(
    fc.property(input, ({ counts: rest, ...how }) => {
      fc.pre(rest.referenceEvents + rest.events > 0);
      const got = verdictLadder({ ...rest, ...how });
      decided.add(got.rule);
      expect(`${got.rule} ${got.rung}`).toBe(ruleOf({ ...rest, ...how }));
    }),
    { numRuns: 600 },
  );
  expect([...decided].sort()).toEqual(["2", "3", "3-flagged", "4", "5", "6"]);
});

test("a p of exactly alpha makes the claim; a limit of exactly the relevant ratio does not", () => {
  const fewer = { referenceEvents: 9, referenceExposure: 30, events: 3, exposure: 40 };
  const { pLess } = value(rateRatio(fewer));
  const at = (alpha: number) => verdictLadder({ ...fewer, looks: "single", alpha }).rung;
  expect([at(pLess), at(pLess * 0.999)]).toEqual(["improvement-shown", "consistent-with-improvement"]);

  const more = { referenceEvents: 3, referenceExposure: 40, events: 9, exposure: 30 };
  const { pGreater } = value(rateRatio(more));
  const atMore = (alpha: number) => verdictLadder({ ...more, looks: "single", alpha }).rule;
  expect(atMore(pGreater)).toBe("2");
  expect(atMore(pGreater * 0.999)).not.toBe("2");

  const same = { referenceEvents: 60, referenceExposure: 100, events: 60, exposure: 100 };
  const { lower } = value(rateRatio(same)).interval;
  const ruleAt = (relevantRatio: number) => verdictLadder({ ...same, looks: "single", relevantRatio }).rule;
  expect([ruleAt(lower), ruleAt(lower * 0.999)]).toEqual(["6", "4"]);
});

test("borderline is said where the one-sided limit excludes no change and the interval does not, and only there", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(counts, (rest) => {
      fc.pre(rest.referenceEvents + rest.events > 0);
      const { numbers } = verdictLadder({ ...rest, looks: "single" });
      const { upperOneSided, interval } = value(rateRatio(rest));
      // The one-sided limit is never the wider one.
      expect(numbers?.borderline).toBe(upperOneSided < 1 && interval.upper >= 1);
      seen.add(numbers?.borderline === true);
    }),
    // One case in fifty is borderline: these two are always among them.
    { numRuns: 300, examples: BORDERLINE.map((rest) => [rest] as [typeof rest]) },
  );
  expect(seen.size).toBe(2);
});

test("the limits are those of the looks", () => {
  const rest = { referenceEvents: 9, referenceExposure: 30, events: 2, exposure: 40 };
  const exact = value(rateRatio({ ...rest, level: 0.95 }));
  const always = value(sequentialEvidence({ ...rest, alpha: 0.05 }));
  const single = verdictLadder({ ...rest, looks: "single" }).numbers;
  const repeated = verdictLadder({ ...rest, looks: "repeated" }).numbers;
  expect([single?.upperLimit, single?.lowerLimit]).toEqual([exact.upperOneSided, exact.lowerOneSided]);
  expect([repeated?.upperLimit, repeated?.lowerLimit]).toEqual([always.upperAnytime, always.lowerAnytime]);
});

test("without exposure on a side, or without any event, there is nothing to judge", () => {
  const none = { referenceEvents: 0, referenceExposure: 10, events: 0, exposure: 10 };
  for (const input of [none, { ...none, exposure: 0 }, { ...none, referenceExposure: 0, events: 3 }]) {
    const got = verdictLadder({ ...input, looks: "single" });
    expect(got.rung).toBe("insufficient-evidence");
    if (input.exposure === 0 || input.referenceExposure === 0) expect(got).toMatchObject({ rule: "1", numbers: null });
  }
  expect(() => verdictLadder({ ...none, looks: "single", alpha: 1 })).toThrow(/^verdictLadder: alpha must be between/);
  expect(() => verdictLadder({ ...none, looks: "single", relevantRatio: 0 })).toThrow(
    /^verdictLadder: relevantRatio must be a finite number above 0/,
  );
});
