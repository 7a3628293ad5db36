import { expect, test } from "vitest";
import { runComparison } from "../../src/stats/run-comparison.js";
import { barnardTest, boschlooLess, boschlooTest } from "../../src/stats/unconditional-test.js";
import { largestError, referenceTable } from "../reference.js";
import { value } from "./near.js";

test("hypergeometric tails and Fisher's two-sided p agree with R, also for thousands of runs", () => {
  const rows = referenceTable<readonly number[]>("runs.json", "fisher");
  const pairs = rows.flatMap(([m = 0, k = 0, r = 0, j = 0, less = 0, more = 0, two = 0]) => {
    const got = value(runComparison({ before: { runs: m, hit: k }, after: { runs: r, hit: j } }));
    return [
      [got.pLess, less],
      [got.pGreater, more],
      [got.pFisher, two],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-9);
});

test("Barnard's p agrees with exact fractions, Boschloo's with SciPy up to its optimiser", () => {
  const rows = referenceTable<readonly number[]>("runs.json", "unconditional");
  const pairs = rows.flatMap(([m = 0, k = 0, r = 0, j = 0, ...want]) => {
    const runs = { before: { runs: m, hit: k }, after: { runs: r, hit: j } };
    const barnard = value(barnardTest(runs));
    const boschloo = value(boschlooTest(runs));
    expect(value(boschlooLess(runs))).toBe(boschloo.pLess);
    const got = [
      barnard.pLess,
      barnard.pGreater,
      barnard.pTwoSided,
      boschloo.pLess,
      boschloo.pGreater,
      boschloo.pTwoSided,
    ];
    return got.map((mine, i) => [mine, want[i] ?? 0] as const);
  });
  expect(largestError(pairs)).toBeLessThan(1e-6);
});
