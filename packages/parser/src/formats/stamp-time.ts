import type { BootAnchor } from "../clock/boot-anchor.js";
import { civilToMs } from "../clock/civil.js";
import type { StampClock } from "../clock/stamp-clock.js";
import { type EventTime, NO_TIME } from "../model/time.js";
import type { LineHeader } from "./head-parts.js";

/** When a line was written, by the stamp in its head. Clock and anchor learn from it: ask in the order of the lines. */
export function timeOfStamp(
  { stamp, bootMs }: LineHeader,
  { clock, anchor }: { readonly clock: StampClock; readonly anchor: BootAnchor },
): EventTime {
  switch (stamp.kind) {
    case "utc":
      return { unixMs: stamp.unixMs, bootMs, source: "utc", uncertaintyMs: stamp.resolutionMs, year: null };
    case "offset": {
      const unixMs = civilToMs(stamp.civil) - stamp.offsetMs;
      return { unixMs, bootMs, source: "offset", uncertaintyMs: stamp.resolutionMs, year: null };
    }
    case "local":
      return clock.read(stamp, bootMs);
    case "none":
      return bootMs === null ? NO_TIME : anchor.time(bootMs);
  }
}
