const HALF_LN_2PI = 0.9189385332046728;

/**
 * ln gamma(n + 1) less Stirling's approximation n ln n - n + ln(2 pi n)/2. Absolute error below 1e-16.
 * At most 16 steps.
 * @param n - above 0, need not be whole
 * @see C. Loader (2000), Fast and accurate computation of binomial probabilities; NIST DLMF 5.11.1
 */
export function stirlingError(n: number): number {
  let shifted = n;
  let sum = 0;
  while (shifted < 16) {
    sum += (shifted + 0.5) * Math.log1p(1 / shifted) - 1; // what one step up changes
    shifted += 1;
  }
  const q = 1 / (shifted * shifted);
  const series = 1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - (691 / 360360) * q) * q) * q) * q) * q;
  return sum + series / shifted;
}

/**
 * ln gamma(x). Absolute error about 1e-16 times the size of x ln x.
 * @param x - above 0
 */
export function lnGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LN_2PI + stirlingError(x);
}

/**
 * ln of the number of ways to choose `chosen` from `from`; -Infinity outside 0..from.
 * @see C. Loader (2000): the large parts cancel on paper instead of in the machine
 */
export function lnChoose(from: number, chosen: number): number {
  const left = from - chosen;
  if (chosen < 0 || left < 0) return Number.NEGATIVE_INFINITY;
  if (chosen === 0 || left === 0) return 0;
  return (
    stirlingError(from) -
    stirlingError(chosen) -
    stirlingError(left) -
    chosen * Math.log(chosen / from) -
    left * Math.log(left / from) +
    0.5 * Math.log(from / (2 * Math.PI * chosen * left))
  );
}
