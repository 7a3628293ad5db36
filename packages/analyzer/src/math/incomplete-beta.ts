import { continuedFraction } from "./continued-fraction.js";
import { deviance } from "./deviance.js";
import { integrateDecay } from "./integrate-decay.js";
import { stirlingError } from "./log-gamma.js";
import { swapTails, type Tails } from "./tails.js";

/** From here on the tail is integrated: the fraction needs about the square root of the smaller shape in terms. */
const LARGE_SHAPE = 1e5;
/** Standard deviations beyond which both tails are settled or the fraction is short. */
const FAR = 45;

/**
 * Regularised incomplete beta function: `lower` = I_x(a, b), `upper` = its complement I_y(b, a).
 * For X ~ Binomial(n, p): P(X <= k) = betaTails(k + 1, n - k, p).upper for 0 <= k < n.
 * The smaller tail has a relative error of about 1e-12 (the rounding of x and y comes on top at large shapes).
 * Cost: at most the square root of the smaller shape in steps, constant above 1e5.
 * @param a - above 0
 * @param b - above 0
 * @param x - 0 or less gives { lower: 0, upper: 1 }
 * @param y - 1 - x; pass it where it is known more exactly than the subtraction would give it
 * @see C. Loader (2000) for the leading factor; NIST DLMF 8.17.22 for the fraction
 */
export function betaTails(a: number, b: number, x: number, y: number = 1 - x): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  const n = a + b;
  // Rounding can put x and y both above their means; either side will do then, but only one of them may hand over.
  if (x > (a + 1) / (n + 2) && y <= (b + 1) / (n + 2)) return swapTails(betaTails(b, a, y, x));
  const distance = deviance(a, n * x) + deviance(b, n * y);
  const height = Math.exp(stirlingError(n) - stirlingError(a) - stirlingError(b) - distance);
  if (height === 0) return { lower: 0, upper: 1 };
  if (Math.min(a, b) > LARGE_SHAPE) {
    const sd = Math.sqrt(a * (b / n));
    const z = (a - n * x) / sd;
    if (Math.abs(z) < FAR) return largeShapeTails(a, b, x, y, height, z);
  }
  const step = (k: number): number => {
    if (k === 0) return 1;
    const m = Math.floor(k / 2);
    if (k % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    return (-(a + m) * (n + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  };
  const lower = height * Math.sqrt(b / (2 * Math.PI * a * n)) * continuedFraction(step, () => 1);
  return { lower, upper: Math.max(0, 1 - lower) };
}

/** Integrates away from the mode, in standard deviations of n x. */
function largeShapeTails(a: number, b: number, x: number, y: number, height: number, z: number): Tails {
  const n = a + b;
  const sd = Math.sqrt(a * (b / n));
  const direction = z >= 0 ? -1 : 1; // below the mean the lower tail is the small one
  const fromA = a - n * x;
  const fromB = b - n * y;
  const start = deviance(a, n * x, fromA) + deviance(b, n * y, fromB);
  const integral = integrateDecay(Math.abs(z), (u) => {
    const shift = direction * sd * u;
    const nx = n * x + shift;
    const ny = n * y - shift;
    if (nx <= 0 || ny <= 0) return 0;
    const fall = start - deviance(a, nx, fromA - shift) - deviance(b, ny, fromB + shift);
    return Math.exp(fall) * (a / nx) * (b / ny);
  });
  const tail = (height / Math.sqrt(2 * Math.PI)) * integral;
  return direction < 0 ? { lower: tail, upper: 1 - tail } : { lower: 1 - tail, upper: tail };
}
