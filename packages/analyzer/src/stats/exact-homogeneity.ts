import { lnGamma } from "../math/log-gamma.js";
import { xLnRatio } from "../math/log-sum.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireSide } from "./arguments.js";
import type { Bin } from "./dispersion.js";
import { rateHomogeneity } from "./rate-homogeneity.js";

export interface ExactHomogeneity {
  /** G^2 = 2 sum x ln(x/E), E in proportion to exposure. */
  readonly statistic: number;
  readonly p: number;
  readonly method: "exact" | "chi-square";
}

const MOST_TABLES = 200_000;

/**
 * Do several groups share one rate, however few the events? Given their number, events fall into the groups as a
 * multinomial draw in proportion to exposure; p is the chance of a table with at least this likelihood ratio. Exact up to
 * 200,000 tables, above by the chi-square distribution.
 * Assumes Poisson counts. Insufficient without events, with fewer than two groups that have exposure, and where there are
 * too many tables and too few events in some group for the chi-square distribution.
 * @throws RangeError for impossible counts and exposures, and for events without exposure
 * @see N. Mantel (1966); A. Agresti (1992), A survey of exact inference for contingency tables
 */
export function exactHomogeneity(parts: readonly Bin[]): Outcome<ExactHomogeneity> {
  parts.forEach(({ events, exposure }, i) => {
    requireSide("exactHomogeneity", [`parts[${i}].events`, `parts[${i}].exposure`], events, exposure);
  });
  const used = parts.filter(({ exposure }) => exposure > 0);
  if (used.length < 2) return insufficient("fewer than two groups have exposure", "two groups with exposure");
  const events = used.reduce((sum, part) => sum + part.events, 0);
  if (events === 0) return insufficient("there is no event", "one event");
  const exposure = used.reduce((sum, part) => sum + part.exposure, 0);
  const shares = used.map((part) => part.exposure / exposure);
  if (tables(events, used.length) > MOST_TABLES) {
    const approximate = rateHomogeneity(used);
    if (approximate.status !== "ok") return approximate;
    const { statistic, p } = approximate.value;
    return ok({ statistic, p, method: "chi-square" });
  }
  const statisticOf = (counts: readonly number[]): number =>
    2 * counts.reduce((sum, x, i) => sum + xLnRatio(x, events * shares[i]!), 0);
  const observed = statisticOf(used.map((part) => part.events));
  const slack = 1e-9 * Math.max(1, observed);
  const lnShares = shares.map(Math.log);
  const counts = new Array<number>(used.length).fill(0);
  let p = 0;
  const visit = (group: number, left: number, lnChance: number): void => {
    const isLast = group === counts.length - 1;
    for (let x = isLast ? left : 0; x <= left; x++) {
      counts[group] = x;
      const ln = lnChance + x * lnShares[group]! - lnGamma(x + 1);
      if (!isLast) visit(group + 1, left - x, ln);
      else if (statisticOf(counts) >= observed - slack) p += Math.exp(ln);
    }
  };
  visit(0, events, lnGamma(events + 1));
  return ok({ statistic: Math.max(0, observed), p: Math.min(1, p), method: "exact" });
}

/** In how many ways so many events fall into so many groups; Infinity where that is beyond counting. */
function tables(events: number, groups: number): number {
  let ways = 1;
  for (let k = 1; k < groups; k++) ways *= (events + k) / k;
  return ways;
}
