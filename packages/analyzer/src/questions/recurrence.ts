import type { Ground, Unit } from "../epochs/ground.js";
import type { CumulativePoint, Recurrence } from "../report.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { kaplanMeier } from "../stats/kaplan-meier.js";
import { longestGap } from "../stats/longest-gap.js";
import { trend } from "../stats/trend.js";
import { lengthMs, passedMs } from "../timeline/spans.js";
import { plain } from "./comparison.js";
import { recurrenceSentence } from "./wording.js";

const HOUR_MS = 3_600_000;
/** Stamps of a log may be no finer than a second: how long was quiet cannot be told from less than a minute. */
const LEAST_HOURS = 1 / 60;

/**
 * How long until the next hang, do hangs come more or less often as time goes on, and how surprising is the silence at
 * the end? Times count exposure only: hours of backup, or all hours at risk. The silence is judged as what it mostly is:
 * noticed first, and asked about then. Assumes one rate for the first and the last question. O(n log n) in onsets.
 */
export function recurrence(
  ground: Ground,
  { unit, level }: { readonly unit: Unit; readonly level: number },
): Outcome<Recurrence> {
  const inBackups = unit === "backup-hour";
  const set = inBackups ? ground.inWindows : ground.atRisk;
  const lengthHours = lengthMs(set) / HOUR_MS;
  const onsets = ground.onsets.filter((onset) => onset.isInWindow || !inBackups).map((onset) => onset.timeMs);
  if (lengthHours === 0 || onsets.length === 0) return insufficient("no hang was seen in time at risk", "one hang");
  if (lengthHours < LEAST_HOURS)
    return insufficient("less than a minute of the covered time was without a hang", "logs that reach further");
  const hours = passedMs(set, onsets).map((ms) => ms / HOUR_MS);
  const gaps = hours.slice(1).map((time, i) => ({ time: Math.max(0, time - hours[i]!), event: true }));
  const quietHours = Math.max(0, lengthHours - hours.at(-1)!);
  const survival = kaplanMeier([...gaps, { time: quietHours, event: false }], level);
  // A hang at the very edge of the watch has no place inside it.
  const inside = hours.filter((time) => time > 0 && time < lengthHours);
  const trended = trend({ times: inside, length: lengthHours, level });
  const silence = longestGap(onsets.length, Math.min(1, quietHours / lengthHours));
  const values = {
    unit,
    hangs: onsets.length,
    exposureHours: lengthHours,
    medianHours: survival.status === "ok" ? survival.value.median : null,
    quietHours,
    pQuietAnywhere: silence.pAnyGap,
    pQuietHere: silence.pChosenBefore,
    trend:
      trended.status === "ok"
        ? {
            laplaceU: trended.value.laplace.u,
            p: trended.value.laplace.p,
            beta: trended.value.crowAmsaa.beta,
            betaInterval: plain(trended.value.crowAmsaa.betaInterval),
          }
        : null,
    cumulative: cumulativeOf(onsets, hours),
  };
  return ok({ ...values, sentence: recurrenceSentence(values) });
}

const MOST_POINTS = 1_000;

/** Evenly thinned out where there are too many; the last hang is always there. */
function cumulativeOf(onsets: readonly number[], hours: readonly number[]): CumulativePoint[] {
  const every = Math.ceil(onsets.length / MOST_POINTS);
  return onsets
    .map((timeMs, i) => ({ timeMs, exposureHours: hours[i]!, hangs: i + 1 }))
    .filter(({ hangs }) => hangs % every === 0 || hangs === onsets.length);
}
