import type { FormName } from "../model/evidence.js";
import type { EventTime } from "../model/time.js";
import type { LineHeader } from "./head-parts.js";

const HOUR_MS = 3_600_000;
const LF = 10;
const SPACE = 32;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const ZERO = 48;
/** As in the tag of `head-parts.ts`. */
const MOST_TAG_BYTES = 64;
const MOST_PID_DIGITS = 9;
const KERNEL = [...new TextEncoder().encode("kernel")];

/** What stands at a place of the template. */
const DIGIT = -1;
/** The tens of minutes and seconds: 0 to 5. */
const SIXTIETH = -2;

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
export class HeadTemplate {
  /** Of the last `run`: lines passed, and those of the kernel among them. */
  lines = 0;
  kernelLines = 0;
  /** Behind the last line passed. */
  end = 0;
  /** Unix milliseconds of the earliest and the latest kernel line. */
  firstKernelMs = 0;
  lastKernelMs = 0;
  readonly header: LineHeader;
  readonly time: EventTime;
  readonly #prefix: Int16Array;
  readonly #clockAt: number;
  readonly #decimals: number;
  /** Unix milliseconds at minute 0 of the hour. */
  readonly #hourMs: number;

  private constructor(line: string, prefixLength: number, clock: Clock, header: LineHeader, time: EventTime) {
    const bytes = Uint8Array.from(line.slice(0, prefixLength), (character) => character.charCodeAt(0));
    this.header = header;
    this.time = time;
    this.#clockAt = clock.at;
    this.#decimals = clock.decimals;
    this.#hourMs = (time.unixMs ?? 0) - withinHour(bytes, clock.at, clock.decimals);
    this.#prefix = Int16Array.from(bytes);
    for (const place of [1, 4, ...Array.from({ length: clock.decimals }, (_, n) => 6 + n)]) {
      this.#prefix[clock.at + place] = DIGIT;
    }
    for (const place of [0, 3]) this.#prefix[clock.at + place] = SIXTIETH;
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
    const space = head.indexOf(" ", end);
    if (space === -1) return null;
    let prefixLength = space + 1;
    if (host !== null) {
      const named = head.indexOf(`${host} `, space);
      if (named === -1) return null;
      prefixLength = named + host.length + 1;
    }
    if (!head.startsWith(identifier, prefixLength)) return null;
    const at = end - "MM:SS".length - (decimals === "" ? 0 : decimals.length + 1);
    return new HeadTemplate(line, prefixLength, { at, decimals: decimals.length }, header, time);
  }

  /** Whether a moment lies in the template's hour: what was read then leaves the template as true as it was. */
  holds(unixMs: number): boolean {
    return unixMs >= this.#hourMs && unixMs < this.#hourMs + HOUR_MS;
  }

  /**
   * Passes lines from `from` on, as long as another of them follows that is like the template, up to `to`, where a line
   * must end: the last of them is left to be read, since lines may follow that belong to it. What was found stands in
   * the fields. Cost: the heads' bytes, and a search for each line's end.
   * @returns whether the first line is like the template
   */
  run(bytes: Uint8Array, from: number, to: number): boolean {
    const prefix = this.#prefix;
    this.lines = 0;
    this.kernelLines = 0;
    this.firstKernelMs = Number.POSITIVE_INFINITY;
    this.lastKernelMs = Number.NEGATIVE_INFINITY;
    this.end = from;
    let before = NO_TAG;
    for (let start = from; start + prefix.length < to; ) {
      let at = 0;
      for (; at < prefix.length; at += 1) {
        const wanted = prefix[at]!;
        const byte = bytes[start + at]!;
        if (byte === wanted) continue;
        if (wanted >= 0 || byte < ZERO || byte > (wanted === DIGIT ? ZERO + 9 : ZERO + 5)) break;
      }
      const tag = at < prefix.length ? NO_TAG : tagAt(bytes, start + at, to);
      if (tag === NO_TAG) break;
      if (before !== NO_TAG) this.#count(bytes, before);
      before = tag;
      this.end = start;
      start = bytes.indexOf(LF, start + at) + 1;
    }
    return before !== NO_TAG;
  }

  #count(bytes: Uint8Array, tag: number): void {
    this.lines += 1;
    if (tag !== KERNEL_TAG) return;
    // `end` is still where the line began.
    const ms = this.#hourMs + withinHour(bytes, this.end + this.#clockAt, this.#decimals);
    this.kernelLines += 1;
    if (ms < this.firstKernelMs) this.firstKernelMs = ms;
    if (ms > this.lastKernelMs) this.lastKernelMs = ms;
  }
}

interface Clock {
  /** Where `MM:SS` stands in the line. */
  readonly at: number;
  readonly decimals: number;
}

/** Milliseconds from the full hour to `MM:SS` with decimals. */
function withinHour(bytes: Uint8Array, at: number, decimals: number): number {
  const digit = (place: number): number => bytes[at + place]! - ZERO;
  let ms = ((digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4)) * 1000;
  let share = 100;
  for (let place = 0; place < decimals; place += 1, share /= 10) ms += digit(6 + place) * share;
  return ms;
}

const NO_TAG = 0;
const OTHER_TAG = 1;
const KERNEL_TAG = 2;

/** What stands at a place where a tag may: the kernel's, another's, or something that must be read to be known. */
function tagAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte === COLON || byte === OPEN) break;
    // Blanks, brackets, and what is not one byte end the wish to know.
    if (byte <= SPACE || byte > 126 || byte === CLOSE || byte === 40 || byte === 41 || byte === 60 || byte === 62) {
      return NO_TAG;
    }
  }
  const length = at - from;
  if (length === 0 || length > MOST_TAG_BYTES) return NO_TAG;
  let hasPid = false;
  if (bytes[at] === OPEN) {
    const digits = at + 1;
    for (at = digits; at < to && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9; at += 1);
    if (at === digits || at - digits > MOST_PID_DIGITS || bytes[at] !== CLOSE) return NO_TAG;
    at += 1;
    hasPid = true;
  }
  if (bytes[at] !== COLON || (bytes[at + 1] !== SPACE && bytes[at + 1] !== LF)) return NO_TAG;
  const isKernel = length === KERNEL.length && KERNEL.every((byte, place) => bytes[from + place] === byte);
  return isKernel && !hasPid ? KERNEL_TAG : OTHER_TAG;
}
