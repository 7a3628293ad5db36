import { FIRST_BELIEVABLE_MS } from "../clock/believable.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import type { EntryPattern } from "../scan/like-entries.js";
import type { Scanner } from "../scan/scanner.js";
import { EntryOrigin } from "./entry-origin.js";
import type { PassedRecords } from "./record-reader.js";

/** As long as the kernel compares it, and the same bytes in every form. */
const PLAIN_HOST = /^[!#-[\]-~]{1,64}$/;

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
  readonly #origin: EntryOrigin;
  readonly #pattern: EntryPattern;

  private constructor(origin: EntryOrigin, pattern: EntryPattern) {
    this.#origin = origin;
    this.#pattern = pattern;
  }

  /** The template of an entry that was read; null where it says too little to know those like it. */
  static of(record: LogRecord, form: EntryPattern["form"]): EntryTemplate | null {
    const origin = EntryOrigin.of(record);
    if (origin === null) return null;
    const { bootId, machineId } = origin;
    if (!PLAIN_HOST.test(origin.host)) return null;
    const host = new TextEncoder().encode(origin.host);
    const [hourFromUs, hourToUs] = [origin.hourFromMs * 1000, origin.hourToMs * 1000];
    const earliestUs = FIRST_BELIEVABLE_MS * 1000;
    return new EntryTemplate(origin, { form, bootId, machineId, host, hourFromUs, hourToUs, earliestUs });
  }

  get host(): string {
    return this.#origin.host;
  }

  get time(): EventTime {
    return this.#origin.time;
  }

  /** Whether an entry that was read leaves the template as true as it was. */
  holds(record: LogRecord): boolean {
    return this.#origin.holds(record);
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
