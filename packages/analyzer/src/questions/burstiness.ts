import { countsOf, type Ground, sideOf } from "../epochs/ground.js";
import type { Burstiness, Rung } from "../report.js";
import { type Outcome, ok } from "../result.js";
import { dispersionOfTimes } from "../stats/dispersion.js";
import { quasiPoissonRatio } from "../stats/quasi-poisson-ratio.js";
import { rateRatio } from "../stats/rate-ratio.js";
import { clip, lengthMs, passedMs } from "../timeline/spans.js";
import { countsBetween, plain } from "./comparison.js";
import { climb, type LadderOptions, type Stage } from "./flags.js";

/** Hangs more uneven than this are no longer taken for independent of each other. */
const UNEVEN = 0.05;

/**
 * Do hangs come in bursts before the change, and what becomes of the claim if they do? Dispersion of the onsets over
 * equal stretches of the exposure before the change, one expected onset in each; the interval of the ratio widened by
 * it; and the rung on clusters, where all hangs of one backup window count once. Insufficient with fewer than 5 onsets.
 * Linear in spans and onsets.
 * @see R. Fisher (1950), The significance of deviations from expectation in a Poisson series
 */
export function burstiness(ground: Ground, stage: Stage, options: LadderOptions): Outcome<Burstiness> {
  const inBackups = stage.unit === "backup-hour";
  const set = clip(inBackups ? ground.inWindows : ground.atRisk, stage.startMs, stage.changeMs);
  const length = lengthMs(set);
  const onsets = ground.onsets
    .filter((onset) => onset.timeMs >= stage.startMs && onset.timeMs < stage.changeMs)
    .filter((onset) => onset.isInWindow || !inBackups);
  const onsetMs = onsets.map((onset) => onset.timeMs);
  // An onset that ends all exposure stands in the last stretch.
  const times = passedMs(set, onsetMs).map((time) => Math.min(time, length * (1 - 1e-12)));
  const uneven = dispersionOfTimes(times, Math.max(length, Number.MIN_VALUE), Math.max(times.length, 1));
  if (uneven.status !== "ok") return uneven;
  const { phi, p, bins } = uneven.value;

  const counts = countsBetween(
    sideOf(ground, stage.startMs, stage.changeMs),
    sideOf(ground, stage.changeMs, stage.endMs),
    stage.unit,
  );
  if (counts.status !== "ok") return counts;
  const { exposure, referenceExposure } = counts.value;
  const isComparable = phi > 0 && exposure > 0 && referenceExposure > 0;
  const widened = isComparable ? quasiPoissonRatio({ ...counts.value, level: 1 - options.alpha }, phi) : null;
  const clustered = clusters(ground);
  const [before, after] = [
    sideOf(clustered, stage.startMs, stage.changeMs),
    sideOf(clustered, stage.changeMs, stage.endMs),
  ];
  const onClusters = countsBetween(before, after, stage.unit);
  const exact = onClusters.status === "ok" ? rateRatio({ ...onClusters.value, level: 1 - options.alpha }) : onClusters;
  return ok({
    phi,
    p,
    bins,
    uneven: p <= UNEVEN && phi > 1,
    widened: widened?.status === "ok" ? plain(widened.value.interval) : null,
    clustersBefore: countsOf(before, stage.unit).events,
    clustersAfter: countsOf(after, stage.unit).events,
    intervalOnClusters: exact.status === "ok" ? plain(exact.value.interval) : null,
    rungOnClusters: climb(clustered, stage, options)?.rung ?? "insufficient-evidence",
    method: "chi-square dispersion of onsets over equal exposure; quasi-Poisson interval; one event a backup window",
  });
}

/** A claim that rests on hangs counted one by one although they come together. */
export function restsOnBursts(rung: Rung, burst: Outcome<Burstiness>): boolean {
  if (burst.status !== "ok" || !burst.value.uneven) return false;
  return (rung === "improvement-shown" || rung === "worse") && burst.value.rungOnClusters !== rung;
}

/** The same ground with the first hang alone of each backup window; outside windows every hang is kept. */
function clusters(ground: Ground): Ground {
  const seen = new Set<number>();
  const onsets = ground.onsets.filter(({ window }) => {
    if (window === null) return true;
    if (seen.has(window)) return false;
    seen.add(window);
    return true;
  });
  return { ...ground, onsets };
}
