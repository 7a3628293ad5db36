import type { EventTime } from "../model/time.js";

/** rtc-core: `rtc_cmos 00:04: setting system clock to 2025-10-25T23:49:23 UTC (1761436163)`. */
const RTC = /setting system clock to \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d UTC \((\d{9,11})\)/;

/**
 * Ties boot-relative stamps to wall time by the one kernel line that holds both clocks: the RTC is read at boot
 * (drivers/rtc/class.c, rtc_hctosys). What NTP corrected later is not in it, so the tie is sure to seconds, not better.
 */
export class BootAnchor {
  #offsetMs: number | null = null;
  #lastBootMs = 0;

  /** Looks at a kernel message for the line that ties the clocks. */
  look(message: string, bootMs: number | null): void {
    if (bootMs === null || !message.includes("setting system clock")) return;
    const match = RTC.exec(message);
    if (match !== null) this.#offsetMs = Number(match[1]) * 1000 - bootMs;
  }

  time(bootMs: number): EventTime {
    // A stamp that goes back far belongs to another boot, for which the tie does not hold.
    if (bootMs < this.#lastBootMs - 60_000) this.#offsetMs = null;
    this.#lastBootMs = bootMs;
    if (this.#offsetMs === null)
      return { unixMs: null, bootMs, source: "boot", uncertaintyMs: Number.POSITIVE_INFINITY, year: null };
    return { unixMs: this.#offsetMs + bootMs, bootMs, source: "boot-anchored", uncertaintyMs: 5_000, year: null };
  }
}
