import { continuedFraction } from "./continued-fraction.js";
import { deviance } from "./deviance.js";
import { integrateDecay } from "./integrate-decay.js";
import { stirlingError } from "./log-gamma.js";
import type { Tails } from "./tails.js";

/** From this shape on the tail is integrated: series and fraction need about the square root of the shape in terms. */
const LARGE_SHAPE = 1e5;
/** Standard deviations beyond which both tails are settled: exp(-45^2/2) is below the smallest double. */
const FAR = 45;

/**
 * Regularised incomplete gamma function: `lower` = P(a, x), `upper` = Q(a, x).
 * For a Poisson count with mean m, P(X <= k) = gammaTails(k + 1, m).upper.
 * The smaller tail has a relative error of about 1e-12. Cost: the square root of `a` in steps up to a = 1e5, constant
 * above it.
 * @param a - the shape, above 0
 * @param x - any number; 0 or less gives { lower: 0, upper: 1 }
 * @see C. Loader (2000) for the leading factor; NIST DLMF 8.7.1 (series), 8.9.2 (fraction)
 */
export function gammaTails(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const mass = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  if (mass === 0) return x < a ? { lower: 0, upper: 1 } : { lower: 1, upper: 0 };
  const z = (x - a) / Math.sqrt(a);
  if (a > LARGE_SHAPE && Math.abs(z) < FAR) return largeShapeTails(a, x, mass, z);
  if (x < a + 1) {
    let term = 1;
    let sum = 1;
    for (let k = a + 1; term > sum * 1e-17; k++) {
      term *= x / k;
      sum += term;
    }
    return { lower: mass * sum, upper: Math.max(0, 1 - mass * sum) };
  }
  const fraction = continuedFraction(
    (k) => (k === 0 ? 1 : k * (a - k)),
    (k) => x + 2 * k + 1 - a,
  );
  const upper = mass * a * fraction;
  return { lower: Math.max(0, 1 - upper), upper };
}

/** The density t^(a-1) e^-t at t is `mass a / t` there; its fall away from x is smooth, so quadrature is exact. */
function largeShapeTails(a: number, x: number, mass: number, z: number): Tails {
  const direction = z >= 0 ? 1 : -1;
  const scale = Math.sqrt(a) * direction;
  const atX = deviance(a, x);
  const tail =
    mass *
    Math.sqrt(a) *
    integrateDecay(Math.abs(z), (u) => {
      const t = x + scale * u;
      if (t <= 0) return 0;
      return Math.exp(atX - deviance(a, t, a - x - scale * u)) * (a / t);
    });
  return direction > 0 ? { lower: 1 - tail, upper: tail } : { lower: tail, upper: 1 - tail };
}
