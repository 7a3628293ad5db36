import type { EventTime } from "../model/time.js";

/** rtc-core: `rtc_cmos 00:04: setting system clock to 2025-10-25T23:49:23 UTC (1761436163)`. */
const RTC = /setting system clock to \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d UTC \((\d{9,11})\)/;
/** kernel/time/timekeeping_debug.c, tk_debug_account_sleep_time; older kernels without the first words. */
const SLEPT = /^(?:PM: )?(?:Timekeeping s|S)uspended for (\d{1,9}\.\d{3}) seconds/;
const WOKE = /^(?:PM: )?suspend exit$/;

/** The RTC counts whole seconds, and is read some time into the boot. */
const RTC_MS = 5_000;
/** A sleep of unknown length, told by no line: half a day at most is ordinary. */
const UNKNOWN_SLEEP_MS = 12 * 3_600_000;

/**
 * Ties boot-relative stamps to wall time by the one kernel line that holds both clocks: the RTC is read at boot
 * (drivers/rtc/class.c, rtc_hctosys). What NTP corrected later is not in it, so the tie is sure to seconds, not better.
 *
 * The stamps' clock stands still in suspend. Where the kernel says how long it slept the tie moves on by that; where it
 * only says that it woke, later times may be too early by the sleep, and their uncertainty says so.
 */
export class BootAnchor {
  #offsetMs: number | null = null;
  #uncertaintyMs = RTC_MS;
  #lastBootMs = 0;
  #isSleepKnown = false;

  /** Looks at a kernel message for a line that ties the clocks, or parts them. */
  look(message: string, bootMs: number | null): void {
    if (bootMs === null) return;
    if (message.includes("setting system clock")) {
      const match = RTC.exec(message);
      if (match === null) return;
      this.#offsetMs = Number(match[1]) * 1000 - bootMs;
      this.#uncertaintyMs = RTC_MS;
    } else if (message.includes("uspend") && this.#offsetMs !== null) {
      const slept = SLEPT.exec(message);
      if (slept !== null) {
        this.#offsetMs += Number(slept[1]) * 1000;
        this.#isSleepKnown = true;
      } else if (WOKE.test(message)) {
        if (!this.#isSleepKnown) this.#uncertaintyMs += UNKNOWN_SLEEP_MS;
        this.#isSleepKnown = false;
      }
    }
  }

  time(bootMs: number): EventTime {
    // A stamp that goes back far belongs to another boot, for which the tie does not hold.
    if (bootMs < this.#lastBootMs - 60_000) this.#offsetMs = null;
    this.#lastBootMs = bootMs;
    if (this.#offsetMs === null)
      return { unixMs: null, bootMs, source: "boot", uncertaintyMs: Number.POSITIVE_INFINITY, year: null };
    const uncertaintyMs = this.#uncertaintyMs;
    return { unixMs: this.#offsetMs + bootMs, bootMs, source: "boot-anchored", uncertaintyMs, year: null };
  }
}
