/** What journal entries have in common that can be counted from their bytes. */
export interface EntryPattern {
  readonly form: "journal-export" | "journal-json";
  /** 32 small hexadecimal digits. */
  readonly bootId: string;
  /** As the boot; null where the entries name none. */
  readonly machineId: string | null;
  /** 1 to MOST_HOST_BYTES. */
  readonly host: Uint8Array;
  /** Entries of the kernel are from this hour: microseconds since the epoch, the first in, the last out. */
  readonly hourFromUs: number;
  readonly hourToUs: number;
  /** An earlier stamp is one of a clock that was not set. */
  readonly earliestUs: number;
}

/** The longest host name that is compared. */
export const MOST_HOST_BYTES = 64;

/**
 * Entries from one place on that are like the pattern and whose message holds no needle. Microseconds are zero where none
 * is the kernel's.
 */
export interface LikeEntries {
  entries: number;
  /** Line feeds in them. */
  lines: number;
  /** Those that the container vouches to be the kernel's. */
  kernelEntries: number;
  /** Behind the last one counted. */
  end: number;
  firstKernelUs: number;
  lastKernelUs: number;
}

/** The fields that count, by their numbers from 1 on, as the kernel knows them. */
export const COUNTED_FIELDS: readonly string[] = [
  "MESSAGE",
  "_BOOT_ID",
  "_HOSTNAME",
  "_TRANSPORT",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "_COMM",
  "__REALTIME_TIMESTAMP",
  "__MONOTONIC_TIMESTAMP",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_SOURCE_MONOTONIC_TIMESTAMP",
  "_SOURCE_BOOTTIME_TIMESTAMP",
  "_MACHINE_ID",
];

const STAMPS: ReadonlySet<string> = new Set(COUNTED_FIELDS.slice(7, 12));
const NEEDED = ["MESSAGE", "_BOOT_ID", "_HOSTNAME", "__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP"];
const MOST_BINARY_NAME_BYTES = 64;
const BINARY_NAME = /^[A-Z0-9_]*$/;
const [LF, CR, SPACE, QUOTE, COMMA, COLON, EQUALS, OPEN, BACKSLASH, CLOSE] = [10, 13, 32, 34, 44, 58, 61, 123, 92, 125];
/** Behind a backslash: what stands for a byte that no needle holds. */
const ESCAPES: ReadonlySet<number | undefined> = new Set([...'"\\nrt'].map((one) => one.charCodeAt(0)));
/** Bytes behind the name of a binary field that are not its value: a line feed, the length, and a line feed. */
const BINARY_FRAME_BYTES = 10;

type HoldsNeedle = (from: number, to: number) => boolean;

/** Fields that count, and the place behind the entry. */
interface Entry {
  readonly fields: ReadonlyMap<string, string>;
  readonly lines: number;
  readonly end: number;
}

/** The scalar twin of the kernel's `entries`. Cost: some passes over each entry; it is the oracle, so it stays plain. */
export function countEntries(
  bytes: Uint8Array,
  pattern: EntryPattern,
  range: readonly [from: number, to: number],
  holdsNeedle: HoldsNeedle,
): LikeEntries {
  const [from, to] = range;
  const found = { entries: 0, lines: 0, kernelEntries: 0, end: from, firstKernelUs: 0, lastKernelUs: 0 };
  const read = pattern.form === "journal-json" ? jsonEntry : exportEntry;
  for (let at = from; at < to; at = found.end) {
    const entry = read(bytes, at, to, holdsNeedle);
    const stamp = entry === null ? null : stampOf(entry.fields, pattern);
    if (entry === null || stamp === null) break;
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

/** Whose entry it is and when it was written; null when it must be read. The same as `recordFromJournalFields`. */
function stampOf(fields: Entry["fields"], pattern: EntryPattern): { isKernel: boolean; us: number } | null {
  if (NEEDED.some((name) => !fields.has(name))) return null;
  if (fields.get("_BOOT_ID") !== pattern.bootId || fields.get("_HOSTNAME") !== latin1(pattern.host)) return null;
  if ((fields.get("_MACHINE_ID") ?? null) !== pattern.machineId) return null;
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
  if (isKernel && (us < pattern.hourFromUs || us >= pattern.hourToUs)) return null;
  return { isKernel, us };
}

/** A line that is one object of strings. */
function jsonEntry(bytes: Uint8Array, from: number, to: number, holdsNeedle: HoldsNeedle): Entry | null {
  const fields = new Map<string, string>();
  if (bytes[from] !== OPEN) return null;
  for (let at = from + 1; at < to; ) {
    const name = stringAt(bytes, behindSpaces(bytes, at, to), to, false);
    if (name === null) return null;
    const colon = behindSpaces(bytes, name.end + 1, to);
    const isCounted = COUNTED_FIELDS.includes(name.text);
    const mayEscape = !isCounted || name.text === "MESSAGE";
    const value = stringAt(bytes, behindSpaces(bytes, colon + 1, to), to, mayEscape);
    if (bytes[colon] !== COLON || value === null) return null;
    if (isCounted) {
      if (fields.has(name.text)) return null;
      if (name.text === "MESSAGE" && holdsNeedle(value.from, value.end)) return null;
      fields.set(name.text, value.text);
    }
    at = behindSpaces(bytes, value.end + 1, to);
    if (bytes[at] === COMMA) at += 1;
    else return bytes[at] === CLOSE && at + 1 < to && bytes[at + 1] === LF ? { fields, lines: 1, end: at + 2 } : null;
  }
  return null;
}

/** A string of ASCII between quotes, and its quotes' places; null where there is none. */
function stringAt(bytes: Uint8Array, open: number, to: number, mayEscape: boolean) {
  if (bytes[open] !== QUOTE) return null;
  for (let at = open + 1; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return { from: open + 1, end: at, text: latin1(bytes.subarray(open + 1, at)) };
    if (byte < SPACE || byte > 127) return null;
    if (byte !== BACKSLASH) continue;
    at += 1;
    if (!mayEscape || !ESCAPES.has(bytes[at])) return null;
  }
  return null;
}

function behindSpaces(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at += 1;
  return at;
}

function exportEntry(bytes: Uint8Array, from: number, to: number, holdsNeedle: HoldsNeedle): Entry | null {
  const fields = new Map<string, string>();
  let lines = 0;
  for (let at = from; at < to; ) {
    if (bytes[at] === LF) return at === from ? null : { fields, lines: lines + 1, end: at + 1 };
    const feed = bytes.indexOf(LF, at);
    if (feed === -1 || feed >= to) return null;
    const equals = bytes.indexOf(EQUALS, at);
    const isBinary = equals === -1 || equals > feed;
    const name = latin1(bytes.subarray(at, isBinary ? feed : equals));
    if (isBinary) {
      const end = COUNTED_FIELDS.includes(name) ? null : binaryEnd(bytes, name, feed, to);
      if (end === null) return null;
      for (let one = at; one < end; one += 1) if (bytes[one] === LF) lines += 1;
      at = end;
      continue;
    }
    if (bytes[feed - 1] === CR) return null;
    const value = bytes.subarray(equals + 1, feed);
    if (COUNTED_FIELDS.includes(name)) {
      if (fields.has(name)) return null;
      if (name === "MESSAGE" && (value.some((byte) => byte > 127) || holdsNeedle(equals + 1, feed))) return null;
      fields.set(name, latin1(value));
    }
    lines += 1;
    at = feed + 1;
  }
  return null;
}

/** Behind a field in binary form, `feed` being the line feed behind its name; null where it is not as it should be. */
function binaryEnd(bytes: Uint8Array, name: string, feed: number, to: number): number | null {
  if (name.length > MOST_BINARY_NAME_BYTES || !BINARY_NAME.test(name) || to - feed < BINARY_FRAME_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + feed + 1, 8);
  const size = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const end = feed + 9 + size;
  return end < to && bytes[end] === LF ? end + 1 : null;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
