const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Local times that name two moments (clocks set back) or none (set forward) have a second reading. */
export interface ZoneReading {
  readonly unixMs: number;
  /** The later moment of an ambiguous time; null when there is one reading. */
  readonly laterMs: number | null;
  /** The time does not exist in this zone on that day; `unixMs` is read with the offset before the gap. */
  readonly skipped: boolean;
}

/** What the engine says of a zone, and what was asked of it by quarter hour. */
interface ZoneData {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, number>;
}

/** By zone: asking the engine takes longer than to read a small log, and a folder holds thousands of them. */
const zones = new Map<string, ZoneData>();
const MOST_ZONES = 64;

/** @throws RangeError for an unknown zone */
function dataOf(timeZone: string): ZoneData {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (zones.size >= MOST_ZONES) zones.clear();
  const data = { format, offsets: new Map<number, number>() };
  zones.set(timeZone, data);
  return data;
}

/**
 * Offsets of one zone from the tz data of the JavaScript engine (ECMA-402), cached by hour.
 * @throws RangeError when the name is neither an IANA zone nor an offset such as `+02:00`
 */
export class TimeZone {
  readonly name: string;
  readonly #fixedMs: number | null;
  readonly #data: ZoneData | null;

  constructor(name: string) {
    this.name = name;
    this.#fixedMs = parseOffset(name);
    this.#data = this.#fixedMs === null ? dataOf(name) : null;
  }

  /** Local time minus UTC at a moment, milliseconds. O(1) after the first question of an hour. */
  offsetMs(unixMs: number): number {
    if (this.#data === null) return this.#fixedMs ?? 0;
    const { format, offsets } = this.#data;
    // Zones change their offset at quarter hours at the finest.
    const quarter = Math.floor(unixMs / (HOUR_MS / 4));
    const cached = offsets.get(quarter);
    if (cached !== undefined) return cached;
    if (offsets.size > 100_000) offsets.clear();
    const wholeMs = quarter * (HOUR_MS / 4);
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(wholeMs)) parts[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
    offsets.set(quarter, offset);
    return offset;
  }

  /** The moment of a local time given as milliseconds since 1970 on a clock without zone. */
  read(localMs: number): ZoneReading {
    const before = this.offsetMs(localMs - DAY_MS);
    const after = this.offsetMs(localMs + DAY_MS);
    if (before === after) {
      // No change within a day; two changes that cancel out are not looked for.
      return { unixMs: localMs - before, laterMs: null, skipped: false };
    }
    const first = localMs - Math.max(before, after);
    const second = localMs - Math.min(before, after);
    const isFirst = this.offsetMs(first) === localMs - first;
    const isSecond = this.offsetMs(second) === localMs - second;
    if (isFirst && isSecond) return { unixMs: first, laterMs: second, skipped: false };
    if (isFirst) return { unixMs: first, laterMs: null, skipped: false };
    if (isSecond) return { unixMs: second, laterMs: null, skipped: false };
    return { unixMs: localMs - before, laterMs: null, skipped: true };
  }
}

/** `+02:00`, `-0530`, `Z` or `UTC` as milliseconds; null when it is none of these. */
export function parseOffset(text: string): number | null {
  if (text === "Z" || text === "UTC") return 0;
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -1 : 1) * minutes * 60_000;
}
