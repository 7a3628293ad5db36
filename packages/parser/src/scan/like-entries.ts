import { COUNTED_FIELDS, type TwinEntry } from "./entry-fields.js";
import { exportEntry } from "./export-entry.js";
import { jsonEntry } from "./json-entry.js";
import type { Origin } from "./origins.js";

/** What journal entries have in common that can be counted from their bytes. */
export interface EntryPattern {
  readonly form: "journal-export" | "journal-json";
  /** Where entries may be from; the same array means the same origins. At most MOST_ORIGINS. */
  readonly origins: readonly Origin[];
  /** An earlier stamp, in microseconds since the epoch, is one of a clock that was not set. */
  readonly earliestUs: number;
}

/**
 * Entries from one place on that are like the pattern and whose message holds no needle; those of the kernel are of one
 * hour. Microseconds are zero where none is the kernel's.
 */
export interface LikeEntries {
  entries: number;
  /** Line feeds in them. */
  lines: number;
  /** Those that the container vouches to be the kernel's. */
  kernelEntries: number;
  /** Behind the last one counted. */
  end: number;
  /** Whether the next may be counted, too, by another call: it is one of the kernel's, of another hour. */
  goesOn: boolean;
  firstKernelUs: number;
  lastKernelUs: number;
}

const STAMPS: ReadonlySet<string> = new Set(COUNTED_FIELDS.slice(7, 12));
const NEEDED = ["MESSAGE", "_BOOT_ID", "_HOSTNAME", "__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP"];

type HoldsNeedle = (from: number, to: number) => boolean;

/** The scalar twin of the kernel's `entries`. Cost: some passes over each entry; it is the oracle, so it stays plain. */
export function countEntries(
  bytes: Uint8Array,
  pattern: EntryPattern,
  range: readonly [from: number, to: number],
  holdsNeedle: HoldsNeedle,
): LikeEntries {
  const [from, to] = range;
  const found: LikeEntries = {
    entries: 0,
    lines: 0,
    kernelEntries: 0,
    end: from,
    goesOn: false,
    firstKernelUs: 0,
    lastKernelUs: 0,
  };
  const read = pattern.form === "journal-json" ? jsonEntry : exportEntry;
  for (let at = from; at < to; at = found.end) {
    const entry = read(bytes, at, to);
    const stamp = entry === null ? null : stampOf(entry.fields, pattern);
    if (entry === null || stamp === null) break;
    if (entry.message === null || holdsNeedle(entry.message.from, entry.message.end)) break;
    found.goesOn = stamp.isKernel && found.kernelEntries > 0 && hourOf(stamp.us) !== hourOf(found.firstKernelUs);
    if (found.goesOn) break;
    found.entries += 1;
    found.lines += entry.lines;
    found.end = entry.end;
    if (!stamp.isKernel) continue;
    found.firstKernelUs = found.kernelEntries === 0 ? stamp.us : Math.min(found.firstKernelUs, stamp.us);
    found.lastKernelUs = found.kernelEntries === 0 ? stamp.us : Math.max(found.lastKernelUs, stamp.us);
    found.kernelEntries += 1;
  }
  return found;
}

const hourOf = (us: number): number => Math.floor(us / 3_600_000_000);

/** Whose entry it is and when it was written; null when it must be read. The same as `recordFromJournalFields`. */
function stampOf(fields: TwinEntry["fields"], pattern: EntryPattern): { isKernel: boolean; us: number } | null {
  if (NEEDED.some((name) => !fields.has(name))) return null;
  const [boot, machine, host] = [fields.get("_BOOT_ID"), fields.get("_MACHINE_ID") ?? null, fields.get("_HOSTNAME")];
  if (!pattern.origins.some((one) => one.bootId === boot && one.machineId === machine && one.host === host))
    return null;
  const stamps = new Map<string, number>();
  for (const [name, value] of fields) {
    if (!STAMPS.has(name)) continue;
    if (!/^\d{1,16}$/.test(value) || !Number.isSafeInteger(Number(value))) return null;
    stamps.set(name, Number(value));
  }
  const isTransport = fields.get("_TRANSPORT") === "kernel";
  const isKernel = isTransport && (fields.get("SYSLOG_FACILITY") ?? "0") === "0";
  if (!isKernel && (fields.get("SYSLOG_IDENTIFIER") === "kernel" || fields.get("_COMM") === "kernel")) return null;
  const received = stamps.get("__REALTIME_TIMESTAMP") ?? 0;
  const monotonic = stamps.get("__MONOTONIC_TIMESTAMP") ?? 0;
  const printed = stamps.get("_SOURCE_MONOTONIC_TIMESTAMP") ?? stamps.get("_SOURCE_BOOTTIME_TIMESTAMP") ?? null;
  const sent = stamps.get("_SOURCE_REALTIME_TIMESTAMP") ?? received;
  const lag = printed === null || printed > monotonic ? 0 : monotonic - printed;
  const us = isTransport ? received - lag : sent;
  if (us < pattern.earliestUs) return null;
  return { isKernel, us };
}
