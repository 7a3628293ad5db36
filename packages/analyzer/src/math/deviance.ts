/**
 * x ln(x/m) + m - x, without cancellation near x = m: half the Poisson deviance of x from a mean of m.
 * @param x - 0 or more
 * @param m - above 0
 * @param excess - x - m, where the caller knows it more exactly than the subtraction would give it
 * @see C. Loader (2000), Fast and accurate computation of binomial probabilities
 */
export function deviance(x: number, m: number, excess: number = x - m): number {
  if (x === 0) return m;
  if (m === 0) return Number.POSITIVE_INFINITY;
  if (Math.abs(excess) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = excess / (x + m);
  let sum = excess * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
