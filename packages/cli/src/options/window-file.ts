import type { Span } from "@hangproof/analyzer";
import { parse } from "csv-parse/sync";
import ICAL from "ical.js";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { parseTime } from "./time-range.js";
import type { WindowContext } from "./window.js";

/** Occurrences of one repeated entry of a calendar that are told: ten years of nights. */
const MOST_OCCURRENCES = 4_000;

/**
 * Windows from a file: iCalendar (RFC 5545, repeated entries too), JSON (an array of objects with `start` and `end`), or
 * CSV with columns `start` and `end`. Times without an offset are wall-clock times of the zone; iCalendar names its own.
 * @throws CliError (usage) that names the place of what cannot be read
 */
export function parseWindowFile(name: string, text: string, context: WindowContext): Span[] {
  const spans = /^\s*BEGIN:VCALENDAR/i.test(text)
    ? calendar(name, text, context)
    : /^\s*[[{]/.test(text)
      ? json(name, text, context)
      : csv(name, text, context);
  for (const [at, { startMs, endMs }] of spans.entries()) {
    if (!(endMs > startMs)) throw wrong(name, `window ${at + 1} ends before it begins`);
  }
  return spans.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

function csv(name: string, text: string, context: WindowContext): Span[] {
  let rows: Record<string, string>[];
  let columns: readonly string[] = [];
  try {
    rows = parse(text, {
      columns: (header: string[]) => {
        columns = header.map((one) => one.trim().toLowerCase());
        return [...columns];
      },
      bom: true,
      trim: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    throw wrong(name, error instanceof Error ? error.message : String(error));
  }
  if (!columns.includes("start") || !columns.includes("end"))
    throw wrong(name, "its first line names no columns start and end, and it is neither JSON nor iCalendar");
  return rows.map((row, at) => spanOf(name, `row ${at + 2}`, row.start, row.end, context));
}

function json(name: string, text: string, context: WindowContext): Span[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(name, `no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(value)) throw wrong(name, 'expected an array of {"start": …, "end": …}');
  return value.map((one: unknown, at) => {
    const { start, end } = (typeof one === "object" && one !== null ? one : {}) as { start?: unknown; end?: unknown };
    return spanOf(name, `window ${at + 1}`, start, end, context);
  });
}

function spanOf(name: string, place: string, start: unknown, end: unknown, { timeZone, now }: WindowContext): Span {
  const read = (value: unknown): number => {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (typeof value !== "string" || value === "") throw wrong(name, `${place} needs start and end`);
    return parseTime(`${name}, ${place}:`, value, timeZone, now);
  };
  return { startMs: read(start), endMs: read(end) };
}

function calendar(name: string, text: string, { since, until, now }: WindowContext): Span[] {
  try {
    const root = new ICAL.Component(ICAL.parse(text));
    for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    const spans: Span[] = [];
    const add = (start: ICAL.Time, end: ICAL.Time): void => {
      spans.push({ startMs: start.toUnixTime() * 1000, endMs: end.toUnixTime() * 1000 });
    };
    for (const component of root.getAllSubcomponents("vevent")) {
      const event = new ICAL.Event(component);
      if (!event.isRecurring()) {
        add(event.startDate, event.endDate);
        continue;
      }
      const occurrences = event.iterator();
      for (let count = 0; count < MOST_OCCURRENCES; count += 1) {
        const next = occurrences.next();
        if (!next || next.toUnixTime() * 1000 > (until ?? now)) break;
        const { startDate, endDate } = event.getOccurrenceDetails(next);
        if (endDate.toUnixTime() * 1000 > (since ?? 0)) add(startDate, endDate);
      }
    }
    return spans;
  } catch (error) {
    throw wrong(name, `no iCalendar: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function wrong(name: string, why: string): Error {
  return usageError(`--windows ${visible(name)}: ${visible(why)}`);
}
