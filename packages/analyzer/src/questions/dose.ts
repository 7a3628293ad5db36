import type { DoseFactor, DoseLevel } from "../report.js";
import { type Outcome, ok } from "../result.js";
import { exactHomogeneity } from "../stats/exact-homogeneity.js";
import { holm } from "../stats/holm.js";
import { poissonRate } from "../stats/poisson-rate.js";
import type { DoseRun } from "../windows/dose-runs.js";

const FACTORS = ["storage", "mode", "bandwidth limit", "guest", "link speed"] as const;
const MOST_LEVELS = 8;

/**
 * Is the rate in backups another one by storage, mode, bandwidth limit, guest or link speed? Exploratory, one factor at a
 * time; what goes with what is not told apart. Beyond the 8 levels with the most runs, the rest are one level, `other`.
 */
export function dose(runs: readonly DoseRun[], level: number): DoseFactor[] {
  const found = FACTORS.flatMap((factor) => {
    const levels = levelsOf(factor, runs, level);
    if (levels.length < 2) return [];
    const parts = levels.map(({ hangs, hours }) => ({ events: hangs, exposure: hours }));
    return [{ factor, levels, tested: exactHomogeneity(parts.filter(({ exposure }) => exposure > 0)) }];
  });
  const made = found.filter(({ tested }) => tested.status === "ok");
  const adjusted = holm(made.map(({ tested }) => (tested.status === "ok" ? tested.value.p : 1)));
  return found.map((one): DoseFactor => {
    const { factor, levels, tested } = one;
    const test: Outcome<{ p: number; pAdjusted: number; method: string }> =
      tested.status === "ok"
        ? ok({
            p: tested.value.p,
            pAdjusted: adjusted[made.indexOf(one)]!,
            method: `likelihood ratio of one rate for all, ${tested.value.method}; Holm over factors`,
          })
        : tested;
    return { factor, levels, test };
  });
}

function levelsOf(factor: DoseFactor["factor"], runs: readonly DoseRun[], level: number): DoseLevel[] {
  const byLevel = new Map<string, DoseRun[]>();
  for (const run of runs) {
    const name = run.levels[factor];
    // An adapter that hung through a whole run leaves a hang without time to expect it in.
    if (name === null || run.hours <= 0) continue;
    byLevel.set(name, [...(byLevel.get(name) ?? []), run]);
  }
  const sorted = [...byLevel].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const kept = sorted.length > MOST_LEVELS ? sorted.slice(0, MOST_LEVELS - 1) : sorted;
  const rest = sorted.slice(kept.length).flatMap(([, of]) => of);
  return [...kept, ...(rest.length > 0 ? [["other", rest] as const] : [])].map(([name, of]): DoseLevel => {
    const hours = of.reduce((sum, run) => sum + run.hours, 0);
    const hangs = of.reduce((sum, run) => sum + run.hangs, 0);
    const rate = poissonRate({ events: hangs, exposure: hours, level });
    const { interval, per1000Hours } =
      rate.status === "ok"
        ? { interval: rate.value.interval, per1000Hours: rate.value.rate * 1000 }
        : { interval: { level, lower: 0, upper: Number.POSITIVE_INFINITY }, per1000Hours: null };
    return {
      level: name,
      runs: of.length,
      runsHit: of.filter((run) => run.hangs > 0).length,
      hours,
      hangs,
      per1000Hours,
      interval: {
        level,
        lower: interval.lower * 1000,
        upper: Number.isFinite(interval.upper) ? interval.upper * 1000 : null,
      },
    };
  });
}
