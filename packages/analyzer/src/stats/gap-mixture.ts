import { quantileSorted } from "simple-statistics";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireNumbers } from "./arguments.js";

export interface GapMixture {
  /** Share of short gaps (within a burst). */
  readonly shortShare: number;
  readonly shortMean: number;
  readonly longMean: number;
  /** A gap of this length is as likely to be short as long; longer ones part episodes. */
  readonly threshold: number;
  /** The two means are more than a factor of 20 apart; otherwise keep the default threshold. */
  readonly accepted: boolean;
}

const LEAST_GAPS = 10;
const ENOUGH_APART = 20;
const MOST_ROUNDS = 10_000;
const SETTLED = 1e-12;

/**
 * Which gaps lie within a burst and which between? Two exponential distributions, fitted by expectation maximisation.
 * Assumes independent gaps. Insufficient with fewer than 10 gaps, and when all collapse into one group.
 * O(gaps) a round, rounds until the parameters change by less than 1e-12.
 * @param leastGaps - fewer are refused; default 10
 * @throws RangeError for negative or infinite gaps
 * @see A. Dempster, N. Laird, D. Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm
 */
export function gapMixture(gaps: readonly number[], leastGaps: number = LEAST_GAPS): Outcome<GapMixture> {
  requireNumbers("gapMixture", "gaps", gaps, 0);
  if (gaps.length < leastGaps) return insufficient(`there are only ${gaps.length} gaps`, `${leastGaps} gaps`);
  const sorted = [...gaps].sort((a, b) => a - b);
  let share = 0.5;
  let short = quantileSorted(sorted, 0.25);
  let long = sorted.at(-1) ?? 0;
  if (!(short > 0 && long > short))
    return insufficient("the gaps do not fall into two groups", "gaps of different length");
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let weight = 0;
    let weighted = 0;
    let total = 0;
    for (const gap of gaps) {
      const lnOdds = Math.log(((1 - share) * short) / (share * long)) + gap * (1 / short - 1 / long);
      const inShort = 1 / (1 + Math.exp(lnOdds));
      weight += inShort;
      weighted += inShort * gap;
      total += gap;
    }
    const next = [weight / gaps.length, weighted / weight, (total - weighted) / (gaps.length - weight)] as const;
    const change = Math.max(Math.abs(next[0] - share), Math.abs(next[1] / short - 1), Math.abs(next[2] / long - 1));
    [share, short, long] = next;
    if (!(share > 0 && share < 1 && short > 0 && long > short)) {
      return insufficient("the gaps do not fall into two groups", "gaps of different length");
    }
    if (change < SETTLED) break;
  }
  const threshold = Math.log((share * long) / ((1 - share) * short)) / (1 / short - 1 / long);
  return ok({
    shortShare: share,
    shortMean: short,
    longMean: long,
    threshold,
    accepted: long > ENOUGH_APART * short && threshold > 0,
  });
}
