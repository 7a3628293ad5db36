import { countsOf, type Ground, type Side, sideOf, type Unit } from "../epochs/ground.js";
import type { EfficacyChecks, Rung, VerdictFlag } from "../report.js";
import { rateRatio } from "../stats/rate-ratio.js";
import { type LadderVerdict, verdictLadder } from "../stats/verdict-ladder.js";
import { clip, hours, lengthMs, passedMs, subtract } from "../timeline/spans.js";
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

/** Every check that a verdict goes through, and the flags that they raise: each keeps "improvement shown" from being said. */
export function runChecks(input: FlagInput): {
  readonly checks: EfficacyChecks;
  readonly flags: readonly VerdictFlag[];
} {
  const { ground, stage, options, rung } = input;
  const { startMs, changeMs, endMs } = stage;
  const checks: EfficacyChecks = {
    trigger: withoutTrigger(ground, stage, options),
    placebo: placeboDates(ground, stage),
    coveredBefore: input.coveredShare(startMs, changeMs),
    coveredSince: input.coveredShare(changeMs, endMs),
    crashes: withCrashes(input),
    trendBefore: input.trendBefore,
  };
  const { trigger, placebo, crashes, trendBefore } = checks;
  const isClaim = rung === "improvement-shown";
  const flags: VerdictFlag[] = [];
  if (isClaim && trigger !== null && trigger.rung !== rung) flags.push("trigger_sensitive");
  if (input.restsOnBursts || changesClaim(rung, input.sensitivity)) flags.push("cluster_sensitive");
  if (isClaim && placebo !== null && placebo.asLarge > 0.05 * placebo.dates) flags.push("placebo_failed");
  if (trendBefore !== null && trendBefore.p <= 0.05 && trendBefore.statistic < 0) flags.push("trend_before");
  const isThin = checks.coveredBefore < 0.5 || checks.coveredSince < 0.5;
  if (isThin || (isClaim && crashes !== null && crashes.rung !== rung)) flags.push("coverage_low");
  if (input.uncertaintyMs > input.lagMs) flags.push("clock_uncertain");
  return { checks, flags };
}

/** Had every crash without a shutdown record hidden one hang. */
function withCrashes({ ground, stage, options, uncleanEnds }: FlagInput): EfficacyChecks["crashes"] {
  if (uncleanEnds === 0) return null;
  const after = sideOf(ground, stage.changeMs, stage.endMs);
  const worst = {
    ...after,
    events: after.events + uncleanEnds,
    eventsInWindows: after.eventsInWindows + uncleanEnds,
  };
  const before = sideOf(ground, stage.startMs, stage.changeMs);
  return { count: uncleanEnds, rung: rungOf(climbSides(before, worst, stage.unit, options)) };
}

const rungOf = (verdict: LadderVerdict | null): Rung => verdict?.rung ?? "insufficient-evidence";

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
function withoutTrigger(ground: Ground, stage: Stage, options: LadderOptions): EfficacyChecks["trigger"] {
  const before = sideOf(ground, stage.startMs, stage.changeMs);
  const counted = countsOf(before, stage.unit);
  const gapMs = counted.events === 0 ? DAY_MS : (before.hours / Math.max(1, before.events)) * 3_600_000;
  const sinceMs = stage.changeMs - Math.min(DAY_MS, gapMs);
  const burst = ground.onsets.filter((onset) => onset.timeMs >= sinceMs && onset.timeMs < stage.changeMs);
  if (burst.length < 2) return null;
  const shorter = sideOf(ground, stage.startMs, burst[0]!.timeMs);
  const after = sideOf(ground, stage.changeMs, stage.endMs);
  const counts = countsBetween(shorter, after, stage.unit);
  const ratio = counts.status === "ok" ? rateRatio(counts.value) : counts;
  return {
    hangsLeftOut: burst.length,
    pLess: ratio.status === "ok" ? ratio.value.pLess : 1,
    rung: rungOf(climbSides(shorter, after, stage.unit, options)),
  };
}

const PLACEBO_DATES = 200;

/**
 * The drop at the real change must be larger than at 95% of the dates of the old epoch (each side keeping a tenth of
 * its exposure); otherwise the old epoch had drops like it by itself.
 */
function placeboDates(ground: Ground, stage: Stage): EfficacyChecks["placebo"] {
  const old = countsOf(sideOf(ground, stage.startMs, stage.changeMs), stage.unit);
  if (old.events < 2 || old.exposure === 0) return null;
  const real = dropOf(old, countsOf(sideOf(ground, stage.changeMs, stage.endMs), stage.unit));
  const inBackups = stage.unit === "backup-hour";
  const set = clip(inBackups ? ground.inWindows : ground.atRisk, stage.startMs, stage.changeMs);
  const onsets = ground.onsets.filter(
    ({ timeMs, isInWindow }) => timeMs >= stage.startMs && timeMs < stage.changeMs && (isInWindow || !inBackups),
  );
  const passed = passedMs(
    set,
    onsets.map(({ timeMs }) => timeMs),
  );
  const whole = lengthMs(set);
  let asLarge = 0;
  let events = 0;
  for (let i = 0; i < PLACEBO_DATES; i++) {
    const share = 0.1 + (0.8 * (i + 0.5)) / PLACEBO_DATES;
    while (events < passed.length && passed[events]! < share * whole) events++;
    const before = { events, exposure: share * old.exposure };
    const after = { events: old.events - events, exposure: (1 - share) * old.exposure };
    if (dropOf(before, after) >= real) asLarge++;
  }
  return { dates: PLACEBO_DATES, asLarge };
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
