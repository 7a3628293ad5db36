import type { EventTime, YearSource } from "../model/time.js";
import { type CivilTime, civilToMs, isLeapYear } from "./civil.js";
import type { TimeZone } from "./time-zone.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A local reading without zone. */
export interface LocalReading {
  readonly civil: CivilTime;
  readonly hasYear: boolean;
  readonly resolutionMs: number;
  readonly computed: boolean;
}

export interface StampClockOptions {
  readonly zone: TimeZone;
  readonly zoneAssumed: boolean;
  /** Year of the first stamp; null when nothing tells it. */
  readonly firstYear: number | null;
  readonly yearSource: YearSource;
}

/** Writers queue: lines this much out of order are ordinary, more is the clock that was set back. */
const OUT_OF_ORDER_MS = 2_000;

/** Stands for the year when nothing tells it: a leap year, so that 29 February exists. */
const PLACEHOLDER_YEAR = 2000;

/**
 * Turns the local stamps of one evidence, in its order, into moments.
 *
 * Years: a stamp more than half a year before the one above it begins the next year; one more than half a year after it
 * is a late line of the year before. Repeated hours (clocks set back): of two readings the first that does not go
 * back behind the line above.
 */
export class StampClock {
  readonly #options: StampClockOptions;
  #year: number | null = null;
  #lastOfYearMs = Number.NEGATIVE_INFINITY;
  #lastUnixMs = Number.NEGATIVE_INFINITY;
  /** Stamps that exist twice or not at all in the zone, so far. */
  ambiguous = 0;

  constructor(options: StampClockOptions) {
    this.#options = options;
  }

  read(reading: LocalReading, bootMs: number | null): EventTime {
    const civil = reading.hasYear ? reading.civil : { ...reading.civil, year: this.#yearOf(reading.civil) };
    const localMs = civilToMs(civil);
    const { unixMs: first, laterMs, skipped } = this.#options.zone.read(localMs);
    let unixMs = first;
    let unsure = 0;
    if (laterMs !== null) {
      this.ambiguous += 1;
      if (first < this.#lastUnixMs - OUT_OF_ORDER_MS) unixMs = laterMs;
      unsure = this.#lastUnixMs > first ? 0 : HOUR_MS;
    } else if (skipped) {
      this.ambiguous += 1;
      unsure = HOUR_MS;
    }
    this.#lastUnixMs = unixMs;
    return {
      unixMs,
      bootMs,
      source: reading.computed ? "dmesg-ctime" : this.#options.zoneAssumed ? "zone-assumed" : "zone",
      uncertaintyMs: reading.resolutionMs + unsure,
      year: reading.hasYear ? null : this.#options.firstYear === null ? "unknown" : this.#options.yearSource,
    };
  }

  /**
   * Whether every stamp in the hour of this one, which was read last, is read like it: with the same offset and year,
   * none of them twice or not at all in the zone. Cost: two look-ups of the zone.
   */
  isSteadyHour(reading: LocalReading, unixMs: number): boolean {
    const { civil, hasYear } = reading;
    const withinMs = (civil.minute * 60 + civil.second) * 1000 + civil.millisecond;
    const year = hasYear ? civil.year : (this.#year ?? PLACEHOLDER_YEAR);
    const startMs = civilToMs({ ...civil, year, minute: 0, second: 0, millisecond: 0 });
    const start = this.#options.zone.read(startMs);
    const end = this.#options.zone.read(startMs + HOUR_MS - 1);
    if (start.laterMs !== null || start.skipped || end.laterMs !== null || end.skipped) return false;
    if (end.unixMs - start.unixMs !== HOUR_MS - 1 || start.unixMs + withinMs !== unixMs) return false;
    const ofYearMs = civilToMs({ ...civil, year: PLACEHOLDER_YEAR });
    return hasYear || Math.abs(ofYearMs - this.#lastOfYearMs) < 182 * DAY_MS;
  }

  #yearOf(civil: CivilTime): number {
    const ofYearMs = civilToMs({ ...civil, year: PLACEHOLDER_YEAR });
    if (this.#year === null) {
      this.#year = this.#options.firstYear ?? PLACEHOLDER_YEAR;
      this.#lastOfYearMs = ofYearMs;
    } else if (ofYearMs < this.#lastOfYearMs - 183 * DAY_MS) {
      this.#year += 1;
      this.#lastOfYearMs = ofYearMs;
    } else if (ofYearMs > this.#lastOfYearMs + 183 * DAY_MS) return this.#year - 1;
    else this.#lastOfYearMs = Math.max(this.#lastOfYearMs, ofYearMs);
    return this.#year;
  }
}

/** The years near a guess in which a date exists: 29 February only in leap years. */
export function yearWith(civil: { readonly month: number; readonly day: number }, guess: number): number {
  if (civil.month !== 2 || civil.day !== 29) return guess;
  let year = guess;
  while (!isLeapYear(year)) year -= 1;
  return year;
}
