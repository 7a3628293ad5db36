import { below, beyond, gammaQuantile } from "../math/quantiles.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** Events in an exposure. */
export interface PoissonRateInput {
  readonly events: number;
  /** In any unit; the rate is per one of it. */
  readonly exposure: number;
  /** `time`: watching ended at a fixed moment (default). `event`: the last event itself ended it. */
  readonly truncated?: "time" | "event";
  /** Confidence of the interval, 0 to 1, both excluded; default 0.95. The one-sided limits have the same confidence. */
  readonly level?: number;
}

/** A rate with its exact interval. */
export interface PoissonRate {
  /** Events per unit of exposure; unbiased (n - 1)/T when event truncated. */
  readonly rate: number;
  /** Garwood's exact interval. */
  readonly interval: Interval;
  readonly lowerOneSided: number;
  /** With no event at all this is the rule of three: 2.9957/T at 0.95. */
  readonly upperOneSided: number;
}

/**
 * How often does it happen? One rate with its exact interval.
 * Assumes independent events at a constant rate. Insufficient without exposure, or when an event is said to have
 * ended the watch and there is none. Cost: two to four gamma quantiles, about 0.2 ms.
 * @throws RangeError for impossible counts, exposures, levels, and for events without exposure
 * @see F. Garwood (1936), Fiducial limits for the Poisson distribution
 */
export function poissonRate({
  events,
  exposure,
  truncated = "time",
  level = DEFAULT_LEVEL,
}: PoissonRateInput): Outcome<PoissonRate> {
  requireSide("poissonRate", ["events", "exposure"], events, exposure);
  requireFraction("poissonRate", "level", level);
  if (exposure === 0) return insufficient("there is no exposure", "any exposure");
  if (truncated === "event" && events === 0) {
    return insufficient("no event can have ended the watch when none was seen", "one event");
  }
  const lower = (tail: number): number => (events === 0 ? 0 : gammaQuantile(events, below(tail)) / exposure);
  const last = truncated === "event" ? events : events + 1;
  const upper = (tail: number): number => gammaQuantile(last, beyond(tail)) / exposure;
  const alpha = 1 - level;
  return ok({
    rate: (truncated === "event" ? events - 1 : events) / exposure,
    interval: { level, lower: lower(alpha / 2), upper: upper(alpha / 2) },
    lowerOneSided: lower(alpha),
    upperOneSided: upper(alpha),
  });
}
