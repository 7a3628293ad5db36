import type { YearSource } from "../model/time.js";
import { type CivilTime, civilToMs } from "./civil.js";
import { yearWith } from "./stamp-clock.js";

/** What a look at a yearless log shows. */
export interface YearlessLog {
  readonly first: CivilTime;
  readonly last: CivilTime;
  /** How often the date falls back by more than half a year between first and last: New Years inside. */
  readonly newYears: number;
  /** A stamp beside a full date of the same record, Unix milliseconds. */
  readonly known: { readonly stamp: CivilTime; readonly newYearsBefore: number; readonly unixMs: number } | null;
  /** Of the file; null when there is none or it says nothing (a pipe). */
  readonly fileMs: number | null;
}

export interface InferredYear {
  /** Year of the first stamp. */
  readonly firstYear: number;
  readonly source: YearSource;
}

const DAY_MS = 86_400_000;

/**
 * Finds the year of a log's first stamp: from a full date inside it, else from dated evidence of the same host (the
 * year that puts the log over or nearest to it), else from the file's time, which the log cannot be younger than. Never
 * from the present. Null when nothing tells it.
 * @param dated spans of other evidence of the host, Unix milliseconds
 */
export function inferYear(
  log: YearlessLog,
  dated: readonly { readonly startMs: number; readonly endMs: number }[],
): InferredYear | null {
  const { first, last, newYears, known, fileMs } = log;
  if (known !== null) {
    const near = new Date(known.unixMs).getUTCFullYear();
    const year = nearest([near - 1, near, near + 1], (candidate) =>
      Math.abs(civilToMs({ ...known.stamp, year: candidate }) - known.unixMs),
    );
    return { firstYear: year - known.newYearsBefore, source: "log" };
  }
  const exists = (year: number): boolean =>
    yearWith(first, year - newYears) === year - newYears && yearWith(last, year) === year;
  if (dated.length > 0) {
    const years = new Set<number>();
    for (const span of dated) {
      const from = new Date(span.startMs).getUTCFullYear();
      const to = new Date(span.endMs).getUTCFullYear();
      for (let year = from - 4; year <= to + 4; year += 1) years.add(year);
    }
    const year = nearest([...years].filter(exists), (candidate) => {
      const startMs = civilToMs({ ...first, year: candidate - newYears });
      const endMs = civilToMs({ ...last, year: candidate });
      return Math.min(...dated.map((span) => Math.max(0, span.startMs - endMs, startMs - span.endMs)));
    });
    return { firstYear: year - newYears, source: "evidence" };
  }
  if (fileMs === null) return null;
  let year = new Date(fileMs).getUTCFullYear() + 1;
  for (let tries = 0; tries < 10; tries += 1, year -= 1) {
    if (exists(year) && civilToMs({ ...last, year }) <= fileMs + DAY_MS) break;
  }
  return { firstYear: year - newYears, source: "file-time" };
}

/** The candidate with the least distance; of equal ones the latest. */
function nearest(candidates: readonly number[], distance: (year: number) => number): number {
  const far = new Map(candidates.map((candidate) => [candidate, distance(candidate)]));
  return [...candidates].sort((a, b) => far.get(a)! - far.get(b)! || b - a)[0] ?? 0;
}
