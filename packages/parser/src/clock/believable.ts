import { type EventTime, NO_TIME } from "../model/time.js";

/** The driver came with Linux 2.6.24 in January 2008: an earlier clock was not set. */
export const FIRST_BELIEVABLE_MS: number = Date.UTC(2008, 0, 1);

/** A time without its wall clock when that was not set, as after a boot with an empty battery; else the time itself. */
export function believable(time: EventTime): EventTime {
  // A year that nobody knows is no sign of the clock.
  if (time.unixMs === null || time.unixMs >= FIRST_BELIEVABLE_MS || time.year === "unknown") return time;
  if (time.bootMs === null) return NO_TIME;
  const { bootMs } = time;
  return { unixMs: null, bootMs, source: "boot", uncertaintyMs: Number.POSITIVE_INFINITY, year: null };
}
