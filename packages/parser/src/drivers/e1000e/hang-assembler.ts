import { type AdapterRef, HANG_FIELDS, type HangEvent, type HangField } from "../../model/event.js";
import type { LogRecord } from "../../model/record.js";

const NAMES = [
  String.raw`next_to_watch\.status`,
  "next_to_watch",
  "next_to_use",
  "next_to_clean",
  "time_stamp",
  "jiffies",
  "TDH",
  "TDT",
  "MAC Status",
  "PHY 1000BASE-T Status",
  "PHY Extended Status",
  "PHY Status",
  "PCI Status",
];
/** A register line by name and `<hex>`, never by column: pastes collapse blanks. */
const FIELD = new RegExp(String.raw`(?<![\w.\[-])(${NAMES.join("|")})\s{0,40}<([0-9a-fA-F]{1,16})>`, "g");
const ONLY_LOOKALIKES = /\bTx Queue\s{0,40}<|\bTDH, TDT\s|\bdesc\.status\s|\bdma\s{1,40}</;
const HEADING = /^\s*(?:tx_)?buffer_info\[next_to_clean\]:?\s*$/;

/** The 2.6.32 dump ends after the descriptor's status. */
const OLD_FIELDS: readonly HangField[] = HANG_FIELDS.slice(0, 8);

export interface DumpPart {
  readonly fields: readonly (readonly [HangField, number])[];
  /** The line belongs to a dump of another driver. */
  readonly foreign: boolean;
  /** Nothing but fields, headings and blanks. */
  readonly pure: boolean;
}

/** Reads the register lines of a text; null when it has none. */
export function readDumpPart(text: string): DumpPart | null {
  const fields: [HangField, number][] = [];
  for (const match of text.matchAll(FIELD)) {
    fields.push([match[1] as HangField, Number.parseInt(match[2] ?? "0", 16)]);
  }
  const foreign = ONLY_LOOKALIKES.test(text);
  if (fields.length === 0 && !foreign && !HEADING.test(text)) return null;
  return { fields, foreign, pure: /^(?:[\s\w.[\]-]{0,80}(?:<[0-9a-fA-F]{1,16}>|:)?\s*)$/.test(text) };
}

/** Records between the parts of one dump that other CPUs printed, and how far apart its stamps may be. */
const MOST_BETWEEN = 40;
const MOST_APART_MS = 2_000;

/** A hang report whose lines are still coming. */
export class OpenHang {
  readonly #adapter: AdapterRef;
  readonly #head: LogRecord;
  readonly #expected: readonly HangField[];
  readonly #registers = new Map<HangField, number>();
  #end: number;
  #between = 0;

  constructor(head: LogRecord, adapter: AdapterRef, isOld: boolean) {
    this.#head = head;
    this.#adapter = adapter;
    this.#expected = isOld ? OLD_FIELDS : HANG_FIELDS;
    this.#end = head.provenance.byteOffset + head.provenance.byteLength;
    const inner = readDumpPart(head.message);
    if (inner !== null) this.#take(inner);
  }

  /** All lines are there. */
  get complete(): boolean {
    return this.#expected.every((field) => this.#registers.has(field));
  }

  /** Whether a record is the next part of this dump; takes it if so. */
  offer(record: LogRecord, part: DumpPart): boolean {
    if (part.foreign || !this.#near(record)) return false;
    if (part.fields.some(([field]) => this.#registers.has(field))) return false;
    this.#take(part);
    this.#end = record.provenance.byteOffset + record.provenance.byteLength;
    this.#between = 0;
    return true;
  }

  /** Tells of a record that is not part of the dump; true when too many came between. */
  isOver(record: LogRecord): boolean {
    this.#between += 1;
    return this.#between > MOST_BETWEEN || !this.#near(record);
  }

  close(): HangEvent {
    const { time, host, bootId, trust, provenance } = this.#head;
    const ordered = HANG_FIELDS.filter((field) => this.#registers.has(field));
    return {
      kind: "e1000e.hang",
      time,
      host,
      bootId,
      trust,
      provenance: { ...provenance, byteLength: this.#end - provenance.byteOffset },
      adapter: this.#adapter,
      registers: Object.fromEntries(ordered.map((field) => [field, this.#registers.get(field) ?? 0])),
      missing: this.#expected.filter((field) => !this.#registers.has(field)),
    };
  }

  #take(part: DumpPart): void {
    for (const [field, value] of part.fields) if (!this.#registers.has(field)) this.#registers.set(field, value);
  }

  #near(record: LogRecord): boolean {
    const { host, time } = this.#head;
    if (record.host !== null && host !== null && record.host !== host) return false;
    const apart = (a: number | null, b: number | null): boolean =>
      a !== null && b !== null && Math.abs(a - b) > MOST_APART_MS;
    return !apart(record.time.unixMs, time.unixMs) && !apart(record.time.bootMs, time.bootMs);
  }
}
