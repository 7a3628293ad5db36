import { chiSquareTails } from "../math/chi-square.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireNumbers } from "./arguments.js";
import type { Duration } from "./kaplan-meier.js";

export interface Weibull {
  /** Below 1: events come soon after a recovery; above 1: wear, or an effect of uptime. */
  readonly shape: number;
  readonly scale: number;
  readonly logLikelihood: number;
  /** Likelihood ratio against shape 1 (exponential), chi-square with one degree of freedom. */
  readonly likelihoodRatio: number;
  readonly p: number;
}

const LEAST_EVENTS = 3;

/**
 * Does the risk of the next event change with the time since the last? Weibull fit with censoring.
 * Assumes exchangeable times and independent censoring. Insufficient with fewer than 3 events, or when all of them fall
 * at the longest time (the shape has no finite estimate). About 60 passes over the data.
 * @throws RangeError for times at or below 0, which have no logarithm
 * @see J. Lawless (2003), Statistical models and methods for lifetime data, section 5.2
 */
export function weibull(durations: readonly Duration[]): Outcome<Weibull> {
  requireNumbers(
    "weibull",
    "durations",
    durations.map(({ time }) => time),
    Number.MIN_VALUE,
  );
  const events = durations.filter(({ event }) => event);
  if (events.length < LEAST_EVENTS)
    return insufficient(`there are only ${events.length} events`, `${LEAST_EVENTS} events`);
  const longest = durations.reduce((most, { time }) => Math.max(most, time), 0);
  if (events.every(({ time }) => time === longest))
    return insufficient("all events have the same time", "events at different times");

  // In units of the longest time every power is at most 1, whatever the shape.
  const logs = durations.map(({ time }) => Math.log(time / longest));
  const meanLog = events.reduce((sum, { time }) => sum + Math.log(time / longest), 0) / events.length;
  const score = (lnShape: number): number => {
    const shape = Math.exp(lnShape);
    let powers = 0;
    let weighted = 0;
    for (const log of logs) {
      const power = Math.exp(shape * log);
      powers += power;
      weighted += power * log;
    }
    return weighted / powers - 1 / shape - meanLog;
  };
  const shape = Math.exp(solveIncreasing(score, 0));
  const powerSum = logs.reduce((sum, log) => sum + Math.exp(shape * log), 0);
  const scale = longest * (powerSum / events.length) ** (1 / shape);
  const logLikelihood = logLikelihoodAt(shape, scale, durations);
  const exponentialScale = durations.reduce((sum, { time }) => sum + time, 0) / events.length;
  const likelihoodRatio = Math.max(0, 2 * (logLikelihood - logLikelihoodAt(1, exponentialScale, durations)));
  return ok({ shape, scale, logLikelihood, likelihoodRatio, p: chiSquareTails(likelihoodRatio, 1).upper });
}

function logLikelihoodAt(shape: number, scale: number, durations: readonly Duration[]): number {
  return durations.reduce((sum, { time, event }) => {
    const log = Math.log(time / scale);
    return sum - Math.exp(shape * log) + (event ? Math.log(shape / scale) + (shape - 1) * log : 0);
  }, 0);
}
