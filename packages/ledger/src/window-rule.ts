import type { Span } from "@hangproof/analyzer";
import { TimeZone } from "@hangproof/parser";

const DAY_MS = 86_400_000;

/** When backups run, as the user told it. */
export type WindowRule =
  | { readonly kind: "once"; readonly startMs: number; readonly endMs: number }
  | {
      readonly kind: "weekly";
      /** Days of the week on which it begins, Sunday 0, ascending. */
      readonly days: readonly number[];
      /** Wall-clock time of the zone at which it begins, milliseconds from midnight. */
      readonly startOfDayMs: number;
      /** How long it lasts; or else until which time of day, of the same day or the next. */
      readonly lasts: { readonly lengthMs: number } | { readonly untilOfDayMs: number };
      /** IANA name, or an offset. */
      readonly timeZone: string;
    };

/**
 * The windows that a rule means within `sinceMs` (in) and `untilMs` (out), in the order of time: those that begin before
 * the end and end after the start. A wall-clock time that a change of daylight saving skips is left out, one that it
 * repeats is taken at its first. Cost: the days of the range.
 * @throws RangeError for an unknown zone
 */
export function windowsOf(rule: WindowRule, { sinceMs, untilMs }: { sinceMs: number; untilMs: number }): Span[] {
  if (rule.kind === "once") {
    const { startMs, endMs } = rule;
    return startMs < untilMs && endMs > sinceMs ? [{ startMs, endMs }] : [];
  }
  const zone = new TimeZone(rule.timeZone);
  const days = new Set(rule.days);
  const { startOfDayMs, lasts } = rule;
  const instant = (localMs: number): number | null => {
    const { unixMs, skipped } = zone.read(localMs);
    return skipped ? null : unixMs;
  };
  const spans: Span[] = [];
  // A window of the day before may reach into the range.
  const first = Math.floor((sinceMs + zone.offsetMs(sinceMs)) / DAY_MS) * DAY_MS - DAY_MS;
  for (let dayMs = first; dayMs <= untilMs + DAY_MS; dayMs += DAY_MS) {
    if (!days.has(new Date(dayMs).getUTCDay())) continue;
    const startMs = instant(dayMs + startOfDayMs);
    if (startMs === null || startMs >= untilMs) continue;
    const endMs =
      "lengthMs" in lasts
        ? startMs + lasts.lengthMs
        : instant(dayMs + lasts.untilOfDayMs + (lasts.untilOfDayMs <= startOfDayMs ? DAY_MS : 0));
    if (endMs !== null && endMs > sinceMs) spans.push({ startMs, endMs });
  }
  return spans;
}
