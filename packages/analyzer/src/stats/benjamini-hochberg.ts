import { requireNumbers } from "./arguments.js";

/**
 * Many questions of one kind: p values adjusted so that, of the answers for which they are at most q, at most the share q
 * is false on average. For independent tests and for those that depend positively; less strict than Holm, which bounds the
 * chance of any false answer. In the order given. O(n log n).
 * @param pValues - each 0 to 1; an empty list gives an empty list
 * @throws RangeError for a value outside 0 to 1
 * @see Y. Benjamini, Y. Hochberg (1995), Controlling the false discovery rate
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  requireNumbers("benjaminiHochberg", "pValues", pValues, 0, 1);
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = new Array<number>(pValues.length).fill(0);
  let smallest = 1;
  order.forEach(({ p, index }, i) => {
    smallest = Math.min(smallest, p * (pValues.length / (pValues.length - i)));
    adjusted[index] = smallest;
  });
  return adjusted;
}
