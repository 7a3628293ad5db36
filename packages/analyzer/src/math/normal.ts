import { gammaTails } from "./incomplete-gamma.js";
import { gammaQuantile } from "./quantiles.js";
import type { Tails } from "./tails.js";

/** Both tails of the standard normal distribution at z; each keeps its relative precision (about 1e-12). */
export function normalTails(z: number): Tails {
  const { lower, upper } = gammaTails(0.5, (z * z) / 2);
  const inner = 0.5 + lower / 2;
  return z < 0 ? { lower: upper / 2, upper: inner } : { lower: inner, upper: upper / 2 };
}

/**
 * z with P(Z <= z) = p, from the chi-square distribution with one degree of freedom; relative error about 1e-13.
 * @param p - 0 and 1 give -Infinity and Infinity
 * @throws RangeError when p is outside 0..1
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile: p must be from 0 to 1, got ${p}`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const sign = p < 0.5 ? -1 : 1;
  if (tail === 0) return sign * Number.POSITIVE_INFINITY;
  return sign * Math.sqrt(2 * gammaQuantile(0.5, { lower: 1 - 2 * tail, upper: 2 * tail }));
}

/** Two-sided p value of a standard normal statistic. */
export const twoSidedNormal = (z: number): number => gammaTails(0.5, (z * z) / 2).upper;
