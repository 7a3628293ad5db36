import type { Boot } from "../report.js";
import type { Span } from "../result.js";
import { countBelow, lastBelow } from "./ascending.js";
import { type Fact, ofKind } from "./fact.js";
import { hull } from "./spans.js";

/** A boot with what ended it; `offUntilMs` is the next boot's start, null for the last one. */
export interface BootPart extends Boot {
  readonly offUntilMs: number | null;
}

/** A boot id seen this soon after a `Linux version` line is that boot. */
const SAME_BOOT_MS = 300_000;
/** Lines of the adapter this long after a shutdown record show that the host did not go down then. */
const STILL_RUNNING_MS = 120_000;

/** A kernel that has run for less than this shows that a boot was just before. */
const YOUNG_MS = 120_000;

/** What else than its facts tells of a host's boots. */
export interface BootSigns {
  /** When evidence would have shown a kernel record. */
  readonly watched: readonly Span[];
  /** Times of hang reports, ascending: a wedged host's last sign of life. */
  readonly reportMs: Float64Array;
  /** Boot id of each of these reports; null where it is not known. */
  readonly reportBoot: (index: number) => string | null;
}

/**
 * The boots of a host, oldest first: from `Linux version` lines and, where the log lacks them, from boot ids and from
 * lines of a kernel that has just started. A boot ends at its shutdown record; without one it ended in a crash or power
 * cut, at the last moment that is known of it.
 */
export function findBoots(facts: readonly Fact[], { watched, reportMs, reportBoot }: BootSigns): BootPart[] {
  const starts: { timeMs: number; kernelRelease: string | null }[] = ofKind(facts, "host.boot").map((fact) => ({
    timeMs: fact.timeMs,
    kernelRelease: fact.event.kernelRelease,
  }));
  const spans = new Map<string, { firstMs: number; lastMs: number }>();
  const see = (id: string | null, timeMs: number): void => {
    if (id === null) return;
    const seen = spans.get(id);
    if (seen === undefined) spans.set(id, { firstMs: timeMs, lastMs: timeMs });
    else {
      seen.firstMs = Math.min(seen.firstMs, timeMs);
      seen.lastMs = Math.max(seen.lastMs, timeMs);
    }
  };
  for (const fact of facts) see(fact.event.bootId, fact.timeMs);
  for (let i = 0; i < reportMs.length; i++) see(reportBoot(i), reportMs[i]!);
  // Two boot ids are two boots, however close: only a boot's own first line can stand for one.
  const known = starts.map((start) => start.timeMs).sort((a, b) => a - b);
  const isKnown = (fromMs: number, toMs: number): boolean => {
    const next = known[countBelow(known, fromMs - SAME_BOOT_MS)];
    return next !== undefined && next <= toMs;
  };
  const ofIds = [...spans.values()].filter(({ firstMs, lastMs }) => !isKnown(firstMs, lastMs));
  const add = (timeMs: number): void => {
    starts.push({ timeMs, kernelRelease: null });
    known.splice(countBelow(known, timeMs), 0, timeMs);
  };
  for (const { firstMs } of ofIds) add(firstMs);
  for (const { event, timeMs } of facts) {
    const { bootMs } = event.time;
    if (bootMs === null || bootMs >= YOUNG_MS) continue;
    if (!isKnown(timeMs - bootMs, timeMs + SAME_BOOT_MS)) add(timeMs - bootMs);
  }

  const whole = hull(watched);
  const firstMs = Math.min(whole?.startMs ?? Number.POSITIVE_INFINITY, facts[0]?.timeMs ?? Number.POSITIVE_INFINITY);
  starts.sort((a, b) => a.timeMs - b.timeMs);
  if (Number.isFinite(firstMs) && (starts[0] === undefined || starts[0].timeMs - firstMs > SAME_BOOT_MS))
    starts.unshift({ timeMs: firstMs, kernelRelease: null });

  const shutdowns = ofKind(facts, "host.shutdown");
  const times = facts.map((fact) => fact.timeMs);
  const shutdownTimes = shutdowns.map((fact) => fact.timeMs);
  const watchedFrom = watched.map((span) => span.startMs);
  const lively = facts.filter((fact) => LIVELY.has(fact.event.kind)).map((fact) => fact.timeMs);
  return starts.map((start, id): BootPart => {
    const next = starts[id + 1];
    const untilMs = next?.timeMs ?? Number.POSITIVE_INFINITY;
    const shutdownMs = lastBelow(shutdownTimes, untilMs);
    const lastLively = Math.max(lastBelow(lively, untilMs), lastBelow(reportMs, untilMs));
    const orderly = shutdownMs >= start.timeMs && lastLively <= shutdownMs + STILL_RUNNING_MS;
    const base = { id, startMs: start.timeMs, kernelRelease: start.kernelRelease };
    if (orderly && (next !== undefined || shutdownMs >= (whole?.endMs ?? 0) - STILL_RUNNING_MS))
      return { ...base, endMs: shutdownMs, endedBy: "shutdown", offUntilMs: next?.timeMs ?? null };
    if (next === undefined) {
      const endMs = Math.max(start.timeMs, whole?.endMs ?? 0, facts.at(-1)?.timeMs ?? 0);
      return { ...base, endMs, endedBy: "log-ends", offUntilMs: null };
    }
    // Watching by the hour cannot tell the minute of a crash; the last thing that was logged can only be earlier.
    const watchedMs = watched[countBelow(watchedFrom, untilMs) - 1]?.endMs ?? Number.NEGATIVE_INFINITY;
    const endMs = Math.min(untilMs, Math.max(start.timeMs, watchedMs, lastBelow(times, untilMs)));
    return { ...base, endMs, endedBy: "crash", offUntilMs: next.timeMs };
  });
}

const LIVELY: ReadonlySet<string> = new Set([
  "e1000e.reset",
  "e1000e.link_up",
  "e1000e.link_down",
  "e1000e.driver_load",
  "net.tx_timeout",
]);

/** The boot in which a moment lies, by boots oldest first; null before the first. O(log n). */
export function bootAt(boots: readonly Boot[], timeMs: number): number | null {
  let low = 0;
  let high = boots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (boots[middle]!.startMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return boots[low - 1]?.id ?? null;
}
