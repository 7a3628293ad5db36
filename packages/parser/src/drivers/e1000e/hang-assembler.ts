import { hexEnd } from "../../formats/split-message.js";
import { type AdapterRef, HANG_FIELDS, type HangField, type KernelEvent } from "../../model/event.js";
import type { LogRecord } from "../../model/record.js";
import { SPLIT_DUMP, type WholeDump } from "./whole-dump.js";

const NAMES = [
  String.raw`next_to_watch\.status`,
  "next_to_watch",
  "next_to_use",
  "next_to_clean",
  "time_stamp",
  "jiffies",
  "TDH",
  "TDT",
  String.raw`MAC\s{1,8}Status`,
  String.raw`PHY\s{1,8}1000BASE-T\s{1,8}Status`,
  String.raw`PHY\s{1,8}Extended\s{1,8}Status`,
  String.raw`PHY\s{1,8}Status`,
  String.raw`PCI\s{1,8}Status`,
];
/** A register line by name and `<hex>`, never by column: pastes collapse blanks and wrap lines. */
const FIELD = new RegExp(String.raw`(?<![\w.\[-])(${NAMES.join("|")})\s{0,40}<([0-9a-fA-F]{1,16})>`, "g");
/** Lines that only the dumps of e1000, igb, igc and ixgbe have; their heading lacks the colon. */
const ONLY_LOOKALIKES =
  /\bTx Queue\s{0,40}<|\bTDH, TDT\s|\bdesc\.status\s|^\s*tx_buffer_info\[|^\s*buffer_info\[next_to_clean\]\s*$/;
/** What the lines have that hold no `<`. */
const MARKED = /TDH|status|buffer_info/;
const HEADING = /^\s*(?:tx_)?buffer_info\[next_to_clean\]:?\s*$/;

/** The 2.6.32 dump ends after the descriptor's status. */
const OLD_FIELDS: readonly HangField[] = HANG_FIELDS.slice(0, 8);

/** What one record holds of a dump. */
export interface DumpPart {
  /** Under the driver's names. */
  readonly fields: readonly (readonly [string, number])[];
  /** The line belongs to a dump of another driver. */
  readonly foreign: boolean;
}

const FIELDS: ReadonlyMap<string, HangField> = new Map(HANG_FIELDS.map((field) => [field, field]));
const MOST_REGISTER_LINE = 80;
const [LINE_FEED, CLOSE] = [10, 62];
const DUMP_LINES = SPLIT_DUMP.rest.map(({ start }) => ({
  start,
  field: FIELDS.get(start.replace("<", "").trim()) ?? null,
}));

/** A single register line as the driver prints it, which is what a flood is made of; null for all else. */
export function readRegisterLine(text: string): DumpPart | null {
  if (text.length > MOST_REGISTER_LINE || text.charCodeAt(text.length - 1) !== 62) return null;
  const open = text.indexOf("<");
  const field = FIELDS.get(text.slice(0, Math.max(0, open)).trim());
  if (field === undefined) return null;
  const hex = text.slice(open + 1, -1);
  return /^[0-9a-fA-F]{1,16}$/.test(hex) ? { fields: [[field, Number.parseInt(hex, 16)]], foreign: false } : null;
}

/** A whole dump in one message, heading and all; null for all else. */
function readWholeDump(text: string): DumpPart | null {
  const { first } = SPLIT_DUMP;
  let at = text.indexOf("\n");
  if (at === -1 || !text.startsWith(first, at - first.length)) return null;
  const fields: (readonly [string, number])[] = [];
  for (const { start, field } of DUMP_LINES) {
    if (!text.startsWith(start, at + 1)) return null;
    at += 1 + start.length;
    if (field === null) {
      if (text.charCodeAt(at) !== LINE_FEED) return null;
      continue;
    }
    const end = hexEnd(text, at);
    if (end === at || text.charCodeAt(end) !== CLOSE) return null;
    fields.push([field, Number.parseInt(text.slice(at, end), 16)]);
    at = end + 1;
    if (at < text.length && text.charCodeAt(at) !== LINE_FEED) return null;
  }
  return at === text.length ? { fields, foreign: false } : null;
}

/** Reads the register lines of a text; null when it has none. Linear. */
export function readDumpPart(text: string): DumpPart | null {
  const single = readRegisterLine(text) ?? readWholeDump(text);
  if (single !== null) return single;
  if (!text.includes("<") && !MARKED.test(text)) return null;
  const fields: [HangField, number][] = [];
  for (const [, name = "", hex = "0"] of text.matchAll(FIELD)) {
    fields.push([name.replace(/\s+/g, " ") as HangField, Number.parseInt(hex, 16)]);
  }
  const foreign = ONLY_LOOKALIKES.test(text);
  return fields.length === 0 && !foreign && !HEADING.test(text) ? null : { fields, foreign };
}

/** Records and lines between the parts of one dump that others printed, and how far apart its stamps may be. */
const MOST_BETWEEN = 40;
const MOST_LINES_APART = 80;
const MOST_APART_MS = 2_000;

/** What the dumps of one driver look like, and what becomes of them. */
export interface DumpShape {
  /** Names of a whole dump, in the order of its lines. */
  readonly expected: readonly string[];
  /** The head names the transmit unit, as sister drivers' heads do. */
  readonly isOld: boolean;
  /** A pack describes it. */
  readonly ofPack: boolean;
  /**
   * What a record holds of such a dump; null: nothing.
   * @param part what it holds of one of e1000e's
   */
  readonly own: (record: LogRecord, part: DumpPart | null) => DumpPart | null;
  readonly event: (
    facts: Omit<LogRecord, "message" | "identifier" | "pid" | "priority" | "device">,
    dump: { adapter: AdapterRef; registers: Readonly<Record<string, number>>; missing: readonly string[] },
  ) => KernelEvent;
}

const e1000eShape = (isOld: boolean): DumpShape => ({
  expected: isOld ? OLD_FIELDS : HANG_FIELDS,
  isOld,
  ofPack: false,
  own: (_record, part) => (part?.foreign === false ? part : null),
  event: (facts, { adapter, registers, missing }) => ({
    kind: "e1000e.hang",
    ...facts,
    adapter,
    registers,
    missing: missing as readonly HangField[],
  }),
});

/** e1000e's dump (2.6.33 on). */
export const E1000E_DUMP: DumpShape = e1000eShape(false);
/** e1000e's dump of 2.6.32. */
export const OLD_E1000E_DUMP: DumpShape = e1000eShape(true);

/** The report of a dump that came whole. */
export function wholeDumpEvent(record: WholeDump, adapter: AdapterRef): KernelEvent {
  const { time, host, bootId, trust, provenance, registers } = record;
  return E1000E_DUMP.event({ time, host, bootId, trust, provenance }, { adapter, registers, missing: NOTHING });
}

const NOTHING: readonly string[] = [];

/** A hang report whose lines may still be coming. */
export class OpenHang {
  readonly adapter: AdapterRef;
  readonly shape: DumpShape;
  readonly #head: LogRecord;
  readonly #registers = new Map<string, number>();
  #end: number;
  #line: number;
  #last = -1;
  #between = 0;

  constructor(head: LogRecord, adapter: AdapterRef, shape: DumpShape) {
    this.#head = head;
    this.adapter = adapter;
    this.shape = shape;
    this.#end = head.provenance.byteOffset + head.provenance.byteLength;
    this.#line = head.provenance.line;
    const inner = shape.own(head, readDumpPart(head.message));
    if (inner !== null) this.#take(inner);
  }

  /** All lines are there. */
  get complete(): boolean {
    return this.shape.expected.every((field) => this.#registers.has(field));
  }

  get empty(): boolean {
    return this.#registers.size === 0;
  }

  /**
   * How well a part continues this dump: null not at all (another host, boot or moment, or a field that is already
   * set), 0 out of order, 1 the next line, 2 the next line under the head's very kernel stamp.
   */
  fit(record: LogRecord, part: DumpPart): 0 | 1 | 2 | null {
    if (!this.near(record)) return null;
    if (part.fields.some(([field]) => this.#registers.has(field))) return null;
    const first = part.fields[0]?.[0];
    if (first !== undefined && this.shape.expected.indexOf(first) !== this.#last + 1) return 0;
    const { bootMs } = record.time;
    return bootMs !== null && bootMs === this.#head.time.bootMs ? 2 : 1;
  }

  take(record: LogRecord, part: DumpPart): void {
    this.#take(part);
    this.#end = Math.max(this.#end, record.provenance.byteOffset + record.provenance.byteLength);
    this.#line = record.provenance.line;
    this.#between = 0;
  }

  /** Tells of a record that is not part of the dump; true when too much came between for more parts to follow. */
  isOver(record: LogRecord): boolean {
    this.#between += 1;
    return this.#between > MOST_BETWEEN || !this.near(record);
  }

  /** Whether a record stands close enough, in place and time, to belong to this dump. */
  near(record: LogRecord): boolean {
    const { host, time, bootId } = this.#head;
    if (record.host !== null && host !== null && record.host !== host) return false;
    if (record.bootId !== bootId) return false;
    if (record.time.source === "none" && record.provenance.line - this.#line > MOST_LINES_APART) return false;
    const apart = (a: number | null, b: number | null): boolean =>
      a !== null && b !== null && Math.abs(a - b) > MOST_APART_MS;
    return !apart(record.time.unixMs, time.unixMs) && !apart(record.time.bootMs, time.bootMs);
  }

  /** The report as far as its lines came. */
  event(): KernelEvent {
    const { time, host, bootId, trust, provenance } = this.#head;
    const { expected, event } = this.shape;
    const registers: Record<string, number> = {};
    const missing: string[] = [];
    for (const field of expected) {
      const value = this.#registers.get(field);
      if (value === undefined) missing.push(field);
      else registers[field] = value;
    }
    const whole = { ...provenance, byteLength: this.#end - provenance.byteOffset };
    return event({ time, host, bootId, trust, provenance: whole }, { adapter: this.adapter, registers, missing });
  }

  #take(part: DumpPart): void {
    for (const [field, value] of part.fields) {
      if (!this.#registers.has(field)) this.#registers.set(field, value);
      this.#last = Math.max(this.#last, this.shape.expected.indexOf(field));
    }
  }
}
