import type { HangEvent } from "../../../model/event.js";

/** The driver's default (e1000.h, E1000_DEFAULT_TXD); `ethtool -G` sets 64 to 4096. */
export const DEFAULT_RING_SIZE = 256;

/** How full the transmit ring is. Counts are null where an index is missing, or the ring's size is needed and unknown. */
export interface RingOccupancy {
  /** Descriptors in the ring; null where an index of the dump is beyond the size that was taken. */
  readonly size: number | null;
  /** The size is the driver's default, not what the user said. */
  readonly assumed: boolean;
  /** Handed out and not got back: next_to_use - next_to_clean, modulo the ring. */
  readonly used: number | null;
  /** With the hardware: TDT - TDH, modulo the ring. */
  readonly waiting: number | null;
  /** A count went round the end of the ring: it is right only if the size is. */
  readonly dependsOnSize: boolean;
  /** Where the hardware stopped: at the stuck packet's last descriptor, at its first, or elsewhere; null unknown. */
  readonly stoppedAt: "last-descriptor" | "first-descriptor" | "elsewhere" | null;
  /** TDT is not next_to_use: descriptors that the driver filled and did not announce yet. */
  readonly unannounced: boolean;
}

/**
 * Reads the indices of a dump (netdev.c, e1000_print_hw_hang()).
 * @param size of the ring, 1 or more; null takes the driver's default
 */
export function ringOccupancy(registers: HangEvent["registers"], size: number | null): RingOccupancy {
  const { TDH: head, TDT: tail, next_to_use: use, next_to_clean: clean, next_to_watch: watch } = registers;
  const taken = size ?? DEFAULT_RING_SIZE;
  const fits = [head, tail, use, clean, watch].every((index) => index === undefined || index < taken);
  const known = fits ? taken : null;
  const wraps = (from: number | undefined, to: number | undefined): boolean =>
    from !== undefined && to !== undefined && to < from;
  return {
    size: known,
    assumed: size === null,
    used: distance(clean, use, known),
    waiting: distance(head, tail, known),
    dependsOnSize: wraps(clean, use) || wraps(head, tail),
    stoppedAt: stop(head, watch, clean),
    unannounced: tail !== undefined && use !== undefined && tail !== use,
  };
}

function distance(from: number | undefined, to: number | undefined, size: number | null): number | null {
  if (from === undefined || to === undefined) return null;
  if (to >= from) return to - from;
  return size === null ? null : to - from + size;
}

function stop(
  head: number | undefined,
  watch: number | undefined,
  clean: number | undefined,
): RingOccupancy["stoppedAt"] {
  if (head === undefined || (watch === undefined && clean === undefined)) return null;
  if (head === watch) return "last-descriptor";
  return head === clean ? "first-descriptor" : watch === undefined || clean === undefined ? null : "elsewhere";
}
