import { xLnRatio } from "../math/log-sum.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireExposure, requireSide } from "./arguments.js";
import type { Bin } from "./dispersion.js";

export interface Segmentation {
  /** A change stands after each of these bins (0-based), in order; empty: one rate for all. */
  readonly changesAfter: readonly number[];
  /** One more than changes. */
  readonly segments: readonly Bin[];
  /** Total cost with its penalties. */
  readonly objective: number;
}

const MOST_BINS = 5000;

/**
 * Were there several changes? The segmentation of least cost, found exactly by dynamic programming.
 * Assumes Poisson counts with one rate per segment. Insufficient with fewer than two bins or without exposure, and above
 * 5,000 bins. O(bins squared).
 * @param penalty - cost of a change; default 2 ln(bins), 3 ln(bins) is stricter
 * @throws RangeError for impossible counts and exposures, and for events without exposure
 * @see R. Killick, P. Fearnhead, I. Eckley (2012), Optimal detection of changepoints with a linear computational cost
 */
export function segmentation(
  bins: readonly Bin[],
  penalty: number = 2 * Math.log(Math.max(1, bins.length)),
): Outcome<Segmentation> {
  bins.forEach(({ events, exposure }, i) => {
    requireSide("segmentation", [`bins[${i}].events`, `bins[${i}].exposure`], events, exposure);
  });
  requireExposure("segmentation", "penalty", penalty);
  if (bins.length < 2) return insufficient("there are fewer than two bins", "two bins");
  if (bins.length > MOST_BINS) return insufficient(`there are more than ${MOST_BINS} bins`, "wider bins");
  if (bins.every(({ exposure }) => exposure === 0)) return insufficient("there is no exposure", "any exposure");

  const events = runningSums(bins.map((bin) => bin.events));
  const exposure = runningSums(bins.map((bin) => bin.exposure));
  const between = (sums: Float64Array, from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0);
  const best = new Float64Array(bins.length + 1);
  const cameFrom = new Int32Array(bins.length + 1);
  best[0] = -penalty;
  for (let to = 1; to <= bins.length; to++) {
    best[to] = Number.POSITIVE_INFINITY;
    for (let from = 0; from < to; from++) {
      const count = between(events, from, to);
      const cost = count === 0 ? 0 : 2 * (count - xLnRatio(count, between(exposure, from, to)));
      const total = (best[from] ?? 0) + cost + penalty;
      if (total < (best[to] ?? 0)) {
        best[to] = total;
        cameFrom[to] = from;
      }
    }
  }
  const starts: number[] = [];
  for (let at = bins.length; at > 0; at = cameFrom[at] ?? 0) starts.unshift(cameFrom[at] ?? 0);
  return ok({
    changesAfter: starts.slice(1).map((start) => start - 1),
    segments: starts.map((from, i) => {
      const to = starts[i + 1] ?? bins.length;
      return { events: between(events, from, to), exposure: between(exposure, from, to) };
    }),
    objective: best[bins.length] ?? 0,
  });
}

function runningSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) sums[i + 1] = (sums[i] ?? 0) + value;
  return sums;
}
