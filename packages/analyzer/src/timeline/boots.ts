import type { Boot } from "../report.js";
import type { Span } from "../result.js";
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
  let known: readonly number[] = starts.map((start) => start.timeMs);
  const add = (fromMs: number, toMs: number): void => {
    const isKnown = known.some((timeMs) => timeMs >= fromMs - SAME_BOOT_MS && timeMs <= toMs);
    if (!isKnown) starts.push({ timeMs: fromMs, kernelRelease: null });
  };
  for (const { firstMs, lastMs } of spans.values()) add(firstMs, lastMs);
  known = starts.map((start) => start.timeMs);
  for (const { event, timeMs } of facts) {
    const { bootMs } = event.time;
    if (bootMs === null || bootMs >= YOUNG_MS) continue;
    const count = starts.length;
    add(timeMs - bootMs, timeMs + SAME_BOOT_MS);
    if (starts.length > count) known = starts.map((start) => start.timeMs);
  }

  const whole = hull(watched);
  const firstMs = Math.min(whole?.startMs ?? Number.POSITIVE_INFINITY, facts[0]?.timeMs ?? Number.POSITIVE_INFINITY);
  starts.sort((a, b) => a.timeMs - b.timeMs);
  if (Number.isFinite(firstMs) && (starts[0] === undefined || starts[0].timeMs - firstMs > SAME_BOOT_MS))
    starts.unshift({ timeMs: firstMs, kernelRelease: null });

  const shutdowns = ofKind(facts, "host.shutdown");
  const times = facts.map((fact) => fact.timeMs);
  const lively = facts.filter((fact) => LIVELY.has(fact.event.kind)).map((fact) => fact.timeMs);
  return starts.map((start, id): BootPart => {
    const next = starts[id + 1];
    const untilMs = next?.timeMs ?? Number.POSITIVE_INFINITY;
    const shutdown = shutdowns.findLast((fact) => fact.timeMs >= start.timeMs && fact.timeMs < untilMs);
    const lastLively = Math.max(lastBefore(lively, untilMs), lastBefore(reportMs, untilMs));
    const orderly = shutdown !== undefined && lastLively <= shutdown.timeMs + STILL_RUNNING_MS;
    const base = { id, startMs: start.timeMs, kernelRelease: start.kernelRelease };
    if (orderly && (next !== undefined || shutdown.timeMs >= (whole?.endMs ?? 0) - STILL_RUNNING_MS))
      return { ...base, endMs: shutdown.timeMs, endedBy: "shutdown", offUntilMs: next?.timeMs ?? null };
    if (next === undefined) {
      const endMs = Math.max(start.timeMs, whole?.endMs ?? 0, facts.at(-1)?.timeMs ?? 0);
      return { ...base, endMs, endedBy: "log-ends", offUntilMs: null };
    }
    // Watching by the hour cannot tell the minute of a crash; the last thing that was logged can only be earlier.
    const watchedMs = lastWatched(watched, untilMs);
    const endMs = Math.min(untilMs, Math.max(start.timeMs, watchedMs, lastBefore(times, untilMs)));
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

/** The last of ascending times before a moment; -Infinity when there is none. O(log n). */
function lastBefore(times: ArrayLike<number>, untilMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < untilMs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? Number.NEGATIVE_INFINITY : times[low - 1]!;
}

/** The last watched moment before another. */
function lastWatched(watched: readonly Span[], untilMs: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const span of watched) if (span.startMs < untilMs) last = Math.min(span.endMs, untilMs);
  return last;
}

/** The boot in which a moment lies; null before the first. */
export function bootAt(boots: readonly Boot[], timeMs: number): number | null {
  return boots.findLast((boot) => boot.startMs <= timeMs)?.id ?? null;
}
