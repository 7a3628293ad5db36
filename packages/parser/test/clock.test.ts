import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CivilTime, civilToMs } from "../src/clock/civil.js";
import { StampClock } from "../src/clock/stamp-clock.js";
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
