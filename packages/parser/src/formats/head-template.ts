import type { FormName } from "../model/evidence.js";
import type { EventTime } from "../model/time.js";
import { DIGIT, type HeadPattern, MOST_HEAD_BYTES, SIXTIETH, withinHourUs } from "../scan/like-lines.js";
import { MOST_HOST_BYTES, MOST_ORIGINS } from "../scan/origins.js";
import type { Scanner } from "../scan/scanner.js";
import { KERNEL_STAMP, type LineHeader, stampMs } from "./head-parts.js";
import type { PassedRecords } from "./record-reader.js";

const HOUR_MS = 3_600_000;
const [POINT, ZERO, COLON, OPEN] = [46, 48, 58, 91];

/** Hour, minute and second, and the second's decimals. */
const CLOCK = /(?<=[ T])\d\d:\d\d:\d\d(?:\.(\d{1,6}))?/;
/** Where the kernel's stamp begins with which a head ends. */
const STAMP_AT_END = new RegExp(`${KERNEL_STAMP.source.slice(1)}$`);
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
 * What the heads of a log's lines have in common for an hour: date and hour; and the hosts that were read of before. Lines
 * that begin so are counted and timed from their bytes, without decoding them; the result is that of reading each (tested
 * as a property). Their tags are told apart into the kernel's and others.
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

  /** What stands before `MM:SS`, and from behind the second to the message, or to the kernel's stamp before it. */
  readonly #hour: string;
  readonly #behindClock: string;
  /** Whether the tag is whole wherever it is followed by something. */
  readonly #isTagWhole: boolean;

  private constructor(head: string, { at, decimals, end }: Clock, hosts: readonly string[] | null, of: Stamped) {
    const { header, time } = of;
    this.#hour = head.slice(0, at);
    const stampAt = header.bootMs === null ? -1 : head.search(STAMP_AT_END);
    this.#behindClock = head.slice(at + clockLength(decimals), stampAt === -1 ? head.length : stampAt);
    this.#isTagWhole = this.#behindClock.endsWith(" ");
    this.header = header;
    this.time = time;
    // ASCII; an encoder takes longer to call than to write so few bytes.
    const bytes = new Uint8Array(end);
    for (let place = 0; place < end; place += 1) bytes[place] = head.charCodeAt(place);
    this.#hourMs = (time.unixMs ?? 0) - withinHourUs(bytes, at, decimals) / 1000;
    const places = new Int16Array(bytes);
    places[at] = SIXTIETH;
    places[at + 1] = DIGIT;
    places[at + 3] = SIXTIETH;
    places[at + 4] = DIGIT;
    for (let place = 0; place < decimals; place += 1) places[at + 6 + place] = DIGIT;
    this.#pattern = { prefix: places, hosts, clockAt: at, decimals };
  }

  /**
   * The template of a line that was read; null where its head says too little to know those like it.
   * @param time - of the line, in an hour all of whose stamps are read alike
   * @param known - hosts whose lines were read before: lines of these are like it, too
   */
  static of(line: string, { header, time }: Stamped, known: KnownHosts): HeadTemplate | null {
    const { host, identifier, messageAt, form } = header;
    if (!FORMS.has(form) || identifier === null || time.unixMs === null) return null;
    const head = line.slice(0, messageAt);
    const match = CLOCK.exec(head);
    if (match === null || !ASCII.test(head)) return null;
    const [clock, decimals = ""] = match;
    const clockEnd = match.index + clock.length;
    let end = head.indexOf(" ", clockEnd) + 1;
    if (end === 0) return null;
    if (host !== null) {
      const named = head.indexOf(` ${host} `, end - 1);
      if (host === "" || host.length > MOST_HOST_BYTES || host.includes(" ") || named === -1) return null;
      end = named + 1;
    }
    const tagAt = host === null ? end : end + host.length + 1;
    if (end > MOST_HEAD_BYTES || !head.startsWith(identifier, tagAt)) return null;
    const at = clockEnd - "MM:SS".length - (decimals === "" ? 0 : decimals.length + 1);
    const hosts = host === null ? null : known.with(host);
    return new HeadTemplate(head, { at, decimals: decimals.length, end }, hosts, { header, time });
  }

  /** Header and time of a line of the same hour, host and tag; null where its head is another. */
  read(line: string): { readonly header: LineHeader; readonly time: EventTime } | null {
    const { clockAt, decimals } = this.#pattern;
    const behindAt = clockAt + clockLength(decimals);
    if (!this.#isTagWhole || !line.startsWith(this.#hour) || !line.startsWith(this.#behindClock, behindAt)) return null;
    const us = this.#withinHourUs(line);
    if (Number.isNaN(us)) return null;
    const tagEnd = behindAt + this.#behindClock.length;
    const isStamped = this.header.identifier === "kernel" && line.charCodeAt(tagEnd) === OPEN;
    const kept = isStamped ? KERNEL_STAMP.exec(line.slice(tagEnd, tagEnd + 48)) : null;
    const bootMs = kept === null ? null : stampMs(kept);
    const messageAt = tagEnd + (kept?.[0].length ?? 0);
    const isSame = bootMs === this.header.bootMs && messageAt === this.header.messageAt;
    const header = isSame ? this.header : { ...this.header, bootMs, messageAt };
    return { header, time: { ...this.time, unixMs: this.#hourMs + us / 1000, bootMs } };
  }

  /** Microseconds from the full hour; NaN where no clock stands. */
  #withinHourUs(line: string): number {
    const { clockAt, decimals } = this.#pattern;
    const digit = (at: number, most: number): number => {
      const value = line.charCodeAt(clockAt + at) - ZERO;
      return value >= 0 && value <= most ? value : Number.NaN;
    };
    if (line.charCodeAt(clockAt + 2) !== COLON) return Number.NaN;
    if (decimals > 0 && line.charCodeAt(clockAt + 5) !== POINT) return Number.NaN;
    let us = ((digit(0, 5) * 10 + digit(1, 9)) * 60 + digit(3, 5) * 10 + digit(4, 9)) * 1_000_000;
    let share = 100_000;
    for (let at = 6; at < 6 + decimals; at += 1, share /= 10) us += digit(at, 9) * share;
    return us;
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

/** Characters of `MM:SS` with decimals. */
function clockLength(decimals: number): number {
  return decimals === 0 ? 5 : 6 + decimals;
}

interface Clock {
  /** Where `MM:SS` stands in the line. */
  readonly at: number;
  readonly decimals: number;
  /** Behind the clock and what follows it up to the host, or the tag. */
  readonly end: number;
}

/** A head that was read, and its time. */
export interface Stamped {
  readonly header: LineHeader;
  readonly time: EventTime;
}

/** Hosts that lines were read of. */
export class KnownHosts {
  #hosts: readonly string[] = [];

  /** The hosts with one more; it stays the same list while none is new. */
  with(host: string): readonly string[] {
    if (!this.#hosts.includes(host)) this.#hosts = [...(this.#hosts.length < MOST_ORIGINS ? this.#hosts : []), host];
    return this.#hosts;
  }
}
