import type { Span } from "../result.js";
import { clip, contains, hours, indexAt, intersect, lengthMs, subtract, union } from "../timeline/spans.js";

/** When a hang began. */
export interface Onset {
  readonly timeMs: number;
  readonly isInWindow: boolean;
  /** Which backup window it fell into, where windows that touch are one; null outside. */
  readonly window: number | null;
}

/** Everything that rates are made of: time at risk, in and out of backups, and what fell into it. */
export interface Ground {
  readonly covered: readonly Span[];
  /** Covered less the time in which the adapter hung: a hung adapter cannot start to hang. */
  readonly atRisk: readonly Span[];
  /** The part of it within backup windows. */
  readonly inWindows: readonly Span[];
  /** Onsets within coverage, ascending. */
  readonly onsets: readonly Onset[];
  /** Runs that were watched from start to end, ascending. */
  readonly runs: readonly { readonly startMs: number; readonly isHit: boolean }[];
}

export interface GroundInput {
  readonly covered: readonly Span[];
  readonly windows: readonly Span[];
  readonly episodes: readonly { readonly onsetMs: number; readonly endMs: number }[];
  readonly runs: readonly (Span & { readonly covered: boolean; readonly hit: boolean })[];
}

/** Onsets outside coverage are in no rate: there is no exposure in which they could have been expected. */
export function layGround({ covered, windows, episodes, runs }: GroundInput): Ground {
  const windowSet = union(windows);
  const hung = union(episodes.map((episode) => ({ startMs: episode.onsetMs, endMs: episode.endMs })));
  const atRisk = subtract(covered, hung);
  return {
    covered,
    atRisk,
    inWindows: intersect(atRisk, windowSet),
    onsets: episodes
      .filter((episode) => contains(covered, episode.onsetMs))
      .map(({ onsetMs }) => {
        const window = indexAt(windowSet, onsetMs);
        return { timeMs: onsetMs, isInWindow: window !== null, window };
      })
      .sort((a, b) => a.timeMs - b.timeMs),
    runs: runs
      .filter((run) => run.covered)
      .map((run) => ({ startMs: run.startMs, isHit: run.hit }))
      .sort((a, b) => a.startMs - b.startMs),
  };
}

/** One side of a comparison: counts with the exposure in which they could have been seen. */
export interface Side {
  readonly startMs: number;
  readonly endMs: number;
  readonly coveredHours: number;
  readonly hours: number;
  readonly windowHours: number;
  readonly events: number;
  readonly eventsInWindows: number;
  readonly runs: number;
  readonly runsHit: number;
}

/** What fell into `startMs` (in) to `endMs` (out); infinite bounds are allowed. Linear in spans and onsets. */
export function sideOf(ground: Ground, startMs: number, endMs: number): Side {
  const within = (timeMs: number): boolean => timeMs >= startMs && timeMs < endMs;
  const onsets = ground.onsets.filter((onset) => within(onset.timeMs));
  const runs = ground.runs.filter((run) => within(run.startMs));
  return {
    startMs,
    endMs,
    coveredHours: hours(clip(ground.covered, startMs, endMs)),
    hours: hours(clip(ground.atRisk, startMs, endMs)),
    windowHours: hours(clip(ground.inWindows, startMs, endMs)),
    events: onsets.length,
    eventsInWindows: onsets.filter((onset) => onset.isInWindow).length,
    runs: runs.length,
    runsHit: runs.filter((run) => run.isHit).length,
  };
}

/** Unit of exposure in which two sides are compared. */
export type Unit = "backup-hour" | "hour";

/** Events and exposure of a side, in one unit. */
export function countsOf(side: Side, unit: Unit): { readonly events: number; readonly exposure: number } {
  return unit === "hour"
    ? { events: side.events, exposure: side.hours }
    : { events: side.eventsInWindows, exposure: side.windowHours };
}

/**
 * The exposure cells, epoch by in/out, add up to coverage less hang time: exactly, save for rounding.
 * @throws Error when they do not: the book-keeping itself would be wrong, and no figure of the report could be trusted
 */
export function assertCellsAddUp(ground: Ground, borders: readonly number[]): void {
  const edges = [Number.NEGATIVE_INFINITY, ...borders, Number.POSITIVE_INFINITY];
  let cells = 0;
  for (let i = 1; i < edges.length; i++) {
    const inside = clip(ground.inWindows, edges[i - 1]!, edges[i]!);
    const outside = subtract(clip(ground.atRisk, edges[i - 1]!, edges[i]!), inside);
    cells += lengthMs(inside) + lengthMs(outside);
  }
  const total = lengthMs(ground.atRisk);
  if (Math.abs(cells - total) > 1e-6 * Math.max(1, total))
    throw new Error(`exposure cells do not add up: ${cells} ms in cells, ${total} ms at risk`);
}
