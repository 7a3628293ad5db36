import type { DiagnosticCode } from "../model/diagnostic.js";
import { COPIED_BYTES, placeOf } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { isUtf8 } from "../scan/utf8.js";
import { bytesToWalk } from "../scan/walk-pieces.js";
import { BoundedBytes, DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { EntryTemplate } from "./entry-template.js";
import { decodeUtf8, JOURNAL_FIELDS, recordFromJournalFields } from "./journal-fields.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";
import { LEAST_SCANNED_BYTES, wholeLines } from "./whole-lines.js";

/** Longest field that systemd itself imports (journal-importer.h, DATA_SIZE_MAX); a larger length is damage. */
const MAX_FIELD_BYTES = 768 * 1024 * 1024;
const ENTRY_HEAD = /^(?:__CURSOR=s=[0-9a-f]{32};|__REALTIME_TIMESTAMP=\d{1,16}$)/;
const FIELD_NAME = /^[A-Z0-9_]{1,64}$/;

interface Position {
  readonly offset: number;
  readonly line: number;
}

/**
 * `journalctl -o export`, the Journal Export Format (https://systemd.io/JOURNAL_EXPORT_FORMATS/): `NAME=value` lines,
 * binary fields (`NAME`, 64-bit length, that many bytes), an empty line after each entry. Exact whatever the bytes of a
 * binary field. After damage it goes on at the next `__CURSOR=` or `__REALTIME_TIMESTAMP=` that follows an empty line;
 * the bytes that a wrong length passed over are searched once. An entry whose empty line is missing at the end of the
 * input is diagnosed and dropped: the fields that tell who wrote it may be what is missing.
 * Memory: the known fields of one entry, each up to `maxLineBytes`; longer fields are passed over.
 */
export class JournalExportReader implements RecordReader {
  readonly form = "journal-export";
  private readonly evidence: string;
  private readonly sink: RecordSink;
  private readonly scanner: (() => Scanner) | null;
  private readonly limit: number;
  private readonly template = new EntryTemplate("journal-export");
  private mode: "line" | "length" | "data" | "close" = "line";
  private offset = 0;
  private lineFeeds = 0;
  private readonly buffer: BoundedBytes;
  private fields = new Map<string, Uint8Array>();
  private entry: Position | null = null;
  private entryEnd = 0;
  private binaryName = "";
  private binaryStart: Position = { offset: 0, line: 1 };
  private remaining = 0;
  private resyncing = false;
  private afterEmptyLine = true;
  private sawCrLf = false;
  /** Bytes before this offset were searched a second time already: work per byte stays bounded. */
  private searchedTo = 0;

  constructor(options: RecordReaderOptions, sink: RecordSink) {
    this.evidence = options.evidence;
    this.sink = sink;
    this.scanner = options.scanner ?? null;
    this.limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    // The length of a binary field stands in the same buffer.
    this.buffer = new BoundedBytes(this.limit + 8);
  }

  get lines(): number {
    return this.lineFeeds + (this.endsInLine ? 1 : 0);
  }
  private endsInLine = false;

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.endsInLine = chunk[chunk.length - 1] !== 10;
    const to = chunk.lastIndexOf(10) + 1;
    const scanner = to < LEAST_SCANNED_BYTES ? null : (this.scanner?.() ?? null);
    if (scanner === null) {
      this.consume(chunk);
      return;
    }
    this.scanEntries(scanner, chunk.subarray(0, to));
    this.consume(chunk.subarray(to));
  }

  /** Entries that cannot be wanted are counted where they stand, the others are read. */
  private scanEntries(scanner: Scanner, bytes: Uint8Array): void {
    // No field in a part is longer than the limit.
    const most = Math.min(COPIED_BYTES, this.limit);
    for (let from = 0; from < bytes.length; ) {
      const part = wholeLines(bytes, from, Math.min(most, bytesToWalk(this.offset)));
      from += part.length;
      if (part.length > most) this.consume(part);
      else this.consume(part, scanner);
    }
  }

  /** Passes entries from `at` on, where one begins; the bytes stand in the scanner's buffer from `place` on. Where it stopped. */
  private pass(scanner: Scanner, place: number, at: number, to: number): number {
    const { template } = this;
    template.run(scanner, place + at, place + to);
    if (template.records === 0) return at;
    const end = template.end - place;
    this.sink.passed?.(template);
    this.offset += end - at;
    this.lineFeeds += template.lines;
    return end;
  }

  private get isBetweenEntries(): boolean {
    return this.mode === "line" && this.entry === null && this.buffer.total === 0 && !this.resyncing && !this.sawCrLf;
  }

  end(): void {
    if (this.entry !== null || this.mode !== "line" || (this.buffer.total > 0 && !this.resyncing)) {
      this.diagnose("input.truncated", this.entry ?? this.here(), "the last entry is not complete and was left out");
    }
    this.forgetEntry();
  }

  private here(): Position {
    return { offset: this.offset, line: this.lineFeeds + 1 };
  }

  /** @param scanner - passes over what it can of these bytes, at most `COPIED_BYTES`; null: all are read */
  private consume(bytes: Uint8Array, scanner: Scanner | null = null): void {
    const place = scanner === null ? 0 : placeOf(bytes, scanner);
    let at = 0;
    while (at < bytes.length) {
      if (scanner !== null && this.isBetweenEntries) {
        at = this.pass(scanner, place, at, bytes.length);
        if (at === bytes.length) break;
        if (this.template.goesOn) continue;
      }
      const from = at;
      if (this.mode === "line") {
        const lineFeed = bytes.indexOf(10, at);
        at = lineFeed === -1 ? bytes.length : lineFeed;
        this.buffer.append(bytes, from, at);
        if (lineFeed !== -1) {
          const start = { offset: this.offset + at - from - this.buffer.total, line: this.lineFeeds + 1 };
          at += 1;
          this.lineFeeds += 1;
          this.offset += at - from;
          this.finishLine(start);
        } else this.offset += at - from;
      } else if (this.mode === "close") {
        if (bytes[at] === 10) {
          at += 1;
          this.offset += 1;
          this.lineFeeds += 1;
          this.finishBinary();
        } else this.searchAgain(`the binary field ${this.binaryName} does not end where its length says`);
      } else {
        at = Math.min(bytes.length, at + this.remaining);
        this.buffer.append(bytes, from, at);
        this.offset += at - from;
        this.remaining -= at - from;
        this.lineFeeds += countLineFeeds(bytes, from, at);
        if (this.remaining === 0) {
          if (this.mode === "length") this.finishLength();
          else this.mode = "close";
        }
      }
    }
  }

  private finishLine(start: Position): void {
    const overflowed = this.buffer.overflowed;
    let bytes = this.buffer.view();
    if (bytes.length > 0 && bytes[bytes.length - 1] === 13 && !overflowed) {
      bytes = bytes.subarray(0, -1);
      if (!this.sawCrLf) {
        this.sawCrLf = true;
        const detail = "line ends are CR LF: copied in text mode, which breaks binary fields; copy it in binary mode";
        this.diagnose("record.damaged", start, detail);
      }
    }
    if (bytes.length === 0) this.finishEntry();
    else if (!this.resyncing || this.isEntryHead(bytes)) this.readField(bytes, start, overflowed);
    this.afterEmptyLine = bytes.length === 0;
    this.buffer.clear();
  }

  private isEntryHead(bytes: Uint8Array): boolean {
    if (!this.afterEmptyLine || bytes[0] !== 95 || !ENTRY_HEAD.test(decodeUtf8(bytes.subarray(0, 64)))) return false;
    this.resyncing = false;
    return true;
  }

  private readField(bytes: Uint8Array, start: Position, overflowed: boolean): void {
    this.entry ??= start;
    this.entryEnd = this.offset;
    const equals = bytes.indexOf(61);
    const name = decodeUtf8(bytes.subarray(0, equals === -1 ? Math.min(bytes.length, 65) : Math.min(equals, 65)));
    if (equals === -1) {
      if (!FIELD_NAME.test(name)) this.damage(start, "a line that is no field");
      else if (this.sawCrLf)
        this.damage(start, `the binary field ${name} cannot be read after its line ends were changed`);
      else {
        this.binaryName = name;
        this.binaryStart = this.here();
        this.mode = "length";
        this.remaining = 8;
      }
    } else if (overflowed)
      this.diagnose("line.too_long", start, `the field ${name} was passed over (limit maxLineBytes)`);
    else this.keep(name, bytes.subarray(equals + 1));
  }

  private keep(name: string, value: Uint8Array): void {
    if (JOURNAL_FIELDS.has(name) && !this.fields.has(name)) this.fields.set(name, value.slice());
  }

  private finishLength(): void {
    const length = this.buffer.view();
    const view = new DataView(length.buffer, length.byteOffset, 8);
    const size = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
    if (size > MAX_FIELD_BYTES) {
      this.searchAgain(`the binary field ${this.binaryName} claims more than ${MAX_FIELD_BYTES} bytes`);
      return;
    }
    this.remaining = size;
    this.mode = size === 0 ? "close" : "data";
  }

  private finishBinary(): void {
    this.entryEnd = this.offset;
    if (this.buffer.overflowed) {
      this.diagnose(
        "line.too_long",
        this.binaryStart,
        `the field ${this.binaryName} was passed over (limit maxLineBytes)`,
      );
    } else this.keep(this.binaryName, this.buffer.view().subarray(8));
    this.mode = "line";
    this.buffer.clear();
  }

  private finishEntry(): void {
    if (this.entry === null) return;
    const provenance = {
      evidence: this.evidence,
      line: this.entry.line,
      byteOffset: this.entry.offset,
      byteLength: this.entryEnd - this.entry.offset,
    };
    const { fields } = this;
    const message = fields.get("MESSAGE");
    if (message !== undefined && !isUtf8(message)) {
      this.diagnose("utf8.invalid", this.entry, "MESSAGE has bytes that are not UTF-8");
    }
    if (fields.size === 0) this.diagnose("record.damaged", this.entry, "an entry without any known field");
    else {
      const record = recordFromJournalFields((name) => fields.get(name) ?? null, provenance);
      if (this.scanner !== null) this.template.learn(record);
      this.sink.record(record);
    }
    this.forgetEntry();
  }

  /** A binary field is not what its length says: what it took is looked through for the next entry, once. */
  private searchAgain(detail: string): void {
    this.damage(this.binaryStart, detail);
    const start = this.binaryStart;
    this.mode = "line";
    if (this.buffer.overflowed || start.offset < this.searchedTo) {
      this.buffer.clear();
      return;
    }
    const passedOver = this.buffer.view().slice();
    this.searchedTo = this.offset;
    this.buffer.clear();
    this.offset = start.offset;
    this.lineFeeds = start.line - 1;
    this.consume(passedOver);
  }

  private damage(at: Position, detail: string): void {
    this.diagnose("record.damaged", at, detail);
    this.resyncing = true;
    this.afterEmptyLine = false;
    this.forgetEntry();
  }

  private forgetEntry(): void {
    this.entry = null;
    this.fields = new Map();
  }

  private diagnose(code: DiagnosticCode, at: Position, detail: string): void {
    this.sink.diagnostic({ code, evidence: this.evidence, line: at.line, byteOffset: at.offset, detail });
  }
}

function countLineFeeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, from); at !== -1 && at < to; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
