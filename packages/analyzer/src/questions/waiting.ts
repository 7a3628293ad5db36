import type { Ground, Unit } from "../epochs/ground.js";
import type { IfHang, Waiting } from "../report.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { poissonRate } from "../stats/poisson-rate.js";
import { furtherExposureAnytime, quietExposureAnytime } from "../stats/sequential.js";
import { verdictLadder } from "../stats/verdict-ladder.js";
import { chanceOfSilence, quietExposure } from "../stats/waiting.js";
import { clip, hours, hull } from "../timeline/spans.js";
import { type Counts, finite } from "./comparison.js";
import type { LadderOptions } from "./flags.js";
import { exposure as inWords } from "./words.js";

/** The present pace of backups is that of the last four covered weeks. */
const PACE_MS = 28 * 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * How long without a hang until "fewer" may be said? Both plans: the one that is declared once and lost with the first
 * hang, and the e-value, which may be looked at every week.
 */
export function waiting(
  ground: Ground,
  counts: Counts,
  unit: Unit,
  options: {
    readonly alpha: number;
    readonly now: number;
    readonly looks: "single" | "repeated";
    readonly relative: boolean;
  },
): Outcome<Waiting> {
  const before = { events: counts.referenceEvents, exposure: counts.referenceExposure };
  if (before.exposure === 0) return insufficient("there is no exposure before the change to wait against");
  const plan = quietExposure({ ...before, alpha: options.alpha });
  const anytime = quietExposureAnytime(counts, options.alpha);
  if (plan.status !== "ok") return plan;
  if (anytime.status !== "ok") return anytime;
  const further = furtherExposureAnytime(counts, options.alpha);
  if (counts.events > 0)
    return insufficient(
      "a hang was seen since the change, so a plan that waits for silence is over",
      further.status === "ok" ? `${inWords(further.value, unit)} more without a hang, looked at every week` : null,
    );
  const remainingHours = Math.max(0, plan.value.needed - counts.exposure);
  const remainingHoursAnytime = further.status === "ok" ? further.value : remainingHours;
  const remaining = options.looks === "single" ? remainingHours : remainingHoursAnytime;
  const pace = options.relative ? null : paceOf(ground, unit);
  const perRun = unit === "backup-hour" && ground.runs.length > 0 ? hours(ground.inWindows) / ground.runs.length : 0;
  const rate = poissonRate({ events: 0, exposure: counts.exposure, level: 1 - options.alpha });
  const end = hull(ground.covered)?.endMs ?? options.now;
  return ok({
    unit,
    neededHours: plan.value.needed,
    soFarHours: counts.exposure,
    remainingHours,
    neededHoursAnytime: anytime.value,
    remainingHoursAnytime,
    remainingRuns: perRun > 0 ? Math.ceil(remaining / perRun - 1e-9) : null,
    dateMs: pace === null || pace === 0 ? null : finiteDate(Math.max(options.now, end) + (remaining / pace) * HOUR_MS),
    chanceOfSilence: chanceOfSilence(before, counts.exposure),
    rateUpperPer1000Hours: rate.status === "ok" ? finite(rate.value.upperOneSided * 1000) : null,
  });
}

/** The plan's other side: what one more hang now would do. */
export function ifHang(counts: Counts, unit: Unit, options: LadderOptions): Outcome<IfHang> {
  if (counts.exposure === 0 || counts.referenceExposure === 0)
    return insufficient("there is no exposure on both sides of the change");
  const worse = { ...counts, events: counts.events + 1 };
  const further = furtherExposureAnytime(worse, options.alpha);
  return ok({
    unit,
    rung: verdictLadder({ ...worse, ...options }).rung,
    remainingHours: further.status === "ok" ? further.value : null,
  });
}

/** Hours of exposure per hour of wall time. */
function paceOf(ground: Ground, unit: Unit): number | null {
  const span = hull(ground.covered);
  if (span === null) return null;
  const startMs = Math.max(span.startMs, span.endMs - PACE_MS);
  const set = unit === "backup-hour" ? ground.inWindows : ground.atRisk;
  return hours(clip(set, startMs, span.endMs)) / ((span.endMs - startMs) / HOUR_MS);
}

/** Beyond what a date can hold there is no date to print. */
function finiteDate(timeMs: number): number | null {
  return Math.abs(timeMs) <= 8.64e15 ? Math.round(timeMs) : null;
}
