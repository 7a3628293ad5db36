import type { Change, Epoch } from "../report.js";
import type { Span } from "../result.js";
import { type Division, type FoundChange, ONE_ACT_MS } from "./changes.js";
import { type Ground, sideOf } from "./ground.js";

const DAY_MS = 86_400_000;

/** Every change with its number. */
export interface Listed {
  readonly changes: readonly Change[];
  readonly idOf: (change: FoundChange) => number;
}

/**
 * All changes with what changed beside each of them: everything within a day, unless a hang fell between the two, which
 * tells them apart. A division stands in for the single changes of its act.
 */
export function listChanges(found: readonly FoundChange[], divisions: readonly Division[], ground: Ground): Listed {
  const parts = new Set(divisions.flatMap((division) => division.parts));
  const list = [...found.filter((change) => !parts.has(change)), ...divisions.map(({ change }) => change)];
  list.sort((a, b) => a.timeMs - b.timeMs);
  const isApart = (a: FoundChange, b: FoundChange): boolean => {
    const [low, high] = a.timeMs < b.timeMs ? [a.timeMs, b.timeMs] : [b.timeMs, a.timeMs];
    return high - low > DAY_MS || ground.onsets.some((onset) => onset.timeMs > low && onset.timeMs < high);
  };
  const togetherOf = (change: FoundChange, at: number): string[] => {
    const together: string[] = [];
    for (const step of [-1, 1])
      for (let place = at + step; list[place] !== undefined; place += step) {
        const other = list[place]!;
        if (isApart(change, other)) break;
        if (!change.title.includes(other.title)) together.push(other.title);
      }
    return [...new Set(together)];
  };
  // A reload that puts a setting in force is told with the setting, not once more by itself.
  const kept = list.filter(
    (change) =>
      change.kind !== "driver-reload" ||
      parts.has(change) ||
      !list.some((other) => ASKS.has(other.kind) && Math.abs(other.timeMs - change.timeMs) <= ONE_ACT_MS),
  );
  const changes = kept.map((change, at): Change => {
    const { tied: _tied, setting: _setting, ...plain } = change;
    return { ...plain, id: at + 1, together: togetherOf(change, list.indexOf(change)) };
  });
  return { changes, idOf: (change) => kept.indexOf(change) + 1 };
}

/** Kinds of change that somebody asked for. */
const ASKS: ReadonlySet<Change["kind"]> = new Set(["setting", "command", "told"]);

/** The time between divisions, with its counts. `span` is what the outer epochs reach to: all that is covered. */
export function epochsOf(ground: Ground, divisions: readonly Division[], listed: Listed, span: Span | null): Epoch[] {
  const borders = divisions.map(({ change }) => change.timeMs);
  const edges = [Number.NEGATIVE_INFINITY, ...borders, Number.POSITIVE_INFINITY];
  return edges.slice(1).map((edgeMs, id): Epoch => {
    const side = sideOf(ground, edges[id]!, edgeMs);
    const change = divisions[id - 1]?.change;
    // The outer epochs have no border of their own: they reach as far as anything is covered.
    const firstMs = Math.min(span?.startMs ?? borders[0] ?? 0, borders[0] ?? Number.POSITIVE_INFINITY);
    const startMs = change?.timeMs ?? firstMs;
    return {
      id,
      change: change === undefined ? null : listed.idOf(change),
      startMs,
      endMs: borders[id] ?? Math.max(span?.endMs ?? startMs, startMs),
      coveredHours: side.coveredHours,
      atRiskHours: side.hours,
      windowHours: side.windowHours,
      runs: side.runs,
      runsHit: side.runsHit,
      episodes: side.events,
      episodesInWindows: side.eventsInWindows,
    };
  });
}
