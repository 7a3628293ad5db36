import { createHash } from "node:crypto";
import { join } from "node:path";
import { storable } from "./storable.js";
import type { PartTable } from "./tables.js";

/** What stands for "no value" in the name of a partition, as Hive has it. */
const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";
/** A file name holds 255 bytes; `host=` and room for a digest are taken off. */
const MOST_NAME_BYTES = 180;
const KEY_DIGITS = 32;
const READING_DIGITS = 16;

/** Which part of a table a row is in. */
export interface Partition {
  readonly host: string | null;
  readonly month: string;
}

/** The month of a moment in UTC, `YYYY-MM`; `none` without one, and outside the years 0 to 9999. */
export function monthOf(unixMs: number | null): string {
  if (unixMs === null || !(Math.abs(unixMs) <= 8.64e15)) return "none";
  const month = /^\d{4}-\d{2}/.exec(new Date(unixMs).toISOString());
  return month?.[0] ?? "none";
}

/** Folder of a part of a table, below the lake. */
export function partitionFolder(table: PartTable, { host, month }: Partition): string {
  return join(table, `host=${host === null ? NULL_PARTITION : partitionValue(host)}`, `month=${month}`);
}

/** What the name of every file begins with that holds rows of this evidence. */
export function fileStem(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, KEY_DIGITS);
}

/** One reading of one evidence: reading it again so writes the same file, reading it otherwise another one. */
export function fileName(key: string, reading: string): string {
  return `${fileStem(key)}-${reading.slice(0, READING_DIGITS)}.parquet`;
}

/** Percent-encoded, as Hive, Spark and DuckDB read it; a name that is too long for a folder ends in its digest. */
function partitionValue(host: string): string {
  const encoded = encodeURIComponent(storable(host)).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (encoded.length <= MOST_NAME_BYTES) return encoded === NULL_PARTITION ? `%5F${encoded.slice(1)}` : encoded;
  const digest = createHash("sha256").update(host).digest("hex");
  return `${encoded.slice(0, MOST_NAME_BYTES).replace(/%[0-9A-F]?$/, "")}~${digest}`;
}
