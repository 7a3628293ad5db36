import type { Gap, Report, Rung } from "@hangproof/analyzer";
import { type CheckState, type SeriesState, seriesKey } from "./check-state.js";

/** One difference between a check and the one before it. */
export type Difference =
  | { readonly what: "series-appeared" | "series-gone"; readonly series: SeriesState }
  /** `isLate`: within the time that the last check had covered; a log that came late shows it. */
  | { readonly what: "hang"; readonly series: SeriesState; readonly onsetMs: number; readonly isLate: boolean }
  /** The last check counted it, this one does not: its evidence was forgotten or is read better now. */
  | { readonly what: "hang-gone"; readonly series: SeriesState; readonly onsetMs: number }
  | {
      readonly what: "change" | "change-gone";
      readonly series: SeriesState;
      readonly timeMs: number;
      readonly title: string;
    }
  /** More covered time than before; `untilMs` is where it reaches now. */
  | { readonly what: "covered"; readonly series: SeriesState; readonly hours: number; readonly untilMs: number }
  /** Since the last check's end of coverage, with the host on: no hang can have been seen, and none can be ruled out. */
  | { readonly what: "not-observed"; readonly series: SeriesState; readonly startMs: number; readonly endMs: number }
  | { readonly what: "verdict"; readonly series: SeriesState; readonly from: Rung; readonly to: Rung };

const HOUR_MS = 3_600_000;

/**
 * What is different from the check before, in the order of series; within one: hangs, changes, coverage, verdict. The
 * verdict's reasons are the differences before it.
 * @param report of this check: its coverage tells what was not observed
 */
export function whatChanged(before: CheckState, after: CheckState, report: Report, now: number): Difference[] {
  const old = new Map(before.series.map((series) => [seriesKey(series), series]));
  const differences: Difference[] = [];
  for (const series of after.series) {
    const last = old.get(seriesKey(series));
    old.delete(seriesKey(series));
    if (last === undefined) differences.push({ what: "series-appeared", series });
    else differences.push(...between(last, series, gapsOf(series, report), now));
  }
  for (const series of old.values()) differences.push({ what: "series-gone", series });
  return differences;
}

function between(last: SeriesState, series: SeriesState, gaps: readonly Gap[], now: number): Difference[] {
  const found: Difference[] = [];
  // Onsets that fell off the end of the last check's list are older than all that it kept.
  const reach = last.hangs > last.onsets.length ? (last.onsets[0] ?? 0) : Number.NEGATIVE_INFINITY;
  const before = new Set(last.onsets);
  const after = new Set(series.onsets);
  const lastEnd = last.coveredUntilMs ?? Number.NEGATIVE_INFINITY;
  for (const onsetMs of series.onsets)
    if (!before.has(onsetMs) && onsetMs >= reach)
      found.push({ what: "hang", series, onsetMs, isLate: onsetMs <= lastEnd });
  const kept = series.hangs > series.onsets.length ? (series.onsets[0] ?? 0) : Number.NEGATIVE_INFINITY;
  for (const onsetMs of last.onsets)
    if (!after.has(onsetMs) && onsetMs >= kept) found.push({ what: "hang-gone", series, onsetMs });
  found.push(...changesBetween(last, series));
  const hours = series.coveredHours - last.coveredHours;
  const untilMs = series.coveredUntilMs ?? lastEnd;
  if (Math.abs(hours) > 1e-6) found.push({ what: "covered", series, hours, untilMs });
  for (const { startMs, endMs, reason } of gaps) {
    const fromMs = Math.max(startMs, lastEnd);
    if (reason !== "host-off" && endMs - fromMs >= HOUR_MS)
      found.push({ what: "not-observed", series, startMs: fromMs, endMs });
  }
  if (hours <= 1e-6 && now - untilMs >= HOUR_MS && Number.isFinite(untilMs))
    found.push({ what: "not-observed", series, startMs: untilMs, endMs: now });
  if (last.rung !== series.rung) found.push({ what: "verdict", series, from: last.rung, to: series.rung });
  return found;
}

function* changesBetween(last: SeriesState, series: SeriesState): Generator<Difference> {
  const keyOf = ({ timeMs, title }: SeriesState["changes"][number]) => JSON.stringify([timeMs, title]);
  const [before, after] = [new Set(last.changes.map(keyOf)), new Set(series.changes.map(keyOf))];
  for (const change of series.changes) if (!before.has(keyOf(change))) yield { what: "change", series, ...change };
  for (const change of last.changes) if (!after.has(keyOf(change))) yield { what: "change-gone", series, ...change };
}

function gapsOf(series: SeriesState, report: Report): readonly Gap[] {
  const key = seriesKey(series);
  const found = report.series.find(
    ({ host, adapter, relativeTime }) =>
      !relativeTime && seriesKey({ host, pci: adapter.pci, interface: adapter.interfaces.at(-1) ?? null }) === key,
  );
  return found?.coverage.gaps ?? [];
}
