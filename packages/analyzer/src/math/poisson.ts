import { deviance } from "./deviance.js";
import { gammaTails } from "./incomplete-gamma.js";
import { stirlingError } from "./log-gamma.js";
import type { Tails } from "./tails.js";

/**
 * m^x e^-m / gamma(x + 1): the Poisson probability of x.
 * @param x - 0 or more, need not be whole
 * @param m - the mean, 0 or more
 * @see C. Loader (2000), Fast and accurate computation of binomial probabilities
 */
export function poissonMass(x: number, m: number): number {
  if (m === 0) return x === 0 ? 1 : 0;
  if (x === 0) return Math.exp(-m);
  return Math.exp(-stirlingError(x) - deviance(x, m)) / Math.sqrt(2 * Math.PI * x);
}

/**
 * `lower` = P(X <= k), `upper` = P(X > k) for X ~ Poisson(m).
 * @param k - whole, -1 or more
 * @param m - the mean, 0 or more
 */
export function poissonTails(k: number, m: number): Tails {
  if (k < 0) return { lower: 0, upper: 1 };
  const { lower, upper } = gammaTails(k + 1, m);
  return { lower: upper, upper: lower };
}
