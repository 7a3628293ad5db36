import { normalQuantile } from "../math/normal.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireNumbers } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** A time to an event, or a time up to which there was none. */
export interface Duration {
  /** 0 or more, in any unit. */
  readonly time: number;
  /** False: censored, watching ended first. */
  readonly event: boolean;
}

/** The estimates from one event time (included) to the next (excluded). */
export interface SurvivalStep {
  readonly time: number;
  readonly events: number;
  /** Still under observation just before `time`; censored at the same time counts as still there. */
  readonly atRisk: number;
  /** P(longer than `time`), Kaplan-Meier. */
  readonly survival: number;
  /** Greenwood. */
  readonly standardError: number;
  /** Log-log limits; null at survival 1 or 0, where they do not exist. */
  readonly interval: Interval | null;
  /** Nelson-Aalen. */
  readonly cumulativeHazard: number;
  readonly hazardStandardError: number;
}

export interface Survival {
  readonly steps: readonly SurvivalStep[];
  /** First time at which survival is 0.5 or less; null when never reached. */
  readonly median: number | null;
}

/** Survival is a product of fractions; a half may come out a few roundings above. */
const ROUNDING = 1e-12;

/**
 * How long until the next one? Kaplan-Meier and Nelson-Aalen estimates of times to an event with censoring.
 * Assumes exchangeable times (no trend) and censoring that has nothing to do with the next event.
 * Insufficient without an event. O(n log n).
 * @throws RangeError for negative or infinite times and impossible levels
 * @see E. Kaplan, P. Meier (1958); M. Greenwood (1926)
 */
export function kaplanMeier(durations: readonly Duration[], level: number = DEFAULT_LEVEL): Outcome<Survival> {
  requireNumbers(
    "kaplanMeier",
    "durations",
    durations.map(({ time }) => time),
    0,
  );
  requireFraction("kaplanMeier", "level", level);
  const sorted = [...durations].sort((a, b) => a.time - b.time);
  if (!sorted.some(({ event }) => event))
    return insufficient("no time ends with an event", "one event after a known start");
  const z = normalQuantile((1 + level) / 2);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let greenwood = 0;
  let cumulativeHazard = 0;
  let hazardVariance = 0;
  for (let i = 0; i < sorted.length; ) {
    const time = sorted[i]?.time ?? 0;
    const atRisk = sorted.length - i;
    let events = 0;
    for (; i < sorted.length && sorted[i]?.time === time; i++) if (sorted[i]?.event) events += 1;
    if (events === 0) continue;
    survival *= 1 - events / atRisk;
    cumulativeHazard += events / atRisk;
    hazardVariance += events / atRisk ** 2;
    greenwood += events / (atRisk * (atRisk - events)); // infinite at the very end, where survival is 0
    steps.push({
      time,
      events,
      atRisk,
      survival,
      standardError: survival === 0 ? 0 : survival * Math.sqrt(greenwood),
      interval: logLogLimits(survival, greenwood, z, level),
      cumulativeHazard,
      hazardStandardError: Math.sqrt(hazardVariance),
    });
  }
  return ok({ steps, median: steps.find((step) => step.survival <= 0.5 + ROUNDING)?.time ?? null });
}

function logLogLimits(survival: number, greenwood: number, z: number, level: number): Interval | null {
  if (survival === 0 || survival === 1) return null;
  const reach = (z * Math.sqrt(greenwood)) / -Math.log(survival);
  return { level, lower: survival ** Math.exp(reach), upper: survival ** Math.exp(-reach) };
}
