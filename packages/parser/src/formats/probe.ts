import { type CivilTime, civilToMs } from "../clock/civil.js";
import type { Stamp } from "./head-parts.js";
import { LineHeaderReader } from "./line-header.js";
import { marginOf, plainLine } from "./plain-line.js";

/** Full dates that stand in messages beside a yearless stamp. */
const RTC = /setting system clock to \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d UTC \((\d{9,11})\)/;
const UPID = /starting task UPID:[^:\s]{1,64}:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:([0-9A-Fa-f]{8}):/;
const HALF_YEAR_MS = 183 * 86_400_000;

/**
 * Looks at pieces of a log, in its order, for what tells its dates: first and last stamp, New Years between them, and
 * messages that hold a full date. Pieces may be far apart as long as less than half a year lies between them.
 */
export class DateProbe {
  readonly #heads = new LineHeaderReader();
  #first: CivilTime | null = null;
  #last: CivilTime | null = null;
  #newYears = 0;
  #known: { stamp: CivilTime; newYearsBefore: number; unixMs: number } | null = null;
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;
  readonly hosts: Set<string> = new Set();

  /** Whole lines of a piece. */
  look(text: string): void {
    for (const raw of text.split("\n")) {
      let line = plainLine(raw);
      let header = this.#heads.read(line);
      if (header === null) {
        line = line.slice(marginOf(line));
        header = this.#heads.read(line);
      }
      if (header === null) continue;
      if (header.host !== null && this.hosts.size < 16) this.hosts.add(header.host);
      this.#stamp(header.stamp, line);
    }
  }

  /** First and last yearless stamp; null when there is none. */
  get yearless(): {
    readonly first: CivilTime;
    readonly last: CivilTime;
    readonly newYears: number;
    readonly known: { readonly stamp: CivilTime; readonly newYearsBefore: number; readonly unixMs: number } | null;
  } | null {
    if (this.#first === null || this.#last === null) return null;
    return { first: this.#first, last: this.#last, newYears: this.#newYears, known: this.#known };
  }

  /** Span of the stamps that have a year, to a day; null when there is none. */
  get dated(): { readonly startMs: number; readonly endMs: number } | null {
    return this.#startMs <= this.#endMs ? { startMs: this.#startMs, endMs: this.#endMs } : null;
  }

  #stamp(stamp: Stamp, line: string): void {
    if (stamp.kind === "none") return;
    if (stamp.kind === "utc" || stamp.kind === "offset" || stamp.hasYear) {
      const ms = stamp.kind === "utc" ? stamp.unixMs : civilToMs(stamp.civil);
      this.#startMs = Math.min(this.#startMs, ms);
      this.#endMs = Math.max(this.#endMs, ms);
      return;
    }
    const { civil } = stamp;
    const back = this.#last === null ? 0 : inYear(this.#last) - inYear(civil);
    if (back > HALF_YEAR_MS) this.#newYears += 1;
    this.#first ??= civil;
    // A late line of the year before moves nothing.
    if (back > -HALF_YEAR_MS) this.#last = civil;
    const rtc = RTC.exec(line);
    const upid = rtc === null ? UPID.exec(line) : null;
    const unixMs =
      rtc !== null ? Number(rtc[1]) * 1000 : upid !== null ? Number.parseInt(upid[1] ?? "0", 16) * 1000 : null;
    if (unixMs !== null) this.#known ??= { stamp: civil, newYearsBefore: this.#newYears, unixMs };
  }
}

const inYear = (civil: CivilTime): number => civilToMs({ ...civil, year: 2000 });
