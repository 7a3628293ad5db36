import type { Ground, Unit } from "../epochs/ground.js";
import type { RandomSource } from "../random/random-source.js";
import type { ChangeDate } from "../report.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { changePoint } from "../stats/change-point.js";
import { changePointPosterior } from "../stats/change-point-posterior.js";
import { hull, lengthMs, passedMs } from "../timeline/spans.js";
import { changeDateSentence } from "./wording.js";
import type { Clock } from "./words.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_BINS = 4_000;
/** Simulated sets for p: 999, fewer for very many hangs, so that the work stays bounded. */
const SIMULATIONS = { most: 999, least: 199, work: 2_000_000 } as const;
/** Both must hold before a change is called likely. */
const LIKELY = { lnBayesFactor: Math.log(10), p: 0.05 } as const;

/**
 * When did the rate change, if nobody says so? Posterior of the date over days of exposure, p of the likelihood ratio by
 * simulation, and whether the claimed date is among the likely ones. One change at most is looked for, in all of the
 * coverage. Insufficient with fewer than 4 onsets. O(onsets x simulations), at most some million steps.
 * @see A. Raftery, V. Akman (1986), Bayesian analysis of a Poisson process with a change-point
 */
export function changeDate(
  ground: Ground,
  input: {
    readonly unit: Unit;
    readonly claimedMs: number | null;
    readonly clock: Clock;
    readonly random: RandomSource;
  },
): Outcome<ChangeDate> {
  const { unit, claimedMs, clock, random } = input;
  const inBackups = unit === "backup-hour";
  const set = inBackups ? ground.inWindows : ground.atRisk;
  const span = hull(ground.covered);
  if (span === null || lengthMs(set) === 0) return insufficient("there is no time at risk", "logs");
  const onsetMs = ground.onsets.filter((onset) => onset.isInWindow || !inBackups).map((onset) => onset.timeMs);
  const length = lengthMs(set);
  const simulations = Math.round(
    Math.min(SIMULATIONS.most, Math.max(SIMULATIONS.least, SIMULATIONS.work / Math.max(1, onsetMs.length))),
  );
  const searched = changePoint({ times: passedMs(set, onsetMs), length, simulations }, random);
  if (searched.status !== "ok") return searched;

  const total = span.endMs - span.startMs;
  const bins = Math.max(2, Math.min(MOST_BINS, Math.ceil(total / DAY_MS)));
  const edges = Array.from({ length: bins + 1 }, (_, k) => span.startMs + (total * k) / bins);
  const passed = passedMs(set, edges);
  const events = new Array<number>(bins).fill(0);
  for (const timeMs of onsetMs) {
    const bin = Math.min(bins - 1, Math.floor(((timeMs - span.startMs) / total) * bins));
    events[bin] = (events[bin] ?? 0) + 1;
  }
  const dated = changePointPosterior(
    events.map((count, k) => {
      // A hang that lasts to the end of its day leaves no time at risk there but the moment of its onset.
      const exposureMs = Math.max(passed[k + 1]! - passed[k]!, count > 0 ? 1 : 0);
      return { events: count, exposure: exposureMs / HOUR_MS };
    }),
  );
  if (dated.status !== "ok") return dated;
  const { mode, from, to, lnBayesFactor } = dated.value;
  const [fromMs, toMs] = [edges[from]!, edges[Math.min(bins, to + 2)]!];
  const { p } = searched.value;
  const result = {
    unit,
    mostLikelyMs: edges[mode + 1]!,
    fromMs,
    toMs,
    lnBayesFactor,
    p,
    isLikely: lnBayesFactor >= LIKELY.lnBayesFactor && p <= LIKELY.p,
    claimedIsAmong: claimedMs === null ? null : claimedMs >= fromMs && claimedMs <= toMs,
  };
  return ok({
    ...result,
    sentence: changeDateSentence(result, clock),
    method: `one change at most; gamma prior worth one hang, every day alike; p by ${simulations} simulated sets`,
  });
}
