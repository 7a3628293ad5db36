import { binomialTails } from "../math/binomial.js";
import { betaTails } from "../math/incomplete-beta.js";
import { poissonTails } from "../math/poisson.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireExposure, requireFraction, requirePositive, requireSide } from "./arguments.js";
import { DEFAULT_ALPHA } from "./interval.js";

/** The epoch before: what the waiting is measured against. */
export interface Before {
  readonly events: number;
  readonly exposure: number;
}

/** The old epoch, and the claim that silence shall carry. */
export interface QuietExposureInput extends Before {
  /** Error of the claim; default 0.05. */
  readonly alpha?: number;
  /** The claim is "below this multiple of the old rate"; default 1. Above 0. */
  readonly ratio?: number;
}

/** How much silence a claim needs. */
export interface QuietExposure {
  /** Exposure without any event after which the claim may be made; may be looked at every day. */
  readonly needed: number;
  /** The same in units of one mean gap between old events. */
  readonly inMeanGaps: number;
  /** -ln(alpha) mean gaps: pretends that the old rate is known exactly, so always too short. */
  readonly ifRateWereKnown: number;
}

/**
 * How long without an event before "fewer than before" may be said? T* = (T1/r)(alpha^(-1/n1) - 1).
 * Assumes a constant old rate and independent events. The plan is lost with the first event: then use the e-value.
 * Insufficient without an old event. Constant cost.
 * @throws RangeError for impossible arguments
 * @see J. Przyborowski, H. Wilenski (1940); J. Hanley, A. Lippman-Hand (1983), If nothing goes wrong, is everything all right?
 */
export function quietExposure({
  events,
  exposure,
  alpha = DEFAULT_ALPHA,
  ratio = 1,
}: QuietExposureInput): Outcome<QuietExposure> {
  requireSide("quietExposure", ["events", "exposure"], events, exposure);
  requireFraction("quietExposure", "alpha", alpha);
  requirePositive("quietExposure", "ratio", ratio);
  if (events === 0) return noEventBefore();
  const factor = Math.expm1(-Math.log(alpha) / events) / ratio; // alpha^(-1/n) - 1 without cancellation
  return ok({
    needed: exposure * factor,
    inMeanGaps: events * factor,
    ifRateWereKnown: (-Math.log(alpha) * (exposure / events)) / ratio,
  });
}

/**
 * Had nothing changed: the chance of no event in `quiet` exposure, (T1/(T1 + T2))^n1. Without an old event it is 1, as
 * then silence says nothing.
 * @throws RangeError for impossible arguments
 */
export function chanceOfSilence({ events, exposure }: Before, quiet: number): number {
  requireSide("chanceOfSilence", ["events", "exposure"], events, exposure);
  requireExposure("chanceOfSilence", "quiet", quiet);
  return events === 0 ? 1 : Math.exp(-events * Math.log1p(quiet / exposure));
}

/** The old epoch, the exposure to come, and the effect that is hoped for. */
export interface PowerInput extends Before {
  /** Exposure planned after the change, above 0. */
  readonly planned: number;
  /** The true ratio for which the plan is judged, 0 or more. */
  readonly trueRatio: number;
  readonly alpha?: number;
}

/** What a future comparison can hope to show. */
export interface Power {
  /** Most events after the change with which the claim could still be made; -1: none, not even silence, is enough. */
  readonly allowance: number;
  /** Chance of making the claim, taking the old rate as known. */
  readonly power: number;
  /** The same averaged over what the old epoch leaves open about its rate (Jeffreys). */
  readonly assurance: number;
}

/**
 * Is the plan worth making? The chance that a given exposure will show the improvement, if there is one.
 * Assumes a single look at the end. Insufficient without an old event. Cost: ln(n1) beta tails.
 * @throws RangeError for impossible arguments
 * @see A. O'Hagan, J. Stevens, M. Campbell (2005), Assurance in clinical trial design
 */
export function power({ events, exposure, planned, trueRatio, alpha = DEFAULT_ALPHA }: PowerInput): Outcome<Power> {
  requireSide("power", ["events", "exposure"], events, exposure);
  requirePositive("power", "planned", planned);
  requireExposure("power", "trueRatio", trueRatio);
  requireFraction("power", "alpha", alpha);
  if (events === 0) return noEventBefore();
  const allowance = allowanceFor({ events, exposure }, planned, alpha);
  if (allowance < 0) return ok({ allowance, power: 0, assurance: 0 });
  return ok({
    allowance,
    power: poissonTails(allowance, trueRatio * planned * (events / exposure)).lower,
    assurance: atMost(allowance, { events, exposure }, trueRatio * planned),
  });
}

/** Counts end here; a plan that long allows any number. */
const MOST_EVENTS = 2 ** 53;

/** Largest count after for which P(that few or fewer) <= alpha under no change; -1 when there is none. */
function allowanceFor({ events, exposure }: Before, planned: number, alpha: number): number {
  const total = exposure + planned;
  const pLess = (after: number): number =>
    binomialTails(after, events + after, planned / total, exposure / total).lower;
  if (pLess(0) > alpha) return -1;
  let low = 0;
  let high = 1;
  while (high < MOST_EVENTS && pLess(high) <= alpha) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (pLess(middle) <= alpha) low = middle;
    else high = middle;
  }
  return low;
}

/** Negative binomial: P(at most `most` events in `next`), the old rate integrated out under Jeffreys' prior. */
function atMost(most: number, { events, exposure }: Before, next: number): number {
  const total = exposure + next;
  return betaTails(events + 0.5, most + 1, exposure / total, next / total).lower;
}

/** The old epoch, and the exposure to come. */
export interface ForecastInput extends Before {
  /** Exposure to come, 0 or more, in the same unit. */
  readonly next: number;
}

/** How many events the future may hold at the old rate. */
export interface Forecast {
  /** Mean number of events in `next`. */
  readonly expected: number;
  /** P(no event in `next`). */
  readonly pNone: number;
  /** P(at most k events in `next`), k whole and 0 or more. */
  readonly pAtMost: (k: number) => number;
}

/**
 * What is to come if nothing changes? Negative binomial forecast that carries the uncertainty of the old rate.
 * Assumes a constant rate. Insufficient without exposure. Constant cost.
 * @throws RangeError for impossible arguments
 */
export function forecast({ events, exposure, next }: ForecastInput): Outcome<Forecast> {
  requireSide("forecast", ["events", "exposure"], events, exposure);
  requireExposure("forecast", "next", next);
  if (exposure === 0) return insufficient("there is no exposure to learn from", "any exposure");
  return ok({
    expected: (events + 0.5) * (next / exposure),
    pNone: Math.exp(-(events + 0.5) * Math.log1p(next / exposure)),
    pAtMost: (k) => {
      requireCount("forecast.pAtMost", "k", k);
      return atMost(k, { events, exposure }, next);
    },
  });
}

const noEventBefore = (): Outcome<never> =>
  insufficient(
    "there was no event before the change, so a silence after it says nothing",
    "one event before the change",
  );
