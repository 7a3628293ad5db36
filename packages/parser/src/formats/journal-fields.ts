import type { LogRecord, Provenance } from "../model/record.js";
import type { EventTime } from "../model/time.js";

/** The journal fields that a record is made of; every other field may be passed over. */
export const JOURNAL_FIELDS: ReadonlySet<string> = new Set([
  "MESSAGE",
  "PRIORITY",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "SYSLOG_PID",
  "_BOOT_ID",
  "_COMM",
  "_HOSTNAME",
  "_KERNEL_DEVICE",
  "_MACHINE_ID",
  "_PID",
  "_SOURCE_BOOTTIME_TIMESTAMP",
  "_SOURCE_MONOTONIC_TIMESTAMP",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_TRANSPORT",
  "__CURSOR",
  "__MONOTONIC_TIMESTAMP",
  "__REALTIME_TIMESTAMP",
]);

/** First value of a field, null when the entry has none. */
export type JournalField = (name: string) => Uint8Array | string | null;

/**
 * A record from the fields of a journal entry (systemd.journal-fields(7)), the same for every form that carries them.
 * A field that occurs several times counts with its first value; bytes that are not UTF-8 become U+FFFD.
 * `kernel` trust needs `_TRANSPORT=kernel` and facility 0 (or none): lines that user space wrote to /dev/kmsg have
 * that transport too, under another facility (systemd, journald-kmsg.c, dev_kmsg_record). Where a transport is told, all
 * else is a process's.
 */
export function recordFromJournalFields(get: JournalField, provenance: Provenance): LogRecord {
  const text = (name: string): string | null => {
    const value = get(name);
    return value === null || typeof value === "string" ? value : decodeUtf8(value);
  };
  const bootField = text("_BOOT_ID");
  const receivedUs = readDecimal(text("__REALTIME_TIMESTAMP"));
  const monotonicUs = readDecimal(text("__MONOTONIC_TIMESTAMP"));
  // What the cursor says is said by fields, too, as a rule.
  const isWhole = bootField !== null && receivedUs !== null && monotonicUs !== null;
  const cursor = isWhole ? NO_CURSOR : readCursor(text("__CURSOR"));
  const transport = text("_TRANSPORT");
  const isKernelTransport = transport === "kernel";
  const facility = text("SYSLOG_FACILITY");
  const trust = isKernelTransport && (facility === null || facility === "0") ? "kernel" : "claimed";
  const bootId = bootField ?? cursor.boot;
  const machineId = text("_MACHINE_ID");
  const priority = readDecimal(text("PRIORITY"));
  const who: Pick<LogRecord, "trust" | "byProcess"> =
    trust === "claimed" && transport !== null ? { trust, byProcess: true } : { trust };
  const record: LogRecord = {
    message: text("MESSAGE") ?? "",
    time: readTime(text, receivedUs ?? cursor.realtimeUs, monotonicUs ?? cursor.monotonicUs, isKernelTransport),
    host: text("_HOSTNAME"),
    bootId: bootId !== null && ID128.test(bootId) ? bootId.toLowerCase() : null,
    identifier: text("SYSLOG_IDENTIFIER") ?? text("_COMM") ?? (trust === "kernel" ? "kernel" : null),
    pid: readDecimal(text("_PID")) ?? readDecimal(text("SYSLOG_PID")),
    priority: priority !== null && priority <= 7 ? priority : null,
    device: text("_KERNEL_DEVICE"),
    ...who,
    provenance,
  };
  return machineId !== null && ID128.test(machineId) ? { ...record, machineId: machineId.toLowerCase() } : record;
}

/** As systemd writes ids of machines and boots. */
const ID128 = /^[0-9a-f]{32}$/i;

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Stamps have microseconds. */
const RESOLUTION_MS = 0.001;
/** Journald receives promptly once it runs; what has only its reception time was sent at most about this long before. */
const PROMPT_MS = 1000;

function readTime(
  text: (name: string) => string | null,
  receivedUs: number | null,
  monotonicUs: number | null,
  isKernel: boolean,
): EventTime {
  const sentUs = readDecimal(text("_SOURCE_REALTIME_TIMESTAMP"));
  const printedUs = readDecimal(text("_SOURCE_MONOTONIC_TIMESTAMP")) ?? readDecimal(text("_SOURCE_BOOTTIME_TIMESTAMP"));
  return timeOfStamps({ receivedUs, monotonicUs, sentUs, printedUs }, isKernel);
}

/** What the stamps of an entry say, microseconds; null where one is not there. */
export interface EntryStamps {
  readonly receivedUs: number | null;
  readonly monotonicUs: number | null;
  readonly sentUs: number | null;
  readonly printedUs: number | null;
}

/**
 * User space: the sender's stamp, else reception. Kernel: the entry's own time is reception by journald, for all that
 * was printed before journald ran in one bunch; so reception less the lag between both monotonic stamps, and the truth
 * is between that and reception. A negative lag means that the two clocks disagree: then reception stands.
 */
export function timeOfStamps(stamps: EntryStamps, isKernel: boolean): EventTime {
  const { receivedUs, monotonicUs, sentUs } = stamps;
  const printedUs = isKernel ? stamps.printedUs : null;
  const bootUs = printedUs ?? monotonicUs;
  const bootMs = bootUs === null ? null : bootUs / 1000;

  if (!isKernel && sentUs !== null) return utc(sentUs, bootMs, RESOLUTION_MS);
  if (receivedUs === null) {
    if (sentUs !== null) return utc(sentUs, bootMs, RESOLUTION_MS);
    return {
      unixMs: null,
      bootMs,
      source: bootMs === null ? "none" : "boot",
      uncertaintyMs: Number.POSITIVE_INFINITY,
      year: null,
    };
  }
  if (printedUs === null || monotonicUs === null || printedUs > monotonicUs) return utc(receivedUs, bootMs, PROMPT_MS);
  const lagUs = monotonicUs - printedUs;
  return utc(receivedUs - lagUs, bootMs, Math.max(RESOLUTION_MS, lagUs / 1000));
}

function utc(us: number, bootMs: number | null, uncertaintyMs: number): EventTime {
  return { unixMs: us / 1000, bootMs, source: "utc", uncertaintyMs, year: null };
}

const NO_CURSOR: Cursor = { boot: null, monotonicUs: null, realtimeUs: null };

interface Cursor {
  readonly boot: string | null;
  readonly monotonicUs: number | null;
  readonly realtimeUs: number | null;
}

/** `s=…;i=…;b=<boot id>;m=<hex µs>;t=<hex µs>;x=…`, items in any order (systemd, sd-journal.c, sd_journal_get_cursor). */
function readCursor(cursor: string | null): Cursor {
  const items = new Map<string, string>();
  for (const item of cursor?.split(";", 16) ?? []) {
    if (item[1] === "=") items.set(item.slice(0, 1), item.slice(2));
  }
  return { boot: items.get("b") ?? null, monotonicUs: readHex(items.get("m")), realtimeUs: readHex(items.get("t")) };
}

function readHex(text: string | undefined): number | null {
  if (text === undefined || !/^[0-9a-f]{1,14}$/i.test(text)) return null;
  const value = Number.parseInt(text, 16);
  return Number.isSafeInteger(value) ? value : null;
}

/** A number of at most 16 digits that a double holds exactly; else null. */
export function readDecimal(text: string | null): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
