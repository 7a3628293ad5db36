import type { Unit } from "../epochs/ground.js";

/** How numbers, amounts and moments are written in sentences. Never more than three significant digits. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Three significant digits, without an exponent between 0.001 and 10^15. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(3));
  return rounded >= 1e15 || Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}

/** A probability: two digits, never 0. */
export function probability(p: number): string {
  if (p < 1e-15) return "< 1e-15";
  if (p > 0.995 && p < 1) return "more than 0.99";
  return p < 1e-3 ? p.toExponential(1) : String(Number(p.toPrecision(2)));
}

/** A count with its noun. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** An exposure with its unit; less than an hour in minutes or seconds. */
export function exposure(hours: number, unit: Unit): string {
  if (hours > 0 && hours < 1) return `${short(hours)} of ${unit === "backup-hour" ? "backup" : "covered time"}`;
  const noun = unit === "backup-hour" ? "backup-hour" : "covered hour";
  const written = figure(hours);
  return `${written} ${noun}${written === "1" ? "" : "s"}`;
}

/** Less than an hour in words. */
function short(hours: number): string {
  const seconds = hours * 3600;
  if (seconds >= 60) return count(Math.round(seconds / 60), "minute");
  return seconds >= 1 ? count(Math.round(seconds), "second") : "less than a second";
}

/** Moments in one zone, or on the clock of a boot. */
export interface Clock {
  readonly timeZone: string;
  readonly now: number;
  /** True: times are milliseconds since boot. */
  readonly relative: boolean;
}

/** `12 Oct`, with the year where it is not the present one; `3.2 h after boot` on a boot's own clock. */
export function day(timeMs: number, clock: Clock): string {
  if (clock.relative) return `${figure(timeMs / 3_600_000)} h after boot`;
  const { year, month, dayOfMonth } = partsOf(timeMs, clock.timeZone);
  const isThisYear = year === partsOf(clock.now, clock.timeZone).year;
  return `${dayOfMonth} ${MONTHS[month - 1]}${isThisYear ? "" : ` ${year}`}`;
}

/** `12 Oct 2026, 14:03`. */
export function moment(timeMs: number, clock: Clock): string {
  if (clock.relative) return day(timeMs, clock);
  const { year, month, dayOfMonth, hour, minute } = partsOf(timeMs, clock.timeZone);
  return `${dayOfMonth} ${MONTHS[month - 1]} ${year}, ${hour}:${minute}`;
}

function partsOf(
  timeMs: number,
  timeZone: string,
): { year: number; month: number; dayOfMonth: number; hour: string; minute: string } {
  const parts = new Map<string, string>();
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  for (const { type, value } of format.formatToParts(timeMs)) parts.set(type, value);
  const of = (type: string): string => parts.get(type) ?? "";
  return {
    year: Number(of("year")),
    month: Number(of("month")),
    dayOfMonth: Number(of("day")),
    hour: of("hour"),
    minute: of("minute"),
  };
}
