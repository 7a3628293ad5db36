import { deviance } from "./deviance.js";
import { betaTails } from "./incomplete-beta.js";
import { stirlingError } from "./log-gamma.js";
import type { Tails } from "./tails.js";

/**
 * P(X = k) for X ~ Binomial(n, p).
 * @param p - 0 to 1
 * @param q - 1 - p, where it is known more exactly
 * @see C. Loader (2000), Fast and accurate computation of binomial probabilities
 */
export function binomialMass(k: number, n: number, p: number, q: number = 1 - p): number {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (q <= 0) return k === n ? 1 : 0;
  const left = n - k;
  if (k === 0) return Math.exp(n * lnOf(q, p));
  if (left === 0) return Math.exp(n * lnOf(p, q));
  const stirling = stirlingError(n) - stirlingError(k) - stirlingError(left);
  const distance = deviance(k, n * p) + deviance(left, n * q);
  return Math.exp(stirling - distance) * Math.sqrt(n / (2 * Math.PI * k * left));
}

/** `lower` = P(X <= k), `upper` = P(X > k) for X ~ Binomial(n, p); k from -1 to n. */
export function binomialTails(k: number, n: number, p: number, q: number = 1 - p): Tails {
  if (k < 0) return { lower: 0, upper: 1 };
  if (k >= n) return { lower: 1, upper: 0 };
  const { lower, upper } = betaTails(k + 1, n - k, p, q);
  return { lower: upper, upper: lower };
}

/** ln p, read from 1 - p where p is near 1. */
const lnOf = (p: number, q: number): number => (q < 0.5 ? Math.log1p(-q) : Math.log(p));
