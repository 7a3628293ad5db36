import { chiSquareTails } from "../math/chi-square.js";
import { xLnRatio } from "../math/log-sum.js";
import { normalQuantile, normalTails } from "../math/normal.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { type Conditional, conditional, convolve, type Stratum } from "./conditional-strata.js";
import { type ExactNumbers, fromTails, type TailsAt, tailsOf } from "./exact-family.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** One common ratio of rates over strata. */
export interface StratifiedRateRatio {
  /** Conditional maximum likelihood estimate: 0, Infinity, or null when there is no event in any usable stratum. */
  readonly ratio: number | null;
  /** Strata with events and with exposure on both sides; the others say nothing about the ratio. */
  readonly strata: number;
  readonly events: number;
  readonly referenceEvents: number;
  readonly pLess: number;
  readonly pGreater: number;
  readonly pCentral: number;
  readonly pMid: number;
  readonly interval: Interval;
  readonly midPInterval: Interval;
  readonly lowerOneSided: number;
  readonly upperOneSided: number;
  /** `exact`: convolution. `wald`: above 5,000 events, from the information at the estimate. */
  readonly method: "exact" | "wald";
  /** Robust when strata are many and thin; null where it is not finite and above 0. */
  readonly mantelHaenszel: { readonly ratio: number; readonly interval: Interval } | null;
  /** From the information at the estimate; null where the estimate is not finite and above 0. For display. */
  readonly waldInterval: Interval | null;
  /** Do the strata share one ratio? Null when fewer than two strata or an expected count below 3. */
  readonly homogeneity: { readonly statistic: number; readonly df: number; readonly p: number } | null;
}

const MOST_EXACT_EVENTS = 5000;
const LEAST_EXPECTED = 3;

/**
 * Do two sides have the same rate, when rates and shares of time differ between strata? One common ratio, exact given
 * the total of every stratum; order of the strata does not matter.
 * Assumes the same ratio in all strata (see `homogeneity`), constant rates within a side of a stratum, independent
 * events. Insufficient when no stratum has exposure on both sides.
 * Cost: the square of the number of events, up to 5,000 of them (about 0.3 s); then linear in strata.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see C. Farrington (1995), Relative incidence estimation from case series; S. Greenland, J. Robins (1985)
 */
export function stratifiedRateRatio(
  strata: readonly Stratum[],
  level: number = DEFAULT_LEVEL,
): Outcome<StratifiedRateRatio> {
  strata.forEach((stratum, i) => {
    requireSide(
      "stratifiedRateRatio",
      [`strata[${i}].events`, `strata[${i}].exposure`],
      stratum.events,
      stratum.exposure,
    );
    requireSide(
      "stratifiedRateRatio",
      [`strata[${i}].referenceEvents`, `strata[${i}].referenceExposure`],
      stratum.referenceEvents,
      stratum.referenceExposure,
    );
  });
  requireFraction("stratifiedRateRatio", "level", level);
  const twoSided = strata.filter(({ exposure, referenceExposure }) => exposure > 0 && referenceExposure > 0);
  if (twoSided.length === 0) {
    return insufficient("no stratum has exposure on both sides", "a stratum with exposure on both sides");
  }
  const used = twoSided.map(conditional).filter(({ total }) => total > 0);
  const x = used.reduce((sum, { stratum }) => sum + stratum.events, 0);
  const total = used.reduce((sum, stratum) => sum + stratum.total, 0);
  const lnRatio = estimate(used, x, total);
  const waldInterval = Number.isFinite(lnRatio) ? wald(used, lnRatio, level) : null;
  return ok({
    ratio: total === 0 ? null : Math.exp(lnRatio),
    strata: used.length,
    events: x,
    referenceEvents: total - x,
    ...(total <= MOST_EXACT_EVENTS || waldInterval === null
      ? { ...fromTails(exactTails(used, x, total), x, total, level), method: "exact" as const }
      : { ...fromWald(used, lnRatio, level), method: "wald" as const }),
    mantelHaenszel: mantelHaenszel(used, level),
    waldInterval,
    homogeneity: homogeneity(used, lnRatio),
  });
}

const share = (lnOdds: number): number => 1 / (1 + Math.exp(-lnOdds));

/** ln of the conditional maximum likelihood estimate. */
function estimate(used: readonly Conditional[], x: number, total: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === total) return Number.POSITIVE_INFINITY;
  const [only] = used;
  if (only !== undefined && used.length === 1) return Math.log(x) - Math.log(total - x) - only.lnOdds;
  return solveIncreasing((t) => used.reduce((sum, s) => sum + s.total * share(t + s.lnOdds), -x), 0);
}

const information = (used: readonly Conditional[], lnRatio: number): number =>
  used.reduce((sum, s) => sum + s.total * share(lnRatio + s.lnOdds) * share(-lnRatio - s.lnOdds), 0);

function wald(used: readonly Conditional[], lnRatio: number, level: number): Interval {
  const reach = normalQuantile((1 + level) / 2) / Math.sqrt(information(used, lnRatio));
  return { level, lower: Math.exp(lnRatio - reach), upper: Math.exp(lnRatio + reach) };
}

function exactTails(used: readonly Conditional[], x: number, total: number): (lnRatio: number) => TailsAt {
  // At the ends only one outcome is at stake, so no convolution is needed whatever the total.
  if (x === 0 || x === total) {
    const sign = x === 0 ? 1 : -1;
    return (lnRatio) => {
      const lnMass = -used.reduce((sum, s) => sum + s.total * softplus(sign * (lnRatio + s.lnOdds)), 0);
      const mass = Math.exp(lnMass);
      return x === 0 ? { less: mass, greater: 1, mass } : { less: 1, greater: mass, mass };
    };
  }
  return tailsOf(convolve(used), x);
}

/** ln(1 + e^z). */
const softplus = (z: number): number => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));

function fromWald(used: readonly Conditional[], lnRatio: number, level: number): ExactNumbers {
  const { lower: pLess, upper: pGreater } = normalTails(lnRatio * Math.sqrt(information(used, lnRatio)));
  const interval = wald(used, lnRatio, level);
  const reach = normalQuantile(level) / Math.sqrt(information(used, lnRatio));
  const pCentral = Math.min(1, 2 * Math.min(pLess, pGreater));
  return {
    pLess,
    pGreater,
    pCentral,
    pMid: pCentral,
    interval,
    midPInterval: interval,
    lowerOneSided: Math.exp(lnRatio - reach),
    upperOneSided: Math.exp(lnRatio + reach),
  };
}

function mantelHaenszel(used: readonly Conditional[], level: number): StratifiedRateRatio["mantelHaenszel"] {
  let r = 0;
  let s = 0;
  let spread = 0;
  for (const { total, stratum } of used) {
    const { events, exposure: t, referenceEvents, referenceExposure: t0 } = stratum;
    const all = t + t0;
    r += events * (t0 / all);
    s += referenceEvents * (t / all);
    spread += total * (t / all) * (t0 / all);
  }
  if (r === 0 || s === 0) return null;
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(spread / r / s);
  const ratio = r / s;
  return { ratio, interval: { level, lower: ratio * Math.exp(-reach), upper: ratio * Math.exp(reach) } };
}

/** Likelihood ratio of one ratio per stratum against one for all. */
function homogeneity(used: readonly Conditional[], lnRatio: number): StratifiedRateRatio["homogeneity"] {
  if (used.length < 2 || !Number.isFinite(lnRatio)) return null;
  let statistic = 0;
  for (const { total, lnOdds, stratum } of used) {
    const expected = total * share(lnRatio + lnOdds);
    const expectedReference = total * share(-lnRatio - lnOdds);
    if (Math.min(expected, expectedReference) < LEAST_EXPECTED) return null;
    statistic += 2 * (xLnRatio(stratum.events, expected) + xLnRatio(stratum.referenceEvents, expectedReference));
  }
  const df = used.length - 1;
  return { statistic, df, p: chiSquareTails(statistic, df).upper };
}
