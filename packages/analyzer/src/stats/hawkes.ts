import { nelderMead } from "../math/nelder-mead.js";
import { sortedUniforms } from "../random/draws.js";
import type { RandomSource } from "../random/random-source.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireExposure, requireNumbers, requirePositive } from "./arguments.js";

/** Rate mu, plus alpha e^(-beta s) for every event s ago. */
export interface HawkesParameters {
  readonly mu: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Log likelihood of event times under a Hawkes process with an exponential kernel. O(events).
 * @param times - sorted, 0 to `length`
 * @throws RangeError for times out of order or range and for impossible parameters
 * @see T. Ozaki (1979), Maximum likelihood estimation of Hawkes' self-exciting point processes
 */
export function hawkesLogLikelihood(
  times: ArrayLike<number> & Iterable<number>,
  length: number,
  parameters: HawkesParameters,
): number {
  requirePositive("hawkesLogLikelihood", "length", length);
  requireNumbers("hawkesLogLikelihood", "times", times, 0, length);
  for (let i = 1; i < times.length; i++) {
    if ((times[i] ?? 0) < (times[i - 1] ?? 0))
      throw new RangeError(`hawkesLogLikelihood: times must be sorted, times[${i}] is not`);
  }
  requirePositive("hawkesLogLikelihood", "mu", parameters.mu);
  requireExposure("hawkesLogLikelihood", "alpha", parameters.alpha);
  requirePositive("hawkesLogLikelihood", "beta", parameters.beta);
  return logLikelihood(times, length, parameters);
}

function logLikelihood(times: ArrayLike<number>, length: number, { mu, alpha, beta }: HawkesParameters): number {
  let sum = -mu * length;
  let excitement = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0;
    if (i > 0) excitement = Math.exp(-beta * (time - (times[i - 1] ?? 0))) * (1 + excitement);
    sum += Math.log(mu + alpha * excitement) + (alpha / beta) * Math.expm1(-beta * (length - time));
  }
  return sum;
}

export interface Hawkes extends HawkesParameters {
  /** alpha/beta: mean number of events that one event sets off directly; below 1. */
  readonly branchingRatio: number;
  readonly logLikelihood: number;
  /** Twice the gain over a Poisson process. */
  readonly statistic: number;
  /** By simulated Poisson sets, as the statistic is not chi-square: (1 + sets that reached it)/(1 + sets). */
  readonly p: number;
}

export interface HawkesInput {
  /** Event times, 0 to `length`, any order. */
  readonly times: readonly number[];
  readonly length: number;
  /** Simulated Poisson sets; default 199. */
  readonly simulations?: number;
}

const LEAST_EVENTS = 20;
const SIMULATIONS = 199;

/**
 * Does one event set off the next? Self-exciting process fitted and compared with a Poisson process.
 * Assumes constant background and one decay. Insufficient with fewer than 20 events or all at one instant.
 * Cost: some 500 likelihoods a set: a hundred events and 199 sets take a few seconds.
 * @throws RangeError for times outside 0 to `length`
 * @see A. Hawkes (1971), Spectra of some self-exciting and mutually exciting point processes; T. Ozaki (1979)
 */
export function hawkes(
  { times, length, simulations = SIMULATIONS }: HawkesInput,
  random: RandomSource,
): Outcome<Hawkes> {
  requirePositive("hawkes", "length", length);
  requireCount("hawkes", "simulations", simulations);
  requireNumbers("hawkes", "times", times, 0, length);
  if (times.length < LEAST_EVENTS)
    return insufficient(`there are only ${times.length} events`, `${LEAST_EVENTS} events`);
  if (times.every((time) => time === times[0])) {
    return insufficient("all events stand at one instant", "events at different times");
  }
  const seen = fit(Float64Array.from(times).sort(), length);
  let hits = 0;
  for (let set = 0; set < simulations; set++) {
    if (fit(sortedUniforms(times.length, length, random), length).statistic >= seen.statistic) hits += 1;
  }
  return ok({ ...seen, p: (1 + hits) / (1 + simulations) });
}

/** Maximised over ln mu, the logit of the branching ratio and ln beta, so that every point is a stationary process. */
function fit(sorted: Float64Array, length: number): Omit<Hawkes, "p"> {
  const n = sorted.length;
  const rate = n / length;
  const unpack = ([lnMu = 0, logit = 0, lnBeta = 0]: readonly number[]): HawkesParameters => {
    const beta = Math.exp(lnBeta);
    return { mu: Math.exp(lnMu), alpha: beta / (1 + Math.exp(-logit)), beta };
  };
  const loss = (at: readonly number[]): number => {
    const value = -logLikelihood(sorted, length, unpack(at));
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const starts = [0.3, 3, 30].map((speed) => [Math.log(rate / 2), 0, Math.log(rate * speed)]);
  const best = starts.map((start) => nelderMead(loss, start, 1e-9)).reduce((a, b) => (b.value < a.value ? b : a));
  const poisson = n * Math.log(rate) - n;
  const parameters = unpack(best.at);
  return {
    ...parameters,
    branchingRatio: parameters.alpha / parameters.beta,
    logLikelihood: -best.value,
    statistic: Math.max(0, 2 * (-best.value - poisson)),
  };
}
