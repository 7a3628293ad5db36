import { betaTails } from "./incomplete-beta.js";
import { gammaTails } from "./incomplete-gamma.js";
import { solveIncreasing } from "./solve-increasing.js";
import type { Tails } from "./tails.js";

/** The pair of tails that leaves `probability` below; for probabilities of which `1 - p` loses nothing. */
export const below = (probability: number): Tails => ({ lower: probability, upper: 1 - probability });
/** The pair of tails that leaves `probability` above. */
export const beyond = (probability: number): Tails => ({ lower: 1 - probability, upper: probability });

/** ln of how far a pair of tails is above the wanted pair, read from the smaller (more exact) tail. */
const above = (got: Tails, want: Tails): number =>
  want.lower <= want.upper ? Math.log(got.lower / want.lower) : Math.log(want.upper / got.upper);

/**
 * x with P(a, x) = want.lower: the quantile of a gamma distribution with shape `a` and scale 1. Relative error about
 * 1e-13; some 60 evaluations of the tails, solved in ln x.
 * @param a - above 0
 * @param want - both tails, each above 0
 */
export function gammaQuantile(a: number, want: Tails): number {
  return Math.exp(solveIncreasing((t) => above(gammaTails(a, Math.exp(t)), want), Math.log(a)));
}

/**
 * ln(x / (1 - x)) with I_x(a, b) = want.lower. Kept as a logit: its exponential is the odds that rate ratios need, and
 * both x and 1 - x can be had from it without loss.
 * @param a - above 0
 * @param b - above 0
 * @param want - both tails, each above 0
 */
export function betaQuantileLogit(a: number, b: number, want: Tails): number {
  const at = (t: number): Tails => betaTails(a, b, 1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t)));
  return solveIncreasing((t) => above(at(t), want), Math.log(a / b));
}
