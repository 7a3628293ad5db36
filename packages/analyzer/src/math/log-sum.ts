/** ln of the sum of exponentials; -Infinity for an empty list or when every term is -Infinity. */
export function logSumExp(terms: Iterable<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  const list = [...terms];
  for (const term of list) if (term > largest) largest = term;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const term of list) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}

/** x ln(x / m), with 0 ln 0 = 0. */
export const xLnRatio = (x: number, m: number): number => (x === 0 ? 0 : x * Math.log(x / m));
