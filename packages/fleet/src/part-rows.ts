import type { DuckDBAppender } from "@duckdb/node-api";
import { appendRow } from "./append-row.js";
import { type Engine, quoted } from "./engine.js";
import type { Partition } from "./paths.js";
import type { EvidenceRow } from "./table-rows.js";
import { type PartTable, ROW_ORDER, TABLES } from "./tables.js";

/** Columns that are the same in all rows of one evidence. */
const OF_EVIDENCE: ReadonlySet<string> = new Set(["evidence", "reading", "host"]);

/** The rows of one evidence in one table, and the parts of the table that they fall into. */
export class PartRows {
  readonly #table: PartTable;
  readonly #rows: DuckDBAppender;
  readonly #parts = new Map<string | null, Set<string>>();

  private constructor(table: PartTable, rows: DuckDBAppender) {
    this.#table = table;
    this.#rows = rows;
  }

  /** Begins with a table without rows. @throws FleetError `FAILED` */
  static async begin(engine: Engine, table: PartTable): Promise<PartRows> {
    const columns = TABLES[table].map(({ name, type }) => `${name} ${type}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${table} (${columns.join(", ")})`);
    return new PartRows(table, await engine.appender(table));
  }

  add(row: { readonly host: string | null; readonly month: string }): void {
    appendRow(this.#rows, this.#table, row);
    const months = this.#parts.get(row.host);
    if (months === undefined) this.#parts.set(row.host, new Set([row.month]));
    else months.add(row.month);
  }

  /** No row comes any more. */
  close(): void {
    this.#rows.closeSync();
  }

  /** A query for each part, in their order; `only_host` takes the place of a host that a row lacks. */
  queries({ key, reading, only_host }: EvidenceRow): (readonly [Partition, string])[] {
    const parts = new Map<string | null, Set<string>>();
    for (const [given, months] of this.#parts) {
      const host = given ?? only_host;
      parts.set(host, new Set([...(parts.get(host) ?? []), ...months]));
    }
    const columns = TABLES[this.#table].map(({ name }) => name).filter((name) => !OF_EVIDENCE.has(name));
    return [...parts].flatMap(([host, months]) =>
      [...months].sort().map((month) => {
        const own = [host === null ? "host IS NULL" : `host = ${quoted(host)}`];
        if (host !== null && host === only_host) own.push("host IS NULL");
        const query = `SELECT ${quoted(key)} AS evidence, ${quoted(reading)} AS reading,
            ${host === null ? "NULL::VARCHAR" : quoted(host)} AS host, ${columns.join(", ")}
          FROM ${this.#table} WHERE (${own.join(" OR ")}) AND month = ${quoted(month)} ORDER BY ${ROW_ORDER[this.#table]}`;
        return [{ host, month }, query] as const;
      }),
    );
  }
}
