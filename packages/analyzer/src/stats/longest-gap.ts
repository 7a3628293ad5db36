import { lnChoose } from "../math/log-gamma.js";
import { exponentialDraw } from "../random/draws.js";
import type { RandomSource } from "../random/random-source.js";
import { requireCount, requireExposure } from "./arguments.js";

export interface LongestGap {
  /** Chance that this very stretch is quiet, had it been chosen beforehand. */
  readonly pChosenBefore: number;
  /** Chance that any of the gaps is at least this long: what counts when the silence was noticed first. */
  readonly pAnyGap: number;
  readonly method: "exact" | "simulated";
}

/** Above it the alternating sum loses its digits. */
const MOST_EXACT_EVENTS = 60;
const SIMULATIONS = 9999;

/**
 * Somebody noticed a silence and then looked for its cause: how surprising is a quiet stretch anywhere?
 * Assumes events independent and uniform over the exposure. O(events), above 60 events 9,999 simulated sets.
 * @param events - n of them, so n + 1 gaps with both ends
 * @param quietFraction - share of the exposure that was quiet, 0 to 1
 * @throws RangeError for impossible arguments
 * @see R. Fisher (1929), Tests of significance in harmonic analysis
 */
export function longestGap(events: number, quietFraction: number, random: RandomSource): LongestGap {
  requireCount("longestGap", "events", events);
  requireExposure("longestGap", "quietFraction", quietFraction);
  if (quietFraction > 1) throw new RangeError(`longestGap: quietFraction must be at most 1, got ${quietFraction}`);
  const pChosenBefore = events === 0 ? 1 : (1 - quietFraction) ** events;
  if (events <= MOST_EXACT_EVENTS) return { pChosenBefore, pAnyGap: exact(events, quietFraction), method: "exact" };
  return { pChosenBefore, pAnyGap: simulated(events, quietFraction, random), method: "simulated" };
}

function exact(n: number, f: number): number {
  if (n === 0 || f === 0) return 1;
  let sum = 0;
  for (let j = 1; j <= n + 1 && j * f < 1; j++) {
    sum += (j % 2 === 1 ? 1 : -1) * Math.exp(lnChoose(n + 1, j) + n * Math.log1p(-j * f));
  }
  return Math.min(1, Math.max(0, sum));
}

/** Gaps between uniform points are exponential draws over their sum. */
function simulated(n: number, f: number, random: RandomSource): number {
  let hits = 0;
  for (let set = 0; set < SIMULATIONS; set++) {
    let sum = 0;
    let longest = 0;
    for (let gap = 0; gap <= n; gap++) {
      const draw = exponentialDraw(random);
      sum += draw;
      if (draw > longest) longest = draw;
    }
    if (longest >= f * sum) hits += 1;
  }
  return (1 + hits) / (1 + SIMULATIONS);
}
