import { xLnRatio } from "../math/log-sum.js";
import { sortedUniforms } from "../random/draws.js";
import type { RandomSource } from "../random/random-source.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireNumbers, requirePositive } from "./arguments.js";

export interface ChangePointInput {
  /** Event times on the exposure clock, 0 to `length`, any order. */
  readonly times: readonly number[];
  readonly length: number;
  /** Sets simulated for the p value; default 9,999. */
  readonly simulations?: number;
}

export interface ChangePoint {
  /** Place on the exposure clock at which the two rates differ most. */
  readonly at: number;
  /** Events up to `at`, and their rate; the event at `at` is counted on the side that makes the difference largest. */
  readonly eventsBefore: number;
  readonly rateBefore: number;
  readonly rateAfter: number;
  /** Twice the log likelihood gained by two rates. */
  readonly statistic: number;
  /** (1 + sets that reached it)/(1 + sets). */
  readonly p: number;
}

const LEAST_EVENTS = 4;
const SIMULATIONS = 9999;
/** Places nearer to an end than this share of the length are not searched: the statistic has no bound there. */
const MARGIN = 0.05;

/**
 * Did the rate change at an unannounced moment? Likelihood ratio at every event, p by simulation, since the date was
 * searched for.
 * Assumes one change at most and a Poisson process. Insufficient with fewer than 4 events. O(events x simulations):
 * a thousand events and 9,999 sets take about half a second.
 * @throws RangeError for times outside 0 to `length`
 * @see K. Worsley (1986), Confidence regions and tests for a change-point
 */
export function changePoint(
  { times, length, simulations = SIMULATIONS }: ChangePointInput,
  random: RandomSource,
): Outcome<ChangePoint> {
  requirePositive("changePoint", "length", length);
  requireCount("changePoint", "simulations", simulations);
  requireNumbers("changePoint", "times", times, 0, length);
  if (times.length < LEAST_EVENTS)
    return insufficient(`there are only ${times.length} events`, `${LEAST_EVENTS} events`);
  const best = largestContrast(Float64Array.from(times).sort(), length, terms(times.length));
  if (best.eventsBefore < 0)
    return insufficient("all events stand within 5% of an end", "events further from the ends");
  const table = terms(times.length);
  let hits = 0;
  for (let set = 0; set < simulations; set++) {
    const { statistic } = largestContrast(sortedUniforms(times.length, length, random), length, table);
    if (statistic >= best.statistic) hits += 1;
  }
  const { at, eventsBefore, statistic } = best;
  return ok({
    at,
    eventsBefore,
    rateBefore: eventsBefore / at,
    rateAfter: (times.length - eventsBefore) / (length - at),
    statistic,
    p: (1 + hits) / (1 + simulations),
  });
}

/** k ln(k/n) for k = 0..n: the part of the statistic that does not depend on the times. */
const terms = (n: number): Float64Array => Float64Array.from({ length: n + 1 }, (_, k) => xLnRatio(k, n));

function largestContrast(
  sorted: Float64Array,
  length: number,
  table: Float64Array,
): { at: number; eventsBefore: number; statistic: number } {
  const n = sorted.length;
  let at = 0;
  let eventsBefore = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const tau = sorted[i] ?? 0;
    if (tau < MARGIN * length || tau > (1 - MARGIN) * length) continue;
    const lnBefore = Math.log(tau / length);
    const lnAfter = Math.log1p(-tau / length);
    for (let before = i; before <= i + 1; before++) {
      const gain = (table[before] ?? 0) + (table[n - before] ?? 0) - before * lnBefore - (n - before) * lnAfter;
      if (gain > largest) {
        at = tau;
        eventsBefore = before;
        largest = gain;
      }
    }
  }
  return { at, eventsBefore, statistic: 2 * largest };
}
