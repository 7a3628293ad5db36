import { expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.js";
import { parseToldChange } from "../src/options/told-change.js";
import { parseWindow } from "../src/options/window.js";
import { parseWindowFile } from "../src/options/window-file.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const timeZone = "Europe/Berlin";
const now = Date.parse("2025-11-24T12:00:00Z");
const context = { timeZone, now, since: Date.parse("2025-10-01T00:00:00Z"), until: Date.parse("2025-11-01T00:00:00Z") };
const shown = (spans: readonly { startMs: number; endMs: number }[]) =>
  spans.map(({ startMs, endMs }) => `${new Date(startMs).toISOString()}/${new Date(endMs).toISOString()}`);

test("one window, with its end as a duration, a time of day, or a date", () => {
  const expected = ["2025-10-05T00:00:00.000Z/2025-10-05T02:30:00.000Z"];
  for (const text of [
    "Oct 5 2025 02:00 to 04:30",
    "2025-10-05 02:00 to 04:30",
    "2025-10-05 02:00 for 150 minutes",
    "2025-10-05 02:00 for 2.5 h",
    "2025-10-05 02:00 for 2 h 30 min",
    "2025-10-05 02:00 until 2025-10-05 04:30",
  ])
    expect(shown(parseWindow(text, context)), text).toEqual(expected);
  expect(shown(parseWindow("2025-10-05 22:00 to 01:00", context))).toEqual([
    "2025-10-05T20:00:00.000Z/2025-10-05T23:00:00.000Z",
  ]);
});

test("a repeated window is told for the range, by the wall clock through a change of daylight saving", () => {
  expect(shown(parseWindow("every sunday 04:00 for 90 minutes", context))).toEqual([
    "2025-10-05T02:00:00.000Z/2025-10-05T03:30:00.000Z",
    "2025-10-12T02:00:00.000Z/2025-10-12T03:30:00.000Z",
    "2025-10-19T02:00:00.000Z/2025-10-19T03:30:00.000Z",
    "2025-10-26T03:00:00.000Z/2025-10-26T04:30:00.000Z",
  ]);
  expect(parseWindow("daily 22:00 to 01:30", context)).toHaveLength(31);
  expect(parseWindow("every weekday at 1:30 am for 1 h", context)).toHaveLength(23);
  expect(parseWindow("every mon, wed and Fridays 01:00 to 02:00", context)).toHaveLength(13);
});

test("a time that spring skips is left out of a repeated window, and refused for a single one", () => {
  const march = { ...context, since: Date.parse("2025-03-28T00:00:00Z"), until: Date.parse("2025-04-01T00:00:00Z") };
  expect(parseWindow("daily 02:30 for 10 min", march)).toHaveLength(3);
  expect(() => parseWindow("2025-03-30 02:30 for 10 min", march)).toThrow("does not exist");
});

test("what is no window is refused with an example", () => {
  for (const text of [
    "",
    "sometimes",
    "every sunday",
    "every blursday 02:00 for 1 h",
    "every sunday 25:00 for 1 h",
    "2025-10-05 02:00",
    "2025-10-05 02:00 for ever",
    "2025-10-05 02:00 to 2025-10-04 02:00",
    "2025-10-05 02:00 for 999 h",
  ])
    expect(() => parseWindow(text, context), text).toThrow(/--window/);
});

test("windows come from CSV, JSON and calendar files", () => {
  const expected = [
    "2025-10-05T00:00:00.000Z/2025-10-05T02:30:00.000Z",
    "2025-10-12T00:00:00.000Z/2025-10-12T02:30:00.000Z",
  ];
  const csv = "Start,End,Name\n2025-10-12 02:00,2025-10-12 04:30,b\n2025-10-05T00:00:00Z,2025-10-05T02:30:00Z,a\n";
  expect(shown(parseWindowFile("w.csv", csv, context))).toEqual(expected);
  const json = JSON.stringify([
    { start: "2025-10-05 02:00", end: "2025-10-05 04:30" },
    { start: Date.parse("2025-10-12T00:00:00Z"), end: Date.parse("2025-10-12T02:30:00Z") },
  ]);
  expect(shown(parseWindowFile("w.json", json, context))).toEqual(expected);
  const ics = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    "UID:1",
    "DTSTART;TZID=Europe/Berlin:20251005T020000",
    "DTEND;TZID=Europe/Berlin:20251005T043000",
    "RRULE:FREQ=WEEKLY;COUNT=2",
    "END:VEVENT",
    "END:VCALENDAR",
  ].join("\r\n");
  expect(shown(parseWindowFile("w.ics", ics, context))).toEqual(expected);
});

test("a file that is none names the place that is wrong", () => {
  expect(() => parseWindowFile("w.csv", "start,end\n2025-10-05 02:00,\n", context)).toThrow(
    "row 2 needs start and end",
  );
  for (const none of ["", "Linux version 6.8\n", "begin,end\n2025-10-05,2025-10-06\n"])
    expect(() => parseWindowFile("w.csv", none, context)).toThrow(/w\.csv.*no columns start and end/);
  expect(() => parseWindowFile("w.json", '[{"start": 1, "end": 0}]', context)).toThrow(
    "window 1 ends before it begins",
  );
  expect(() => parseWindowFile("w.json", "{", context)).toThrow("no JSON");
  expect(() => parseWindowFile("w.ics", "BEGIN:VCALENDAR\r\nnonsense", context)).toThrow("no iCalendar");
});

test("a told change has a time and a title, and does not lie in the future", () => {
  expect(parseToldChange("2025-10-05 14:30: cable replaced: the blue one", timeZone, now)).toEqual({
    timeMs: Date.parse("2025-10-05T12:30:00Z"),
    title: "cable replaced: the blue one",
  });
  expect(() => parseToldChange("cable replaced", timeZone, now)).toThrow("TIME: TITLE");
  expect(() => parseToldChange("2026-10-05: later", timeZone, now)).toThrow("future");
});

test("the options reach the analysis, and what was understood is echoed", async () => {
  const ctx = fakeContext();
  ctx.files.set("w.csv", "start,end\n2025-10-06 02:00,2025-10-06 03:00\n");
  const code = await run(
    ["report", "journal.txt", "--tz", "UTC", "--change", "2025-10-05 14:30: cable", "--looks", "single"].concat([
      "--window",
      "2025-10-05 02:00 for 1 h",
      "--windows",
      "w.csv",
    ]),
    ctx,
  );
  expect(code).toBe(EXIT.written);
  expect(ctx.calls.analyze[0]).toMatchObject({
    looks: "single",
    changes: [{ timeMs: Date.parse("2025-10-05T14:30:00Z"), title: "cable" }],
    windows: [{ startMs: Date.parse("2025-10-05T02:00:00Z") }, { startMs: Date.parse("2025-10-06T02:00:00Z") }],
  });
  expect(ctx.stderr.join("")).toContain("change on 2025-10-05 14:30:00");
});

test("a calendar that is not there is a missing input", async () => {
  expect(await run(["report", "journal.txt", "--windows", "missing.ics"], fakeContext())).toBe(EXIT.noInput);
});

test("a text that is longer than any window or time is refused, and not read", () => {
  const many = "every ".repeat(200_000);
  expect(() => parseWindow(`${many}sunday 02:00 for 1 h`, context)).toThrow(/has more than 200 characters/);
  expect(() => parseWindowFile("w.csv", `start,end\n${many},2025-10-05\n`, context)).toThrow(
    /w\.csv, row 2.*at most 200 characters/,
  );
});
