import { solveIncreasing } from "../math/solve-increasing.js";
import type { Interval } from "./interval.js";

/** What an exact one-parameter test says of a ratio. */
export interface ExactNumbers {
  readonly pLess: number;
  readonly pGreater: number;
  readonly pCentral: number;
  readonly pMid: number;
  readonly interval: Interval;
  readonly midPInterval: Interval;
  readonly lowerOneSided: number;
  readonly upperOneSided: number;
}

/** The two tails including x, and the mass at x, at a true ratio of e^lnRatio. */
export interface TailsAt {
  readonly less: number;
  readonly greater: number;
  readonly mass: number;
}

/**
 * Tails of a family of distributions on 0, 1, ...: at a true ratio of e^lnRatio the weight of k is e^(lnWeights[k] + k
 * lnRatio). Linear in the weights, at each ratio.
 */
export function tailsOf(lnWeights: Float64Array, x: number): (lnRatio: number) => TailsAt {
  const total = lnWeights.length - 1;
  return (lnRatio) => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k <= total; k++) top = Math.max(top, (lnWeights[k] ?? 0) + k * lnRatio);
    const weight = (k: number): number => Math.exp((lnWeights[k] ?? 0) + k * lnRatio - top);
    let below = 0;
    let above = 0;
    for (let k = 0; k < x; k++) below += weight(k);
    for (let k = total; k > x; k--) above += weight(k);
    const at = weight(x);
    const all = below + at + above;
    return { less: (below + at) / all, greater: (above + at) / all, mass: at / all };
  };
}

/** P values at a ratio of 1, and the limits at which the tails reach the level; `x` of `total` was seen. */
export function fromTails(at: (lnRatio: number) => TailsAt, x: number, total: number, level: number): ExactNumbers {
  const { less, greater, mass } = at(0);
  const alpha = 1 - level;
  const lower = (tail: number, off: number): number => {
    if (x === 0) return 0;
    return Math.exp(solveIncreasing((t) => excess(at(t), "greater", off, tail), 0));
  };
  const upper = (tail: number, off: number): number => {
    if (x === total) return Number.POSITIVE_INFINITY;
    return Math.exp(solveIncreasing((t) => -excess(at(t), "less", off, tail), 0));
  };
  return {
    pLess: less,
    pGreater: greater,
    pCentral: Math.min(1, 2 * Math.min(less, greater)),
    pMid: Math.min(1, 2 * Math.min(less - mass / 2, greater - mass / 2)),
    interval: { level, lower: lower(alpha / 2, 0), upper: upper(alpha / 2, 0) },
    midPInterval: { level, lower: lower(alpha / 2, 0.5), upper: upper(alpha / 2, 0.5) },
    lowerOneSided: lower(alpha, 0),
    upperOneSided: upper(alpha, 0),
  };
}

/** ln of a tail, less a part of the mass at x, over the tail that is wanted. */
const excess = (tails: TailsAt, side: "less" | "greater", off: number, want: number): number =>
  Math.log((tails[side] - off * tails.mass) / want);
