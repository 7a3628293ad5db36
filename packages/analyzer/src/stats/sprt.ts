import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireExposure, requireFraction, requirePositive } from "./arguments.js";

export interface SprtInput {
  readonly events: number;
  readonly exposure: number;
  /** The rate before, taken as known: say so wherever the result is shown. */
  readonly oldRate: number;
  /** The hypothesised ratio, above 0 and below 1. */
  readonly ratio: number;
  /** Error of "improved". */
  readonly alpha: number;
  /** Error of "not improved". */
  readonly beta: number;
}

export interface Sprt {
  readonly logLikelihoodRatio: number;
  /** "Improved" at or above it. */
  readonly upperBound: number;
  /** "Not improved" at or below it. */
  readonly lowerBound: number;
  readonly decision: "improved" | "not-improved" | "continue";
  /** Exposure in all at which "improved" is reached if no further event comes. */
  readonly exposureToAccept: number;
}

/**
 * Improved to a given ratio or not, looked at all the time, when the old rate is known? Wald's sequential test.
 * Assumes the old rate to be known exactly; with a rate from 5 events its errors are not alpha and beta.
 * Insufficient without exposure. Constant cost.
 * @throws RangeError for impossible arguments
 * @see A. Wald (1945), Sequential tests of statistical hypotheses
 */
export function sprt({ events, exposure, oldRate, ratio, alpha, beta }: SprtInput): Outcome<Sprt> {
  requireCount("sprt", "events", events);
  requireExposure("sprt", "exposure", exposure);
  requirePositive("sprt", "oldRate", oldRate);
  requireFraction("sprt", "ratio", ratio);
  requireFraction("sprt", "alpha", alpha);
  requireFraction("sprt", "beta", beta);
  if (events > 0 && exposure === 0)
    throw new RangeError(`sprt: exposure must be above 0 where events is ${events}, got 0`);
  if (exposure === 0) return insufficient("there is no exposure", "any exposure");
  const upperBound = Math.log((1 - beta) / alpha);
  const lowerBound = Math.log(beta / (1 - alpha));
  const fall = oldRate * (1 - ratio);
  const logLikelihoodRatio = events * Math.log(ratio) + fall * exposure;
  let decision: Sprt["decision"] = "continue";
  if (logLikelihoodRatio >= upperBound) decision = "improved";
  else if (logLikelihoodRatio <= lowerBound) decision = "not-improved";
  return ok({
    logLikelihoodRatio,
    upperBound,
    lowerBound,
    decision,
    exposureToAccept: (upperBound - events * Math.log(ratio)) / fall,
  });
}
