import { chiSquareTails } from "../math/chi-square.js";
import { xLnRatio } from "../math/log-sum.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireSide } from "./arguments.js";
import type { Bin } from "./dispersion.js";

export interface RateHomogeneity {
  /** G^2 = 2 sum x ln(x/E), E in proportion to exposure. */
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

const LEAST_EXPECTED = 3;

/**
 * Do several epochs share one rate? Likelihood ratio of one rate for each against one for all.
 * Assumes Poisson counts. Insufficient with fewer than two parts that have exposure, or where a part would expect fewer
 * than 3 events: there the chi-square distribution is not yet one. O(parts).
 * @throws RangeError for impossible counts and exposures, and for events without exposure
 * @see S. Wilks (1938), The large-sample distribution of the likelihood ratio for testing composite hypotheses
 */
export function rateHomogeneity(parts: readonly Bin[]): Outcome<RateHomogeneity> {
  parts.forEach(({ events, exposure }, i) => {
    requireSide("rateHomogeneity", [`parts[${i}].events`, `parts[${i}].exposure`], events, exposure);
  });
  const used = parts.filter(({ exposure }) => exposure > 0);
  if (used.length < 2) return insufficient("fewer than two parts have exposure", "two parts with exposure");
  const events = used.reduce((sum, part) => sum + part.events, 0);
  const exposure = used.reduce((sum, part) => sum + part.exposure, 0);
  let statistic = 0;
  for (const part of used) {
    const expected = events * (part.exposure / exposure);
    if (expected < LEAST_EXPECTED) return insufficient("a part would expect fewer than 3 events", "more events");
    statistic += 2 * xLnRatio(part.events, expected);
  }
  const df = used.length - 1;
  return ok({ statistic: Math.max(0, statistic), df, p: chiSquareTails(Math.max(0, statistic), df).upper });
}
