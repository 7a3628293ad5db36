/**
 * What a ledger refuses. `code` is API, the message is not.
 *
 * `BUSY`: another process writes and did not end in time. `NOT_A_LEDGER`: the file is something else, or is damaged.
 * `NEWER_SCHEMA`: a later hangproof wrote it. `BAD_EVENT`: an event of other evidence than the summary's.
 * `READ_ONLY`: the file or its folder cannot be written. `NO_ENGINE`: the database engine is not installed here.
 */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: "BUSY" | "NOT_A_LEDGER" | "NEWER_SCHEMA" | "BAD_EVENT" | "READ_ONLY" | "NO_ENGINE" | "FAILED";
  constructor(code: LedgerError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
