import type { KernelEvent } from "@hangproof/parser";
import { findRuns, type RawRun } from "./runs.js";

/** A backup run as some events of one host tell it. */
export type ObservedRun = Pick<
  RawRun,
  "startMs" | "endMs" | "guests" | "outcome" | "storage" | "mode" | "bandwidthLimitKiBps" | "place"
>;

/**
 * The backup runs that events of one host tell of by themselves, by start; `endMs` is null where none of them tells the end.
 * Other events, and those without a wall time, are passed over.
 */
export function observedRuns(events: readonly KernelEvent[]): ObservedRun[] {
  const facts = events
    .flatMap((event) => {
      const { unixMs, uncertaintyMs } = event.time;
      return isBackup(event) && unixMs !== null ? [{ timeMs: unixMs, uncertaintyMs, event, rank: 0 }] : [];
    })
    .sort((a, b) => a.timeMs - b.timeMs);
  return findRuns(facts, []).map(
    ({ startMs, endMs, guests, outcome, storage, mode, bandwidthLimitKiBps, place }): ObservedRun => ({
      startMs,
      endMs,
      guests,
      outcome,
      storage,
      mode,
      bandwidthLimitKiBps,
      place,
    }),
  );
}

/** Whether a run may be made of it. */
export function isBackup(event: KernelEvent): boolean {
  return event.kind.startsWith("backup.");
}
