/** Both tails of a distribution function, so that no caller ever writes `1 - p` and loses the small one. */
export interface Tails {
  /** P(X <= x), 0 to 1. */
  readonly lower: number;
  /** P(X > x), 0 to 1. */
  readonly upper: number;
}

/** The same point seen from the other end. */
export const swapTails = (tails: Tails): Tails => ({ lower: tails.upper, upper: tails.lower });
