import { binomialMass } from "./binomial.js";
import type { Tails } from "./tails.js";

/**
 * Draws without replacement: `marked` marked and `plain` plain balls, `drawn` drawn; X of the drawn are marked.
 * All three are whole and 0 or more, `drawn` at most `marked + plain`.
 */
export interface Urn {
  readonly marked: number;
  readonly plain: number;
  readonly drawn: number;
}

/** P(X = k). Relative error about 1e-13. @see C. Loader (2000): a ratio of three binomial probabilities */
export function hypergeometricMass(k: number, { marked, plain, drawn }: Urn): number {
  const total = marked + plain;
  if (k < 0 || k > marked || drawn - k < 0 || drawn - k > plain) return 0;
  if (drawn === 0 || drawn === total) return 1;
  const p = drawn / total;
  const q = (total - drawn) / total;
  return (binomialMass(k, marked, p, q) * binomialMass(drawn - k, plain, p, q)) / binomialMass(drawn, total, p, q);
}

/**
 * `lower` = P(X <= k), `upper` = P(X > k), each summed from its own end, so a small tail keeps its precision.
 * Cost: the number of outcomes beyond k that still matter.
 */
export function hypergeometricTails(k: number, urn: Urn): Tails {
  const least = Math.max(0, urn.drawn - urn.plain);
  const most = Math.min(urn.drawn, urn.marked);
  if (k < least) return { lower: 0, upper: 1 };
  if (k >= most) return { lower: 1, upper: 0 };
  const mean = (urn.drawn * urn.marked) / (urn.marked + urn.plain);
  if (k < mean) {
    const lower = sumAway(k, -1, least, urn);
    return { lower, upper: Math.max(0, 1 - lower) };
  }
  const upper = sumAway(k + 1, 1, most, urn);
  return { lower: Math.max(0, 1 - upper), upper };
}

/** Sum of the masses from `from` away from the mean; each from the one before by the ratio of neighbours. */
function sumAway(from: number, step: 1 | -1, end: number, urn: Urn): number {
  let mass = hypergeometricMass(from, urn);
  let sum = mass;
  for (let k = from; k !== end; k += step) {
    const up = ((urn.marked - k) * (urn.drawn - k)) / ((k + 1) * (urn.plain - urn.drawn + k + 1));
    const down = (k * (urn.plain - urn.drawn + k)) / ((urn.marked - k + 1) * (urn.drawn - k + 1));
    mass *= step > 0 ? up : down;
    sum += mass;
    if (mass < sum * 1e-18) break;
  }
  return sum;
}
