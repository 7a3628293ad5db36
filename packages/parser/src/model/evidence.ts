import type { DiagnosticCode } from "./diagnostic.js";
import type { TimeSource, YearSource } from "./time.js";

/** Start in, end out; Unix milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The text and file forms that are read. */
export type FormName =
  | "dmesg"
  | "dmesg-ctime"
  | "dmesg-delta"
  | "dmesg-reltime"
  | "dmesg-iso"
  | "dmesg-raw"
  | "dmesg-json"
  | "kmsg"
  | "journal-short"
  | "journal-short-iso"
  | "journal-short-full"
  | "journal-short-monotonic"
  | "journal-short-unix"
  | "journal-verbose"
  | "journal-json"
  | "journal-export"
  | "journal-file"
  | "syslog-traditional"
  | "syslog-iso"
  | "syslog-rfc5424"
  | "logread"
  | "pstore"
  | "pve-task-log"
  | "pve-task-index"
  | "vzdump-log"
  | "pbs-task-log"
  | "modprobe-config"
  | "kernel-command-line"
  | "interfaces-config"
  | "systemd-unit"
  | "systemd-link"
  | "ethtool-output"
  | "machine-id"
  | "bare"
  /** A form that a pack describes; `formReason` names it. */
  | "pack"
  /** Files of a folder or an archive that hold neither a kernel record nor an event. */
  | "folder"
  | "archive"
  | "unknown";

/** One machine id, 32 lower-case hex digits, under one host name. */
export interface MachineName {
  readonly id: string;
  readonly host: string | null;
}

/** What one input was and what was in it: every byte accounted for. */
export interface EvidenceSummary {
  /** The label that provenance names. */
  readonly evidence: string;
  readonly form: FormName;
  /** Why this form, in a few words. */
  readonly formReason: string;
  /** Share of the records that have this form, 0 to 1; 1 where the structure of the container tells it. */
  readonly formConfidence: number;
  /** Records by form, where a file holds several or the form is told line by line; empty otherwise. */
  readonly forms: Readonly<Partial<Record<FormName, number>>>;
  /** Of the bytes as they are stored, lower-case hex; null where the caller gave only a stream to the pure parser. */
  readonly sha256: string | null;
  /** Bytes as stored. */
  readonly storedBytes: number | null;
  /** Bytes after decompression. */
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  /** Records whose container or tag says that they are the kernel's. Zero: this evidence cannot show a hang. */
  readonly kernelRecords: number;
  /** Events by kind. */
  readonly events: Readonly<Record<string, number>>;
  /** Hosts that records name, in order of appearance. */
  readonly hosts: readonly string[];
  /**
   * Machine ids (machine-id(5)) with the host names that their records bear, in order of appearance; absent where nothing
   * tells an id. `host` is null where only a file or the head of a journal says it.
   */
  readonly machines?: readonly MachineName[];
  /** Boots that its records tell apart, at least; 0 without kernel records. */
  readonly boots: number;
  /** Records by what their time comes from. */
  readonly clocks: Readonly<Partial<Record<TimeSource, number>>>;
  /** Records that are known to be missing; `atLeast` where a loss does not say how many. */
  readonly lost: {
    readonly records: number;
    readonly atLeast: boolean;
    /**
     * A ring buffer that does not begin with its boot: milliseconds since boot of its first record. What came before was
     * overwritten, or left out by whoever cut the file. Null: it begins with the boot, or the form cannot tell.
     */
    readonly beforeMs: number | null;
    /** The file is the tail of a longer one, as its name says (sosreport's `.tailed`). */
    readonly isTail: boolean;
  };
  /** Lines that a process wrote as if it were the kernel, up to 50; all are counted in `diagnostics`. */
  readonly suspicious: readonly { readonly line: number; readonly byteOffset: number; readonly text: string }[];
  /** First and last time of its kernel records, end = last record; null when no wall time is known. */
  readonly span: Span | null;
  /** First and last boot-relative time of its kernel records where no wall time is known, milliseconds since boot. */
  readonly bootSpan?: Span | null;
  /**
   * Unix hours (floor(unixMs / 3,600,000)) in which kernel records stand, ascending, as [first, last] runs, both in.
   * The analyzer tells silence from absence by it.
   */
  readonly activeHours: readonly (readonly [number, number])[];
  /** IANA name or offset in which local stamps were read; null when stamps carry their own. */
  readonly zone: string | null;
  readonly zoneAssumed: boolean;
  readonly year: YearSource | null;
  readonly diagnostics: Readonly<Partial<Record<DiagnosticCode, number>>>;
}
