import type { DoseFactor } from "../report.js";
import type { Span } from "../result.js";
import { type Fact, ofKind } from "../timeline/fact.js";
import { passedIn } from "../timeline/spans.js";
import type { BoundedRun } from "./windows.js";

const HOUR_MS = 3_600_000;

/** A watched run with what is known of it; null: the evidence does not say, or a run of several guests. */
export interface DoseRun {
  /** At risk, hours. */
  readonly hours: number;
  readonly hangs: number;
  readonly levels: Readonly<Record<DoseFactor["factor"], string | null>>;
}

/**
 * The runs that were watched from start to end. The link's speed is the one at a run's start.
 * @param runs by start
 * @param hitRuns the run of each counted hang; null outside runs
 * @param facts of the adapter, ascending
 * @param atRisk covered, less the time in which the adapter hung
 */
export function doseRuns(
  runs: readonly (BoundedRun & { readonly covered: boolean })[],
  hitRuns: readonly (number | null)[],
  facts: readonly Fact[],
  atRisk: readonly Span[],
): DoseRun[] {
  const passed = passedIn(atRisk);
  const hangs = new Map<number, number>();
  for (const id of hitRuns) if (id !== null) hangs.set(id, (hangs.get(id) ?? 0) + 1);
  const links = ofKind(facts, "e1000e.link_up");
  let next = 0;
  let speed: number | null = null;
  return runs.flatMap((run, id): DoseRun[] => {
    for (; next < links.length && links[next]!.timeMs <= run.startMs; next++)
      speed = links[next]!.event.speedMbps ?? speed;
    if (!run.covered) return [];
    const [guest] = run.guests;
    return [
      {
        hours: (passed(run.endMs) - passed(run.startMs)) / HOUR_MS,
        hangs: hangs.get(id) ?? 0,
        levels: {
          storage: run.storage,
          mode: run.mode,
          "bandwidth limit": limitOf(run),
          guest: run.guests.length === 1 && guest !== undefined ? String(guest) : null,
          "link speed": speed === null ? null : `${speed} Mb/s`,
        },
      },
    ];
  });
}

/** A command that names no limit has none; without its command nothing is known. */
function limitOf({ mode, bandwidthLimitKiBps }: BoundedRun): string | null {
  if (bandwidthLimitKiBps !== null) return `${bandwidthLimitKiBps} KiB/s`;
  return mode === null ? null : "none";
}
