import { expect, test } from "vitest";
import { betaTails } from "../../src/math/incomplete-beta.js";
import { gammaTails } from "../../src/math/incomplete-gamma.js";
import { normalQuantile, normalTails } from "../../src/math/normal.js";
import { betaQuantileLogit, gammaQuantile } from "../../src/math/quantiles.js";
import { largestError, referenceTable } from "../reference.js";

type Four = readonly [number, number, number, number];
type Five = readonly [number, number, number, number, number];

const far = 1e-290; // closer to the smallest double the reference itself has few digits

test("both tails of the incomplete gamma agree with series in 360 digits, down to 1e-305", () => {
  const pairs = referenceTable<Four>("special.json", "gamma").flatMap(([a, x, lower, upper]) => {
    const got = gammaTails(a, x);
    return [
      [got.lower, lower],
      [got.upper, upper],
    ] as const;
  });
  // The tail that was not computed directly is 1 less the other: exact to 1e-12 only where it is not small.
  expect(largestError(pairs)).toBeLessThan(1e-11);
});

test("both tails of the incomplete beta agree with series in 360 digits, down to 1e-305", () => {
  const pairs = referenceTable<Five>("special.json", "beta").flatMap(([a, b, x, lower, upper]) => {
    const got = betaTails(a, b, x);
    return [
      [got.lower, lower],
      [got.upper, upper],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-11);
});

test("shapes up to 1e12: the gamma tails agree with R", () => {
  const pairs = referenceTable<Four>("special.json", "gammaLarge").flatMap(([a, x, lower, upper]) => {
    const got = gammaTails(a, x);
    return [
      [got.lower, lower],
      [got.upper, upper],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-8);
});

test("shapes up to 1e9: the beta tails agree with R", () => {
  const pairs = referenceTable<Five>("special.json", "betaLarge").flatMap(([a, b, x, lower, upper]) => {
    const got = betaTails(a, b, x);
    return [
      [got.lower, lower],
      [got.upper, upper],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-8);
});

test("the gamma quantile of a stored tail is the point it was taken at", () => {
  const pairs = referenceTable<Four>("special.json", "gamma")
    .filter(([, , lower, upper]) => Math.min(lower, upper) > far)
    .map(([a, x, lower, upper]) => [gammaQuantile(a, { lower, upper }), x] as const);
  expect(largestError(pairs)).toBeLessThan(1e-11);
});

test("the beta quantile of a stored tail is the point it was taken at", () => {
  const pairs = referenceTable<Five>("special.json", "beta")
    .filter(([, , , lower, upper]) => Math.min(lower, upper) > far)
    .map(([a, b, x, lower, upper]) => [Math.exp(betaQuantileLogit(a, b, { lower, upper })), x / (1 - x)] as const);
  expect(largestError(pairs)).toBeLessThan(1e-11);
});

test("normal tails agree with mpmath as far as 37 standard deviations, and the quantile with R", () => {
  const tails = referenceTable<readonly [number, number, number]>("special.json", "normal");
  const pairs = tails.flatMap(([z, lower, upper]) => {
    const got = normalTails(z);
    return [
      [got.lower, lower],
      [got.upper, upper],
    ] as const;
  });
  expect(largestError(pairs)).toBeLessThan(1e-11);
  const quantiles = referenceTable<readonly [number, number]>("special.json", "normalQuantile");
  expect(largestError(quantiles.map(([p, z]) => [normalQuantile(p), z] as const))).toBeLessThan(1e-12);
});
