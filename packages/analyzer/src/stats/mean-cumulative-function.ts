import { insufficient, type Outcome, ok } from "../result.js";
import { requireNumbers, requirePositive } from "./arguments.js";

/** A host or boot: watched from 0 to `length`, with its events in that time, in any order. */
export interface ObservedUnit {
  readonly length: number;
  readonly times: readonly number[];
}

export interface McfStep {
  readonly time: number;
  readonly events: number;
  /** Units under observation at `time`; a unit is, up to and including its length. */
  readonly atRisk: number;
  /** Mean number of events per unit up to `time`. */
  readonly mean: number;
  /** Robust standard error; null with one unit, which has none. */
  readonly standardError: number | null;
}

/**
 * How many events does a unit have up to a given age? Nelson's mean cumulative function over several units.
 * Assumes that the end of a unit's observation has nothing to do with its events; not that the process is Poisson.
 * Insufficient without a unit or an event. O(units x event times).
 * @throws RangeError for times outside 0 to the unit's length
 * @see W. Nelson (1995), Confidence limits for recurrence data; J. Lawless, C. Nadeau (1995)
 */
export function meanCumulativeFunction(units: readonly ObservedUnit[]): Outcome<readonly McfStep[]> {
  units.forEach(({ length, times }, i) => {
    requirePositive("meanCumulativeFunction", `units[${i}].length`, length);
    requireNumbers("meanCumulativeFunction", `units[${i}].times`, times, 0, length);
  });
  const times = [...new Set(units.flatMap((unit) => unit.times))].sort((a, b) => a - b);
  if (times.length === 0) return insufficient("no unit has an event", "one event");
  const counts = units.map((unit) => {
    const byTime = new Map<number, number>();
    for (const time of unit.times) byTime.set(time, (byTime.get(time) ?? 0) + 1);
    return byTime;
  });
  const residuals = new Float64Array(units.length);
  let mean = 0;
  const steps = times.map((time): McfStep => {
    const atRisk = units.reduce((sum, { length }) => sum + (length >= time ? 1 : 0), 0);
    const events = counts.reduce((sum, byTime) => sum + (byTime.get(time) ?? 0), 0);
    const increment = events / atRisk;
    mean += increment;
    units.forEach(({ length }, i) => {
      if (length >= time) residuals[i] = (residuals[i] ?? 0) + ((counts[i]?.get(time) ?? 0) - increment) / atRisk;
    });
    const variance = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
    return { time, events, atRisk, mean, standardError: units.length < 2 ? null : Math.sqrt(variance) };
  });
  return ok(steps);
}
