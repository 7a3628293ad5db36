import { solveIncreasing } from "../math/solve-increasing.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { type Conditional, conditional, convolve, type Stratum } from "./conditional-strata.js";
import { type ExactNumbers, fromTails, tailsOf } from "./exact-family.js";
import { DEFAULT_LEVEL } from "./interval.js";

/** Two rate ratios against each other. */
export interface RatioOfRatios extends ExactNumbers {
  /** Conditional maximum likelihood estimate of the treated ratio over the control ratio: 0 and Infinity at the ends. */
  readonly ratio: number;
  /** Strata with events and with exposure on both sides; the others say nothing. */
  readonly treatedStrata: number;
  readonly controlStrata: number;
}

const MOST_EVENTS = 5000;

/**
 * Did a rate change more in some hosts than in others? The ratio after/before of treated strata over that of control
 * strata, exact given each stratum's total and the number of events after in all of them: what the old rates were, and
 * what happened to everybody alike, cancels out. Order of the strata does not matter.
 * Assumes constant rates within a side of a stratum, independent events, one ratio in all treated and one in all control
 * strata, and that without the treatment both would have been the same.
 * Insufficient when a group has no stratum with exposure on both sides, when the totals leave only one outcome possible,
 * and above 5,000 events in a group. Cost: the square of the number of events.
 * @throws RangeError for impossible counts, exposures and levels, and for events without exposure
 * @see D. Cox, E. Snell (1989), Analysis of Binary Data, section 2.3; J. Angrist, J. Pischke (2009), Mostly Harmless
 * Econometrics, section 5.2
 */
export function ratioOfRatios(
  treated: readonly Stratum[],
  control: readonly Stratum[],
  level: number = DEFAULT_LEVEL,
): Outcome<RatioOfRatios> {
  requireFraction("ratioOfRatios", "level", level);
  const sides = [usable("treated", treated), usable("control", control)] as const;
  for (const [i, name] of ["treated", "control"].entries())
    if (sides[i]?.length === 0)
      return insufficient(`no ${name} stratum has exposure on both sides`, `a ${name} stratum with both`);
  const [t, c] = sides.map((strata) => strata.filter(({ total }) => total > 0)) as [Conditional[], Conditional[]];
  const sizes = [sum(t, (one) => one.total), sum(c, (one) => one.total)] as const;
  if (Math.max(...sizes) > MOST_EVENTS) return insufficient(`more than ${MOST_EVENTS} events in a group`);
  const seen = sum(t, (one) => one.stratum.events);
  const after = seen + sum(c, (one) => one.stratum.events);
  const least = Math.max(0, after - sizes[1]);
  const most = Math.min(sizes[0], after);
  if (least === most)
    return insufficient(
      "the totals leave only one outcome possible",
      "an event before and one after the change, in either group",
    );
  const [ofTreated, ofControl] = [convolve(t), convolve(c)];
  const lnWeights = Float64Array.from(
    { length: most - least + 1 },
    (_, i) => (ofTreated[least + i] ?? 0) + (ofControl[after - least - i] ?? 0),
  );
  const x = seen - least;
  return ok({
    ratio: Math.exp(estimate(lnWeights, x)),
    treatedStrata: t.length,
    controlStrata: c.length,
    ...fromTails(tailsOf(lnWeights, x), x, most - least, level),
  });
}

function usable(group: string, strata: readonly Stratum[]): Conditional[] {
  strata.forEach(({ events, exposure, referenceEvents, referenceExposure }, i) => {
    const name = `${group}[${i}]`;
    requireSide("ratioOfRatios", [`${name}.events`, `${name}.exposure`], events, exposure);
    requireSide(
      "ratioOfRatios",
      [`${name}.referenceEvents`, `${name}.referenceExposure`],
      referenceEvents,
      referenceExposure,
    );
  });
  return strata.filter(({ exposure, referenceExposure }) => exposure > 0 && referenceExposure > 0).map(conditional);
}

/** ln of the ratio at which x is expected. */
function estimate(lnWeights: Float64Array, x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === lnWeights.length - 1) return Number.POSITIVE_INFINITY;
  return solveIncreasing((lnRatio) => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < lnWeights.length; k++) top = Math.max(top, (lnWeights[k] ?? 0) + k * lnRatio);
    let all = 0;
    let mean = 0;
    for (let k = 0; k < lnWeights.length; k++) {
      const weight = Math.exp((lnWeights[k] ?? 0) + k * lnRatio - top);
      all += weight;
      mean += k * weight;
    }
    return mean / all - x;
  }, 0);
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
