/** How a time was obtained, from the surest to the weakest. */
export type TimeSource =
  /** The container holds UTC (journal, epoch seconds). */
  | "utc"
  /** The stamp carries its offset or its zone's name. */
  | "offset"
  /** A local stamp, read in the zone that the caller named. */
  | "zone"
  /** A local stamp without zone, read in an assumed zone. */
  | "zone-assumed"
  /** Computed by `dmesg -T` from the clock of the machine that printed it. */
  | "dmesg-ctime"
  /** Boot-relative, tied to wall time by a record that has both clocks. */
  | "boot-anchored"
  /** Boot-relative only: the wall time is not known. */
  | "boot"
  /** The record itself has no time; this is the time of a record near it in the same evidence. */
  | "neighbour"
  /** No time at all. */
  | "none";

/** When something happened, as well as the evidence can say. */
export interface EventTime {
  /** Unix milliseconds, UTC; fractions carry microseconds. Null when the wall time is not known. */
  readonly unixMs: number | null;
  /** Milliseconds since boot as the kernel stamped it; null when not printed. */
  readonly bootMs: number | null;
  readonly source: TimeSource;
  /** The true time lies within ± this many milliseconds. `Infinity` when `unixMs` is null. */
  readonly uncertaintyMs: number;
  /** How the year was found when the stamp has none; null when the stamp has it. */
  readonly year: YearSource | null;
}

/** `log`: a record of the same evidence names it; `evidence`: other evidence of the host; `file-time`: only the file's time. */
export type YearSource = "log" | "evidence" | "file-time" | "caller" | "unknown";

/** The time of a record that has none. */
export const NO_TIME: EventTime = {
  unixMs: null,
  bootMs: null,
  source: "none",
  uncertaintyMs: Number.POSITIVE_INFINITY,
  year: null,
};
