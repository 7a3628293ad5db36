import type { RandomSource } from "./random-source.js";

/** Exponential with mean 1. */
export const exponentialDraw = (random: RandomSource): number => -Math.log1p(-random.uniform());

/**
 * `count` uniform points on [0, length), in rising order, without sorting: the running sums of exponential gaps, scaled.
 * O(count).
 */
export function sortedUniforms(count: number, length: number, random: RandomSource): Float64Array {
  const points = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += exponentialDraw(random);
    points[i] = sum;
  }
  const scale = length / (sum + exponentialDraw(random));
  for (let i = 0; i < count; i++) points[i] = (points[i] ?? 0) * scale;
  return points;
}
