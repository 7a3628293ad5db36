import type { BackupRun, BackupWindow } from "../report.js";
import type { Span } from "../result.js";
import type { RawRun } from "./runs.js";

/** A run with an end, observed or bounded. */
export type BoundedRun = Omit<RawRun, "endMs"> & Span & Pick<BackupRun, "endObserved" | "endBasis">;

/**
 * Gives every run an end. A run whose end line is missing because the hang killed it stays: its end is the recovery,
 * the next run, the host's shutdown or the end of coverage, whichever is first after its last line. Leaving it out would remove exactly the
 * windows that matter.
 *
 * @param episodes onset and recovery, in the order of onset
 * @param bootEnds when boots ended, ascending
 * @param coverageEndMs end of the covered time; null when nothing is covered
 */
export function boundRuns(
  runs: readonly RawRun[],
  episodes: readonly { readonly onsetMs: number; readonly endMs: number; readonly censored: boolean }[],
  bootEnds: readonly number[],
  coverageEndMs: number | null,
): BoundedRun[] {
  return runs.flatMap((run, i): BoundedRun[] => {
    if (run.endMs !== null) {
      // An end before the start is a contradiction of the evidence; nothing of it can be a window.
      return run.endMs >= run.startMs ? [{ ...run, endMs: run.endMs, endObserved: true, endBasis: "observed" }] : [];
    }
    const bounds: { readonly endMs: number; readonly endBasis: BackupRun["endBasis"] }[] = [];
    // A hang that the run outlived did not end it.
    const hit = episodes.find(
      (episode) => episode.onsetMs >= run.startMs && episode.endMs >= run.lastMs && !episode.censored,
    );
    const nextStart = runs.slice(i + 1).find((other) => other.startMs > run.startMs);
    if (nextStart !== undefined) bounds.push({ endMs: nextStart.startMs, endBasis: "next-run" });
    const bootEnd = bootEnds.find((endMs) => endMs >= run.startMs);
    if (bootEnd !== undefined) bounds.push({ endMs: bootEnd, endBasis: "shutdown" });
    if (coverageEndMs !== null && coverageEndMs >= run.startMs)
      bounds.push({ endMs: coverageEndMs, endBasis: "coverage-end" });
    if (hit !== undefined) bounds.push({ endMs: hit.endMs, endBasis: "recovery" });
    const first = bounds.reduce<(typeof bounds)[number] | null>(
      (best, bound) => (best === null || bound.endMs < best.endMs ? bound : best),
      null,
    );
    return [
      { ...run, endMs: first?.endMs ?? run.startMs, endObserved: false, endBasis: first?.endBasis ?? "coverage-end" },
    ];
  });
}

/** The time that counts as "in backup": `[start + induction, end + lag)` of every run, merged where they touch. */
export function mergeWindows(runs: readonly Span[], inductionMs: number, lagMs: number): BackupWindow[] {
  const windows: { startMs: number; endMs: number; runs: number[] }[] = [];
  const spans = runs
    .map((run, id) => ({ id, startMs: run.startMs + inductionMs, endMs: run.endMs + lagMs }))
    .filter((span) => span.endMs > span.startMs)
    .sort((a, b) => a.startMs - b.startMs || a.id - b.id);
  for (const span of spans) {
    const last = windows.at(-1);
    if (last !== undefined && span.startMs <= last.endMs) {
      last.endMs = Math.max(last.endMs, span.endMs);
      last.runs.push(span.id);
    } else windows.push({ startMs: span.startMs, endMs: span.endMs, runs: [span.id] });
  }
  return windows;
}

/**
 * Which run a moment belongs to: the last one that started of those in whose own window it lies; null outside. The
 * look-up costs O(log runs), and a step for every later run that had ended already where a long one spans others.
 *
 * @param runs by start
 */
export function runFinder(
  runs: readonly Span[],
  inductionMs: number,
  lagMs: number,
): (timeMs: number) => number | null {
  const latestEnds = new Float64Array(runs.length);
  let latest = Number.NEGATIVE_INFINITY;
  for (const [id, { endMs }] of runs.entries()) {
    latest = Math.max(latest, endMs);
    latestEnds[id] = latest;
  }
  return (timeMs) => {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (runs[middle]!.startMs + inductionMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    for (let id = low - 1; id >= 0 && latestEnds[id]! + lagMs > timeMs; id--)
      if (runs[id]!.endMs + lagMs > timeMs) return id;
    return null;
  };
}
