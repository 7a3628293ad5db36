import { normalQuantile } from "../math/normal.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requirePositive, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";
import type { RateRatioInput } from "./rate-ratio.js";

const LEAST_EVENTS = 5;

/**
 * How wide is the interval of a rate ratio when events come in clusters? Wald interval of ln ratio, widened by the
 * dispersion; dispersion below 1 is not rewarded.
 * Assumes the same clustering on both sides. Insufficient with fewer than 5 events on a side: count clusters instead.
 * @param phi - from `dispersion`, above 0
 * @throws RangeError for impossible counts, exposures, levels and dispersions
 * @see P. McCullagh, J. Nelder (1989), Generalized linear models, section 6.2.3
 */
export function quasiPoissonRatio(
  { events, exposure, referenceEvents, referenceExposure, level = DEFAULT_LEVEL }: RateRatioInput,
  phi: number,
): Outcome<{ readonly ratio: number; readonly interval: Interval }> {
  requireSide("quasiPoissonRatio", ["events", "exposure"], events, exposure);
  requireSide("quasiPoissonRatio", ["referenceEvents", "referenceExposure"], referenceEvents, referenceExposure);
  requireFraction("quasiPoissonRatio", "level", level);
  requirePositive("quasiPoissonRatio", "phi", phi);
  if (Math.min(events, referenceEvents) < LEAST_EVENTS) {
    return insufficient("a side has fewer than 5 events", "5 events on each side");
  }
  const ratio = events / exposure / (referenceEvents / referenceExposure);
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(Math.max(1, phi) * (1 / events + 1 / referenceEvents));
  return ok({ ratio, interval: { level, lower: ratio * Math.exp(-reach), upper: ratio * Math.exp(reach) } });
}
