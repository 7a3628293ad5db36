import type { Span } from "@hangproof/analyzer";
import { type WindowRule, windowsOf } from "@hangproof/ledger/window-rule";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { zoneOffsetMs } from "../layout/format.js";
import { instantsOf, MOST_CHARACTERS, parseTime } from "./time-range.js";

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
 * A window, or the rule of a repeated one, as people say it: `every sunday 02:00 for 90 minutes`, `every mon, wed 1:30 to
 * 4:00`, `daily 22:00 for 2 h`, `Oct 5 2025 02:00 to 04:30`, `2025-10-05 02:00 for 3 h`. Times are wall-clock times of
 * the zone.
 * @throws CliError (usage) for a text that is none of these or has more than 200 characters, and for a window that ends
 * before it begins or is longer than a week
 */
export function parseWindowRule(text: string, context: Pick<WindowContext, "timeZone" | "now">): WindowRule {
  const input = text.trim();
  if (input.length > MOST_CHARACTERS)
    throw wrong(`${input.slice(0, MOST_CHARACTERS)}\u2026`, `it has more than ${MOST_CHARACTERS} characters`);
  const repeated = REPEATED.exec(input);
  const rule = repeated === null ? single(input, context) : weekly(repeated, input, context.timeZone);
  const lengthMs =
    rule.kind === "once" ? rule.endMs - rule.startMs : "lengthMs" in rule.lasts ? rule.lasts.lengthMs : 1;
  if (lengthMs <= 0) throw wrong(text, "it ends before it begins");
  if (lengthMs > 7 * DAY_MS) throw wrong(text, "it is longer than a week");
  return rule;
}

/**
 * The windows that a text means within a range, in the order of time; a single one whatever the range.
 * @throws CliError (usage) as `parseWindowRule`
 */
export function parseWindow(text: string, context: WindowContext): Span[] {
  const rule = parseWindowRule(text, context);
  if (rule.kind === "once") return [{ startMs: rule.startMs, endMs: rule.endMs }];
  const sinceMs = context.since ?? context.now - YEARS_BACK_MS;
  return windowsOf(rule, { sinceMs, untilMs: context.until ?? context.now });
}

function single(text: string, { timeZone, now }: Pick<WindowContext, "timeZone" | "now">): WindowRule {
  const kind = "once";
  const lasting = /^(.+?)\s+for\s+(\S.*)$/i.exec(text);
  if (lasting !== null) {
    const startMs = parseTime("--window", lasting[1] ?? "", timeZone, now);
    return { kind, startMs, endMs: startMs + durationMs(lasting[2] ?? "", text) };
  }
  const bounded = /^(.+?)\s+(?:to|until)\s+(\S.*)$/i.exec(text);
  if (bounded === null) throw wrong(text, "say when it ends");
  const [, from = "", to = ""] = bounded;
  const startMs = parseTime("--window", from, timeZone, now);
  const clock = clockOf(to);
  // A time of day alone is that of the day on which the window began, or of the next.
  if (clock === null) return { kind, startMs, endMs: parseTime("--window", to, timeZone, now) };
  const dayMs = Math.floor((startMs + zoneOffsetMs(startMs, timeZone)) / DAY_MS) * DAY_MS;
  const sameDay = instantsOf(dayMs + clock, timeZone)[0];
  if (sameDay !== undefined && sameDay > startMs) return { kind, startMs, endMs: sameDay };
  const nextDay = instantsOf(dayMs + DAY_MS + clock, timeZone)[0];
  if (nextDay === undefined) throw wrong(text, "its end does not exist in this zone");
  return { kind, startMs, endMs: nextDay };
}

function weekly(match: RegExpExecArray, text: string, timeZone: string): WindowRule {
  const [, which = "day", hour = "0", minute = "0", half = "", lasting, end = ""] = match;
  const days = [...daysOf(which, text)].sort((a, b) => a - b);
  const startOfDayMs = clockOf(`${hour}:${minute} ${half}`);
  if (startOfDayMs === null) throw wrong(text, "no such time of day");
  if (lasting !== undefined)
    return { kind: "weekly", days, startOfDayMs, lasts: { lengthMs: durationMs(lasting, text) }, timeZone };
  const untilOfDayMs = clockOf(end);
  if (untilOfDayMs === null) throw wrong(text, "say its end as a time of day, as in 04:30");
  return { kind: "weekly", days, startOfDayMs, lasts: { untilOfDayMs }, timeZone };
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
