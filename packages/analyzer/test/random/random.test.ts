import { expect, test } from "vitest";
import { sortedUniforms } from "../../src/random/draws.js";
import { shuffle } from "../../src/random/shuffle.js";
import { xoshiro128 } from "../../src/random/xoshiro128.js";

test("the same seed gives the same numbers, another one others, all in [0, 1)", () => {
  const draw = (seed: number) => {
    const random = xoshiro128(seed);
    return Array.from({ length: 1000 }, () => random.uniform());
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(1)).not.toEqual(draw(2 ** 32 + 1));
  expect(draw(0).every((u) => u >= 0 && u < 1)).toBe(true);
  expect(() => xoshiro128(-1)).toThrow(RangeError);
  expect(() => xoshiro128(0.5)).toThrow(/seed/);
});

test("uniform numbers fill ten bins evenly", () => {
  const random = xoshiro128(42);
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const bin = Math.floor(random.uniform() * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const statistic = bins.reduce((sum, seen) => sum + (seen - 10_000) ** 2 / 10_000, 0);
  expect(statistic).toBeLessThan(27.9); // chi-square, 9 degrees of freedom, 0.999
});

test("a shuffle keeps the items, and every order of three comes as often", () => {
  const random = xoshiro128(9);
  const seen = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = shuffle(["a", "b", "c"], random).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
  for (const count of seen.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test("sorted uniforms are sorted, inside, and have the mean of uniform points", () => {
  const random = xoshiro128(3);
  let sum = 0;
  for (let set = 0; set < 2000; set++) {
    const points = sortedUniforms(10, 5, random);
    expect([...points]).toEqual([...points].sort((a, b) => a - b));
    expect(points.at(-1)).toBeLessThan(5);
    sum += points.reduce((a, b) => a + b, 0) / 10;
  }
  expect(sum / 2000).toBeCloseTo(2.5, 1);
});
