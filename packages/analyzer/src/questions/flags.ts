import { countsOf, type Ground, type Side, sideOf, type Unit } from "../epochs/ground.js";
import type { Rung, VerdictFlag } from "../report.js";
import { type LadderVerdict, verdictLadder } from "../stats/verdict-ladder.js";
import { clip, hours, subtract } from "../timeline/spans.js";
import { countsBetween } from "./comparison.js";

/** One comparison: the epoch before a change against the epoch after it. */
export interface Stage {
  readonly startMs: number;
  readonly changeMs: number;
  readonly endMs: number;
  readonly unit: Unit;
}

export interface LadderOptions {
  readonly looks: "single" | "repeated";
  readonly alpha: number;
}

/** The rung that the counts of a stage earn before any flag; null where the counts cannot be compared at all. */
export function climb(ground: Ground, stage: Stage, options: LadderOptions): LadderVerdict | null {
  const before = sideOf(ground, stage.startMs, stage.changeMs);
  const after = sideOf(ground, stage.changeMs, stage.endMs);
  return climbSides(before, after, stage.unit, options);
}

function climbSides(before: Side, after: Side, unit: Unit, options: LadderOptions): LadderVerdict | null {
  const counts = countsBetween(before, after, unit);
  return counts.status === "ok" ? verdictLadder({ ...counts.value, ...options }) : null;
}

export interface FlagInput {
  readonly ground: Ground;
  readonly stage: Stage;
  readonly options: LadderOptions;
  readonly rung: Rung;
  /** Rungs at other gap thresholds. */
  readonly sensitivity: readonly { readonly rung: Rung | null }[];
  /** Hangs come together, and the claim does not stand when those of one backup count once. */
  readonly restsOnBursts: boolean;
  /** Share of a stretch of time that was covered, the host's own absences left out. */
  readonly coveredShare: (startMs: number, endMs: number) => number;
  /** Largest uncertainty of a counted onset. */
  readonly uncertaintyMs: number;
  readonly lagMs: number;
  /** Boots since the change that ended in a crash without a hang in the log: each may have been one. */
  readonly uncleanEnds: number;
  /** Trend of onsets in the old epoch; null where it cannot be told. */
  readonly trendBefore: { readonly statistic: number; readonly p: number } | null;
}

/** Every check that a verdict goes through; each flag keeps "improvement shown" from being said. */
export function findFlags(input: FlagInput): VerdictFlag[] {
  const { ground, stage, options, rung } = input;
  const flags: VerdictFlag[] = [];
  if (rung === "improvement-shown" && isTriggerSensitive(ground, stage, options)) flags.push("trigger_sensitive");
  if (input.restsOnBursts || changesClaim(rung, input.sensitivity)) flags.push("cluster_sensitive");
  if (rung === "improvement-shown" && failsPlacebo(ground, stage)) flags.push("placebo_failed");
  if (input.trendBefore !== null && input.trendBefore.p <= 0.05 && input.trendBefore.statistic < 0)
    flags.push("trend_before");
  const { startMs, changeMs, endMs } = stage;
  const isThin = input.coveredShare(startMs, changeMs) < 0.5 || input.coveredShare(changeMs, endMs) < 0.5;
  if (isThin || (rung === "improvement-shown" && restsOnUncleanEnds(input))) flags.push("coverage_low");
  if (input.uncertaintyMs > input.lagMs) flags.push("clock_uncertain");
  return flags;
}

/** A claim that would not stand had every crash without a shutdown record hidden one hang. */
function restsOnUncleanEnds({ ground, stage, options, uncleanEnds }: FlagInput): boolean {
  if (uncleanEnds === 0) return false;
  const after = sideOf(ground, stage.changeMs, stage.endMs);
  const worst = {
    ...after,
    events: after.events + uncleanEnds,
    eventsInWindows: after.eventsInWindows + uncleanEnds,
  };
  const before = sideOf(ground, stage.startMs, stage.changeMs);
  return climbSides(before, worst, stage.unit, options)?.rung !== "improvement-shown";
}

/** A claim that another definition of an episode would not make. */
function changesClaim(rung: Rung, others: readonly { readonly rung: Rung | null }[]): boolean {
  if (rung !== "improvement-shown" && rung !== "worse") return false;
  return others.some((other) => other.rung !== null && other.rung !== rung);
}

const DAY_MS = 86_400_000;

/**
 * People act after bad weeks. Where the change came within a day (or one mean gap, if shorter) of two or more episodes,
 * that burst and its exposure are left out; a claim that does not survive it may be no more than the burst's end.
 */
function isTriggerSensitive(ground: Ground, stage: Stage, options: LadderOptions): boolean {
  const before = sideOf(ground, stage.startMs, stage.changeMs);
  const counted = countsOf(before, stage.unit);
  const gapMs = counted.events === 0 ? DAY_MS : (before.hours / Math.max(1, before.events)) * 3_600_000;
  const sinceMs = stage.changeMs - Math.min(DAY_MS, gapMs);
  const burst = ground.onsets.filter((onset) => onset.timeMs >= sinceMs && onset.timeMs < stage.changeMs);
  if (burst.length < 2) return false;
  const shorter = sideOf(ground, stage.startMs, burst[0]!.timeMs);
  const again = climbSides(shorter, sideOf(ground, stage.changeMs, stage.endMs), stage.unit, options);
  return again?.rung !== "improvement-shown";
}

const PLACEBO_DATES = 200;

/**
 * The drop at the real change must be larger than at 95% of the dates of the old epoch (each side keeping a tenth of
 * its exposure); otherwise the old epoch had drops like it by itself.
 */
function failsPlacebo(ground: Ground, stage: Stage): boolean {
  const whole = sideOf(ground, stage.startMs, stage.changeMs);
  const old = countsOf(whole, stage.unit);
  if (old.events < 2) return false;
  const real = dropOf(old, countsOf(sideOf(ground, stage.changeMs, stage.endMs), stage.unit));
  const set = clip(stage.unit === "backup-hour" ? ground.inWindows : ground.atRisk, stage.startMs, stage.changeMs);
  let larger = 0;
  let looked = 0;
  for (let i = 0; i < PLACEBO_DATES; i++) {
    const share = 0.1 + (0.8 * (i + 0.5)) / PLACEBO_DATES;
    const dateMs = momentAt(set, share * hours(set));
    if (dateMs === null) continue;
    const before = countsOf(sideOf(ground, stage.startMs, dateMs), stage.unit);
    const after = countsOf(sideOf(ground, dateMs, stage.changeMs), stage.unit);
    looked++;
    if (dropOf(before, after) >= real) larger++;
  }
  return looked > 0 && larger / looked > 0.05;
}

interface Count {
  readonly events: number;
  readonly exposure: number;
}

/** Twice the log likelihood ratio of two rates against one, counted only where the rate fell. */
function dropOf(before: Count, after: Count): number {
  const n = before.events + after.events;
  const total = before.exposure + after.exposure;
  if (n === 0 || before.exposure === 0 || after.exposure === 0) return 0;
  if (after.events / after.exposure >= before.events / before.exposure) return 0;
  const part = (side: Count): number =>
    side.events === 0 ? 0 : side.events * Math.log((side.events * total) / (n * side.exposure));
  return 2 * (part(before) + part(after));
}

/** The moment at which a set has let so many hours pass; null past its end. */
function momentAt(
  set: readonly { readonly startMs: number; readonly endMs: number }[],
  passedHours: number,
): number | null {
  let left = passedHours * 3_600_000;
  for (const span of set) {
    const length = span.endMs - span.startMs;
    if (left < length) return span.startMs + left;
    left -= length;
  }
  return null;
}

/** Share of a stretch that evidence covers, of the time in which the host was on. 1 for an empty stretch. */
export function coveredShareOf(
  covered: readonly { readonly startMs: number; readonly endMs: number }[],
  hostOff: readonly { readonly startMs: number; readonly endMs: number }[],
  startMs: number,
  endMs: number,
): number {
  if (!(endMs > startMs)) return 1;
  const on = subtract([{ startMs, endMs }], hostOff);
  const total = hours(on);
  return total === 0 ? 1 : hours(clip(covered, startMs, endMs)) / total;
}
