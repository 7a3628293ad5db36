import { lnGamma } from "../math/log-gamma.js";
import { logSumExp } from "../math/log-sum.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requirePositive, requireSide } from "./arguments.js";
import type { Bin } from "./dispersion.js";
import type { GammaPrior } from "./gamma-poisson.js";

export interface ChangePointPosterior {
  /** P(the change came after bin k | there was one), k = 0..bins - 2. */
  readonly posterior: readonly number[];
  /** The likeliest k. */
  readonly mode: number;
  /** Shortest run of bins around the mode, as first and last k, that holds at least 95% of the posterior. */
  readonly from: number;
  readonly to: number;
  /** ln of the Bayes factor of one change against none. */
  readonly lnBayesFactor: number;
}

const CREDIBILITY = 0.95;

/**
 * When did the rate change, if it did? Posterior of the date over bins, each date equally likely beforehand.
 * Assumes one change at most, Poisson counts and a gamma prior on both rates: by default worth one event at the common
 * rate. Insufficient without an event or with fewer than two bins. O(bins).
 * @param bins - in order; an exposure of 0 is allowed
 * @throws RangeError for impossible counts, exposures and priors, and for events without exposure
 * @see A. Raftery, V. Akman (1986), Bayesian analysis of a Poisson process with a change-point
 */
export function changePointPosterior(bins: readonly Bin[], prior?: GammaPrior): Outcome<ChangePointPosterior> {
  bins.forEach(({ events, exposure }, i) => {
    requireSide("changePointPosterior", [`bins[${i}].events`, `bins[${i}].exposure`], events, exposure);
  });
  const events = bins.reduce((sum, bin) => sum + bin.events, 0);
  const exposure = bins.reduce((sum, bin) => sum + bin.exposure, 0);
  if (bins.length < 2) return insufficient("there are fewer than two bins", "two bins");
  if (events === 0) return insufficient("there is no event", "one event");
  const { shape, rate } = prior ?? { shape: 1, rate: exposure / events };
  requirePositive("changePointPosterior", "prior.shape", shape);
  requirePositive("changePointPosterior", "prior.rate", rate);
  const lnMarginal = (count: number, time: number): number =>
    shape * Math.log(rate) - lnGamma(shape) + lnGamma(shape + count) - (shape + count) * Math.log(rate + time);

  const lnByDate: number[] = [];
  let [left, leftTime] = [0, 0];
  for (const bin of bins.slice(0, -1)) {
    left += bin.events;
    leftTime += bin.exposure;
    lnByDate.push(lnMarginal(left, leftTime) + lnMarginal(events - left, Math.max(0, exposure - leftTime)));
  }
  const total = logSumExp(lnByDate);
  const posterior = lnByDate.map((ln) => Math.exp(ln - total));
  return ok({
    posterior,
    ...credible(posterior),
    lnBayesFactor: total - Math.log(lnByDate.length) - lnMarginal(events, exposure),
  });
}

/** Grows from the mode towards the likelier neighbour. */
function credible(posterior: readonly number[]): { mode: number; from: number; to: number } {
  const mode = posterior.indexOf(posterior.reduce((a, b) => Math.max(a, b)));
  let [from, to] = [mode, mode];
  let held = posterior[mode] ?? 0;
  while (held < CREDIBILITY && (from > 0 || to < posterior.length - 1)) {
    const before = posterior[from - 1] ?? -1;
    const after = posterior[to + 1] ?? -1;
    if (before >= after) from -= 1;
    else to += 1;
    held += Math.max(before, after);
  }
  return { mode, from, to };
}
