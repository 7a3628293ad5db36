import type { AdapterReport, Report, Rung } from "@hangproof/analyzer";

/** What was so of one adapter of one host when a check was made. */
export interface SeriesState {
  readonly host: string;
  readonly pci: string | null;
  /** The last name it had. */
  readonly interface: string | null;
  readonly rung: Rung;
  readonly headline: string;
  /** The change that was judged. */
  readonly judged: { readonly timeMs: number; readonly title: string } | null;
  readonly hangs: number;
  /** The last 1,000 onsets, ascending. */
  readonly onsets: readonly number[];
  /** Hangs since the judged change; null without one. */
  readonly hangsSince: number | null;
  /** The last hang had not ended when the log did. */
  readonly isOngoing: boolean;
  readonly coveredUntilMs: number | null;
  readonly coveredHours: number;
  /** Watched from start to end. */
  readonly runs: number;
  readonly runsHit: number;
  /** The last 100, ascending. */
  readonly changes: readonly { readonly timeMs: number; readonly title: string }[];
}

/** What was so at a check: enough to tell the next one what changed. */
export interface CheckState {
  readonly evidence: number;
  readonly series: readonly SeriesState[];
}

const MOST_ONSETS = 1_000;
const MOST_CHANGES = 100;

/** What of a report the next check is compared with. Series without a wall clock have no place on a calendar and are left out. */
export function stateOf(report: Report): CheckState {
  return {
    evidence: report.evidence.length,
    series: report.series.filter(({ relativeTime }) => !relativeTime).map(seriesState),
  };
}

function seriesState(series: AdapterReport): SeriesState {
  const { verdict, episodes, coverage, runs, changes, adapter } = series;
  const judged = changes.find(({ id }) => id === verdict.change) ?? null;
  const watched = runs.filter(({ covered }) => covered);
  return {
    host: series.host,
    pci: adapter.pci,
    interface: adapter.interfaces.at(-1) ?? null,
    rung: verdict.rung,
    headline: verdict.headline,
    judged: judged === null ? null : { timeMs: judged.timeMs, title: judged.title },
    hangs: episodes.length,
    onsets: episodes.slice(-MOST_ONSETS).map(({ onsetMs }) => onsetMs),
    hangsSince: judged === null ? null : episodes.filter(({ onsetMs }) => onsetMs >= judged.timeMs).length,
    isOngoing: episodes.at(-1)?.end === "log-ends",
    coveredUntilMs: coverage.span?.endMs ?? null,
    coveredHours: coverage.coveredHours,
    runs: watched.length,
    runsHit: watched.filter(({ hit }) => hit).length,
    changes: changes.slice(-MOST_CHANGES).map(({ timeMs, title }) => ({ timeMs, title })),
  };
}

/** Tells series of several checks apart, whatever the interface was called. */
export function seriesKey({ host, pci, interface: name }: Pick<SeriesState, "host" | "pci" | "interface">): string {
  return JSON.stringify([host, pci ?? name]);
}
