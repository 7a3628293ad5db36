import { FIRST_BELIEVABLE_MS } from "../clock/believable.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import { type EntryPattern, MOST_HOST_BYTES } from "../scan/like-entries.js";
import type { Scanner } from "../scan/scanner.js";
import type { PassedRecords } from "./record-reader.js";

const HOUR_MS = 3_600_000;

/**
 * What the entries of a journal have in common for an hour: host, machine and boot. Entries that are like one that was read, and
 * whose message no recogniser wants, are counted and timed from their bytes; the result is that of reading each (tested
 * as a property).
 */
export class EntryTemplate implements PassedRecords {
  /** Of the last `run`: entries passed, those of the kernel among them, and line feeds in all. */
  records = 0;
  kernelRecords = 0;
  lines = 0;
  /** Behind the last entry passed. */
  end = 0;
  firstKernelMs = 0;
  lastKernelMs = 0;
  readonly host: string;
  readonly time: EventTime;
  readonly #pattern: EntryPattern;

  private constructor(host: string, time: EventTime, pattern: EntryPattern) {
    this.host = host;
    this.time = time;
    this.#pattern = pattern;
  }

  /** The template of an entry that was read; null where it says too little to know those like it. */
  static of({ host, bootId, machineId, time }: LogRecord, form: EntryPattern["form"]): EntryTemplate | null {
    if (host === null || bootId === null || time.unixMs === null || time.source !== "utc") return null;
    const bytes = new TextEncoder().encode(host);
    if (bytes.length === 0 || bytes.length > MOST_HOST_BYTES) return null;
    const hourFromUs = Math.floor(time.unixMs / HOUR_MS) * HOUR_MS * 1000;
    if (hourFromUs < 0) return null;
    const hourToUs = hourFromUs + HOUR_MS * 1000;
    const earliestUs = FIRST_BELIEVABLE_MS * 1000;
    const pattern = { form, bootId, machineId: machineId ?? null, host: bytes, hourFromUs, hourToUs, earliestUs };
    return new EntryTemplate(host, time, pattern);
  }

  /** Whether an entry that was read leaves the template as true as it was. */
  holds({ host, bootId, machineId, time: { unixMs } }: LogRecord): boolean {
    const us = unixMs === null ? -1 : unixMs * 1000;
    const { hourFromUs, hourToUs } = this.#pattern;
    const isSame =
      host === this.host && bootId === this.#pattern.bootId && (machineId ?? null) === this.#pattern.machineId;
    return isSame && us >= hourFromUs && us < hourToUs;
  }

  /**
   * Passes entries of the scanner's buffer from `from` on, where one begins, up to the first that must be read, or `to`,
   * where a line must end. What was found stands in the fields.
   */
  run(scanner: Scanner, from: number, to: number): void {
    const found = scanner.countEntries(this.#pattern, from, to);
    this.records = found.entries;
    this.kernelRecords = found.kernelEntries;
    this.lines = found.lines;
    this.end = found.end;
    this.firstKernelMs = found.firstKernelUs / 1000;
    this.lastKernelMs = found.lastKernelUs / 1000;
  }
}
