import type { Difference, SeriesState } from "@hangproof/ledger";
import { duration, hours, localTime } from "../layout/format.js";

const MOST = 20;

/** `pve1 eno1`: how a series is called beside others. */
export function stateName({ host, interface: name, pci }: SeriesState): string {
  return `${host} ${name ?? pci ?? "adapter not named"}`;
}

/** What is different from the check before, a sentence each; the verdict's change last, after its reasons. */
export function differenceItems(differences: readonly Difference[], timeZone: string): string[] {
  const several = new Set(differences.map(({ series }) => stateName(series))).size > 1;
  const items = differences.map(
    (difference) => `${several ? `${stateName(difference.series)}: ` : ""}${sentence(difference, timeZone)}`,
  );
  const left = items.length - MOST;
  return left > 0 ? [...items.slice(0, MOST), `and ${left} more differences`] : items;
}

function sentence(difference: Difference, timeZone: string): string {
  const at = (ms: number): string => localTime(ms, timeZone);
  switch (difference.what) {
    case "series-appeared":
      return "is new in this ledger";
    case "series-gone":
      return "is not in this ledger any more";
    case "hang":
      return difference.isLate
        ? `a hang at ${at(difference.onsetMs)}, which a log shows that came late`
        : `a hang at ${at(difference.onsetMs)}`;
    case "hang-gone":
      return `the hang at ${at(difference.onsetMs)} does not count any more`;
    case "change":
      return `a change at ${at(difference.timeMs)}: ${difference.title}`;
    case "change-gone":
      return `the change at ${at(difference.timeMs)} does not count any more: ${difference.title}`;
    case "covered":
      return difference.hours > 0
        ? `${hours(difference.hours)} more covered by logs, up to ${at(difference.untilMs)}`
        : `${hours(-difference.hours)} less covered by logs, up to ${at(difference.untilMs)}`;
    case "not-observed": {
      const length = duration((difference.endMs - difference.startMs) / 3_600_000);
      return `not observed from ${at(difference.startMs)} to ${at(difference.endMs)} (${length}): no log of that time`;
    }
    case "verdict":
      return `the verdict was ${difference.from}, and is ${difference.to}`;
  }
}
