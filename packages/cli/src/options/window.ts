import type { Span } from "@hangproof/analyzer";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { zoneOffsetMs } from "../layout/format.js";
import { instantsOf, parseTime } from "./time-range.js";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How far back a repeated window is told where no `--since` says it: logs are not kept longer. */
const YEARS_BACK_MS = 5 * 366 * DAY_MS;

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const REPEATED =
  /^(?:every\s+(.+?)|daily)\s+(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\s+(?:for\s+(.+)|(?:to|until|-)\s*(.+))$/i;
const DURATION = /^(\d+(?:\.\d+)?)\s*(h|hours?|m|min|minutes?)(?:\s*(\d+)\s*(?:m|min|minutes?))?$/i;
const CLOCK = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/i;

/** What a window's text is read against. */
export interface WindowContext {
  readonly timeZone: string;
  /** The caller's clock, Unix milliseconds. */
  readonly now: number;
  /** The range for which repeated windows are told. */
  readonly since: number | null;
  readonly until: number | null;
}

/**
 * Windows as people say them: `every sunday 02:00 for 90 minutes`, `every mon, wed 1:30 to 4:00`, `daily 22:00 for 2 h`,
 * `Oct 5 2025 02:00 to 04:30`, `2025-10-05 02:00 for 3 h`. Times are wall-clock times of the zone; one that a change of
 * daylight saving skips is left out, one that it repeats is taken at its first.
 * @returns windows in the order of time
 * @throws CliError (usage) for a text that is none of these, ends before it begins, or is longer than a day
 */
export function parseWindow(text: string, context: WindowContext): Span[] {
  const input = text.trim();
  const repeated = REPEATED.exec(input);
  const spans = repeated === null ? [single(input, context)] : everyDay(repeated, input, context);
  for (const { startMs, endMs } of spans) {
    if (endMs <= startMs) throw wrong(text, "it ends before it begins");
    if (endMs - startMs > 7 * DAY_MS) throw wrong(text, "it is longer than a week");
  }
  return spans;
}

function single(text: string, { timeZone, now }: WindowContext): Span {
  const lasting = /^(.+?)\s+for\s+(\S.*)$/i.exec(text);
  if (lasting !== null) {
    const startMs = parseTime("--window", lasting[1] ?? "", timeZone, now);
    return { startMs, endMs: startMs + durationMs(lasting[2] ?? "", text) };
  }
  const bounded = /^(.+?)\s+(?:to|until)\s+(\S.*)$/i.exec(text);
  if (bounded === null) throw wrong(text, "say when it ends");
  const [, from = "", to = ""] = bounded;
  const startMs = parseTime("--window", from, timeZone, now);
  const clock = clockOf(to);
  // A time of day alone is that of the day on which the window began, or of the next.
  if (clock === null) return { startMs, endMs: parseTime("--window", to, timeZone, now) };
  const dayMs = Math.floor((startMs + zoneOffsetMs(startMs, timeZone)) / DAY_MS) * DAY_MS;
  const sameDay = instantsOf(dayMs + clock, timeZone)[0];
  if (sameDay !== undefined && sameDay > startMs) return { startMs, endMs: sameDay };
  const nextDay = instantsOf(dayMs + DAY_MS + clock, timeZone)[0];
  if (nextDay === undefined) throw wrong(text, "its end does not exist in this zone");
  return { startMs, endMs: nextDay };
}

function everyDay(match: RegExpExecArray, text: string, context: WindowContext): Span[] {
  const [, which = "day", hour = "0", minute = "0", half = "", lasting, end] = match;
  const days = daysOf(which, text);
  const startOfDay = clockOf(`${hour}:${minute} ${half}`);
  if (startOfDay === null) throw wrong(text, "no such time of day");
  const endOfDay = end === undefined ? null : clockOf(end);
  if (end !== undefined && endOfDay === null) throw wrong(text, "say its end as a time of day, as in 04:30");
  const { timeZone, now } = context;
  const sinceMs = context.since ?? now - YEARS_BACK_MS;
  const untilMs = context.until ?? now;
  const spans: Span[] = [];
  const first = Math.floor((sinceMs + zoneOffsetMs(sinceMs, timeZone)) / DAY_MS) * DAY_MS - DAY_MS;
  for (let dayMs = first; dayMs <= untilMs + DAY_MS; dayMs += DAY_MS) {
    if (!days.has(new Date(dayMs).getUTCDay())) continue;
    const startMs = instantsOf(dayMs + startOfDay, timeZone)[0];
    if (startMs === undefined || startMs > untilMs) continue;
    let endMs: number | undefined;
    if (lasting !== undefined) endMs = startMs + durationMs(lasting, text);
    else if (endOfDay !== null) {
      endMs = instantsOf(dayMs + endOfDay + (endOfDay <= startOfDay ? DAY_MS : 0), timeZone)[0];
    }
    if (endMs !== undefined && endMs > sinceMs) spans.push({ startMs, endMs });
  }
  return spans;
}

/** Days of the week, Sunday 0, of `sunday`, `mon, wed and fri`, `weekday`, `day`, `night`. */
function daysOf(text: string, whole: string): ReadonlySet<number> {
  const days = new Set<number>();
  for (const word of text.toLowerCase().split(/[\s,]+|\band\b/)) {
    if (word === "") continue;
    if (word === "day" || word === "night") for (let day = 0; day < 7; day += 1) days.add(day);
    else if (/^weekdays?$/.test(word)) for (let day = 1; day < 6; day += 1) days.add(day);
    else if (/^weekends?$/.test(word)) for (const day of [0, 6]) days.add(day);
    else {
      const name = word.replace(/s$/, "");
      const day = name.length < 2 ? -1 : DAYS.findIndex((one) => one.startsWith(name));
      if (day === -1) throw wrong(whole, `${word} is no day of the week`);
      days.add(day);
    }
  }
  return days;
}

function durationMs(text: string, whole: string): number {
  const match = DURATION.exec(text.trim());
  if (match === null) throw wrong(whole, 'say how long as in "90 minutes", "2 h" or "1 h 30 min"');
  const [, number = "0", unit = "", minutes = "0"] = match;
  return Number(number) * (unit.toLowerCase().startsWith("h") ? 60 : 1) * MINUTE_MS + Number(minutes) * MINUTE_MS;
}

/** A time of day as milliseconds from midnight; null when it is none. */
function clockOf(text: string): number | null {
  const match = CLOCK.exec(text.trim());
  if (match === null) return null;
  const [, hours = "0", minutes = "0", half] = match;
  const hour = Number(hours);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  const onDay = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  return onDay > 24 || Number(minutes) > 59 ? null : (onDay * 60 + Number(minutes)) * MINUTE_MS;
}

function wrong(text: string, why: string): Error {
  return usageError(
    `--window ${JSON.stringify(visible(text))}: ${why}; as in "every sunday 02:00 for 90 minutes" or "2025-10-05 02:00 to 04:30"`,
  );
}
