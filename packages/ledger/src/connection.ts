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
  readonly #path: string;

  /** @param path is named in errors */
  constructor(db: SqlDatabase, path: string) {
    this.#db = db;
    this.#path = path;
  }

  rows<Row>(sql: string, ...values: unknown[]): Row[] {
    return translating(this.#path, () => this.#db.prepare(sql).all(...values) as Row[]);
  }

  *iterate<Row>(sql: string, ...values: unknown[]): Generator<Row, void, void> {
    const rows = translating(this.#path, () => this.#db.prepare(sql).iterate(...values) as IterableIterator<Row>);
    try {
      for (;;) {
        const next = translating(this.#path, () => rows.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      rows.return?.();
    }
  }

  /** How many rows it changed. */
  run(sql: string, ...values: unknown[]): number {
    return translating(this.#path, () => this.#db.prepare(sql).run(...values).changes);
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
    translating(this.#path, () => this.#db.exec("BEGIN IMMEDIATE"));
  }

  commit(): void {
    translating(this.#path, () => this.#db.exec("COMMIT"));
  }

  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
  }

  close(): void {
    this.#db.close();
  }
}

/** SQLite's errors in the ledger's own words, with the file that they are about. */
export function translating<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const fail = (name: LedgerError["code"], reason: string): never => {
      throw new LedgerError(name, `${path}: ${reason}`, { cause: error });
    };
    if (code.startsWith("SQLITE_BUSY")) return fail("BUSY", "another process is writing to the ledger");
    if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT"))
      return fail("NOT_A_LEDGER", "this file is not a ledger, or is damaged");
    if (code.startsWith("SQLITE_READONLY"))
      return fail("READ_ONLY", "the ledger cannot be written: its file or folder is read-only");
    if (code.startsWith("SQLITE_FULL")) return fail("FAILED", "the ledger cannot be written: no space left on device");
    if (error instanceof Error && /Unable to open connection/.test(error.message))
      return fail("FAILED", "the ledger cannot be opened: its folder is missing or not accessible");
    return fail("FAILED", `the ledger failed: ${error instanceof Error ? error.message : error}`);
  }
}
