/**
 * What a lake refuses. `code` is API, the message is not.
 *
 * `NOT_A_LAKE`: the folder holds something else. `OLDER_SCHEMA`, `NEWER_SCHEMA`: another hangproof wrote it, whose
 * tables are not these. `OTHER_WRITER`: Spark wrote it, and only Spark adds to it. `BAD_EVENT`: an event of
 * other evidence than the summary's. `NO_ENGINE`: the database engine is not installed here. `FAILED`: the engine could
 * not read or write a table; its own words follow.
 */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly code: "NOT_A_LAKE" | "OLDER_SCHEMA" | "NEWER_SCHEMA" | "OTHER_WRITER" | "BAD_EVENT" | "NO_ENGINE" | "FAILED";
  constructor(code: FleetError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
