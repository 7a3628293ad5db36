import type { FormName } from "../model/evidence.js";
import { COPIED_BYTES, placeOf } from "../scan/lent-memory.js";
import type { Scanner } from "../scan/scanner.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import { OctetCutter } from "./octet-cutter.js";
import type { LinePlace } from "./open-record.js";
import { plainLine } from "./plain-line.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";
import { numbersOf } from "./split-message.js";
import { mayBeIndented, needsCleaning } from "./text-lines.js";
import { TextRecords, type TextRecordsOptions } from "./text-records.js";
import { LEAST_SCANNED_BYTES, wholeLines } from "./whole-lines.js";

export interface TextReaderOptions extends RecordReaderOptions, TextRecordsOptions {
  /** Whether each message says its length (RFC 6587) instead of ending with its line. */
  readonly octetCounted: boolean;
}

const LF = 10;
/** Of lines with bytes that hide literals, so many are decoded at once, and one line more. */
const MOST_DECODED_BYTES = 2 ** 17;
/** A split message has fewer bytes. */
const MOST_SPLIT_BYTES = 4_096;
/** Under a smaller limit lines of a split message could be too long. */
const LEAST_SPLIT_LIMIT = 512;

/**
 * Reads line-based logs in whatever text form. This half gets lines from bytes, by the way that costs least: many lines are
 * only counted, floods are decoded at once, the lines that can matter one by one. `TextRecords` makes records of them.
 * Memory: one chunk and one open record.
 */
export class TextReader implements RecordReader {
  readonly #options: TextReaderOptions;
  readonly #sink: RecordSink;
  readonly #limit: number;
  readonly #cutter: LineCutter;
  readonly #messages: OctetCutter | null;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #records: TextRecords;
  /** Whether the last message that could be split was: then floods are read message by message. */
  #isSplitting = false;

  constructor(options: TextReaderOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
    this.#limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.#records = new TextRecords(options, sink);
    this.#cutter = new LineCutter(this.#limit, (line) => this.#line(line));
    this.#messages = options.octetCounted ? new OctetCutter(this.#limit, (message) => this.#line(message)) : null;
  }

  get form(): FormName {
    return this.#records.form;
  }

  /** Records by form; those without a head stand under `bare`. */
  get forms(): Partial<Record<FormName, number>> {
    return this.#records.forms;
  }

  /** Stamps of a clock that was not set. */
  get unset(): number {
    return this.#records.unset;
  }

  get records(): number {
    return this.#records.records;
  }

  get lines(): number {
    return this.#messages?.lines ?? this.#cutter.lines;
  }

  push(chunk: Uint8Array): void {
    if (this.#messages !== null) {
      this.#messages.push(chunk);
      return;
    }
    let from = 0;
    if (!this.#cutter.isBetweenLines) {
      from = chunk.indexOf(LF) + 1;
      this.#cutter.push(chunk.subarray(0, from === 0 ? chunk.length : from));
      if (from === 0) return;
    }
    const to = chunk.lastIndexOf(LF) + 1;
    if (to > from) this.#wholeLines(chunk.subarray(from, to));
    if (Math.max(from, to) < chunk.length) this.#cutter.push(chunk.subarray(Math.max(from, to)));
  }

  settle(): void {
    this.#records.flush();
  }

  end(): void {
    this.#cutter.end();
    this.#messages?.end();
    this.#records.flush();
  }

  /** Looks through many lines for what can matter; decodes few at once. */
  #wholeLines(bytes: Uint8Array): void {
    const scanner = bytes.length < LEAST_SCANNED_BYTES ? null : (this.#options.scanner?.() ?? null);
    if (scanner === null) {
      this.#block(bytes);
      return;
    }
    for (let from = 0; from < bytes.length; ) {
      const piece = wholeLines(bytes, from, COPIED_BYTES);
      from += piece.length;
      if (piece.length > COPIED_BYTES) {
        // A line that is longer than what is scanned at once.
        this.#block(piece);
        continue;
      }
      const place = placeOf(piece, scanner);
      this.#scanPlain(scanner, place, place + piece.length);
    }
  }

  /** As `#scan`; lines with bytes that are cleaned away before a line is read, and hide literals, are read. */
  #scanPlain(scanner: Scanner, first: number, to: number): void {
    const { buffer } = scanner;
    let hiding = scanner.hidingAt(first, to);
    for (let at = first; at < to; ) {
      const start = hiding === to ? to : Math.max(at, buffer.lastIndexOf(LF, hiding) + 1);
      if (start > at) this.#scan(scanner, at, start);
      at = start;
      // Lines with one follow one another, as a rule: those are read at once.
      while (at < to && hiding >= at) {
        const end = buffer.indexOf(LF, hiding) + 1;
        hiding = scanner.hidingAt(end, to);
        at = end;
        if (hiding === to || at - start > MOST_DECODED_BYTES || buffer.indexOf(LF, at) < hiding) break;
      }
      if (at > start) this.#block(buffer.subarray(start, at));
    }
  }

  /** Reads the lines of a part of the scanner's buffer that it names, and passes over those between them. */
  #scan(scanner: Scanner, first: number, to: number): void {
    const { buffer } = scanner;
    for (let at = first; at < to; ) {
      const end = scanner.scan(at, to);
      const { count, lines } = scanner;
      if (count > scanner.lineFeeds / 4 && !this.#isSplitting) {
        // A flood: decoding all at once costs less.
        this.#block(buffer.slice(at, end));
        at = end;
        continue;
      }
      let from = at;
      for (let i = 0; i < count; i += 1) {
        const start = lines[3 * i]!;
        if (start < from) continue;
        const lineEnd = lines[3 * i + 1]! + 1;
        this.#pass(scanner, from, start, lineEnd);
        this.#lineAt(buffer, start, lineEnd, null);
        from = this.#split(scanner, start, lineEnd, to);
      }
      if (from < end) this.#pass(scanner, from, end, end);
      at = Math.max(from, end);
    }
  }

  /**
   * Lines that cannot be wanted: those like the one before are counted, the others read.
   * @param next - behind the line that follows them, where there is one: if it is like them, none of them is read
   */
  #pass(scanner: Scanner, from: number, to: number, next: number): void {
    const { buffer } = scanner;
    for (let at = from; at < to; ) {
      const passed = this.#records.pass(scanner, at, next);
      if (passed !== null) {
        this.#cutter.advance(passed.records, passed.end - at);
        at = passed.end;
        if (at === to) break;
      }
      const isBlank = buffer[at] === LF;
      let end = isBlank ? at + 1 : buffer.indexOf(LF, at) + 1;
      if (isBlank) {
        while (end < to && buffer[end] === LF) end += 1;
        this.#blank(end - at);
      } else this.#lineAt(buffer, at, end, false);
      at = end;
    }
  }

  /**
   * The lines behind the one from `start` to `end`, which was read, where it begins a message that was split into them: as
   * numbers. Returns behind the lines that were read.
   */
  #split(scanner: Scanner, start: number, end: number, to: number): number {
    const length = this.#records.splitHeadLength(end - 1 - start);
    const { split } = this.#options;
    if (length === 0 || split === undefined || this.#limit < LEAST_SPLIT_LIMIT) return end;
    const behind = scanner.readSplit(split, { from: start, length }, end, to);
    // One that the buffer's end cuts says nothing of the others.
    this.#isSplitting = behind !== -1 || to - end < MOST_SPLIT_BYTES;
    if (behind === -1) return end;
    const lines = split.rest.length;
    this.#records.takeNumbers(numbersOf(split, scanner.values), lines, behind - end);
    this.#cutter.advance(lines, behind - end);
    return behind;
  }

  #blank(lines: number): void {
    this.#records.blank(lines);
    this.#cutter.advance(lines, lines);
  }

  /** One line, its end included; `isWanted` false: it holds nothing that could be. */
  #lineAt(buffer: Uint8Array, from: number, to: number, isWanted: false | null): void {
    const kept = buffer.subarray(from, Math.min(to - 1, from + this.#limit));
    const { lines, byteOffset } = this.#cutter;
    const place = { number: lines + 1, byteOffset, byteLength: to - from, keptBytes: kept.length, isWanted };
    if (to - 1 - from > this.#limit) this.#tooLong(place);
    this.#records.take(place, plainLine(this.#decoder.decode(kept)));
    this.#cutter.advance(1, to - from);
  }

  /**
   * Whole lines at once: decoding a line at a time costs more than reading it. Where one character is not one byte, the
   * cutter takes over, since offsets are of bytes.
   */
  #block(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes);
    if (text.length !== bytes.length) {
      this.#cutter.push(bytes);
      return;
    }
    const isPlain = !needsCleaning(text);
    const base = this.#cutter.byteOffset;
    for (let at = 0; at < text.length; ) {
      if (text.charCodeAt(at) === LF) {
        let next = at + 1;
        while (text.charCodeAt(next) === LF) next += 1;
        this.#blank(next - at);
        at = next;
        continue;
      }
      const end = text.indexOf("\n", at);
      const raw = text.slice(at, Math.min(end, at + this.#limit));
      const place = {
        number: this.#cutter.lines + 1,
        byteOffset: base + at,
        byteLength: end + 1 - at,
        keptBytes: raw.length,
        isWanted: null,
      };
      if (end - at > this.#limit) this.#tooLong(place);
      this.#records.take(place, isPlain && !mayBeIndented(raw) ? raw : plainLine(raw));
      this.#cutter.advance(1, place.byteLength);
      at = end + 1;
      if (isPlain) at = this.#rejoin(text, at);
    }
  }

  /** As `#split`, from text. */
  #rejoin(text: string, from: number): number {
    if (this.#limit < LEAST_SPLIT_LIMIT) return from;
    const joined = this.#records.rejoin(text, from);
    if (joined === null) return from;
    this.#isSplitting = true;
    this.#cutter.advance(joined.records, joined.end - from);
    return joined.end;
  }

  #line({ number, byteOffset, byteLength, bytes, overflowed }: CutLine): void {
    const place: LinePlace = { number, byteOffset, byteLength, keptBytes: bytes.length, isWanted: null };
    if (overflowed) this.#tooLong(place);
    this.#records.take(place, plainLine(this.#decoder.decode(bytes)));
  }

  #tooLong({ number, byteOffset, byteLength, keptBytes }: LinePlace): void {
    this.#sink.diagnostic({
      code: "line.too_long",
      evidence: this.#options.evidence,
      line: number,
      byteOffset,
      detail: `${byteLength} bytes; the first ${keptBytes} were read (limit maxLineBytes)`,
    });
  }
}
