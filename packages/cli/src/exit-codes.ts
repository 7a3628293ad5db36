/**
 * What the process answers. 0 to 4 are results, 64 and up follow sysexits(3), 128 + n is "ended by signal n".
 * Documented in `--help`; scripts depend on them, so a number is never given a new meaning.
 */
export const EXIT = {
  /** The output was written, whatever the verdict; also a reader that closed the pipe. */
  written: 0,
  /** No e1000e event and no kernel log in the input; the report is printed all the same. */
  nothing: 1,
  /** An option or argument that cannot be understood. */
  usage: 2,
  /** The output was written, but some input could not be read or was damaged. */
  damaged: 3,
  /** A report that was to be verified is not what its evidence gives. */
  differs: 4,
  /** What was to be verified is no report; what was to be opened is no ledger, no lake. */
  badData: 65,
  /** No such input. */
  noInput: 66,
  /** The database engine is not installed. */
  noEngine: 69,
  /** An error of hangproof itself. */
  internal: 70,
  /** The output cannot be created or written. */
  cannotCreate: 73,
  /** The input could not be read to its end. */
  readFailed: 74,
  /** Another process is writing to the ledger: try again. */
  busy: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table under `--help`. */
export const EXIT_HELP = `
Exit status:
  0    output written, whatever the verdict
  1    nothing to report on: no e1000e event and no kernel log in the input
  2    usage error
  3    output written, but some input could not be read or was damaged
  4    verify: the report is not what this evidence gives
  65   no report, ledger or lake       66  no such input
  69   no database engine              70  internal error
  73   output cannot be created        74  I/O error while reading
  75   another process is writing to the ledger
  130  interrupted          143 terminated
`;

/** Ends a command with a message on stderr and a status; thrown only inside the CLI. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
