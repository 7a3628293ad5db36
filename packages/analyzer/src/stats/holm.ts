import { requireNumbers } from "./arguments.js";

/**
 * Many questions of one family: p values adjusted so that comparing each with alpha keeps the chance of any false
 * claim at alpha, however the tests depend on each other. In the order given. O(n log n).
 * @param pValues - each 0 to 1; an empty list gives an empty list
 * @throws RangeError for a value outside 0 to 1
 * @see S. Holm (1979), A simple sequentially rejective multiple test procedure
 */
export function holm(pValues: readonly number[]): number[] {
  requireNumbers("holm", "pValues", pValues, 0, 1);
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(0);
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
