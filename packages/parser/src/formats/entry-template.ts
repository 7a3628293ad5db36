import { FIRST_BELIEVABLE_MS } from "../clock/believable.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import type { EntryPattern } from "../scan/like-entries.js";
import { MOST_ORIGINS, type Origin } from "../scan/origins.js";
import type { Scanner } from "../scan/scanner.js";
import { EntryOrigin } from "./entry-origin.js";
import type { PassedRecords } from "./record-reader.js";

/** As long as it may be, and the same bytes in every form. */
const PLAIN_HOST = /^[!#-[\]-~]{1,64}$/;

/**
 * What is known of a journal's entries: the hosts, machines and boots that they are from. Entries from there, whose message no
 * recogniser wants, are counted and timed from their bytes; the result is that of reading each (tested as a property).
 */
export class EntryTemplate implements PassedRecords {
  /** Of the last `run`: entries passed, those of the kernel among them, and line feeds in all. */
  records = 0;
  kernelRecords = 0;
  lines = 0;
  /** Behind the last entry passed. */
  end = 0;
  /** Whether the next entry may be passed by another run. */
  goesOn = false;
  firstKernelMs = 0;
  lastKernelMs = 0;
  /** All hosts that entries are passed of were heard of when one of theirs was read. */
  readonly host = null;
  readonly #form: EntryPattern["form"];
  readonly #known = new Map<string, Origin>();
  #last: EntryOrigin | null = null;
  #pattern: EntryPattern | null = null;

  constructor(form: EntryPattern["form"]) {
    this.#form = form;
  }

  /** Of an entry that was read. */
  get time(): EventTime {
    if (this.#last === null) throw new TypeError("no entry was passed");
    return this.#last.time;
  }

  /** An entry that was read: those like it may be passed from now on. */
  learn(record: LogRecord): void {
    if (this.#last?.isOf(record) === true) return;
    const origin = EntryOrigin.of(record);
    if (origin === null || !PLAIN_HOST.test(origin.host)) return;
    const { bootId, machineId, host } = origin;
    this.#last = origin;
    const key = `${bootId} ${machineId ?? ""} ${host}`;
    if (this.#known.has(key)) return;
    if (this.#known.size === MOST_ORIGINS) this.#known.clear();
    this.#known.set(key, { bootId, machineId, host });
    this.#pattern = { form: this.#form, origins: [...this.#known.values()], earliestUs: FIRST_BELIEVABLE_MS * 1000 };
  }

  /**
   * Passes entries of the scanner's buffer from `from` on, where one begins, up to the first that must be read, or of the
   * kernel's the first of another hour, or `to`, where a line must end. What was found stands in the fields.
   */
  run(scanner: Scanner, from: number, to: number): void {
    const pattern = this.#pattern;
    this.records = 0;
    this.lines = 0;
    this.end = from;
    this.goesOn = false;
    if (pattern === null) return;
    const found = scanner.countEntries(pattern, from, to);
    this.records = found.entries;
    this.kernelRecords = found.kernelEntries;
    this.lines = found.lines;
    this.end = found.end;
    this.goesOn = found.goesOn;
    this.firstKernelMs = found.firstKernelUs / 1000;
    this.lastKernelMs = found.lastKernelUs / 1000;
  }
}
