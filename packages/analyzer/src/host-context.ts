import type { Adapters } from "./episodes/adapters.js";
import type { ResolvedOptions } from "./options.js";
import type { Clock } from "./questions/words.js";
import { type BootPart, findBoots } from "./timeline/boots.js";
import { type Coverage, findCoverage } from "./timeline/coverage.js";
import type { HangTable, Names } from "./timeline/hang-table.js";
import { clip, union } from "./timeline/spans.js";
import type { HostTimeline } from "./timeline/timeline.js";

const HOUR_MS = 3_600_000;

/** What all adapters of one host share. */
export interface HostContext {
  readonly timeline: HostTimeline;
  readonly table: HangTable;
  readonly evidence: Names;
  readonly adapters: Adapters;
  readonly options: ResolvedOptions;
  readonly boots: readonly BootPart[];
  readonly coverage: Coverage;
  readonly clock: Clock;
}

/** Reads what the adapters of one host share. */
export function hostContext(
  timeline: HostTimeline,
  shared: Pick<HostContext, "table" | "evidence" | "adapters" | "options">,
): HostContext {
  const { hangs, watched } = timeline;
  const boots = findBoots(timeline.facts, {
    watched,
    reportMs: hangs.timeMs,
    reportBoot: (index) => shared.adapters.bootIdOf(hangs.rows[index]!),
  });
  const { since, until, timeZone, now } = shared.options;
  const range = timeline.relative ? { since: null, until: null } : { since, until };
  const coverage = findCoverage(timeline.watched, boots, timeline.facts, range);
  return { ...shared, timeline, boots, coverage, clock: { timeZone, now, relative: timeline.relative } };
}

/** Whether some evidence has a kernel record in a whole hour between two moments. */
export function heardBetween(timeline: HostTimeline): (fromMs: number, toMs: number) => boolean {
  const spans = union(
    timeline.evidence.flatMap((evidence) =>
      (evidence.summary?.kernelRecords ?? 0) === 0
        ? []
        : evidence.summary!.activeHours.map(([first, last]) => ({
            startMs: first * HOUR_MS,
            endMs: (last + 1) * HOUR_MS,
          })),
    ),
  );
  return (fromMs, toMs) => {
    const nextHour = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS;
    const lastHour = Math.floor(toMs / HOUR_MS) * HOUR_MS;
    return lastHour > nextHour && clip(spans, nextHour, lastHour).length > 0;
  };
}
