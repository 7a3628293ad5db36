const TINY = 1e-300;
const MOST_TERMS = 1e7;

/**
 * n(0) / (d(0) + n(1) / (d(1) + ...)) by the modified method of Lentz.
 * @throws RangeError when ten million terms were not enough
 * @see NIST DLMF 3.10(iii); I. Thompson, A. Barnett (1986), Coulomb and Bessel functions of complex arguments and order
 */
export function continuedFraction(numerator: (k: number) => number, denominator: (k: number) => number): number {
  let c = TINY;
  let d = 0;
  let value = TINY;
  for (let k = 0; k < MOST_TERMS; k++) {
    const n = numerator(k);
    const m = denominator(k);
    d = 1 / (m + n * d || TINY);
    c = m + n / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < 3e-16) return value;
  }
  throw new RangeError("continuedFraction: did not converge");
}
