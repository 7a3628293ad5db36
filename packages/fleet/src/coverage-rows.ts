import type { EvidenceSummary } from "@hangproof/parser";
import { monthOf } from "./paths.js";

/** Hours in which an evidence has kernel records, one run a row. */
export interface CoverageRow {
  readonly month: string;
  readonly start_ms: number;
  readonly end_ms: number;
}

const HOUR_MS = 3_600_000;

/** The hours in which kernel records stand, as runs of hours; a run that goes over the end of a month is two. */
export function coverageRows({ activeHours }: EvidenceSummary): CoverageRow[] {
  return activeHours.flatMap(([first, last]) => {
    const rows: CoverageRow[] = [];
    for (let startMs = first * HOUR_MS; startMs < (last + 1) * HOUR_MS; ) {
      const endMs = Math.min((last + 1) * HOUR_MS, nextMonth(startMs));
      rows.push({ month: monthOf(startMs), start_ms: startMs, end_ms: endMs });
      startMs = endMs;
    }
    return rows;
  });
}

function nextMonth(ms: number): number {
  const date = new Date(ms);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return Number.isNaN(next) ? Number.POSITIVE_INFINITY : next;
}
