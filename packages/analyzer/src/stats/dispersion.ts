import { chiSquareTails } from "../math/chi-square.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireNumbers, requirePositive, requireSide } from "./arguments.js";

/** A stretch of exposure and the events counted in it. */
export interface Bin {
  readonly events: number;
  readonly exposure: number;
}

/** How uneven the counts of the bins are. */
export interface Dispersion {
  /** Sum of (y - E)^2/E over the bins. */
  readonly statistic: number;
  readonly df: number;
  /** Upper tail: P(this uneven or more), had the rate been constant and events independent. */
  readonly p: number;
  /** statistic/df: 1 for a Poisson process, above it for clusters. */
  readonly phi: number;
  /** After merging neighbours until at least one event was expected in each. */
  readonly bins: number;
}

const LEAST_EVENTS = 5;
const LEAST_EXPECTED = 1;

/**
 * Are events more clustered than chance? Chi-square test of the counts in stretches of exposure.
 * Assumes nothing about order within a bin; neighbours are merged until one event is expected in each, and what is left
 * over at the end joins the last. Insufficient with fewer than 5 events or 2 bins. O(bins).
 * @throws RangeError for impossible counts and exposures, and for events without exposure
 * @see R. Fisher (1950), The significance of deviations from expectation in a Poisson series
 */
export function dispersion(bins: readonly Bin[]): Outcome<Dispersion> {
  bins.forEach(({ events, exposure }, i) => {
    requireSide("dispersion", [`bins[${i}].events`, `bins[${i}].exposure`], events, exposure);
  });
  const events = bins.reduce((sum, bin) => sum + bin.events, 0);
  const exposure = bins.reduce((sum, bin) => sum + bin.exposure, 0);
  if (events < LEAST_EVENTS) return insufficient(`only ${events} events were counted`, `${LEAST_EVENTS} events`);
  const rate = events / exposure;
  const merged = mergeBins(bins, LEAST_EXPECTED / rate);
  if (merged.length < 2) return insufficient("there is only one bin", "two bins with an expected event each");
  const statistic = merged.reduce(
    (sum, bin) => sum + (bin.events - rate * bin.exposure) ** 2 / (rate * bin.exposure),
    0,
  );
  const df = merged.length - 1;
  return ok({ statistic, df, p: chiSquareTails(statistic, df).upper, phi: statistic / df, bins: merged.length });
}

/**
 * The same for event times on an exposure clock, in `bins` equal stretches of `length`. Insufficient too when all
 * events stand at one instant: they are one event told several times. O(events + bins).
 * @param times - 0 up to, not including, `length`, any order
 * @throws RangeError for times outside, a length that is not above 0, or no bins
 */
export function dispersionOfTimes(times: readonly number[], length: number, bins: number): Outcome<Dispersion> {
  requirePositive("dispersionOfTimes", "length", length);
  requireCount("dispersionOfTimes", "bins", bins);
  requirePositive("dispersionOfTimes", "bins", bins);
  requireNumbers("dispersionOfTimes", "times", times, 0, length);
  if (times.includes(length)) throw new RangeError(`dispersionOfTimes: times must lie before the length ${length}`);
  if (times.length > 0 && times.every((time) => time === times[0])) {
    return insufficient("all events stand at one instant", "events at different times");
  }
  const counts = new Array<number>(bins).fill(0);
  for (const time of times) {
    const bin = Math.min(bins - 1, Math.floor((time / length) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return dispersion(counts.map((events) => ({ events, exposure: length / bins })));
}

/** Slack for exposures whose sums were rounded: exactly one expected event is enough. */
const ROUNDING = 1e-9;

function mergeBins(bins: readonly Bin[], least: number): Bin[] {
  const merged: Bin[] = [];
  let open: Bin = { events: 0, exposure: 0 };
  for (const bin of bins) {
    open = { events: open.events + bin.events, exposure: open.exposure + bin.exposure };
    if (open.exposure < least * (1 - ROUNDING)) continue;
    merged.push(open);
    open = { events: 0, exposure: 0 };
  }
  const last = merged.pop();
  if (last !== undefined) merged.push({ events: last.events + open.events, exposure: last.exposure + open.exposure });
  return merged;
}
