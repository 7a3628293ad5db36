import type { DuckDBAppender, DuckDBListType } from "@duckdb/node-api";
import { TABLES, type TableName } from "./tables.js";

type Value = string | number | readonly (string | number)[] | null;

/** Puts a row into a table of the engine; columns that the row lacks are empty text, and are filled in when it is known what they are. */
export function appendRow(rows: DuckDBAppender, table: TableName, row: object): void {
  const values = row as Readonly<Record<string, Value>>;
  for (const [i, { name, type }] of TABLES[table].entries()) {
    const value = name in values ? (values[name] ?? null) : "";
    if (value === null) rows.appendNull();
    else if (type === "VARCHAR") rows.appendVarchar(value as string);
    else if (type === "DOUBLE") rows.appendDouble(value as number);
    else if (type === "BIGINT") rows.appendBigInt(BigInt(value as number));
    else
      rows.appendList(
        type === "BIGINT[]" ? (value as readonly number[]).map(BigInt) : (value as readonly string[]),
        rows.columnType(i) as DuckDBListType,
      );
  }
  rows.endRow();
}
