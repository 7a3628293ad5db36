import { chiSquareQuantile, chiSquareTails } from "../math/chi-square.js";
import { twoSidedNormal } from "../math/normal.js";
import { below, beyond } from "../math/quantiles.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireNumbers, requirePositive } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** Events in the order of time, and the time in which they could have come. */
export interface TrendInput {
  /** Event times on the exposure clock: above 0; up to `length`, which is excluded when time truncated. Any order. */
  readonly times: readonly number[];
  /** Exposure watched. When event truncated it must equal the last event time. */
  readonly length: number;
  readonly truncated?: "time" | "event";
  /** Confidence of the interval of the shape; default 0.95. */
  readonly level?: number;
}

/** Whether events come more and more often, or ever more seldom. */
export interface Trend {
  /** Standard normal under no trend; below 0: improving (events come early). */
  readonly laplace: { readonly u: number; readonly p: number };
  /** Exact: chi-square with `df` under no trend; large: improving. p is twice the smaller tail. */
  readonly milHdbk189: { readonly statistic: number; readonly df: number; readonly p: number };
  /** Laplace over the coefficient of variation of the gaps: allows any distribution of gaps. Null when all are equal. */
  readonly lewisRobinson: { readonly u: number; readonly p: number; readonly gapVariation: number } | null;
  /** Power-law rate lambda beta t^(beta - 1); beta below 1: improving. */
  readonly crowAmsaa: {
    readonly beta: number;
    readonly betaUnbiased: number;
    readonly betaInterval: Interval;
    readonly lambda: number;
    /** Rate at the end of the watch. */
    readonly intensityNow: number;
  };
}

const LEAST_EVENTS = 3;

/**
 * Is it getting worse or better? Four readings of event times against no trend.
 * Assumes a Poisson process (Lewis-Robinson: any renewal process). Insufficient with fewer than 3 events. O(n log n).
 * @throws RangeError for times at or below 0 or past the length (a time of exactly 0 has no logarithm)
 * @see D. Cox, P. Lewis (1966); MIL-HDBK-189 (1981); P. Lewis, D. Robinson (1974); L. Crow (1974)
 */
export function trend({ times, length, truncated = "time", level = DEFAULT_LEVEL }: TrendInput): Outcome<Trend> {
  requirePositive("trend", "length", length);
  requireFraction("trend", "level", level);
  requireNumbers("trend", "times", times, Number.MIN_VALUE, length);
  const sorted = [...times].sort((a, b) => a - b);
  const last = sorted.at(-1);
  if (truncated === "time" && last === length)
    throw new RangeError(`trend: times must lie before the length ${length}`);
  if (sorted.length < LEAST_EVENTS)
    return insufficient(`there are only ${sorted.length} events`, `${LEAST_EVENTS} events`);
  if (truncated === "event" && last !== length) {
    throw new RangeError(`trend: length must be the last event time ${last} when event truncated, got ${length}`);
  }
  const free = truncated === "event" ? sorted.slice(0, -1) : sorted; // the last event is the end, not a finding
  const m = free.length;
  const mean = free.reduce((sum, time) => sum + time, 0) / m;
  const u = (mean - length / 2) / (length / Math.sqrt(12 * m));
  const logs = free.reduce((sum, time) => sum + Math.log(length / time), 0);
  if (logs === 0) return insufficient("all events stand at the very end", "events at different times");
  const tails = chiSquareTails(2 * logs, 2 * m);
  const beta = sorted.length / logs;
  const tail = (1 - level) / 2;
  return ok({
    laplace: { u, p: twoSidedNormal(u) },
    milHdbk189: { statistic: 2 * logs, df: 2 * m, p: Math.min(1, 2 * Math.min(tails.lower, tails.upper)) },
    lewisRobinson: lewisRobinson(u, sorted),
    crowAmsaa: {
      beta,
      betaUnbiased: (m - 1) / logs,
      betaInterval: {
        level,
        lower: chiSquareQuantile(2 * m, below(tail)) / (2 * logs),
        upper: chiSquareQuantile(2 * m, beyond(tail)) / (2 * logs),
      },
      lambda: sorted.length / length ** beta,
      intensityNow: (beta * sorted.length) / length,
    },
  });
}

function lewisRobinson(u: number, sorted: readonly number[]): Trend["lewisRobinson"] {
  const gaps = sorted.map((time, i) => time - (sorted[i - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1);
  if (variance === 0) return null;
  const gapVariation = Math.sqrt(variance) / mean;
  return { u: u / gapVariation, p: twoSidedNormal(u / gapVariation), gapVariation };
}
