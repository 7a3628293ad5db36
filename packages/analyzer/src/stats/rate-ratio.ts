import { binomialMass, binomialTails } from "../math/binomial.js";
import { below, betaQuantileLogit, beyond } from "../math/quantiles.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** Events and exposure on both sides. */
export interface RateRatioInput {
  /** Compared side: inside the windows, or after the change. */
  readonly events: number;
  readonly exposure: number;
  /** Reference side: outside, or before; same unit of exposure. */
  readonly referenceEvents: number;
  readonly referenceExposure: number;
  /** Confidence of both intervals and of both one-sided limits; default 0.95. */
  readonly level?: number;
}

/** The ratio of two rates, exactly. */
export interface RateRatio {
  /** Compared rate over reference rate: 0 without compared events, Infinity without reference events, null without any. */
  readonly ratio: number | null;
  /** P(this few compared events or fewer), had the rates been equal. */
  readonly pLess: number;
  /** P(this many compared events or more), had the rates been equal. */
  readonly pGreater: number;
  /** Twice the smaller of the two, at most 1: agrees with `interval`. */
  readonly pCentral: number;
  /** Central with half the mass of what was seen taken off: less conservative, may err slightly above the level. */
  readonly pMid: number;
  /** All outcomes no likelier than the one seen: what R's poisson.test prints. Does not agree with `interval`. */
  readonly pMinimumLikelihood: number;
  /** Clopper-Pearson limits turned into a ratio. */
  readonly interval: Interval;
  /** The limits at which the mid-p value crosses. */
  readonly midPInterval: Interval;
  readonly lowerOneSided: number;
  readonly upperOneSided: number;
}

/**
 * Do two sides have the same rate? The exact conditional comparison of two Poisson counts.
 * Assumes a constant rate on each side and independent events; neither equal exposures nor known rates. Exact for a
 * fixed date between the sides, and for one set by the last reference event.
 * Insufficient when a side has no exposure. Cost: about 1 ms; of `pMinimumLikelihood`, ln of the count.
 * @throws RangeError for impossible counts, exposures, levels, and for events without exposure
 * @see J. Przyborowski, H. Wilenski (1940); C. Clopper, E. Pearson (1934); H. Lancaster (1961); M. Fay (2010)
 */
export function rateRatio(input: RateRatioInput): Outcome<RateRatio> {
  const { events: x, exposure: t, referenceEvents: x0, referenceExposure: t0, level = DEFAULT_LEVEL } = input;
  requireSide("rateRatio", ["events", "exposure"], x, t);
  requireSide("rateRatio", ["referenceEvents", "referenceExposure"], x0, t0);
  requireFraction("rateRatio", "level", level);
  if (t === 0) return insufficient("the compared side has no exposure", "exposure on both sides");
  if (t0 === 0) return insufficient("the reference side has no exposure", "exposure on both sides");

  const n = x + x0;
  const share = equalRates(t, t0);
  const { lower: pLess } = binomialTails(x, n, share.p, share.q);
  const { upper: pGreater } = binomialTails(x - 1, n, share.p, share.q);
  const mass = binomialMass(x, n, share.p, share.q);
  const alpha = 1 - level;
  return ok({
    ratio: n === 0 ? null : x / t / (x0 / t0),
    pLess,
    pGreater,
    pCentral: Math.min(1, 2 * Math.min(pLess, pGreater)),
    pMid: Math.min(1, 2 * Math.min(withoutHalf(x, n, share, "lower", mass), withoutHalf(x, n, share, "upper", mass))),
    pMinimumLikelihood: minimumLikelihood(x, n, share, mass),
    interval: { level, lower: lowerLimit(input, alpha / 2), upper: upperLimit(input, alpha / 2) },
    midPInterval: { level, ...midPLimits(input, alpha / 2) },
    lowerOneSided: lowerLimit(input, alpha),
    upperOneSided: upperLimit(input, alpha),
  });
}

/** Chance that an event falls on the compared side, and its complement. */
interface Share {
  readonly p: number;
  readonly q: number;
}

/** Where both sides have the same rate: halves, as the sum of two exposures may be more than a double holds. */
function equalRates(t: number, t0: number): Share {
  const all = t / 2 + t0 / 2;
  return { p: t / 2 / all, q: t0 / 2 / all };
}

function lowerLimit(
  { events: x, exposure: t, referenceEvents: x0, referenceExposure: t0 }: RateRatioInput,
  tail: number,
) {
  if (x === 0) return 0;
  return Math.exp(betaQuantileLogit(x, x0 + 1, below(tail)) + Math.log(t0) - Math.log(t));
}

function upperLimit(
  { events: x, exposure: t, referenceEvents: x0, referenceExposure: t0 }: RateRatioInput,
  tail: number,
) {
  if (x0 === 0) return Number.POSITIVE_INFINITY;
  return Math.exp(betaQuantileLogit(x + 1, x0, beyond(tail)) + Math.log(t0) - Math.log(t));
}

/** The tail beyond x plus half the mass at x: summed, never subtracted, so small tails stay exact. */
function withoutHalf(x: number, n: number, { p, q }: Share, side: "lower" | "upper", mass: number): number {
  const beyondX = side === "lower" ? binomialTails(x - 1, n, p, q).lower : binomialTails(x, n, p, q).upper;
  return beyondX + mass / 2;
}

function midPLimits(
  { events: x, exposure: t, referenceEvents: x0, referenceExposure: t0 }: RateRatioInput,
  tail: number,
): { lower: number; upper: number } {
  const n = x + x0;
  const at = (logit: number, side: "lower" | "upper"): number => {
    const share = { p: 1 / (1 + Math.exp(-logit)), q: 1 / (1 + Math.exp(logit)) };
    return Math.log(withoutHalf(x, n, share, side, binomialMass(x, n, share.p, share.q)) / tail);
  };
  const start = Math.log(x + 0.5) - Math.log(x0 + 0.5);
  const toRatio = (logit: number): number => Math.exp(logit + Math.log(t0) - Math.log(t));
  return {
    lower: x === 0 ? 0 : toRatio(solveIncreasing((logit) => at(logit, "upper"), start)),
    upper: x0 === 0 ? Number.POSITIVE_INFINITY : toRatio(solveIncreasing((logit) => -at(logit, "lower"), start)),
  };
}

/** Outcomes whose masses differ by less than this factor count as equally likely, as in R. */
const SAME = 1 + 1e-7;

/** The masses fall away from the mean on either side, so the far border is found by bisection. */
function minimumLikelihood(x: number, n: number, { p, q }: Share, mass: number): number {
  const mean = n * p;
  const unlikely = (k: number): boolean => binomialMass(k, n, p, q) <= mass * SAME;
  if (x < mean) {
    const far = firstWhere(unlikely, Math.ceil(mean), n + 1);
    return Math.min(1, binomialTails(x, n, p, q).lower + binomialTails(far - 1, n, p, q).upper);
  }
  const far = firstWhere((k) => !unlikely(k), 0, Math.floor(mean) + 1);
  return Math.min(1, binomialTails(x - 1, n, p, q).upper + binomialTails(far - 1, n, p, q).lower);
}

/** The first whole number in [from, to) for which a condition that stays true once true holds; `to` if none. */
function firstWhere(condition: (k: number) => boolean, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (condition(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
