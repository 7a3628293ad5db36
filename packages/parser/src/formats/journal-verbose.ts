import type { DiagnosticCode } from "../model/diagnostic.js";
import type { FormName } from "../model/evidence.js";
import { isUtf8 } from "../scan/utf8.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { decodeUtf8, JOURNAL_FIELDS, recordFromJournalFields } from "./journal-fields.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";

const HEAD =
  /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} \S{1,32} \[([a-z]=[0-9a-f]{1,64}(?:;[a-z]=[^;\]]{1,128}){0,15})\]$/;
const FIELD = /^ {4}([A-Z0-9_]{1,64})=/;
const BLOB = /^\[\d{1,20}(?:\.\d)?[BKMGTPE] blob data\]$/;

interface Entry {
  readonly line: number;
  readonly byteOffset: number;
  byteLength: number;
  readonly fields: Map<string, string[]>;
  /** Characters kept, of all fields. */
  kept: number;
  isTooLong: boolean;
  isInvalidUtf8: boolean;
}

/**
 * `journalctl -o verbose` (systemd, logs-show.c, output_verbose): a head with the cursor, then one field a line,
 * further lines of a value indented to where it starts. The exact times and the boot come from the cursor; the local
 * time of the head is not needed. Values that journalctl printed as `[33B blob data]` are lost.
 * An entry has no end mark: one that was cut off between two lines is handed over with the fields that are there.
 * Memory: the known fields of one entry, together at most `maxLineBytes` characters.
 */
export class JournalVerboseReader implements RecordReader {
  readonly form: FormName = "journal-verbose";
  private readonly evidence: string;
  private readonly sink: RecordSink;
  private readonly limit: number;
  private readonly cutter: LineCutter;
  private entry: Entry | null = null;
  /** The field that the last line belongs to, and its lines where they are kept. */
  private indent = 0;
  private value: string[] | null = null;
  private inDamage = false;

  constructor(options: RecordReaderOptions, sink: RecordSink) {
    this.evidence = options.evidence;
    this.sink = sink;
    this.limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.cutter = new LineCutter(this.limit, (line) => this.readLine(line));
  }

  get lines(): number {
    return this.cutter.lines;
  }

  push(chunk: Uint8Array): void {
    this.cutter.push(chunk);
  }

  settle(): void {
    this.finishEntry();
  }

  end(): void {
    this.cutter.end();
    this.finishEntry();
  }

  private readLine(line: CutLine): void {
    const whole = decodeUtf8(line.bytes);
    const text = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    const cursor = text.startsWith(" ") ? undefined : HEAD.exec(text)?.[1];
    if (cursor !== undefined) this.startEntry(line, cursor);
    else if (text.startsWith("-- ")) {
      this.finishEntry();
      return;
    } else if (this.entry === null || !(text.startsWith("    ") || text.trim() === "")) {
      this.finishEntry();
      if (!line.terminated) this.diagnose("input.truncated", line, "the last line is not complete");
      else if (!this.inDamage) this.diagnose("record.damaged", line, "lines that belong to no entry");
      this.inDamage = true;
      return;
    } else this.readField(this.entry, line, text);
    if (this.entry === null) return;
    this.entry.byteLength += line.byteLength;
    this.entry.isTooLong ||= line.overflowed;
    this.entry.isInvalidUtf8 ||= whole.includes("\ufffd") && !isUtf8(line.bytes);
    if (!line.terminated) this.diagnose("input.truncated", line, "the last line has no end: it may be cut");
  }

  private startEntry(line: CutLine, cursor: string): void {
    this.finishEntry();
    this.inDamage = false;
    this.entry = {
      line: line.number,
      byteOffset: line.byteOffset,
      byteLength: 0,
      fields: new Map([["__CURSOR", [cursor]]]),
      kept: 0,
      isTooLong: false,
      isInvalidUtf8: false,
    };
  }

  private readField(entry: Entry, line: CutLine, text: string): void {
    const isFurtherLine = this.indent > 0 && (text.trim() === "" || text.startsWith(" ".repeat(this.indent)));
    const name = isFurtherLine ? undefined : FIELD.exec(text)?.[1];
    if (!isFurtherLine && name === undefined) {
      this.diagnose("record.damaged", line, "a line that is no field");
      return;
    }
    if (name !== undefined) {
      this.indent = name.length + 5;
      this.value = null;
      if (JOURNAL_FIELDS.has(name) && !entry.fields.has(name)) {
        this.value = [];
        entry.fields.set(name, this.value);
      }
    }
    if (this.value === null) return;
    const part = text.slice(this.indent);
    // Empty lines cost memory too.
    entry.kept += part.length + 1;
    if (entry.kept <= this.limit) this.value.push(part);
    else entry.isTooLong = true;
  }

  private finishEntry(): void {
    const { entry } = this;
    this.entry = null;
    this.value = null;
    this.indent = 0;
    if (entry === null) return;
    const { line, byteOffset, byteLength, fields } = entry;
    const at = { number: line, byteOffset };
    const get = (name: string): string | null => {
      const value = fields.get(name)?.join("\n") ?? null;
      return value === null || BLOB.test(value) ? null : value;
    };
    if (entry.isTooLong)
      this.diagnose(
        "line.too_long",
        at,
        `of the entry at most ${this.limit} characters were kept (limit maxLineBytes)`,
      );
    if (entry.isInvalidUtf8) this.diagnose("utf8.invalid", at, "bytes that are not UTF-8");
    if (fields.has("MESSAGE") && get("MESSAGE") === null) {
      const detail = "journalctl printed MESSAGE as blob data; export again with `journalctl -o export`";
      this.diagnose("record.value_lost", at, detail);
    }
    this.sink.record(recordFromJournalFields(get, { evidence: this.evidence, line, byteOffset, byteLength }));
  }

  private diagnose(code: DiagnosticCode, at: { number: number; byteOffset: number }, detail: string): void {
    this.sink.diagnostic({ code, evidence: this.evidence, line: at.number, byteOffset: at.byteOffset, detail });
  }
}
