import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Span } from "@hangproof/parser";
import { duration, localDate } from "./format.js";

/** A picture of less than an hour says nothing that the table does not. */
const SHORTEST_MS = 3_600_000;
const LEVELS = "▁▂▃▄▅▆▇█";

/** One row of the picture: a label and exactly `columns` characters. */
export interface Strip {
  readonly label: string;
  readonly cells: string;
}

export interface Timeline {
  readonly strips: readonly Strip[];
  readonly legend: string;
}

/**
 * The adapter's history in `columns` equal bins: episodes as a sparkline on the covered time, backup runs, changes.
 * Null when no span, or one under an hour, is covered. Cost: O(episodes + runs + columns * covered spans).
 */
export function timeline(series: AdapterReport, report: Report, columns: number): Timeline | null {
  const { span, covered } = series.coverage;
  if (span === null || !(span.endMs - span.startMs >= SHORTEST_MS) || columns < 20) return null;
  const zone = report.options.timeZone;
  const width = (span.endMs - span.startMs) / columns;
  const binOf = (ms: number) => Math.min(columns - 1, Math.max(0, Math.floor((ms - span.startMs) / width)));

  const hangs = new Array<number>(columns).fill(0);
  for (const episode of series.episodes) bump(hangs, binOf(episode.onsetMs));
  const runs = new Array<string>(columns).fill(" ");
  for (const run of series.runs) {
    const bin = binOf(run.startMs);
    runs[bin] = run.hit || runs[bin] === "x" ? "x" : "|";
  }
  const changes = new Array<string>(columns).fill(" ");
  for (const change of series.changes) {
    const bin = binOf(change.timeMs);
    const mark = changes[bin] === " " ? String(change.id) : "*";
    changes[bin] = mark.length === 1 ? mark : "*";
  }

  const most = Math.max(1, ...hangs);
  const onBin = (bin: number): Span => ({
    startMs: span.startMs + bin * width,
    endMs: span.startMs + (bin + 1) * width,
  });
  const seen = hangs.map((_, bin) => covered.some((part) => overlaps(part, onBin(bin))));
  const episodes = hangs.map((n, bin) =>
    n > 0 ? (LEVELS[Math.ceil((n / most) * LEVELS.length) - 1] ?? "█") : seen[bin] === true ? "·" : " ",
  );
  const edge = (ms: number) => (series.relativeTime ? `boot + ${duration(ms / 3_600_000)}` : localDate(ms, zone));
  const from = edge(span.startMs);
  const to = edge(span.endMs);
  const strips: Strip[] = [{ label: "hangs", cells: episodes.join("") }];
  if (series.runs.length > 0) strips.push({ label: "backups", cells: runs.join("") });
  if (series.changes.length > 0) strips.push({ label: "changes", cells: changes.join("") });
  strips.push({ label: "", cells: `${from}${" ".repeat(Math.max(1, columns - from.length - to.length))}${to}` });
  const legend = [
    most === 1 ? "█ an episode" : `▁ to █ episodes, █ = ${most}`,
    "· watched, none",
    "blank: not watched",
    ...(series.runs.length > 0 ? ["| backup", "x backup with a hang"] : []),
    ...(series.changes.length > 0
      ? ["digit: the change of that number", ...(changes.includes("*") ? ["* several"] : [])]
      : []),
  ].join("; ");
  return { strips, legend };
}

function bump(counts: number[], bin: number): void {
  counts[bin] = (counts[bin] ?? 0) + 1;
}

function overlaps(a: Span, b: Span): boolean {
  return a.startMs < b.endMs && a.endMs > b.startMs;
}
