import type { KernelEvent } from "@hangproof/parser";
import { csvJson, noFormula, printableJson, visible } from "../layout/escape.js";
import { toCsv } from "./csv.js";
import { eventMessage, flatFields, indexTime } from "./flat-event.js";

/**
 * One event as a line for Timesketch's import of `.jsonl` files. Timesketch asks for `message`, `datetime` (ISO 8601) and
 * `timestamp_desc`, and computes `timestamp` (Unix microseconds) where it is missing, in floating point; so it is given.
 * Every other field is an attribute: flat, and of one type over all kinds.
 * @returns null for an event without a time, which Timesketch cannot place
 * @see https://timesketch.org/guides/user/import-from-json-csv/
 */
export function timesketchLine(event: KernelEvent): string | null {
  const common = commonFields(event);
  return common === null ? null : `${printableJson(JSON.stringify({ ...common, ...flatFields(event) }))}\n`;
}

const CSV_COLUMNS = [
  "message",
  "timestamp",
  "datetime",
  "timestamp_desc",
  "data_type",
  "hostname",
  "boot_id",
  "trust",
  "time_source",
  "time_uncertainty_ms",
  "boot_ms",
  "evidence",
  "line",
  "byte_offset",
  "byte_length",
] as const;

/** The columns of the `.csv` import: what all kinds have; the kind's own fields are JSON in the last. */
export const TIMESKETCH_CSV_HEADER: string = toCsv([[...CSV_COLUMNS, "fields"]]);

/** @returns null for an event without a time */
export function timesketchCsv(event: KernelEvent): string | null {
  const common = commonFields(event);
  if (common === null) return null;
  const cells = CSV_COLUMNS.map((column) => {
    const value = common[column];
    return typeof value === "string" ? { escaped: noFormula(value) } : (value ?? null);
  });
  return toCsv([[...cells, { escaped: csvJson(flatFields(event)) }]]);
}

/** Texts are `visible`. */
type CommonFields = Readonly<Partial<Record<(typeof CSV_COLUMNS)[number], string | number>>>;

function commonFields(event: KernelEvent): CommonFields | null {
  const at = indexTime(event);
  if (at === null) return null;
  const { kind, time, host, bootId, trust, provenance } = event;
  return {
    message: eventMessage(event),
    timestamp: at.microseconds,
    datetime: at.iso,
    timestamp_desc: kind === "setting.file" ? "File Modified" : "Event Logged",
    data_type: `hangproof:${kind.replace(".", ":")}`,
    ...(host === null ? {} : { hostname: visible(host) }),
    ...(bootId === null ? {} : { boot_id: visible(bootId) }),
    trust,
    time_source: time.source,
    ...(Number.isFinite(time.uncertaintyMs) ? { time_uncertainty_ms: time.uncertaintyMs } : {}),
    ...(time.bootMs === null ? {} : { boot_ms: time.bootMs }),
    evidence: visible(provenance.evidence),
    line: provenance.line,
    byte_offset: provenance.byteOffset,
    byte_length: provenance.byteLength,
  };
}
