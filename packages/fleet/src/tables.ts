/** Version of the tables; grows when a column changes its meaning or goes. A new column alone does not. */
export const LAKE_VERSION = 1;

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: "VARCHAR" | "VARCHAR[]" | "DOUBLE" | "BIGINT";
  readonly meaning: string;
}

/** The tables of a lake. */
export type TableName = "events" | "coverage" | "evidence";

/** The columns of each table, in order. */
export const TABLES: Readonly<Record<TableName, readonly Column[]>> = {
  events: [
    { name: "evidence", type: "VARCHAR", meaning: "key of the evidence that shows it" },
    { name: "reading", type: "VARCHAR", meaning: "which reading of that evidence; join on both" },
    { name: "host", type: "VARCHAR", meaning: "as the record names it, else the only host that its evidence names" },
    { name: "month", type: "VARCHAR", meaning: "of `unix_ms` in UTC, `YYYY-MM`; `none` without a wall time" },
    { name: "kind", type: "VARCHAR", meaning: "as in docs/events.md" },
    { name: "unix_ms", type: "DOUBLE", meaning: "Unix milliseconds, UTC; fractions carry microseconds" },
    { name: "boot_ms", type: "DOUBLE", meaning: "milliseconds since boot, as the kernel stamped it" },
    { name: "adapter_pci", type: "VARCHAR", meaning: "PCI address of the adapter" },
    { name: "adapter_interface", type: "VARCHAR", meaning: "its interface name, as printed" },
    { name: "trust", type: "VARCHAR", meaning: "`kernel` or `claimed`" },
    { name: "line", type: "BIGINT", meaning: "first line, from 1, in the evidence as unpacked" },
    { name: "byte_offset", type: "BIGINT", meaning: "of its first byte" },
    { name: "byte_length", type: "BIGINT", meaning: "to the end of its last line" },
    { name: "payload", type: "VARCHAR", meaning: "the whole event but its place, JSON with sorted keys" },
  ],
  coverage: [
    { name: "evidence", type: "VARCHAR", meaning: "key of the evidence" },
    { name: "reading", type: "VARCHAR", meaning: "which reading of it" },
    { name: "host", type: "VARCHAR", meaning: "each host that the evidence names" },
    { name: "month", type: "VARCHAR", meaning: "of the span in UTC; a span ends with its month" },
    { name: "start_ms", type: "BIGINT", meaning: "first of some hours with kernel records, Unix milliseconds" },
    { name: "end_ms", type: "BIGINT", meaning: "end of the last of them" },
  ],
  evidence: [
    {
      name: "key",
      type: "VARCHAR",
      meaning: "SHA-256 of the bytes; with the name or the folder where these tell more",
    },
    { name: "reading", type: "VARCHAR", meaning: "SHA-256 of what was read from it" },
    { name: "sha256", type: "VARCHAR", meaning: "of the bytes as stored; null where there are none of its own" },
    { name: "form", type: "VARCHAR", meaning: "as in docs/formats.md" },
    {
      name: "label",
      type: "VARCHAR",
      meaning: "absolute path, and the way below it in an archive; the first of `labels`",
    },
    { name: "labels", type: "VARCHAR[]", meaning: "every path under which these bytes were found, in order" },
    { name: "hosts", type: "VARCHAR[]", meaning: "hosts that its records name, in order of appearance" },
    { name: "start_ms", type: "DOUBLE", meaning: "first kernel record, Unix milliseconds" },
    { name: "end_ms", type: "DOUBLE", meaning: "last kernel record" },
    { name: "summary", type: "VARCHAR", meaning: "all that is known of it, JSON with sorted keys" },
  ],
};

/** The columns of a table, with commas between. */
export function columnList(table: TableName): string {
  return TABLES[table].map(({ name }) => name).join(", ");
}
