import type { FormName } from "../model/evidence.js";
import type { EventTime } from "../model/time.js";
import { DIGIT, type HeadPattern, MOST_HEAD_BYTES, SIXTIETH, withinHourUs } from "../scan/like-lines.js";
import type { Scanner } from "../scan/scanner.js";
import type { LineHeader } from "./head-parts.js";
import type { PassedRecords } from "./record-reader.js";

const HOUR_MS = 3_600_000;

/** Hour, minute and second, and the second's decimals. */
const CLOCK = /(?<=[ T])\d\d:\d\d:\d\d(?:\.(\d{1,6}))?/;
/** Everything printable that is one byte. */
const ASCII = /^[ -~]+$/;

/** Forms whose stamp names a moment by date and time of day. */
const FORMS: ReadonlySet<FormName> = new Set([
  "syslog-traditional",
  "syslog-iso",
  "journal-short",
  "journal-short-iso",
  "journal-short-full",
]);

/**
 * What the heads of a log's lines have in common for an hour: date, hour and host. Lines that begin so are counted and
 * timed from their bytes, without decoding them; the result is that of reading each (tested as a property). Their tags
 * are told apart into the kernel's and others.
 */
export class HeadTemplate implements PassedRecords {
  /** Of the last `run`: lines passed, a record each, and those of the kernel among them. */
  records = 0;
  kernelRecords = 0;
  /** Behind the last line passed. */
  end = 0;
  firstKernelMs = 0;
  lastKernelMs = 0;
  readonly header: LineHeader;
  readonly time: EventTime;
  readonly #pattern: HeadPattern;
  /** Unix milliseconds at minute 0 of the hour. */
  readonly #hourMs: number;

  private constructor(prefix: string, clock: Clock, header: LineHeader, time: EventTime) {
    const { at, decimals } = clock;
    const bytes = new TextEncoder().encode(prefix);
    this.header = header;
    this.time = time;
    this.#hourMs = (time.unixMs ?? 0) - withinHourUs(bytes, at, decimals) / 1000;
    const places = Int16Array.from(bytes);
    for (const place of [1, 4, ...Array.from({ length: decimals }, (_, n) => 6 + n)]) places[at + place] = DIGIT;
    for (const place of [0, 3]) places[at + place] = SIXTIETH;
    this.#pattern = { prefix: places, clockAt: at, decimals };
  }

  /**
   * The template of a line that was read; null where its head says too little to know those like it.
   * @param time - of the line, in an hour all of whose stamps are read alike
   */
  static of(line: string, header: LineHeader, time: EventTime): HeadTemplate | null {
    const { host, identifier, messageAt, form } = header;
    if (!FORMS.has(form) || identifier === null || time.unixMs === null) return null;
    const head = line.slice(0, messageAt);
    const match = CLOCK.exec(head);
    if (match === null || !ASCII.test(head)) return null;
    const [clock, decimals = ""] = match;
    const end = match.index + clock.length;
    let prefixLength = head.indexOf(" ", end) + 1;
    if (prefixLength === 0) return null;
    if (host !== null) {
      const named = head.indexOf(`${host} `, prefixLength - 1);
      if (named === -1) return null;
      prefixLength = named + host.length + 1;
    }
    if (prefixLength > MOST_HEAD_BYTES || !head.startsWith(identifier, prefixLength)) return null;
    const at = end - "MM:SS".length - (decimals === "" ? 0 : decimals.length + 1);
    return new HeadTemplate(head.slice(0, prefixLength), { at, decimals: decimals.length }, header, time);
  }

  get host(): string | null {
    return this.header.host;
  }

  /** Whether a moment lies in the template's hour: what was read then leaves the template as true as it was. */
  holds(unixMs: number): boolean {
    return unixMs >= this.#hourMs && unixMs < this.#hourMs + HOUR_MS;
  }

  /**
   * Passes lines of the scanner's buffer from `from` on, as long as another of them follows that is like the template, up
   * to `to`, where a line must end: the last of them is left to be read, since lines may follow that belong to it. What
   * was found stands in the fields.
   * @returns whether the first line is like the template
   */
  run(scanner: Scanner, from: number, to: number): boolean {
    const found = scanner.countLike(this.#pattern, from, to);
    this.records = found.lines;
    this.kernelRecords = found.kernelLines;
    this.end = found.end;
    this.firstKernelMs = this.#hourMs + found.firstKernelUs / 1000;
    this.lastKernelMs = this.#hourMs + found.lastKernelUs / 1000;
    return found.isLike;
  }
}

interface Clock {
  /** Where `MM:SS` stands in the line. */
  readonly at: number;
  readonly decimals: number;
}
