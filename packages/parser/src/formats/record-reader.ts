import type { Diagnostic } from "../model/diagnostic.js";
import type { FormName } from "../model/evidence.js";
import type { LogRecord, Provenance } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import type { Scanner } from "../scan/scanner.js";

/** Records that were written and are not in the input. */
export interface LossNotice {
  /** How many; null when not known. */
  readonly count: number | null;
  readonly what: "sequence-gap";
  /** The record that follows the gap. */
  readonly provenance: Provenance;
}

/** Records that nobody wants, counted without being read; they are of one host and differ in time and sender only. */
export interface PassedRecords {
  readonly host: string | null;
  /** Of a record like them. */
  readonly time: EventTime;
  readonly records: number;
  /** Those of the kernel among them, and Unix milliseconds of the earliest and the latest of these. */
  readonly kernelRecords: number;
  readonly firstKernelMs: number;
  readonly lastKernelMs: number;
}

/** Where a reader hands over what it finds, in the order of the input. */
export interface RecordSink {
  record(record: LogRecord): void;
  diagnostic(diagnostic: Diagnostic): void;
  /** Told instead of many records that cannot be wanted; a reader that is given no scanner never calls it. */
  passed?(records: PassedRecords): void;
  /** Called before the record that follows the gap. */
  loss?(loss: LossNotice): void;
}

/**
 * Turns the bytes of one input into records. Synchronous and pure: any cutting of the input into chunks gives the
 * same calls on the sink. Memory: one chunk and one unfinished record, bounded by the limits that the reader states.
 */
export interface RecordReader {
  readonly form: FormName;
  /** Chunks in order; the reader does not keep the array after the call returns. */
  push(chunk: Uint8Array): void;
  /** No more bytes follow; an unfinished record is handed over, or diagnosed as `input.truncated`. */
  end(): void;
  /** The input is silent for a while: the last record is whole, and no line will be added to it. Reading may go on. */
  settle?(): void;
  /** Lines so far, by `\n` (a last line without one counts). */
  readonly lines: number;
}

export interface RecordReaderOptions {
  /** Label that provenance and diagnostics carry. */
  readonly evidence: string;
  /** Bytes of one line (or of one field) that are kept; the rest is passed over and diagnosed. Default 1 MiB. */
  readonly maxLineBytes?: number;
  /** Finds what can be wanted; absent or null: every record is read. */
  readonly scanner?: (() => Scanner) | null;
}
