import { LedgerError } from "./ledger-error.js";

/**
 * What the ledger needs of the engine's database. Said here, so that whoever compiles against the ledger needs neither the
 * engine's types nor Node's, which those ask for.
 */
export interface SqlDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): {
    all(...values: unknown[]): unknown[];
    iterate(...values: unknown[]): IterableIterator<unknown>;
    run(...values: unknown[]): { readonly changes: number };
  };
  exec(sql: string): unknown;
  close(): unknown;
}

/** The open database: statements with their rows as plain objects, and errors in the ledger's own words. */
export class Connection {
  readonly #db: SqlDatabase;

  constructor(db: SqlDatabase) {
    this.#db = db;
  }

  rows<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }

  iterate<Row>(sql: string, ...values: unknown[]): IterableIterator<Row> {
    return this.#db.prepare(sql).iterate(...values) as IterableIterator<Row>;
  }

  /** How many rows it changed. */
  run(sql: string, ...values: unknown[]): number {
    return this.#db.prepare(sql).run(...values).changes;
  }

  /** One transaction: all of the work, or nothing of it. @throws LedgerError `BUSY`, `FAILED` */
  write<Result>(work: () => Result): Result {
    this.begin();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** @throws LedgerError `BUSY` when another process writes for longer than this one waits */
  begin(): void {
    translating(() => this.#db.exec("BEGIN IMMEDIATE"));
  }

  commit(): void {
    translating(() => this.#db.exec("COMMIT"));
  }

  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
  }

  close(): void {
    this.#db.close();
  }
}

/** SQLite's errors in the ledger's own words. */
export function translating<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const cause = { cause: error };
    if (code.startsWith("SQLITE_BUSY"))
      throw new LedgerError("BUSY", "another process is writing to the ledger", cause);
    if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT"))
      throw new LedgerError("NOT_A_LEDGER", "this file is not a ledger, or is damaged", cause);
    if (code.startsWith("SQLITE_READONLY"))
      throw new LedgerError("READ_ONLY", "the ledger cannot be written: its file or folder is read-only", cause);
    if (error instanceof Error && /Unable to open connection/.test(error.message))
      throw new LedgerError("FAILED", "the ledger cannot be opened: its folder is missing or not accessible", cause);
    throw new LedgerError("FAILED", `the ledger failed: ${error instanceof Error ? error.message : error}`, cause);
  }
}
