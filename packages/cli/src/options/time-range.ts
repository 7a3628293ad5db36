import type { ParsedComponents } from "chrono-node";
import { casual } from "chrono-node/en";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { localTime, zoneOffsetMs } from "../layout/format.js";

/** Longer than anything that means a time, and short enough for expressions that look at it several times. */
export const MOST_CHARACTERS = 200;

/**
 * A time as people type it: ISO 8601, `last sunday 2am`, `3 weeks ago`. Without an offset it is wall-clock time in
 * `timeZone`; a date without a time is that day's first moment. A date without a year is the last one that was.
 * @param now - what "last" and "ago" count from, Unix milliseconds
 * @returns Unix milliseconds
 * @throws CliError (usage) for text that is not one time, that may mean two, or has more than 200 characters
 */
export function parseTime(option: string, text: string, timeZone: string, now: number): number {
  const input = text.trim();
  if (input.length > MOST_CHARACTERS) throw usageError(`${option}: a time has at most ${MOST_CHARACTERS} characters`);
  const shown = `${option} ${JSON.stringify(visible(text))}`;
  const numeric = /^(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b/.exec(input);
  if (numeric !== null && Number(numeric[1]) <= 12 && Number(numeric[2]) <= 12 && numeric[1] !== numeric[2])
    throw usageError(`${shown}: day/month or month/day? Write the date as 2025-11-02`);
  const reference = { instant: new Date(now), timezone: Math.round(zoneOffsetMs(now, timeZone) / 60_000) };
  const found = casual.parse(input, reference);
  const [result] = found;
  if (result === undefined || result.text.length < input.length || result.end !== null) {
    const understood = found.map((part) => JSON.stringify(visible(part.text))).join(", ");
    throw usageError(
      `${shown}: not one time${understood === "" ? "" : ` (understood only ${understood})`}; ` +
        'tried ISO 8601 and English phrases, as in "2025-11-02 02:30", "last sunday 2am", "3 weeks ago"',
    );
  }
  const { start } = result;
  if (start.isCertain("timezoneOffset")) return start.date().getTime();
  const wall = wallTime(start, now + zoneOffsetMs(now, timeZone));
  const candidates = instantsOf(wall, timeZone);
  const [ms, second] = candidates;
  if (ms === undefined)
    throw usageError(`${shown}: that hour does not exist in ${timeZone} (clocks went forward); write an offset`);
  if (second !== undefined)
    throw usageError(
      `${shown}: that hour exists twice in ${timeZone}: ` +
        `${candidates.map((candidate) => localTime(candidate, timeZone)).join(" or ")}; write the offset you mean`,
    );
  return ms;
}

/** The parsed fields as if the wall clock were UTC. */
function wallTime(start: ParsedComponents, wallNow: number): number {
  const field = (name: "month" | "day" | "hour" | "minute" | "second" | "millisecond") => start.get(name) ?? 0;
  const timed = start.isCertain("hour");
  const at = (year: number) =>
    timed
      ? Date.UTC(
          year,
          field("month") - 1,
          field("day"),
          field("hour"),
          field("minute"),
          field("second"),
          field("millisecond"),
        )
      : Date.UTC(year, field("month") - 1, field("day"));
  const year = start.get("year") ?? new Date(wallNow).getUTCFullYear();
  const yearGuessed = start.isCertain("month") && !start.isCertain("year");
  return yearGuessed && at(year) > wallNow ? at(year - 1) : at(year);
}

/** The moments at which the zone's wall clock shows `wall`: none in spring's gap, two in autumn's fold. */
export function instantsOf(wall: number, timeZone: string): number[] {
  const offsets = new Set([-86_400_000, 86_400_000].map((step) => zoneOffsetMs(wall + step, timeZone)));
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((ms) => ms + zoneOffsetMs(ms, timeZone) === wall)
    .sort((a, b) => a - b);
}
