import { insufficient, type Outcome, ok } from "../result.js";
import { requireNumbers } from "./arguments.js";

export interface ExtremalIndex {
  /** About the share of events that start a cluster, above 0 to 1. */
  readonly index: number;
  /** 1/index. */
  readonly meanClusterSize: number;
  /** (gaps + 1) * index. */
  readonly clusters: number;
}

/**
 * How large are clusters, roughly? Intervals estimator from the gaps between events. Descriptive, no test.
 * Insufficient with fewer than 2 gaps or when all are 0. O(gaps).
 * @throws RangeError for negative or infinite gaps
 * @see C. Ferro, J. Segers (2003), Inference for clusters of extreme values
 */
export function extremalIndex(gaps: readonly number[]): Outcome<ExtremalIndex> {
  requireNumbers("extremalIndex", "gaps", gaps, 0);
  if (gaps.length < 2) return insufficient("there are fewer than two gaps", "three events");
  const largest = gaps.reduce((a, b) => Math.max(a, b));
  if (largest === 0) return insufficient("all events stand at one instant", "events at different times");
  let sum = 0;
  let squares = 0;
  for (const gap of gaps) {
    sum += gap / largest;
    squares += (gap / largest) ** 2;
  }
  const index = Math.min(1, (2 * sum ** 2) / (gaps.length * squares));
  return ok({ index, meanClusterSize: 1 / index, clusters: (gaps.length + 1) * index });
}
