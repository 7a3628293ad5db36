import { hypergeometricMass, hypergeometricTails, type Urn } from "../math/hypergeometric.js";
import { lnChoose } from "../math/log-gamma.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireCount, requireFraction } from "./arguments.js";
import { DEFAULT_ALPHA } from "./interval.js";

/** Backup runs, or any yes/no trials. */
export interface Runs {
  readonly runs: number;
  /** Runs with at least one event, at most `runs`. */
  readonly hit: number;
}

/** Runs and runs with a hang on both sides. */
export interface RunComparisonInput {
  readonly before: Runs;
  readonly after: Runs;
  /** Error of the claim that `cleanRunsNeeded` aims at; default 0.05. */
  readonly alpha?: number;
}

/** Two shares of runs with a hang against each other. */
export interface RunComparison {
  /** P(this few hit runs after, or fewer), given all hits, had nothing changed. */
  readonly pLess: number;
  readonly pGreater: number;
  /** Fisher's two-sided p: all tables no likelier than the one seen. */
  readonly pFisher: number;
  /** (hit/clean after)/(hit/clean before); Infinity, or null where it is 0/0. */
  readonly oddsRatio: number | null;
  /** Clean runs after the change that are needed in all, from the start, for pLess <= alpha; null when no hit before. */
  readonly cleanRunsNeeded: number | null;
}

/** Tables whose masses differ by less than this factor count as equally likely, as in R's fisher.test. */
const SAME = 1 + 1e-7;

/**
 * Did the share of hit runs change? Hypergeometric (Fisher) comparison, given all hits.
 * Assumes runs alike and independent; immune to several events in one run. Insufficient without a run on a side.
 * Cost: the number of possible tables, bisection for the runs needed.
 * @throws RangeError for impossible counts and levels, and for more hits than runs
 * @see R. Fisher (1935), The logic of inductive inference
 */
export function runComparison({ before, after, alpha = DEFAULT_ALPHA }: RunComparisonInput): Outcome<RunComparison> {
  requireRuns("runComparison", before, after);
  requireFraction("runComparison", "alpha", alpha);
  if (before.runs === 0) return insufficient("there is no run before", "runs on both sides");
  if (after.runs === 0) return insufficient("there is no run after", "runs on both sides");
  const urn: Urn = { marked: after.runs, plain: before.runs, drawn: before.hit + after.hit };
  const odds = (after.hit * (before.runs - before.hit)) / ((after.runs - after.hit) * before.hit);
  return ok({
    pLess: hypergeometricTails(after.hit, urn).lower,
    pGreater: hypergeometricTails(after.hit - 1, urn).upper,
    pFisher: noLikelier(after.hit, urn),
    oddsRatio: Number.isNaN(odds) ? null : odds,
    cleanRunsNeeded: before.hit === 0 ? null : cleanRunsNeeded(before, alpha),
  });
}

/** Checks both sides of a comparison of runs. */
export function requireRuns(where: string, before: Runs, after: Runs): void {
  for (const [name, { runs, hit }] of Object.entries({ before, after })) {
    requireCount(where, `${name}.runs`, runs);
    requireCount(where, `${name}.hit`, hit);
    if (hit > runs) throw new RangeError(`${where}: ${name}.hit must be at most ${name}.runs (${runs}), got ${hit}`);
  }
}

/** The masses rise to the mode and fall after it: each side's border is found by bisection. */
function noLikelier(seen: number, urn: Urn): number {
  const { marked, plain, drawn } = urn;
  const least = Math.max(0, drawn - plain);
  const most = Math.min(drawn, marked);
  const limit = hypergeometricMass(seen, urn) * SAME;
  const mode = Math.min(most, Math.max(least, Math.floor(((drawn + 1) * (marked + 1)) / (marked + plain + 2))));
  if (hypergeometricMass(mode, urn) <= limit) return 1;
  const unlikely = (k: number): boolean => hypergeometricMass(k, urn) <= limit;
  const lastBelow = lastWhere(unlikely, least - 1, mode);
  const firstAbove = lastWhere((k) => !unlikely(k), mode, most + 1) + 1;
  return Math.min(1, hypergeometricTails(lastBelow, urn).lower + hypergeometricTails(firstAbove - 1, urn).upper);
}

/** The last number in [from, to) for which a condition holds that is true at `from` and, once false, stays false. */
function lastWhere(condition: (k: number) => boolean, from: number, to: number): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (condition(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Smallest r with C(m, k)/C(m + r, k) <= alpha. */
function cleanRunsNeeded({ runs, hit }: Runs, alpha: number): number {
  // Rounding must not turn a chance of exactly alpha into one above it.
  const enough = (r: number): boolean => lnChoose(runs, hit) - lnChoose(runs + r, hit) <= Math.log(alpha) + 1e-12;
  let high = 1;
  while (!enough(high)) high *= 2;
  return lastWhere((r) => !enough(r), 0, high) + 1;
}
