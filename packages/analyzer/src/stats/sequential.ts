import { logSumExp } from "../math/log-sum.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requirePositive, requireSide } from "./arguments.js";
import { DEFAULT_ALPHA } from "./interval.js";

/** Before (reference) and after (compared), exposures in one unit. */
export interface Comparison {
  readonly events: number;
  readonly exposure: number;
  readonly referenceEvents: number;
  readonly referenceExposure: number;
}

/** One hypothesised ratio (compared rate over reference rate, 0 or more) and its share of the bet; shares add up to 1. */
export interface Bet {
  readonly ratio: number;
  readonly weight: number;
}

/** "Fewer than before", fixed before any data. */
export const FEWER: readonly Bet[] = [
  { ratio: 0, weight: 0.5 },
  ...[0.05, 0.1, 0.2, 0.3, 0.5].map((ratio) => ({ ratio, weight: 0.1 })),
];

/** "More than before". */
export const MORE: readonly Bet[] = [2, 10 / 3, 5, 10, 20].map((ratio) => ({ ratio, weight: 0.2 }));

/**
 * ln of the e-value of one hypothesised ratio against the null ratio `against` (1: unchanged). The unknown old rate is
 * integrated out under its scale-invariant prior, so the mean under the null is 1 whatever the rate and the exposures.
 * -Infinity where the hypothesis is impossible (ratio 0 with events).
 * @throws RangeError for impossible arguments; both exposures must be above 0
 * @see M. Perez-Ortiz and others (2024), E-statistics, group invariance and anytime-valid testing
 */
export function lnEValue(comparison: Comparison, ratio: number, against: number = 1): number {
  requireComparison("lnEValue", comparison);
  if (!(ratio >= 0 && Number.isFinite(ratio))) throw new RangeError(`lnEValue: ratio must be 0 or more, got ${ratio}`);
  requirePositive("lnEValue", "against", against);
  return lnE(comparison, ratio, against);
}

function lnE(
  { events: n2, exposure: t2, referenceEvents: n1, referenceExposure: t1 }: Comparison,
  ratio: number,
  against: number,
): number {
  if (ratio === 0 && n2 > 0) return Number.NEGATIVE_INFINITY;
  const likelihood = n2 === 0 ? 0 : n2 * Math.log(ratio / against);
  const share = t2 / t1;
  return likelihood + (n1 + n2) * (Math.log1p(against * share) - Math.log1p(ratio * share));
}

/** ln of the weighted mean of e-values. */
export function lnMixture(comparison: Comparison, bets: readonly Bet[], against: number = 1): number {
  requireComparison("lnMixture", comparison);
  requirePositive("lnMixture", "against", against);
  return mixture(comparison, bets, against);
}

/** Stands for "however long": e-values have reached their bound long before, and nothing overflows yet. */
const LARGEST_SHARE = 1e150;

const mixture = (comparison: Comparison, bets: readonly Bet[], against: number): number =>
  logSumExp(bets.map(({ ratio, weight }) => Math.log(weight) + lnE(comparison, ratio, against)));

/** The two sides, and the error over all looks. */
export interface SequentialInput extends Comparison {
  /** Error over all looks together; default 0.05, so the boundary is 20. */
  readonly alpha?: number;
}

/** An e-value and its bound, valid at every look. */
export interface SequentialEvidence {
  /** e-value for "fewer than before"; Infinity above 1e308. */
  readonly improved: number;
  /** e-value for "more than before". */
  readonly worse: number;
  /** ln of both, never overflowing. */
  readonly lnImproved: number;
  readonly lnWorse: number;
  /** 1/alpha: the claim is made when an e-value reaches it. */
  readonly boundary: number;
  /** min(1, 1/improved): a p value valid at this look; over several looks take the smallest. */
  readonly pAnytime: number;
  /** One-sided upper limit of the ratio that holds at every look; at most 1 exactly when `improved` >= boundary. Infinity: none. */
  readonly upperAnytime: number;
  /** One-sided lower limit of the ratio that holds at every look; at least 1 exactly when `worse` >= boundary. */
  readonly lowerAnytime: number;
}

/**
 * Looked at every week: is it less often, or more often, than before? e-values with a limit to print beside them.
 * Assumes constant rates and independent events; not a known old rate. Valid however often one looks: proved where
 * the old epoch ended at an event, simulated where it ended at a date (2.3 to 4.4% false claims at 5%).
 * Insufficient without exposure on a side or without an old event. Cost: two bisections of five or six terms.
 * @throws RangeError for impossible arguments
 * @see P. Grünwald, R. de Heide, W. Koolen (2024), Safe testing; M. Perez-Ortiz and others (2024)
 */
export function sequentialEvidence({
  alpha = DEFAULT_ALPHA,
  ...comparison
}: SequentialInput): Outcome<SequentialEvidence> {
  const { events, exposure, referenceEvents, referenceExposure } = comparison;
  requireSide("sequentialEvidence", ["events", "exposure"], events, exposure);
  requireSide("sequentialEvidence", ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requireFraction("sequentialEvidence", "alpha", alpha);
  if (referenceExposure === 0) return insufficient("there is no exposure before", "exposure on both sides");
  if (exposure === 0) return insufficient("there is no exposure after", "exposure on both sides");
  if (referenceEvents + events === 0) return insufficient("there is no event on either side", "one event");
  const lnImproved = mixture(comparison, FEWER, 1);
  const lnWorse = mixture(comparison, MORE, 1);
  return ok({
    improved: Math.exp(lnImproved),
    worse: Math.exp(lnWorse),
    lnImproved,
    lnWorse,
    boundary: 1 / alpha,
    pAnytime: Math.min(1, Math.exp(-lnImproved)),
    ...anytimeLimits(comparison, alpha),
  });
}

/**
 * The null ratios r0 that the mixtures of SCALED ratios r r0 do not reject: the limit for "fewer" solves
 * E(n1, T1, n2, r0 T2) = 1/alpha, which rises with r0; the one for "more" falls with it.
 */
function anytimeLimits(comparison: Comparison, alpha: number): { lowerAnytime: number; upperAnytime: number } {
  const { events, exposure, referenceEvents, referenceExposure } = comparison;
  const lnShare = Math.log(exposure) - Math.log(referenceExposure);
  const start = Math.log(events + 1) - Math.log(referenceEvents + 1);
  // In units of the old exposure, so that the search starts near the answer whatever the unit was.
  const excess = (bets: readonly Bet[], share: number): number =>
    mixture({ events, referenceEvents, exposure: share, referenceExposure: 1 }, bets, 1) + Math.log(alpha);
  const upperExists = excess(FEWER, LARGEST_SHARE) > 0;
  const lowerExists = excess(MORE, 1 / LARGEST_SHARE) > 0;
  const upper = (): number => solveIncreasing((t) => excess(FEWER, Math.exp(t)), start);
  const lower = (): number => solveIncreasing((t) => -excess(MORE, Math.exp(t)), start);
  return {
    upperAnytime: upperExists ? Math.exp(upper() - lnShare) : Number.POSITIVE_INFINITY,
    lowerAnytime: lowerExists ? Math.exp(lower() - lnShare) : 0,
  };
}

/**
 * Exposure without any event until the e-value for "fewer" reaches 1/alpha; the same unit as `referenceExposure`.
 * Insufficient without an old event. Cost: one bisection.
 * @throws RangeError for impossible arguments
 */
export function quietExposureAnytime(
  { referenceEvents, referenceExposure }: Pick<Comparison, "referenceEvents" | "referenceExposure">,
  alpha: number = DEFAULT_ALPHA,
): Outcome<number> {
  requireSide("quietExposureAnytime", ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requireFraction("quietExposureAnytime", "alpha", alpha);
  if (referenceEvents === 0) {
    return insufficient("there was no event before, so a silence after says nothing", "one event before");
  }
  return furtherExposureAnytime({ events: 0, exposure: 0, referenceEvents, referenceExposure }, alpha);
}

/**
 * Further exposure without another event until the e-value for "fewer" reaches 1/alpha, given what was seen so far;
 * 0 when it is there already. Insufficient without an old event, and where no silence however long would be enough:
 * after an event the e-value is bounded (with one old event it stays below 5).
 * @throws RangeError for impossible arguments
 */
export function furtherExposureAnytime(comparison: Comparison, alpha: number = DEFAULT_ALPHA): Outcome<number> {
  const { events, exposure, referenceEvents, referenceExposure } = comparison;
  requireSide("furtherExposureAnytime", ["events", "exposure"], events, exposure);
  requireSide("furtherExposureAnytime", ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requireFraction("furtherExposureAnytime", "alpha", alpha);
  if (referenceEvents === 0) {
    return insufficient("there was no event before, so a silence after says nothing", "one event before");
  }
  const boundary = -Math.log(alpha);
  const at = (quiet: number): number =>
    mixture({ events, referenceEvents, exposure: quiet, referenceExposure: 1 }, FEWER, 1) - boundary;
  const soFar = exposure / referenceExposure;
  if (soFar > 0 && at(soFar) >= 0) return ok(0);
  if (at(LARGEST_SHARE) <= 0) {
    return insufficient("too many events since: no silence would be long enough", "a new comparison from a later date");
  }
  const total = Math.exp(solveIncreasing((t) => at(Math.exp(t)), 0));
  return ok(Math.max(0, (total - soFar) * referenceExposure));
}

function requireComparison(where: string, { events, exposure, referenceEvents, referenceExposure }: Comparison): void {
  requireSide(where, ["events", "exposure"], events, exposure);
  requireSide(where, ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requirePositive(where, "exposure", exposure);
  requirePositive(where, "referenceExposure", referenceExposure);
}
