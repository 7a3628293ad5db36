import { lnChoose } from "../math/log-gamma.js";
import { requireCount, requireExposure } from "./arguments.js";

export interface LongestGap {
  /** Chance that this very stretch is quiet, had it been chosen beforehand. */
  readonly pChosenBefore: number;
  /** Chance that any of the gaps is at least this long: what counts when the silence was noticed first. */
  readonly pAnyGap: number;
}

/** With so many such gaps expected, the chance of none is below e^-20. */
const CERTAIN = 20;

/**
 * Somebody noticed a silence and then looked for its cause: how surprising is a quiet stretch anywhere?
 * Assumes events independent and uniform over the exposure. O(terms that matter), at most events.
 *
 * Fisher's alternating sum loses digits where many such gaps are to be expected. There the answer is 1: spacings are
 * negatively associated, so the chance of none is at most e^-expected. Absolute error below 1e-8.
 * @param events - n of them, so n + 1 gaps with both ends
 * @param quietFraction - share of the exposure that was quiet, 0 to 1
 * @throws RangeError for impossible arguments
 * @see R. Fisher (1929), Tests of significance in harmonic analysis; K. Joag-Dev, F. Proschan (1983), Negative association of random variables
 */
export function longestGap(events: number, quietFraction: number): LongestGap {
  requireCount("longestGap", "events", events);
  requireExposure("longestGap", "quietFraction", quietFraction);
  if (quietFraction > 1) throw new RangeError(`longestGap: quietFraction must be at most 1, got ${quietFraction}`);
  const pChosenBefore = events === 0 ? 1 : (1 - quietFraction) ** events;
  return { pChosenBefore, pAnyGap: anyGap(events, quietFraction) };
}

function anyGap(n: number, f: number): number {
  const expected = (n + 1) * (1 - f) ** n;
  if (n === 0 || (n + 1) * f <= 1 || expected > CERTAIN) return 1;
  let sum = 0;
  for (let j = 1; j <= n + 1 && j * f < 1; j++) {
    const term = Math.exp(lnChoose(n + 1, j) + n * Math.log1p(-j * f));
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-20 && j > expected) break;
  }
  return Math.min(1, Math.max(0, sum));
}
