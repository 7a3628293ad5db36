import type { HangEvent } from "../../../model/event.js";

/** Tick rates that kernels are built with (kernel/Kconfig.hz), ascending. The dump does not say which. */
export const TICK_RATES = [100, 250, 300, 1000] as const;
/** Ticks a second that a kernel may be built for. */
export type TickRate = (typeof TICK_RATES)[number];

/** How long the stuck packet had been waiting when the dump was printed. */
export interface PacketAge {
  readonly ticks: number;
  /** The same in seconds, for each tick rate. */
  readonly secondsAt: Readonly<Record<TickRate, number>>;
}

const WORD = 2 ** 32;

/**
 * Age of the stuck packet: jiffies - time_stamp. Null where one is missing, where the stamp is 0 (the slot was empty by
 * then) and where the stamp is the later one (the slot was in use again). 32-bit counters may have wrapped between.
 */
export function packetAge({ jiffies, time_stamp: stamp }: HangEvent["registers"]): PacketAge | null {
  if (jiffies === undefined || stamp === undefined || stamp === 0) return null;
  const isWord = jiffies < WORD && stamp < WORD;
  const ticks = jiffies >= stamp || !isWord ? jiffies - stamp : jiffies - stamp + WORD;
  if (ticks < 0 || ticks > WORD / 2) return null;
  return { ticks, secondsAt: { 100: ticks / 100, 250: ticks / 250, 300: ticks / 300, 1000: ticks / 1000 } };
}

/** A dump's tick counter, and the kernel's uptime in milliseconds when it was printed. */
export interface TickReading {
  readonly jiffies: number;
  readonly bootMs: number;
}

/** How far a measured rate may be from a real one: what 2 s between two dumps, stamped to the microsecond, can show. */
const TOLERANCE = 0.03;
/** The counter starts 300 s before it reaches 2^32 (include/linux/jiffies.h, INITIAL_JIFFIES). */
const START_S = 300;

/**
 * The kernel's tick rate, from two dumps of one boot or from one and its uptime; null where neither gives a rate that
 * kernels are built with.
 * @param readings of one boot, any order; the first and the last by uptime decide
 */
export function tickRate(readings: readonly TickReading[]): TickRate | null {
  let first = readings[0];
  let last = readings[0];
  for (const reading of readings) {
    if (first === undefined || reading.bootMs < first.bootMs) first = reading;
    if (last === undefined || reading.bootMs > last.bootMs) last = reading;
  }
  if (first === undefined || last === undefined) return null;
  if (last.bootMs - first.bootMs >= 1_000) {
    const found = nearest((last.jiffies - first.jiffies) / ((last.bootMs - first.bootMs) / 1000));
    if (found !== null) return found;
  }
  const seconds = last.bootMs / 1000 - START_S;
  if (Math.abs(seconds) < 30) return null;
  // 64-bit counters pass 2^32 there, 32-bit ones begin at 0 again.
  return nearest((last.jiffies - WORD) / seconds) ?? nearest(last.jiffies / seconds);
}

function nearest(rate: number): TickRate | null {
  return TICK_RATES.find((known) => Math.abs(rate / known - 1) <= TOLERANCE) ?? null;
}
