import { betaTails } from "../math/incomplete-beta.js";
import { below, betaQuantileLogit } from "../math/quantiles.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireExposure, requireFraction, requirePositive, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** Gamma(shape, rate) on each of the two rates. */
export interface GammaPrior {
  /** Above 0. */
  readonly shape: number;
  /** In units of exposure, 0 or more. */
  readonly rate: number;
}

/** Jeffreys: says as little as possible beforehand. */
export const JEFFREYS: GammaPrior = { shape: 0.5, rate: 0 };

/** Both rates near the common one, worth one event: what a sceptic would start from. Needs one event and exposure. */
export const skepticalPrior = ({
  events,
  exposure,
  referenceEvents,
  referenceExposure,
}: GammaPoissonInput): GammaPrior => ({
  shape: 1,
  rate: (exposure + referenceExposure) / (events + referenceEvents),
});

/** Counts on both sides, and the priors of their rates. */
export interface GammaPoissonInput {
  /** After the change. */
  readonly events: number;
  readonly exposure: number;
  /** Before. */
  readonly referenceEvents: number;
  readonly referenceExposure: number;
  /** Default Jeffreys. */
  readonly prior?: GammaPrior;
  /** Credibility of the interval; default 0.95. */
  readonly level?: number;
}

/** The posterior of a rate over a reference rate. */
export interface GammaPoisson {
  /** P(the rate is lower than the reference rate). */
  readonly pImproved: number;
  /** P(it is at most half of it). */
  readonly pHalved: number;
  /** P(ratio < `ratio`), for any ratio above 0. */
  readonly pBelow: (ratio: number) => number;
  /** Median of the ratio. */
  readonly median: number;
  /** Equal-tailed, credible. */
  readonly interval: Interval;
}

/**
 * How sure may one be, in one number? Posterior of a rate ratio under gamma priors. Shown, never the reason for a
 * verdict: with 5 events in 120 hours and 40 quiet hours it says 0.918 where the exact p is 0.237.
 * Assumes constant rates, independent events, and the prior. Insufficient where the posterior is improper (no exposure
 * and a prior of rate 0). Cost: three beta quantiles, about 0.5 ms.
 * @throws RangeError for impossible counts, exposures, priors, levels, and for events without exposure
 * @see A. Gelman and others (2013), Bayesian Data Analysis, section 2.6
 */
export function gammaPoisson(input: GammaPoissonInput): Outcome<GammaPoisson> {
  const { events, exposure, referenceEvents, referenceExposure, prior = JEFFREYS, level = DEFAULT_LEVEL } = input;
  requireSide("gammaPoisson", ["events", "exposure"], events, exposure);
  requireSide("gammaPoisson", ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requirePositive("gammaPoisson", "prior.shape", prior.shape);
  requireExposure("gammaPoisson", "prior.rate", prior.rate);
  requireFraction("gammaPoisson", "level", level);
  const rate = prior.rate + exposure;
  const referenceRate = prior.rate + referenceExposure;
  if (rate === 0) return insufficient("there is no exposure after", "exposure on both sides");
  if (referenceRate === 0) return insufficient("there is no exposure before", "exposure on both sides");

  const shape = prior.shape + events;
  const referenceShape = prior.shape + referenceEvents;
  const pBelow = (ratio: number): number => {
    requirePositive("gammaPoisson.pBelow", "ratio", ratio);
    const odds = ratio * (rate / referenceRate);
    return betaTails(shape, referenceShape, 1 / (1 + 1 / odds), 1 / (1 + odds)).lower;
  };
  const quantile = (probability: number): number =>
    Math.exp(betaQuantileLogit(shape, referenceShape, below(probability))) * (referenceRate / rate);
  const tail = (1 - level) / 2;
  return ok({
    pImproved: pBelow(1),
    pHalved: pBelow(0.5),
    pBelow,
    median: quantile(0.5),
    interval: { level, lower: quantile(tail), upper: quantile(1 - tail) },
  });
}
