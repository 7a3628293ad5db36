import { type CivilTime, civilToMs } from "../clock/civil.js";
import type { FormName } from "../model/evidence.js";
import { digits, fraction, type LineHeader, type Stamp } from "./head-parts.js";
import { LineHeaderReader } from "./line-header.js";
import { HEAD_MARK } from "./line-marks.js";
import { marginOf, plainLine } from "./plain-line.js";

/** Full dates that stand in messages beside a yearless stamp. */
const RTC = /setting system clock to \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d UTC \((\d{9,11})\)/;
const UPID = /starting task UPID:[^:\s]{1,64}:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:([0-9A-Fa-f]{8}):/;
const HALF_YEAR_MS = 183 * 86_400_000;

/** Forms whose heads are told apart by date, clock and host; what stands behind them makes no other head of them. */
const ALIKE: ReadonlySet<FormName> = new Set([
  "syslog-traditional",
  "syslog-iso",
  "journal-short",
  "journal-short-iso",
  "journal-short-full",
  "dmesg-ctime",
]);
const CLOCK = /([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d{1,9}))?/g;

type DatedStamp = Extract<Stamp, { readonly civil: CivilTime }>;

/** What the lines of one day have in common: all of the head but the clock, up to the message or to behind the host. */
interface Day {
  readonly stamp: DatedStamp;
  readonly before: string;
  readonly behind: string;
  /** Decimals of the second. */
  readonly decimals: number;
}

/**
 * Looks at pieces of a log, in its order, for what tells its dates: first and last stamp, New Years between them, and
 * messages that hold a full date. Pieces may be far apart as long as less than half a year lies between them.
 */
export class DateProbe {
  readonly #heads = new LineHeaderReader();
  #day: Day | null = null;
  #first: CivilTime | null = null;
  #last: CivilTime | null = null;
  /** The same in a year for all. */
  #lastMs = 0;
  #newYears = 0;
  #known: { stamp: CivilTime; newYearsBefore: number; unixMs: number } | null = null;
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;
  readonly hosts: Set<string> = new Set();

  /** Whole lines of a piece. */
  look(text: string): void {
    for (const raw of text.split("\n")) {
      let line = plainLine(raw);
      const stamp = this.#stampOfDay(line);
      if (stamp !== null) {
        this.#stamp(stamp, line);
        continue;
      }
      if (!HEAD_MARK.test(line)) continue;
      let header = this.#heads.read(line);
      const margin = header === null ? marginOf(line) : 0;
      if (margin > 0) {
        line = line.slice(margin);
        header = this.#heads.read(line);
      }
      if (header === null) continue;
      this.#day = dayOf(line, header);
      if (header.host !== null && this.hosts.size < 16) this.hosts.add(header.host);
      this.#stamp(header.stamp, line);
    }
  }

  /** The stamp of a line of the day and host of the last head that was read, without reading it; null where it is another. */
  #stampOfDay(line: string): DatedStamp | null {
    const day = this.#day;
    if (day === null || !line.startsWith(day.before)) return null;
    CLOCK.lastIndex = day.before.length;
    const clock = CLOCK.exec(line);
    if (clock?.index !== day.before.length || !line.startsWith(day.behind, CLOCK.lastIndex)) return null;
    const [, hour, minute, second, decimals] = clock;
    if ((decimals?.length ?? 0) !== day.decimals) return null;
    const { year, month, day: dayOfMonth } = day.stamp.civil;
    const time = {
      hour: digits(hour),
      minute: digits(minute),
      second: digits(second),
      millisecond: fraction(decimals),
    };
    return { ...day.stamp, civil: { year, month, day: dayOfMonth, ...time } };
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
    const ms = civilToMs({ ...civil, year: 2000 });
    const back = this.#last === null ? 0 : this.#lastMs - ms;
    if (back > HALF_YEAR_MS) this.#newYears += 1;
    this.#first ??= civil;
    // A late line of the year before moves nothing.
    if (back > -HALF_YEAR_MS) {
      this.#last = civil;
      this.#lastMs = ms;
    }
    const rtc = RTC.exec(line);
    const upid = rtc === null ? UPID.exec(line) : null;
    const unixMs =
      rtc !== null ? Number(rtc[1]) * 1000 : upid !== null ? Number.parseInt(upid[1] ?? "0", 16) * 1000 : null;
    if (unixMs !== null) this.#known ??= { stamp: civil, newYearsBefore: this.#newYears, unixMs };
  }
}

/** Null where more than date, clock and host may make a head what it is. */
function dayOf(line: string, { form, stamp, host, messageAt }: LineHeader): Day | null {
  if (!ALIKE.has(form) || !("civil" in stamp)) return null;
  CLOCK.lastIndex = 0;
  const clock = CLOCK.exec(line.slice(0, messageAt));
  if (clock === null) return null;
  const end = CLOCK.lastIndex;
  // The last place where the host may stand: a longer part is no less true.
  const hostAt = host === null ? -1 : line.lastIndexOf(`${host} `, messageAt - host.length - 1);
  const to = host === null ? messageAt : hostAt + host.length + 1;
  if (to <= end) return null;
  return { stamp, before: line.slice(0, clock.index), behind: line.slice(end, to), decimals: clock[4]?.length ?? 0 };
}
