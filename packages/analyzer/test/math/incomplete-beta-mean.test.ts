import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTails } from "../../src/math/incomplete-beta.js";

test("at the mean, where rounding puts x and y both above theirs, both tails are given", () => {
  // 3/22 and 19/22 as rate comparisons compute them: their sum rounds to more than 1.
  const exposure = 0.4231287006275308;
  const reference = 4.231287006275306;
  const whole = exposure + reference;
  for (const [a, b] of [
    [2, 18],
    [3, 17],
    [2, 17],
    [1, 19],
  ] as const) {
    const { lower, upper } = betaTails(a, b, exposure / whole, reference / whole);
    expect(lower + upper).toBeCloseTo(1, 12);
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: -3, max: 3 }),
      (a, b, ulps) => {
        const x = ((a + 1) / (a + b + 2)) * (1 + ulps * Number.EPSILON);
        const y = ((b + 1) / (a + b + 2)) * (1 + ulps * Number.EPSILON);
        const { lower, upper } = betaTails(a, b, x, y);
        expect(lower).toBeGreaterThan(0);
        expect(upper).toBeGreaterThan(0);
        expect(lower + upper).toBeCloseTo(1, 10);
      },
    ),
  );
});
