import type { SeriesState } from "./check-state.js";

/** What may be wrong with an adapter now. All that hold are told; which of them matters is the caller's policy. */
export const CONDITIONS = [
  "ongoing-hang",
  "recent-hang",
  "hang-since-change",
  "worse",
  "no-effect",
  "not-shown",
  "stale",
] as const;
/** Something that a check may find, by its name. */
export type Condition = (typeof CONDITIONS)[number];

/** What counts as recent, and as old. */
export interface ConditionOptions {
  /** The caller's clock, Unix milliseconds. */
  readonly now: number;
  /** A hang is recent for so long, milliseconds; default 7 days. */
  readonly recentMs?: number;
  /** Evidence is stale when it ends longer ago than this, milliseconds; default 8 days. */
  readonly maxAgeMs?: number;
}

const DAY_MS = 86_400_000;
/** A hang within this is recent unless the caller says otherwise; milliseconds. */
export const DEFAULT_RECENT_MS: number = 7 * DAY_MS;
/** Evidence older than this is stale unless the caller says otherwise; milliseconds. */
export const DEFAULT_MAX_AGE_MS: number = 8 * DAY_MS;

/**
 * The conditions that hold, in the order of `CONDITIONS`.
 *
 * `ongoing-hang`: the log ends in a hang. `recent-hang`: a hang began within `recentMs`. `hang-since-change`: a hang
 * since the judged change. `worse`, `no-effect`: the verdict. `not-shown`: an improvement is not shown (yet). `stale`: no
 * log covers the last `maxAgeMs`: nothing that follows from silence may be said.
 */
export function conditionsOf(series: SeriesState, options: ConditionOptions): Condition[] {
  const { now, recentMs = DEFAULT_RECENT_MS, maxAgeMs = DEFAULT_MAX_AGE_MS } = options;
  const holds: Record<Condition, boolean> = {
    "ongoing-hang": series.isOngoing,
    "recent-hang": series.onsets.some((onsetMs) => onsetMs > now - recentMs),
    "hang-since-change": (series.hangsSince ?? 0) > 0,
    worse: series.rung === "worse",
    "no-effect": series.rung === "no-effect-shown",
    "not-shown": series.rung !== "improvement-shown",
    stale: series.coveredUntilMs === null || series.coveredUntilMs < now - maxAgeMs,
  };
  return CONDITIONS.filter((condition) => holds[condition]);
}

/** As monitoring plugins have them. */
export type Level = "ok" | "warning" | "critical" | "unknown";

/** Which conditions raise which level; what stands in several raises the highest. */
export interface Policy {
  readonly critical: readonly Condition[];
  readonly warning: readonly Condition[];
  readonly unknown: readonly Condition[];
}

/** Which conditions are critical, a warning or unknown unless the caller says otherwise. */
export const DEFAULT_POLICY: Policy = {
  critical: ["ongoing-hang", "recent-hang", "worse"],
  warning: ["hang-since-change", "no-effect"],
  unknown: ["stale"],
};

/** Critical before unknown before warning: a hang that was seen is known, whatever was not observed since. */
export function levelOf(conditions: readonly Condition[], policy: Policy = DEFAULT_POLICY): Level {
  const isAny = (of: readonly Condition[]): boolean => conditions.some((condition) => of.includes(condition));
  if (isAny(policy.critical)) return "critical";
  if (isAny(policy.unknown)) return "unknown";
  return isAny(policy.warning) ? "warning" : "ok";
}

const ORDER: readonly Level[] = ["critical", "unknown", "warning", "ok"];

/** The level of several series together; unknown of none. */
export function worstLevel(levels: readonly Level[]): Level {
  return ORDER.find((level) => levels.includes(level)) ?? "unknown";
}
