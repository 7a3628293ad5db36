import type { DiagnosticCode } from "../model/diagnostic.js";
import type { LogRecord, Provenance } from "../model/record.js";
import { COPIED_BYTES, placeOf } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { isUtf8 } from "../scan/utf8.js";
import { bytesToWalk } from "../scan/walk-pieces.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { EntryTemplate } from "./entry-template.js";
import { decodeUtf8, JOURNAL_FIELDS, type JournalField, recordFromJournalFields } from "./journal-fields.js";
import { type CutObject, JsonObjectCutter } from "./json-object-cutter.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";
import { LEAST_SCANNED_BYTES, wholeLines } from "./whole-lines.js";

const [LF, OPEN, CLOSE] = [10, 123, 125];
/** Nothing but characters of one byte. */
const ASCII = /^[\x00-\x7f]*$/;

/**
 * `journalctl -o json`, `json-pretty`, `json-seq`, `json-sse`, and an array of such objects (jq -s). Values as systemd's
 * logs-show.c, update_json_data() writes them: text, null (too long without `--all`), an array of byte numbers, or
 * an array of these for a field that occurs several times. Objects longer than `maxLineBytes` are passed over and
 * diagnosed. Memory: one object.
 */
export class JournalJsonReader implements RecordReader {
  readonly form = "journal-json";
  private readonly evidence: string;
  private readonly sink: RecordSink;
  private readonly cutter: JsonObjectCutter;
  private readonly limit: number;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly scanner: (() => Scanner) | null;
  private readonly template = new EntryTemplate("journal-json");

  constructor(options: RecordReaderOptions, sink: RecordSink) {
    this.evidence = options.evidence;
    this.sink = sink;
    this.limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.scanner = options.scanner ?? null;
    this.cutter = new JsonObjectCutter(this.limit, false, {
      object: (object) => this.read(object),
      damage: (line, offset, detail) => this.diagnose("record.damaged", line, offset, detail),
      truncated: (line, offset) => this.diagnose("input.truncated", line, offset, "the last object is not complete"),
    });
  }

  get lines(): number {
    return this.cutter.lines;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    if (!this.cutter.isAtLine) from = chunk.indexOf(LF) + 1;
    const to = chunk.lastIndexOf(LF) + 1;
    if (to <= from) {
      this.cutter.push(chunk);
      return;
    }
    this.cutter.push(chunk.subarray(0, from));
    const scanner = to - from < LEAST_SCANNED_BYTES ? null : (this.scanner?.() ?? null);
    if (scanner === null) this.readLines(chunk.subarray(from, to));
    else this.scanLines(scanner, chunk.subarray(from, to));
    this.cutter.push(chunk.subarray(to));
  }

  /** Whole lines: entries that cannot be wanted are counted where they stand, the others are read. */
  private scanLines(scanner: Scanner, bytes: Uint8Array): void {
    const { buffer } = scanner;
    // No object in a part is longer than the limit.
    const most = Math.min(COPIED_BYTES, this.limit);
    for (let from = 0; from < bytes.length; ) {
      const part = wholeLines(bytes, from, Math.min(most, bytesToWalk(this.cutter.byteOffset)));
      from += part.length;
      if (part.length > most) {
        this.readLines(part);
        continue;
      }
      const place = placeOf(part, scanner);
      const to = place + part.length;
      for (let at = place; at < to; ) {
        if (this.cutter.isAtLine) {
          this.template.run(scanner, at, to);
          if (this.template.records > 0) this.sink.passed?.(this.template);
          this.cutter.advanceLines(this.template.lines, this.template.end - at);
          at = this.template.end;
          if (at === to) break;
          if (this.template.goesOn) continue;
        }
        const end = buffer.indexOf(LF, at) + 1;
        const line = buffer.subarray(at, end);
        if (line[0] === OPEN && line[line.length - 2] === CLOSE) this.readLines(line);
        else this.cutter.push(line);
        at = end;
      }
    }
  }

  /** Whole lines of ASCII, an object each, need no looking at every byte: their places are those of their characters. */
  private readLines(bytes: Uint8Array): void {
    const text = this.decoder.decode(bytes);
    if (!ASCII.test(text)) {
      this.cutter.push(bytes);
      return;
    }
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf("\n", at);
      const isWhole = this.cutter.isAtLine && text.charCodeAt(at) === OPEN && text.charCodeAt(end - 1) === CLOSE;
      if (!isWhole || end - at > this.limit || !this.readLine(text.slice(at, end))) {
        this.cutter.push(bytes.subarray(at, end + 1));
      }
      at = end + 1;
    }
  }

  /** A line that is one entry; false when it must be looked at closely. */
  private readLine(line: string): boolean {
    const entry = parseObject(line);
    if (entry === null || !isEntry(entry) || !("MESSAGE" in entry) || typeof entry.MESSAGE !== "string") return false;
    const byteLength = line.length + 1;
    const place = {
      evidence: this.evidence,
      line: this.cutter.lines + 1,
      byteOffset: this.cutter.byteOffset,
      byteLength,
    };
    this.hand(recordFromJournalFields(fieldsOf(entry), place));
    this.cutter.advanceLines(1, byteLength);
    return true;
  }

  end(): void {
    this.cutter.end();
  }

  private read(object: CutObject): void {
    const { line, byteOffset, byteLength } = object;
    if (object.overflowed) {
      this.diagnose(
        "line.too_long",
        line,
        byteOffset,
        `an object of ${byteLength} bytes was passed over (limit maxLineBytes)`,
      );
      return;
    }
    const entry = parseObject(decodeUtf8(object.bytes));
    if (entry === null || !isEntry(entry)) {
      this.diagnose("record.damaged", line, byteOffset, "no journal entry");
      return;
    }
    const get = fieldsOf(entry);
    const message = get("MESSAGE");
    if (!isUtf8(object.bytes) || (message instanceof Uint8Array && !isUtf8(message))) {
      this.diagnose("utf8.invalid", line, byteOffset, "bytes that are not UTF-8");
    }
    if (message === null && Object.hasOwn(entry, "MESSAGE")) {
      const detail = "journalctl left out a long MESSAGE; export again with `journalctl -o json --all`";
      this.diagnose("record.value_lost", line, byteOffset, detail);
    }
    this.hand(recordFromJournalFields(get, { evidence: this.evidence, line, byteOffset, byteLength }));
  }

  private hand(record: LogRecord): void {
    if (this.scanner !== null) this.template.learn(record);
    this.sink.record(record);
  }

  private diagnose(code: DiagnosticCode, line: number, byteOffset: number, detail: string): void {
    this.sink.diagnostic({ code, evidence: this.evidence, line, byteOffset, detail });
  }
}

/** The object that a text from `{` to `}` says, its keys as they stand; null when it is no JSON. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A record from one entry that stands as JSON on a line of its own; null when the line is none. */
export function recordOfJson(line: string, provenance: Provenance): LogRecord | null {
  const entry = parseObject(line);
  return entry !== null && isEntry(entry) ? recordFromJournalFields(fieldsOf(entry), provenance) : null;
}

function isEntry(entry: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(entry).some((name) => JOURNAL_FIELDS.has(name));
}

function fieldsOf(entry: Readonly<Record<string, unknown>>): JournalField {
  return (name) => (Object.hasOwn(entry, name) ? fieldValue(entry[name]) : null);
}

function fieldValue(value: unknown): Uint8Array | string | null {
  const first = Array.isArray(value) && typeof value[0] !== "number" ? firstPresent(value) : value;
  if (typeof first === "string") return first;
  if (typeof first === "number") return String(first);
  return Array.isArray(first) && first.every(isByte) ? Uint8Array.from(first) : null;
}

function firstPresent(values: readonly unknown[]): unknown {
  return values.find((value) => value !== null);
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
}
