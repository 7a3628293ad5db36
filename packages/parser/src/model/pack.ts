import type { LogRecord } from "./record.js";

/**
 * What a reader of other hardware or other backup software adds to the parser: plain objects, given as
 * `ParseOptions.packs`. A pack adds events and takes none away, but for one: hangs of a driver that it describes are
 * `pack.hang` and `pack.sign` instead of `net.other_hang`.
 */
export interface Pack {
  /** Stands in its events: a lower-case letter, then up to 31 letters, digits or hyphens; no two packs have the same. */
  readonly name: string;
  readonly drivers?: readonly DriverProfile[];
  readonly recognisers?: readonly Recogniser[];
  readonly windows?: readonly WindowSource[];
  readonly forms?: readonly LineForm[];
}

/** How one network driver says that its adapter hung. */
export interface DriverProfile {
  /** The module's name, which the kernel prints in front of the driver's lines: `igc`. Never `e1000e`. */
  readonly driver: string;
  /**
   * `tx-timeout`: it says nothing itself; the stack's transmit watchdog (`net.tx_timeout`) says it, which older kernels do
   * once in a boot (docs/extend.md).
   */
  readonly hang: HangMessage | "tx-timeout";
  /** Other lines of the driver that tell the end of a hang, or its start. */
  readonly signs: readonly DriverSign[];
}

/** A driver's own hang report. */
export interface HangMessage {
  /** How the message begins, behind the driver, the device and the interface: `Detected Tx Unit Hang`. */
  readonly head: string;
  /** The lines of the dump that follow, in the order in which the driver prints them; empty where there is none. */
  readonly lines: readonly DumpLine[];
}

/** A line of a dump: a label and its values, each in angle brackets. */
export interface DumpLine {
  /** As printed, without the blanks around it; 3 to 60 characters of ASCII: `TDH`, `Tx Queue`. */
  readonly label: string;
  /** Names of its values; none: a heading. Default: one, named by the label. */
  readonly fields?: readonly string[];
  /** In which the values are printed; default 16. */
  readonly radix?: 10 | 16;
}

/** What a line of the driver means for a hang. */
export type SignName = "reset" | "link_up" | "link_down" | "load" | "remove";

/** A line of the driver that is a sign. */
export interface DriverSign {
  readonly sign: SignName;
  /**
   * Tried on the text behind the driver, the device and the interface. A group named `speed` gives Mb/s. Without the flags
   * `g` and `y`; it must be linear, as it meets hostile text.
   */
  readonly pattern: RegExp;
}

/** Whose records are read: the kernel's, or those of processes under one of these tags. */
export type Speaker = "kernel" | readonly string[];

/** A value that a recogniser found. */
export type PackValue = string | number | boolean | null;

/** Lines that become `pack.event`. */
export interface Recogniser {
  /** The event's name. */
  readonly name: string;
  readonly by: Speaker;
  /**
   * A line is read only where it holds at least one of these: 3 to 200 printable ASCII characters each, letter case
   * counts. The rarer they are in other lines, the faster a log is read.
   */
  readonly needles: readonly string[];
  /**
   * The values of a message; null when it is another one. It must keep no state. What it throws is diagnosed as
   * `pack.failed`, and the message is passed over.
   */
  readonly read: (message: string, record: LogRecord) => Readonly<Record<string, PackValue>> | null;
}

/** A backup program, by the lines with which its runs start and end: they become `backup.job_start` and `backup.job_end`. */
export interface WindowSource {
  /** What ran: the command of its `backup.job_start`, unless `start` has a group named `job`. */
  readonly name: string;
  readonly by: readonly string[];
  /** As in `Recogniser`. */
  readonly needles: readonly string[];
  /** First line of the message; patterns as in `DriverSign`. */
  readonly start: RegExp;
  /** A run that ended well. */
  readonly ok: RegExp;
  /** A run that failed; a group named `detail` is its reason. Tried before `ok`. */
  readonly failed?: RegExp;
}

/**
 * A form of log in which every line is a record. Evidence of it has the form `pack`, and its records are claims: no form
 * of a pack vouches for the kernel. What its functions throw is diagnosed as `pack.failed`, and the line is passed over.
 */
export interface LineForm {
  /** What the report says the form is. */
  readonly name: string;
  /** Whether an input has this form, by its first lines: 20 at most, of the first 16 KiB. Asked before all known forms. */
  readonly isOne: (lines: readonly string[]) => boolean;
  /** Finest part of a second that its stamps have, milliseconds: 1000, 1 or 0.001. */
  readonly resolutionMs: number;
  /** The record of a line; null: it is none. It must keep no state. */
  readonly read: (line: string) => LineRecord | null;
}

/** What a line of a pack's form says. */
export interface LineRecord {
  readonly message: string;
  /** Unix milliseconds; or a local time, read in the zone of `ParseOptions`; null: the line has none. */
  readonly stamp: number | LocalStamp | null;
  readonly host?: string | null;
  /** The tag. `kernel`, without a process number, makes it one of the kernel's lines. */
  readonly identifier?: string | null;
  readonly pid?: number | null;
}

/** A date and time of day without zone. */
export interface LocalStamp {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Fractions carry microseconds; default 0. */
  readonly millisecond?: number;
}
