import { chiSquareTails } from "../math/chi-square.js";
import { lnGamma } from "../math/log-gamma.js";
import { nelderMead } from "../math/nelder-mead.js";
import { below, gammaQuantile } from "../math/quantiles.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import type { Bin } from "./dispersion.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** The population of rates, and each rate seen in its light. */
export interface RateShrinkage {
  /** Mean of the rates in the population that the units are from. */
  readonly mean: number;
  /**
   * How much rates differ beyond chance: standard deviation of the true rates over their mean; 0 where the counts vary no
   * more than chance has them.
   */
  readonly variation: number;
  /** One-sided, of "all units share one rate". */
  readonly p: number;
  /** In the order given. Without exposure: what the population says. */
  readonly units: readonly ShrunkenRate[];
}

/** One rate, drawn towards the population by as much as its count is weak. */
export interface ShrunkenRate {
  /** Posterior mean: between the unit's own rate and the population's. */
  readonly rate: number;
  /** Equal-tailed, credible. */
  readonly interval: Interval;
  /** Weight of the unit's own rate in it, 0 to 1. */
  readonly weight: number;
}

const LEAST_UNITS = 3;
/** Of the likelihood: the fit is good to half its digits. */
const TOLERANCE = 1e-14;
/** Below this the fitted variation cannot be told from none. */
const LEAST_GAIN = 1e-6;

/**
 * How much do units differ in truth, and what is each one's rate once luck is taken into account? Counts are Poisson
 * around rates from one gamma distribution, which is fitted by maximum likelihood (empirical Bayes).
 * Assumes that units are alike before anything is seen of them, constant rates, independent events. The intervals take
 * the fitted distribution for known, so with few units they are somewhat short.
 * Insufficient with fewer than 3 units that have exposure, or without any event. Cost: some hundred passes over units.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see H. Robbins (1956); D. Clayton, J. Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks for
 * use in disease mapping; S. Self, K. Liang (1987) for p at the border of the parameter space
 */
export function rateShrinkage(units: readonly Bin[], level: number = DEFAULT_LEVEL): Outcome<RateShrinkage> {
  units.forEach(({ events, exposure }, i) => {
    requireSide("rateShrinkage", [`units[${i}].events`, `units[${i}].exposure`], events, exposure);
  });
  requireFraction("rateShrinkage", "level", level);
  const used = units.filter(({ exposure }) => exposure > 0);
  if (used.length < LEAST_UNITS)
    return insufficient(`fewer than ${LEAST_UNITS} have exposure`, `${LEAST_UNITS} with exposure`);
  const events = used.reduce((sum, unit) => sum + unit.events, 0);
  if (events === 0) return insufficient("there is no event", "one event");
  const pooled = events / used.reduce((sum, unit) => sum + unit.exposure, 0);
  const gain = ([lnShape = 0, lnMean = 0]: readonly number[]): number => lnGain(used, lnShape, lnMean, pooled);
  const fits = [-1, 1, 3].map((lnShape) => nelderMead((at) => -gain(at), [lnShape, Math.log(pooled)], TOLERANCE));
  const best = fits.reduce((a, b) => (b.value < a.value ? b : a));
  const statistic = 2 * Math.max(0, -best.value);
  if (!(statistic > LEAST_GAIN)) {
    const same = alike(events, pooled, level);
    return ok({ mean: pooled, variation: 0, p: 1, units: units.map(() => same) });
  }
  const [lnShape = 0, lnMean = 0] = best.at;
  const shape = Math.exp(lnShape);
  const mean = Math.exp(lnMean);
  const tail = (1 - level) / 2;
  return ok({
    mean,
    variation: 1 / Math.sqrt(shape),
    p: chiSquareTails(statistic, 1).upper / 2,
    units: units.map((unit): ShrunkenRate => {
      const rate = shape / mean + unit.exposure;
      const quantile = (probability: number): number => gammaQuantile(shape + unit.events, below(probability)) / rate;
      return {
        rate: (shape + unit.events) / rate,
        interval: { level, lower: quantile(tail), upper: quantile(1 - tail) },
        weight: unit.exposure / rate,
      };
    }),
  });
}

/** ln of the negative binomial likelihood over the Poisson likelihood at the pooled rate. */
function lnGain(units: readonly Bin[], lnShape: number, lnMean: number, pooled: number): number {
  const shape = Math.exp(lnShape);
  const mean = Math.exp(lnMean);
  let sum = 0;
  for (const { events, exposure } of units) {
    const expected = mean * exposure;
    sum +=
      lnRising(shape, events) -
      (shape + events) * Math.log1p(expected / shape) +
      events * (lnMean - Math.log(pooled)) +
      pooled * exposure;
  }
  return Number.isFinite(sum) ? sum : Number.NEGATIVE_INFINITY;
}

/** ln of shape (shape + 1) ... (shape + n - 1) over shape^n: exact where the two lnGamma would cancel. */
function lnRising(shape: number, n: number): number {
  if (n > 1000) return lnGamma(shape + n) - lnGamma(shape) - n * Math.log(shape);
  let sum = 0;
  for (let k = 1; k < n; k++) sum += Math.log1p(k / shape);
  return sum;
}

/** All units share one rate: what is not known is that rate alone. */
function alike(events: number, rate: number, level: number): ShrunkenRate {
  const tail = (1 - level) / 2;
  const quantile = (probability: number): number => (gammaQuantile(events + 0.5, below(probability)) / events) * rate;
  return { rate, interval: { level, lower: quantile(tail), upper: quantile(1 - tail) }, weight: 0 };
}
