import { lnGamma } from "../math/log-gamma.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requirePositive, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";
import type { Comparison } from "./sequential.js";

/** Standard deviation of the normal weight on ln ratio: nine tenths of it between a tenth and ten. */
const SPREAD = 1.4;
const REACH = 16;
const STEP = 0.0025;

/**
 * Which ratios fit, at every look at once? All null ratios whose mixture e-value stays below 1/(1 - level).
 * Wide, because it may be read after any look; start with `sequentialEvidence` for a claim.
 * Assumes constant rates and independent events. Insufficient without exposure on both sides or without any event.
 * Cost: 12,801 terms, then two bisections.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see H. Robbins (1970); S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon (2021), Time-uniform, nonparametric, nonasymptotic confidence sequences
 */
export function ratioConfidenceSequence(
  { events: n2, exposure: t2, referenceEvents: n1, referenceExposure: t1 }: Comparison,
  level: number = DEFAULT_LEVEL,
): Outcome<Interval> {
  requireSide("ratioConfidenceSequence", ["events", "exposure"], n2, t2);
  requireSide("ratioConfidenceSequence", ["referenceEvents", "referenceExposure"], n1, t1);
  requireFraction("ratioConfidenceSequence", "level", level);
  if (t1 === 0 || t2 === 0) return insufficient("a side has no exposure", "exposure on both sides");
  if (n1 + n2 === 0) return insufficient("there is no event on either side", "one event");
  const lnShare = Math.log(t2) - Math.log(t1);
  const lnLikelihood = (lnRatio: number): number => n2 * lnRatio - (n1 + n2) * softplus(lnRatio + lnShare);
  const estimate = Math.log(n2 || 0.5) - Math.log(n1 || 0.5) - lnShare;
  const bound = lnIntegral(lnLikelihood, estimate, Math.sqrt(1 / (n1 || 0.5) + 1 / (n2 || 0.5))) + Math.log(1 - level);
  if (bound === Number.NEGATIVE_INFINITY) return ok({ level, lower: 0, upper: Number.POSITIVE_INFINITY });
  const outside = (lnRatio: number): number => bound - lnLikelihood(lnRatio);
  return ok({
    level,
    lower: n2 === 0 ? 0 : Math.exp(falling(outside, estimate)),
    upper: n1 === 0 ? Number.POSITIVE_INFINITY : Math.exp(rising(outside, estimate)),
  });
}

/** ln of the integral of the likelihood times the normal weight over ln ratio, by the trapezoid rule. */
function lnIntegral(lnLikelihood: (lnRatio: number) => number, estimate: number, sd: number): number {
  // Above a few hundred events the likelihood is narrower than the fixed grid can follow: put the grid around it.
  const narrow = sd < 0.1;
  const from = narrow ? Math.max(-REACH, estimate - 12 * sd) : -REACH;
  const to = narrow ? Math.min(REACH, estimate + 12 * sd) : REACH;
  const step = narrow ? sd / 100 : STEP;
  const count = Math.max(1, Math.round((to - from) / step));
  const width = (to - from) / count;
  if (!(width > 0)) return Number.NEGATIVE_INFINITY; // the estimate is beyond e^16: nothing is excluded
  const lnTerms = Float64Array.from({ length: count + 1 }, (_, i) => {
    const lnRatio = from + i * width;
    return lnLikelihood(lnRatio) - lnRatio ** 2 / (2 * SPREAD ** 2);
  });
  const top = lnTerms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = lnTerms.reduce((total, term) => total + Math.exp(term - top), 0);
  return top + Math.log((sum * width) / (SPREAD * Math.sqrt(2 * Math.PI)));
}

export interface RateConfidenceSequenceInput {
  readonly events: number;
  readonly exposure: number;
  /** Weight of the prior, in units of exposure, fixed before the data; above 0. The narrowest interval comes near it. */
  readonly priorExposure: number;
  readonly level?: number;
}

/**
 * Which rates fit, at every look at once? As above for one rate, with a gamma prior of shape 0.5.
 * Insufficient without exposure. Cost: two bisections.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see H. Robbins (1970), Statistical methods related to the law of the iterated logarithm
 */
export function rateConfidenceSequence({
  events: n,
  exposure,
  priorExposure,
  level = DEFAULT_LEVEL,
}: RateConfidenceSequenceInput): Outcome<Interval> {
  requireSide("rateConfidenceSequence", ["events", "exposure"], n, exposure);
  requirePositive("rateConfidenceSequence", "priorExposure", priorExposure);
  requireFraction("rateConfidenceSequence", "level", level);
  if (exposure === 0) return insufficient("there is no exposure", "any exposure");
  const shape = 0.5;
  const lnOdds = Math.log(exposure) - Math.log(priorExposure);
  const lnPriorShare = -softplus(lnOdds);
  const boundary = -Math.log(1 - level);
  if (n === 0) return ok({ level, lower: 0, upper: (boundary - shape * lnPriorShare) / exposure });
  // In m = rate times exposure; ln of the mixture likelihood over the likelihood at m.
  const mixture = shape * lnPriorShare + lnGamma(shape + n) - lnGamma(shape) - n * softplus(-lnOdds);
  const outside = (lnMean: number): number => mixture + Math.exp(lnMean) - n * lnMean - boundary;
  const start = Math.log(n);
  return ok({
    level,
    lower: Math.exp(falling(outside, start)) / exposure,
    upper: Math.exp(rising(outside, start)) / exposure,
  });
}

/** e to its power overflows, e to its negative is 0: a root further out is no limit. */
const NO_LIMIT = 800;

/** Root above the lowest point of a convex function, and below it; that point itself lies inside the set. */
const rising = (f: (t: number) => number, lowest: number): number =>
  lowest >= NO_LIMIT || f(NO_LIMIT) < 0 ? NO_LIMIT : solveIncreasing((t) => (t <= lowest ? -1 : f(t)), lowest);
const falling = (f: (t: number) => number, lowest: number): number => -rising((t) => f(-t), -lowest);

const softplus = (z: number): number => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));
