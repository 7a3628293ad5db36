import { gammaTails } from "./incomplete-gamma.js";
import { gammaQuantile } from "./quantiles.js";
import type { Tails } from "./tails.js";

/** Both tails of the chi-square distribution at x. `df` above 0, need not be whole. */
export const chiSquareTails = (x: number, df: number): Tails => gammaTails(df / 2, x / 2);

/** Quantile of the chi-square distribution that leaves the given tails, each above 0. */
export const chiSquareQuantile = (df: number, want: Tails): number => 2 * gammaQuantile(df / 2, want);
