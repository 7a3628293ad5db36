import fc from "fast-check";
import { expect, test } from "vitest";
import { duration, localTime, number, probability } from "../src/layout/format.js";
import { parseTime } from "../src/options/time-range.js";
import { parseTimeZone } from "../src/options/time-zone.js";

const NOW = Date.parse("2025-11-24T12:00:00Z");
const berlin = (text: string) => new Date(parseTime("--since", text, "Europe/Berlin", NOW)).toISOString();

test.each([
  ["2025-11-02 02:30", "2025-11-02T01:30:00.000Z"],
  ["2025-07-02 02:30", "2025-07-02T00:30:00.000Z"],
  ["2025-11-01T00:00:00Z", "2025-11-01T00:00:00.000Z"],
  ["2025-10-26T02:30+01:00", "2025-10-26T01:30:00.000Z"],
  ["last sunday 2am", "2025-11-23T01:00:00.000Z"],
  ["yesterday", "2025-11-22T23:00:00.000Z"],
  ["2025-11-01", "2025-10-31T23:00:00.000Z"],
  ["3 weeks ago", "2025-11-02T23:00:00.000Z"],
  ["2 hours ago", "2025-11-24T10:00:00.000Z"],
  ["24 Dec", "2024-12-23T23:00:00.000Z"],
])("%s in Berlin is %s", (text, iso) => {
  expect(berlin(text)).toBe(iso);
});

test.each([
  ["2025-10-26 02:30", /exists twice.*02:30:00 \+02:00 or .*02:30:00 \+01:00/],
  ["2025-03-30 02:30", /does not exist/],
  ["05/06/2025", /day\/month or month\/day/],
  ["2025-11-01 and 2025-11-03", /not one time \(understood only/],
  ["banana 2025-11-01", /not one time/],
  ["whenever\x1b", /"whenever\\\\x1b": not one time; tried ISO 8601/],
])("%s is refused with the reason", (text, message) => {
  expect(() => berlin(text)).toThrow(message);
});

test("a zone is an IANA name or whole hours", () => {
  expect(parseTimeZone("Europe/Berlin")).toBe("Europe/Berlin");
  expect(localTime(NOW, parseTimeZone("+02:00"))).toBe("2025-11-24 14:00:00 +02:00");
  expect(localTime(NOW, parseTimeZone("-0500"))).toBe("2025-11-24 07:00:00 -05:00");
  for (const text of ["+05:30", "+15:00", "Mars/Olympus", "", "\x1b"]) expect(() => parseTimeZone(text)).toThrow();
});

test("local time, offset removed, is the moment again", () => {
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia");
  fc.assert(
    fc.property(zone, fc.integer({ min: 0, max: 4e9 }), (timeZone, seconds) => {
      const [day, time, offset] = localTime(seconds * 1000, timeZone).split(" ");
      expect(Date.parse(`${day}T${time}${offset}`)).toBe(seconds * 1000);
    }),
  );
});

test("fractions are cut to three digits, and no probability is 0", () => {
  expect([0.68712, 173.4, 12, 0, 90.04, 1234.5].map(number)).toEqual(["0.687", "173", "12", "0", "90", "1235"]);
  expect(number(Number.POSITIVE_INFINITY)).toBe("no limit");
  expect(probability(0)).toBe("<1e-15");
  expect(probability(0.0312)).toBe("=0.031");
  expect([0.005, 0.5, 5, 50, 500].map(duration)).toEqual(["18 s", "30 min", "5 h", "2 d 2 h", "20 d 20 h"]);
});
