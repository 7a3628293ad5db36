/** What can be wrong with an input. Codes are API, details are not. */
export type DiagnosticCode =
  /** A line is longer than the limit; its head was read, the rest passed over. */
  | "line.too_long"
  /** The structure of a record is broken: it was passed over, up to the next that is whole. */
  | "record.damaged"
  /** The program that wrote the input left out a record's message; the detail names the command that keeps it. */
  | "record.value_lost"
  /** Bytes that are not UTF-8 in a record that was read. */
  | "utf8.invalid"
  /** A stamp that names no possible time. */
  | "time.unreadable"
  /** A local stamp that exists twice, or not at all, at a change of daylight saving time. */
  | "time.ambiguous"
  /** Stamps of a clock that was not set: the real-time clock had lost its time, and the network had not told it yet. */
  | "time.unset"
  /** The year of yearless stamps is not known. */
  | "time.year_unknown"
  /** No line of the input has a form that is known. */
  | "form.unknown"
  /** The input ends in the middle of a record. */
  | "input.truncated"
  /** Compressed data is damaged; what came before was read. */
  | "input.corrupt"
  /** A form or container that is recognised and not read; the detail names the command that converts it. */
  | "input.unsupported"
  /** A file could not be opened or read. */
  | "input.unreadable"
  /** Something in a folder that is no regular file: a symbolic link, a pipe, a socket, a device. It was not opened. */
  | "input.skipped"
  /** Register lines of a hang report without its head. */
  | "hang.headless"
  /** A line that claims to be the kernel's in a place where it cannot be. */
  | "trust.suspicious"
  /** A pack's recogniser threw, or gave values that are none; the line was passed over by it. */
  | "pack.failed";

/** A fault of the input: counted, shown, never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly evidence: string;
  /** 1-based; null when it concerns the whole evidence. */
  readonly line: number | null;
  readonly byteOffset: number | null;
  readonly detail: string;
}

/** The caller or the machine is wrong. */
export class ParserError extends Error {
  override readonly name = "ParserError";
  readonly code: "BAD_OPTION" | "READ_FAILED" | "NOTHING_TO_READ";
  constructor(code: ParserError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
