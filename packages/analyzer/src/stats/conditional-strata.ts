import { lnChoose } from "../math/log-gamma.js";

/** One epoch, host or clock hour: compared and reference side, as in `rateRatio`. */
export interface Stratum {
  readonly events: number;
  readonly exposure: number;
  readonly referenceEvents: number;
  readonly referenceExposure: number;
}

/** A stratum given its total: `total` events, each on the compared side with log odds `lnRatio + lnOdds`. */
export interface Conditional {
  readonly total: number;
  readonly lnOdds: number;
  readonly stratum: Stratum;
}

/** A stratum as it enters the conditional likelihood; both exposures above 0. */
export function conditional(stratum: Stratum): Conditional {
  const { events, referenceEvents, exposure, referenceExposure } = stratum;
  return { total: events + referenceEvents, lnOdds: Math.log(exposure) - Math.log(referenceExposure), stratum };
}

/** ln of the weights of 0, 1, ... compared events at ratio 1: the product of the strata's binomial polynomials. */
export function convolve(used: readonly Conditional[]): Float64Array {
  let product: Float64Array = new Float64Array(1);
  for (const { total, lnOdds } of used) {
    const factor = Float64Array.from({ length: total + 1 }, (_, k) => lnChoose(total, k) + k * lnOdds);
    const next = new Float64Array(product.length + total);
    for (let k = 0; k < next.length; k++) {
      const from = Math.max(0, k - total);
      const to = Math.min(k, product.length - 1);
      let top = Number.NEGATIVE_INFINITY;
      for (let j = from; j <= to; j++) top = Math.max(top, (product[j] ?? 0) + (factor[k - j] ?? 0));
      let sum = 0;
      for (let j = from; j <= to; j++) sum += Math.exp((product[j] ?? 0) + (factor[k - j] ?? 0) - top);
      next[k] = top + Math.log(sum);
    }
    product = next;
  }
  return product;
}
