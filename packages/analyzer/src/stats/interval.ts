/** A two-sided interval. `lower` and `upper` belong to it; `upper` is Infinity where there is no upper limit. */
export interface Interval {
  /** Confidence (or, where said, credibility), 0 to 1. */
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
}

/** Confidence of every interval unless the caller says otherwise. */
export const DEFAULT_LEVEL = 0.95;
/** Error of every one-sided claim unless the caller says otherwise. */
export const DEFAULT_ALPHA = 0.05;
