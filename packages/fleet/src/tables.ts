/** Version of the tables; grows when a column changes its meaning or goes. A new column alone does not. */
export const LAKE_VERSION = 2;

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: "VARCHAR" | "VARCHAR[]" | "DOUBLE" | "BIGINT" | "BIGINT[]";
  readonly meaning: string;
}

/** Tables with rows for each host and month. */
export type PartTable = "events" | "coverage" | "windows" | "settings";
/** The tables of a lake: those, and the one of what they are from. */
export type TableName = PartTable | "evidence";

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
  windows: [
    { name: "evidence", type: "VARCHAR", meaning: "key of the evidence that shows it" },
    { name: "reading", type: "VARCHAR", meaning: "which reading of that evidence; join on both" },
    { name: "host", type: "VARCHAR", meaning: "as of events" },
    { name: "month", type: "VARCHAR", meaning: "of `start_ms` in UTC" },
    { name: "start_ms", type: "DOUBLE", meaning: "start of a backup run, Unix milliseconds" },
    { name: "end_ms", type: "DOUBLE", meaning: "its end; null where this evidence does not tell it" },
    { name: "guests", type: "BIGINT[]", meaning: "guests that were backed up, ascending" },
    { name: "outcome", type: "VARCHAR", meaning: "`ok`, `warnings`, `failed`, `unknown`" },
    { name: "storage", type: "VARCHAR", meaning: "where to, as the job names it" },
    { name: "mode", type: "VARCHAR", meaning: "`snapshot`, `suspend`, `stop`" },
    { name: "bandwidth_kibps", type: "DOUBLE", meaning: "limit that the job was given, KiB a second" },
    { name: "line", type: "BIGINT", meaning: "of the first message that tells of it" },
    { name: "byte_offset", type: "BIGINT", meaning: "of its first byte" },
  ],
  settings: [
    { name: "evidence", type: "VARCHAR", meaning: "key of the evidence that shows it" },
    { name: "reading", type: "VARCHAR", meaning: "which reading of that evidence; join on both" },
    { name: "host", type: "VARCHAR", meaning: "as of events" },
    { name: "month", type: "VARCHAR", meaning: "of `unix_ms` in UTC; `none` without a wall time" },
    { name: "name", type: "VARCHAR", meaning: "`InterruptThrottleRate`, `offload.tso`, …" },
    {
      name: "how",
      type: "VARCHAR",
      meaning:
        "`requested`, `ignored` (asked for where nothing reads it), `effective` (the driver says so), `shown` (by a tool)",
    },
    { name: "value", type: "VARCHAR", meaning: "what was asked for, or the mode in force" },
    { name: "source", type: "VARCHAR", meaning: "`modprobe.d`, `cmdline`, `ethtool`, `driver`, …" },
    { name: "reason", type: "VARCHAR", meaning: "why nothing reads it; null unless it is ignored" },
    { name: "adapter_pci", type: "VARCHAR", meaning: "PCI address of the adapter, where it is named" },
    { name: "adapter_interface", type: "VARCHAR", meaning: "its interface; both null: all adapters of the host" },
    { name: "unix_ms", type: "DOUBLE", meaning: "when it was said; null in a file without stamps" },
    {
      name: "line",
      type: "BIGINT",
      meaning: "first line, from 1, in the evidence as unpacked; the file is its `label`",
    },
    { name: "byte_offset", type: "BIGINT", meaning: "of its first byte" },
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
    {
      name: "machines",
      type: "VARCHAR[]",
      meaning: "machine ids that it tells: of its records, the head of a journal, /etc/machine-id; sorted",
    },
    { name: "start_ms", type: "DOUBLE", meaning: "first kernel record, Unix milliseconds" },
    { name: "end_ms", type: "DOUBLE", meaning: "last kernel record" },
    { name: "doubt", type: "BIGINT", meaning: "how much the reading guesses; of two readings the lesser one counts" },
    { name: "summary", type: "VARCHAR", meaning: "all that is known of it, JSON with sorted keys" },
  ],
};

/** In which order the rows of one evidence stand in a file. */
export const ROW_ORDER: Readonly<Record<PartTable, string>> = {
  events: "byte_offset, line, byte_length, payload",
  coverage: "start_ms",
  windows: "start_ms, byte_offset, line",
  settings: "byte_offset, line, name, how, value",
};
export const PART_TABLES: readonly PartTable[] = ["events", "coverage", "windows", "settings"];
