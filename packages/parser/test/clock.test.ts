import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BootAnchor } from "../src/clock/boot-anchor.js";
import { type CivilTime, civilToMs, isCivilTime } from "../src/clock/civil.js";
import { type LocalReading, StampClock, type StampClockOptions, yearWith } from "../src/clock/stamp-clock.js";
import { TimeZone } from "../src/clock/time-zone.js";
import { inferYear, type YearlessLog } from "../src/clock/year-inference.js";

const civil = (month: number, day: number, hour = 0, minute = 0, second = 0): CivilTime => ({
  year: 0,
  month,
  day,
  hour,
  minute,
  second,
  millisecond: 0,
});

function readAll(stamps: readonly CivilTime[], firstYear: number | null, zone = "UTC"): (number | null)[] {
  const clock = new StampClock({ zone: new TimeZone(zone), zoneAssumed: false, firstYear, yearSource: "caller" });
  return stamps.map(
    (one) => clock.read({ civil: one, hasYear: false, resolutionMs: 1000, computed: false }, null).unixMs,
  );
}

describe("years of stamps that have none", () => {
  test("29 February is the 29th of a leap year, never 1 March", () => {
    expect(readAll([civil(2, 28, 23), civil(2, 29, 1), civil(3, 1, 0)], 2024)).toEqual([
      Date.UTC(2024, 1, 28, 23),
      Date.UTC(2024, 1, 29, 1),
      Date.UTC(2024, 2, 1),
    ]);
  });

  test("New Year inside a file begins the next year, also after a gap of months", () => {
    expect(readAll([civil(12, 31, 23, 59), civil(1, 1, 0, 1)], 2024)).toEqual([
      Date.UTC(2024, 11, 31, 23, 59),
      Date.UTC(2025, 0, 1, 0, 1),
    ]);
    expect(readAll([civil(11, 3), civil(2, 14)], 2024)).toEqual([Date.UTC(2024, 10, 3), Date.UTC(2025, 1, 14)]);
  });

  test("a late line of the old year after New Year stays in the old year and moves nothing", () => {
    const stamps = [civil(12, 31, 23, 59), civil(1, 1), civil(12, 31, 23, 58), civil(1, 1, 1)];
    expect(readAll(stamps, 2024)).toEqual([
      Date.UTC(2024, 11, 31, 23, 59),
      Date.UTC(2025, 0, 1),
      Date.UTC(2024, 11, 31, 23, 58),
      Date.UTC(2025, 0, 1, 1),
    ]);
  });

  test("a month that is a little out of order is not a new year", () => {
    expect(readAll([civil(5, 1), civil(4, 30, 23), civil(5, 1, 1)], 2024)).toEqual([
      Date.UTC(2024, 4, 1),
      Date.UTC(2024, 3, 30, 23),
      Date.UTC(2024, 4, 1, 1),
    ]);
  });
});

describe("where the first year comes from", () => {
  const log: YearlessLog = { first: civil(11, 20), last: civil(1, 10), newYears: 1, known: null, fileMs: null };

  test("a full date inside the log wins over everything", () => {
    const known = { stamp: civil(1, 2, 3), newYearsBefore: 1, unixMs: Date.UTC(2023, 0, 2, 3) };
    const year = inferYear({ ...log, known, fileMs: Date.UTC(2026, 5, 1) }, [
      { startMs: Date.UTC(2025, 0, 1), endMs: Date.UTC(2025, 1, 1) },
    ]);
    expect(year).toEqual({ firstYear: 2022, source: "log" });
  });

  test("dated evidence of the host wins over the file's time, which a copy makes worthless", () => {
    const year = inferYear({ ...log, fileMs: Date.UTC(2026, 10, 23) }, [
      { startMs: Date.UTC(2025, 0, 5), endMs: Date.UTC(2025, 1, 1) },
    ]);
    expect(year).toEqual({ firstYear: 2024, source: "evidence" });
  });

  test("a file is not older than its last line", () => {
    expect(inferYear({ ...log, fileMs: Date.UTC(2026, 10, 23) }, [])).toEqual({ firstYear: 2025, source: "file-time" });
    expect(inferYear({ ...log, fileMs: Date.UTC(2026, 0, 2) }, [])).toEqual({ firstYear: 2024, source: "file-time" });
  });

  test("29 February picks a leap year", () => {
    const leap = { ...log, first: civil(2, 28), last: civil(2, 29), newYears: 0, fileMs: Date.UTC(2026, 5, 1) };
    expect(inferYear(leap, [])).toEqual({ firstYear: 2024, source: "file-time" });
  });

  test("nothing told, nothing guessed", () => {
    expect(inferYear(log, [])).toBeNull();
  });
});

describe("zones", () => {
  test("an hour that stands twice is told apart by the order of lines", () => {
    const stamps = [civil(10, 26, 2, 10), civil(10, 26, 2, 50), civil(10, 26, 2, 5), civil(10, 26, 3, 0)];
    expect(readAll(stamps, 2025, "Europe/Berlin")).toEqual([
      Date.UTC(2025, 9, 26, 0, 10),
      Date.UTC(2025, 9, 26, 0, 50),
      Date.UTC(2025, 9, 26, 1, 5),
      Date.UTC(2025, 9, 26, 2, 0),
    ]);
  });

  test("a time that a zone skips is said to be skipped", () => {
    const local = civilToMs({ ...civil(3, 30, 2, 30), year: 2025 });
    expect(new TimeZone("Europe/Berlin").read(local).skipped).toBe(true);
    expect(new TimeZone("UTC").read(local).skipped).toBe(false);
  });

  test("reading what a zone shows gives the moment back, or its twin in an hour that stands twice", () => {
    const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "+05:45"].map(
      (name) => new TimeZone(name),
    );
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2_000_000_000 }), (zone, seconds) => {
        const unixMs = seconds * 1000;
        const { unixMs: first, laterMs, skipped } = zone.read(unixMs + zone.offsetMs(unixMs));
        expect(skipped).toBe(false);
        expect([first, laterMs]).toContain(unixMs);
      }),
    );
  });
});

describe("times of day without zone", () => {
  const fields = fc.record({
    year: fc.integer({ min: 1890, max: 2110 }),
    month: fc.integer({ min: -1, max: 14 }),
    day: fc.integer({ min: -1, max: 33 }),
    hour: fc.integer({ min: 0, max: 25 }),
    minute: fc.integer({ min: 0, max: 61 }),
    second: fc.integer({ min: 0, max: 61 }),
    millisecond: fc.double({ min: 0, max: 999.999, noNaN: true }),
  });

  test("a date exists when the calendar gives it back, and a leap second does", () => {
    const near = fc.constantFrom(1900, 2000, 2023, 2024, 2100).chain((year) => fields.map((one) => ({ ...one, year })));
    fc.assert(
      fc.property(fc.oneof(fields, near), (one) => {
        const { year, month, day, hour, minute, second } = one;
        const date = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59)));
        const back = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
        const isDate = `${back}` === `${[year, month, day, hour]}` && date.getUTCMinutes() === minute;
        expect(isCivilTime(one)).toBe(isDate && second <= 60);
      }),
      { numRuns: 3_000 },
    );
    for (const day of [1, 28, 29, 30, 31])
      for (let month = 1; month <= 12; month += 1)
        for (const year of [1900, 2000, 2023, 2024]) {
          const date = { ...civil(month, day, 23, 59, 60), year };
          expect(isCivilTime(date)).toBe(new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day);
        }
  });

  test("milliseconds are added as they stand", () => {
    expect(civilToMs({ ...civil(3, 1, 4, 5, 6), year: 2024, millisecond: 7.125 })).toBe(
      Date.UTC(2024, 2, 1, 4, 5, 6) + 7.125,
    );
  });

  test("29 February is looked for in the leap year before", () => {
    expect([yearWith({ month: 2, day: 29 }, 2027), yearWith({ month: 2, day: 29 }, 2024)]).toEqual([2024, 2024]);
    expect([yearWith({ month: 2, day: 28 }, 2027), yearWith({ month: 3, day: 29 }, 2027)]).toEqual([2027, 2027]);
  });
});

describe("what a moment is known by", () => {
  const BERLIN = new TimeZone("Europe/Berlin");
  const clockOf = (options: Partial<StampClockOptions> = {}): StampClock =>
    new StampClock({ zone: BERLIN, zoneAssumed: false, firstYear: 2025, yearSource: "caller", ...options });
  const reading = (one: CivilTime, more: Partial<LocalReading> = {}): LocalReading => ({
    civil: one,
    hasYear: false,
    resolutionMs: 1000,
    computed: false,
    ...more,
  });

  test("the source of the time and of the year is told", () => {
    const sourceOf = (options: Partial<StampClockOptions>, more: Partial<LocalReading> = {}) => {
      const { source, year } = clockOf(options).read(reading({ ...civil(7, 1), year: 2025 }, more), 5);
      return [source, year];
    };
    expect(sourceOf({})).toEqual(["zone", "caller"]);
    expect(sourceOf({ zoneAssumed: true, yearSource: "file-time" })).toEqual(["zone-assumed", "file-time"]);
    expect(sourceOf({ zoneAssumed: true }, { computed: true, hasYear: true })).toEqual(["dmesg-ctime", null]);
    expect(sourceOf({ firstYear: null })).toEqual(["zone", "unknown"]);
    expect(sourceOf({ firstYear: null }, { hasYear: true })).toEqual(["zone", null]);
  });

  test("in an hour that stands twice, or not at all, a stamp is unsure by that hour until the order of lines tells", () => {
    const read = (...stamps: readonly CivilTime[]) => {
      const clock = clockOf();
      const unsure = stamps.map((one) => clock.read(reading(one), null).uncertaintyMs);
      return [unsure, clock.ambiguous];
    };
    expect(read(civil(3, 30, 1, 59), civil(3, 30, 2, 30), civil(3, 30, 3, 1))).toEqual([[1000, 3_601_000, 1000], 1]);
    // The first two may be of either hour; the next is of the second.
    const stamps = [civil(10, 26, 2, 10), civil(10, 26, 2, 11), civil(10, 26, 2, 10), civil(10, 26, 3)];
    expect(read(...stamps)).toEqual([[3_601_000, 3_601_000, 1000, 1000], 3]);
  });

  test("lines that are two seconds out of order are no second hour, and more are", () => {
    const at = (before: CivilTime, one: CivilTime): (number | null)[] => readAll([before, one], 2025, "Europe/Berlin");
    const early = Date.UTC(2025, 9, 26, 0, 10);
    expect(at(civil(10, 26, 2, 10, 2), civil(10, 26, 2, 10))[1]).toBe(early);
    expect(at(civil(10, 26, 2, 10, 3), civil(10, 26, 2, 10))[1]).toBe(early + 3_600_000);
  });

  test("half a year back is the next year, half a year on is a late line of the one before", () => {
    const year = (before: CivilTime, one: CivilTime) =>
      new Date(readAll([before, one], 2025)[1] ?? Number.NaN).getUTCFullYear();
    expect([year(civil(7, 3), civil(1, 2)), year(civil(7, 3), civil(1, 1, 23))]).toEqual([2025, 2026]);
    expect([year(civil(1, 2), civil(7, 3)), year(civil(1, 2), civil(7, 5))]).toEqual([2025, 2024]);
  });

  test("a late line does not move what the lines behind it are held against", () => {
    const stamps = [civil(5, 1), civil(1, 20), civil(7, 25), civil(1, 10)];
    expect(readAll(stamps, 2025).map((ms) => new Date(ms ?? 0).getUTCFullYear())).toEqual([2025, 2025, 2025, 2026]);
  });

  test("an hour is steady when each of its stamps is read with one offset, and none of them twice or not at all", () => {
    const zones = ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"].map(
      (name) => new TimeZone(name),
    );
    let steady = 0;
    let unsteady = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom([3, 9], [3, 30], [4, 6], [10, 5], [10, 26], [11, 2], [7, 1]),
        fc.integer({ min: 0, max: 4 }),
        fc.nat({ max: 59 }),
        fc.boolean(),
        (zone, [month = 1, day = 1], hour, minute, hasYear) => {
          const one = { ...civil(month, day, hour, minute, 7), year: 2025, millisecond: 250 };
          const clock = clockOf({ zone });
          const { unixMs } = clock.read(reading(one, { hasYear }), null);
          const localMs = civilToMs({ ...one, minute: 0, second: 0, millisecond: 0 });
          const offset = civilToMs(one) - (unixMs ?? Number.NaN);
          const isSteady = Array.from({ length: 60 }, (_, at) => localMs + at * 60_000)
            .concat(localMs + 3_599_999)
            .every((local) => {
              const { unixMs: first, laterMs, skipped } = zone.read(local);
              return laterMs === null && !skipped && local - first === offset;
            });
          expect(clock.isSteadyHour(reading(one, { hasYear }), unixMs ?? Number.NaN)).toBe(isSteady);
          if (isSteady) steady += 1;
          else unsteady += 1;
        },
      ),
      { numRuns: 1_500 },
    );
    // One hour in some 25 is unsteady: 60 of these runs, and hardly ever as few as 20.
    expect(Math.min(steady, unsteady)).toBeGreaterThan(20);
  });

  test("an hour half a year from the last stamp is not steady without a year: its lines may be of another", () => {
    const clock = clockOf({ zone: new TimeZone("UTC") });
    clock.read(reading(civil(1, 1)), null);
    const steadyAt = (one: CivilTime, hasYear = false) => {
      const unixMs = civilToMs({ ...one, year: 2025 });
      return clock.isSteadyHour(reading({ ...one, year: 2025 }, { hasYear }), unixMs);
    };
    // 2000 stands for the year: its 182nd day is 30 June.
    expect([steadyAt(civil(6, 29, 23)), steadyAt(civil(7, 1)), steadyAt(civil(7, 1), true)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(clock.isSteadyHour(reading(civil(3, 1, 5)), civilToMs({ ...civil(3, 1, 5), year: 2024 }))).toBe(false);
  });
});

describe("where the first year comes from, at its borders", () => {
  const log: YearlessLog = { first: civil(3, 1), last: civil(3, 2), newYears: 0, known: null, fileMs: null };

  test("a full date of New Year's night tells the year of a stamp on its other side", () => {
    const known = (stamp: CivilTime, unixMs: number) =>
      inferYear({ ...log, known: { stamp, newYearsBefore: 0, unixMs } }, [])?.firstYear;
    expect(known(civil(12, 31, 23), Date.UTC(2025, 0, 1, 0, 30))).toBe(2024);
    expect(known(civil(1, 1, 0), Date.UTC(2024, 11, 31, 23, 30))).toBe(2025);
  });

  test("of the years near dated evidence the nearest is taken, of two as near the later", () => {
    const near = (startMs: number, endMs = startMs) => inferYear(log, [{ startMs, endMs }])?.firstYear;
    expect([near(Date.UTC(2025, 7, 1)), near(Date.UTC(2025, 9, 1))]).toEqual([2025, 2026]);
    expect(near(Date.UTC(2020, 0, 1), Date.UTC(2025, 11, 31))).toBe(2025);
    expect(
      inferYear(log, [
        { startMs: Date.UTC(2019, 8, 1), endMs: Date.UTC(2019, 9, 1) },
        { startMs: Date.UTC(2023, 2, 1), endMs: Date.UTC(2023, 2, 5) },
      ])?.firstYear,
    ).toBe(2023);
  });

  test("29 February is found up to four years from dated evidence", () => {
    const leap = { ...log, first: civil(2, 29), last: civil(2, 29) };
    expect(inferYear(leap, [{ startMs: Date.UTC(2096, 3, 1), endMs: Date.UTC(2096, 3, 2) }])?.firstYear).toBe(2096);
    expect(inferYear(leap, [{ startMs: Date.UTC(2100, 3, 1), endMs: Date.UTC(2100, 3, 2) }])?.firstYear).toBe(2104);
    expect(inferYear(leap, [{ startMs: Date.UTC(2100, 1, 1), endMs: Date.UTC(2100, 1, 2) }])?.firstYear).toBe(2096);
  });

  test("a file may be a day older than its last line, as its zone is not known, and not more", () => {
    const year = (fileMs: number) => inferYear({ ...log, fileMs }, [])?.firstYear;
    expect([year(Date.UTC(2026, 2, 1)), year(Date.UTC(2026, 2, 1) - 1)]).toEqual([2026, 2025]);
  });
});

describe("stamps since boot", () => {
  const RTC = "rtc_cmos 00:04: setting system clock to 2025-10-25T23:49:23 UTC (1761436163)";
  const TIE_MS = 1_761_436_163_000 - 3_000;
  const tied = (): BootAnchor => {
    const anchor = new BootAnchor();
    anchor.look(RTC, 3_000);
    return anchor;
  };

  test("nothing ties them before the line that holds both clocks, and no line without a stamp does", () => {
    const anchor = new BootAnchor();
    anchor.look(RTC, null);
    anchor.look("setting system clock to something else", 3_000);
    anchor.look("PM: suspend exit", 3_000);
    expect(anchor.time(4_000)).toMatchObject({ unixMs: null, bootMs: 4_000, source: "boot" });
    anchor.look(RTC, 3_000);
    expect(anchor.time(4_000)).toMatchObject({
      unixMs: TIE_MS + 4_000,
      source: "boot-anchored",
      uncertaintyMs: 5_000,
      year: null,
    });
  });

  test("a sleep of known length moves the tie; of unknown length it widens the uncertainty, each time", () => {
    const anchor = tied();
    anchor.look("PM: Timekeeping suspended for 3600.500 seconds", 10_000);
    anchor.look("PM: suspend exit", 10_001);
    expect(anchor.time(11_000)).toMatchObject({ unixMs: TIE_MS + 11_000 + 3_600_500, uncertaintyMs: 5_000 });
    anchor.look("PM: suspend exit", 12_000);
    expect(anchor.time(13_000).uncertaintyMs).toBe(5_000 + 12 * 3_600_000);
    anchor.look("PM: suspend exit", 14_000);
    expect(anchor.time(15_000).uncertaintyMs).toBe(5_000 + 24 * 3_600_000);
    anchor.look("a daemon wrote: PM: suspend exit", 16_000);
    expect(anchor.time(17_000).uncertaintyMs).toBe(5_000 + 24 * 3_600_000);
    anchor.look(RTC, 3_000);
    expect(anchor.time(18_000).uncertaintyMs).toBe(5_000);
  });

  test("a stamp that goes back by more than a minute is of another boot, and less is a line out of order", () => {
    const anchor = tied();
    anchor.time(100_000);
    expect(anchor.time(40_000).unixMs).toBe(TIE_MS + 40_000);
    anchor.time(100_000);
    expect(anchor.time(39_999).unixMs).toBeNull();
    expect(anchor.time(200_000).unixMs).toBeNull();
  });
});
