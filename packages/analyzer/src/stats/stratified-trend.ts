import { chiSquareTails } from "../math/chi-square.js";
import { normalQuantile } from "../math/normal.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** Counts of one stratum at a place on a common scale. */
export interface TrendBin {
  readonly at: number;
  readonly events: number;
  readonly exposure: number;
}

export interface StratifiedTrend {
  /** Rate at one place over the rate one unit of the scale before it, common to all strata. */
  readonly ratio: number;
  readonly interval: Interval;
  /** Two-sided, likelihood ratio. */
  readonly p: number;
  /** Strata with events and with exposure at two places or more. */
  readonly strata: number;
  readonly events: number;
}

const LEAST_EVENTS = 5;

/**
 * Do the rates of many strata drift together? A log-linear trend given each stratum's total, so that strata with different
 * rates, or watched at different times, do not look like one. The same as a Poisson regression with a factor for the strata.
 * Assumes independent events and one trend in all strata. Insufficient with fewer than 5 events in usable strata, and
 * where all of them stand at one end of what was watched. Cost: some dozen passes over the bins.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see P. McCullagh, J. Nelder (1989), Generalized linear models, section 6.4
 */
export function stratifiedTrend(
  strata: readonly (readonly TrendBin[])[],
  level: number = DEFAULT_LEVEL,
): Outcome<StratifiedTrend> {
  requireFraction("stratifiedTrend", "level", level);
  const used = strata.flatMap((bins, i) => {
    bins.forEach(({ events, exposure }, k) => {
      const name = `strata[${i}][${k}]`;
      requireSide("stratifiedTrend", [`${name}.events`, `${name}.exposure`], events, exposure);
    });
    const own = bins.filter(({ exposure }) => exposure > 0);
    const total = own.reduce((sum, { events }) => sum + events, 0);
    return total > 0 && new Set(own.map(({ at }) => at)).size > 1 ? [{ bins: own, total }] : [];
  });
  const events = used.reduce((sum, { total }) => sum + total, 0);
  if (events < LEAST_EVENTS)
    return insufficient(
      `${events} events in strata that were watched at two times or more`,
      `${LEAST_EVENTS} events in such strata`,
    );
  const ends = (pick: (...places: number[]) => number): number =>
    used.reduce((sum, { bins, total }) => sum + total * pick(...bins.map(({ at }) => at)), 0);
  const seen = used.reduce((sum, { bins }) => sum + bins.reduce((own, { at, events: n }) => own + at * n, 0), 0);
  if (seen <= ends(Math.min) || seen >= ends(Math.max))
    return insufficient("all events stand at one end of what was watched", "events at other times");
  const slope = solveIncreasing(
    (b) => used.reduce((sum, stratum) => sum + stratum.total * momentsOf(stratum.bins, b).mean, -seen),
    0,
  );
  const [fitted, none] = [slope, 0].map((b) =>
    used.reduce((sum, { bins, total }) => sum - total * momentsOf(bins, b).lnSum, b * seen),
  ) as [number, number];
  const information = used.reduce((sum, { bins, total }) => sum + total * momentsOf(bins, slope).variance, 0);
  const reach = normalQuantile((1 + level) / 2) / Math.sqrt(information);
  return ok({
    ratio: Math.exp(slope),
    interval: { level, lower: Math.exp(slope - reach), upper: Math.exp(slope + reach) },
    p: chiSquareTails(2 * Math.max(0, fitted - none), 1).upper,
    strata: used.length,
    events,
  });
}

/** Where an event of a stratum falls, in proportion to exposure times e^(slope at). */
function momentsOf(
  bins: readonly TrendBin[],
  slope: number,
): { readonly lnSum: number; readonly mean: number; readonly variance: number } {
  const lnWeights = bins.map(({ at, exposure }) => Math.log(exposure) + slope * at);
  const top = Math.max(...lnWeights);
  let [sum, first] = [0, 0];
  bins.forEach(({ at }, i) => {
    const weight = Math.exp(lnWeights[i]! - top);
    sum += weight;
    first += weight * at;
  });
  const mean = first / sum;
  const variance = bins.reduce((all, { at }, i) => all + Math.exp(lnWeights[i]! - top) * (at - mean) ** 2, 0) / sum;
  return { lnSum: top + Math.log(sum), mean, variance };
}
