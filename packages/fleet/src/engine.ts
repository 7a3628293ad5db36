import { createRequire } from "node:module";
import type * as DuckDb from "@duckdb/node-api";
import { FleetError } from "./fleet-error.js";
import { storable } from "./storable.js";

/** The engine keeps at most this much in memory; what is more goes to the lake's staging folder. */
const MEMORY = "1GB";

/**
 * An engine without a database of its own: tables are files. It is native code and is loaded here, at the first use: a
 * program that carries the fleet commands and does not run them works without it.
 * @param spillFolder where it puts what does not fit into memory
 * @throws FleetError `NO_ENGINE`
 */
export async function startEngine(spillFolder: string): Promise<Engine> {
  const instance = await duckDb().DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY,
    temp_directory: spillFolder,
    // Its tables are small and many; the other cores read logs.
    threads: "1",
    // Each file is read once: what the engine would keep of them grows with the hosts.
    enable_external_file_cache: "false",
    // Nothing is fetched, whatever a table's content asks for.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  return new Engine(instance, await instance.connect());
}

/** What a cell may hold. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[];
export type Row = Readonly<Record<string, Cell>>;

export class Engine {
  readonly #instance: DuckDb.DuckDBInstance;
  readonly #connection: DuckDb.DuckDBConnection;

  /** Use `startEngine`. */
  constructor(instance: DuckDb.DuckDBInstance, connection: DuckDb.DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @throws FleetError `FAILED` */
  async run(sql: string, values: readonly (string | number)[] = []): Promise<void> {
    await translating(this.#connection.run(sql, [...values]));
  }

  /** All rows at once. @throws FleetError `FAILED` */
  async rows(sql: string, values: readonly (string | number)[] = []): Promise<Row[]> {
    const reader = await translating(this.#connection.runAndReadAll(sql, [...values]));
    return reader.getRowObjectsJS() as Row[];
  }

  /** Rows as they are read, in bounded memory. @throws FleetError `FAILED` */
  async *stream(sql: string): AsyncGenerator<readonly Row[], void, void> {
    const result = await translating(this.#connection.stream(sql));
    const names = result.deduplicatedColumnNames();
    for (;;) {
      const chunk = await translating(result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRowObjects(names) as unknown as Row[];
    }
  }

  /** Puts rows into a table of the engine, quicker than statements do. */
  async appender(table: string): Promise<DuckDb.DuckDBAppender> {
    return translating(this.#connection.createAppender(table));
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A text as a literal of SQL. */
export function quoted(text: string): string {
  return `'${storable(text).replaceAll("'", "''")}'`;
}

/** A value as a literal of SQL; numbers to their last digit. */
export function literal(value: string | number | null | readonly string[]): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return `'${value}'`;
  return typeof value === "string" ? quoted(value) : `[${value.map(quoted).join(", ")}]`;
}

function duckDb(): typeof DuckDb {
  try {
    return createRequire(import.meta.url)("@duckdb/node-api") as typeof DuckDb;
  } catch (cause) {
    throw new FleetError(
      "NO_ENGINE",
      "a fleet's tables need the package @duckdb/node-api with its native part for this platform; `npm install @duckdb/node-api` beside the program brings it",
      { cause },
    );
  }
}

async function translating<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (cause) {
    throw new FleetError("FAILED", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
