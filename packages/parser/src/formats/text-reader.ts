import { believable } from "../clock/believable.js";
import type { BootAnchor } from "../clock/boot-anchor.js";
import { civilToMs } from "../clock/civil.js";
import type { StampClock } from "../clock/stamp-clock.js";
import type { FormName } from "../model/evidence.js";
import type { LogRecord } from "../model/record.js";
import { type EventTime, NO_TIME } from "../model/time.js";
import type { Scanner } from "../scan/scanner.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { BLANK_HEADER, type LineHeader, NONE } from "./head-parts.js";
import { HeadTemplate } from "./head-template.js";
import { recordOfJson } from "./journal-json.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import { LineHeaderReader } from "./line-header.js";
import { OctetCutter } from "./octet-cutter.js";
import { marginOf, plainLine } from "./plain-line.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";
import { followers, linesOf, numbersOf, type SplitMessage } from "./split-message.js";
import { gluedAt, isBlankUpTo, mayBeIndented, needsCleaning, unescaped, withoutIndent } from "./text-lines.js";
import { LEAST_SCANNED_BYTES, wholeLines } from "./whole-lines.js";

export interface TextReaderOptions extends RecordReaderOptions {
  readonly clock: StampClock;
  readonly anchor: BootAnchor;
  /** Whether a record can matter; others are counted and timed, and not handed over. */
  readonly isWanted: (text: string) => boolean;
  /** Told of every record that is read, wanted or not, in the input's order; of several that have one head at once. */
  readonly onHeader: (header: LineHeader, time: EventTime, records: number) => void;
  /** Whether each message says its length (RFC 6587) instead of ending with its line. */
  readonly octetCounted: boolean;
  /** A message that daemons split into lines of their own, to be read as the one that it was; absent: none. */
  readonly split?: SplitMessage;
}

/** Where a line stands. */
interface LinePlace {
  readonly number: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Without those beyond the limit. */
  readonly keptBytes: number;
  /** False: nothing in it can be wanted; null: not known yet. */
  readonly isWanted: false | null;
}

/** A record that more lines may belong to. */
interface Open {
  readonly header: LineHeader | null;
  readonly time: EventTime;
  readonly bootId: string | null;
  /** Whether the container vouches that the kernel wrote it. */
  readonly vouched: boolean;
  readonly lines: string[];
  /** Numbers of a split message whose lines behind the first are all there, and not in `lines`. */
  values: readonly number[] | null;
  readonly line: number;
  readonly byteOffset: number;
  byteLength: number;
  characters: number;
  /** False as long as none of its lines can be wanted. */
  isWanted: false | null;
}

/** More lines than this below a head are not its continuation: they become records of their own. */
const MOST_CONTINUATIONS = 64;
const MOST_CHARACTERS = 16_384;

/** A split message has fewer bytes. */
const MOST_SPLIT_BYTES = 4_096;
/** Under a smaller limit lines of a split message could be too long. */
const LEAST_LIMIT = 512;

/** journalctl's own lines between entries. */
const BOOT_MARKER = /^-- (?:Boot ([0-9a-f]{32})|Reboot) --$/;
const OTHER_MARKER =
  /^(?:-- (?:Logs begin|Journal begins|No entries|cursor:|Subject:|Defined-By:|Support:|Documentation:)|░░ )/;
/** A kernel line behind what a terminal had not ended: a shell's or a login's prompt, an init script's message. */
const GLUED = /\[ *\d{1,10}\.\d{6}\] /;
/** How far into a line a glued one is looked for. */
const GLUED_CHARACTERS = 200;
/** pstore's and ramoops' own lines between parts of a dump (fs/pstore/platform.c, fs/pstore/ram.c). */
const PART_MARKER = /^(?:[A-Z][A-Za-z-]{2,15}#\d{1,9} Part\d{1,9}|={4}\d{1,12}\.\d{1,9}-[A-Z])$/;
/** An object of the journal's JSON form, pasted between lines of text. */
const JSON_ENTRY = /^\{\s?"(?:[^"\\]|\\.){1,64}"\s?:/;
/** Without one of these no form of head is there: clocks and tags have colons, stamps brackets, priorities `<`. */
const HEAD_MARK = /[:[<]|^\d{9}/;
/** Left-out text of an author, or a shell prompt: nothing that belongs to the record above. */
const BREAK = /^\s*(?:\[?(?:…|\.\.\.)\]?$|#{4,}|\$ |[\w.@~-]{1,40}[#$%] )/;

/**
 * Reads line-based logs in whatever text form: a line with a head begins a record, lines without one continue it. In
 * input without heads every line is a record. Memory: one chunk and one open record.
 */
export class TextReader implements RecordReader {
  readonly #options: TextReaderOptions;
  readonly #sink: RecordSink;
  readonly #cutter: LineCutter;
  readonly #messages: OctetCutter | null;
  readonly #heads = new LineHeaderReader();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #forms = new Map<FormName, number>();
  #open: Open | null = null;
  #bootId: string | null = null;
  #records = 0;
  #unset = 0;
  /** Whether a record of a log that any process can write to was seen: a ring buffer below it may be an imitation. */
  #isShared = false;
  /** The last line with a head; its template is made when lines follow that may be like it. */
  #last: { readonly line: string; readonly header: LineHeader; readonly time: EventTime } | null = null;
  #template: HeadTemplate | null = null;
  #host = "";
  #hostNamed = "";
  /** Whether the last message that could be split was: then floods are read message by message. */
  #isSplitting = false;
  #same: { readonly head: string; readonly header: LineHeader; readonly time: EventTime } | null = null;

  constructor(options: TextReaderOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
    const limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.#cutter = new LineCutter(limit, (line) => this.#line(line));
    this.#messages = options.octetCounted ? new OctetCutter(limit, (message) => this.#line(message)) : null;
  }

  /** The form of most records so far. */
  get form(): FormName {
    let best: FormName = "bare";
    let most = 0;
    for (const [form, count] of this.#forms) if (count > most && form !== "bare") [best, most] = [form, count];
    return best;
  }

  /** Records by form; those without a head stand under `bare`. */
  get forms(): Partial<Record<FormName, number>> {
    return Object.fromEntries(this.#forms);
  }

  /** Stamps of a clock that was not set. */
  get unset(): number {
    return this.#unset;
  }

  get lines(): number {
    return this.#messages?.lines ?? this.#cutter.lines;
  }

  get records(): number {
    return this.#records;
  }

  push(chunk: Uint8Array): void {
    if (this.#messages !== null) {
      this.#messages.push(chunk);
      return;
    }
    let from = 0;
    if (!this.#cutter.isBetweenLines) {
      from = chunk.indexOf(10) + 1;
      this.#cutter.push(chunk.subarray(0, from === 0 ? chunk.length : from));
      if (from === 0) return;
    }
    const to = chunk.lastIndexOf(10) + 1;
    if (to > from) this.#lines(chunk.subarray(from, to));
    if (Math.max(from, to) < chunk.length) this.#cutter.push(chunk.subarray(Math.max(from, to)));
  }

  /** Whole lines: looked through for what can matter where there are many, else read one by one. */
  #lines(bytes: Uint8Array): void {
    const scanner = bytes.length < LEAST_SCANNED_BYTES ? null : (this.#options.scanner?.() ?? null);
    if (scanner === null) {
      this.#block(bytes);
      return;
    }
    for (let from = 0; from < bytes.length; ) {
      const piece = wholeLines(bytes, from, scanner.buffer.length);
      from += piece.length;
      // A line that is longer than the scanner's buffer, or bytes that are cleaned away before a line is read.
      if (piece.length > scanner.buffer.length || UNSEEN_BYTES.some((byte) => piece.includes(byte))) {
        this.#block(piece);
        continue;
      }
      scanner.buffer.set(piece);
      this.#scan(scanner, piece.length);
    }
  }

  /** Reads the lines that the scanner names, and passes over those between them. */
  #scan(scanner: Scanner, length: number): void {
    const { buffer } = scanner;
    for (let at = 0; at < length; ) {
      const end = scanner.scan(at, length);
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
        this.#bytes(buffer, start, lineEnd, null);
        from = this.#split(scanner, [start, lineEnd], length);
      }
      if (from < end) this.#pass(scanner, from, end, end);
      at = Math.max(from, end);
    }
  }

  /**
   * As `#rejoin`, from bytes: numbers instead of lines.
   * @param line - where the one stands that was read last
   * @returns behind the lines that were read
   */
  #split(scanner: Scanner, [start, end]: readonly [start: number, end: number], to: number): number {
    const { split, maxLineBytes = DEFAULT_MAX_LINE_BYTES } = this.#options;
    const open = this.#open;
    const same = this.#same;
    const first = open?.lines[0];
    if (split === undefined || open === null || same === null || first?.endsWith(split.first) !== true) return end;
    // Another length in bytes than in characters: something was cleaned away, or is not ASCII.
    const isAsWritten = same.head.length + first.length === end - 1 - start;
    const isFirst = open.lines.length === 1 && open.values === null;
    if (!isAsWritten || !isFirst || maxLineBytes < LEAST_LIMIT) return end;
    const head = { from: start, length: same.head.length };
    const behind = scanner.readSplit(split, head, end, to);
    // One that the buffer's end cuts says nothing of the others.
    this.#isSplitting = behind !== -1 || to - end < MOST_SPLIT_BYTES;
    if (behind === -1) return end;
    open.values = numbersOf(split, scanner.values);
    const lines = split.rest.length;
    open.byteLength += behind - end;
    open.characters += behind - end;
    this.#records += lines;
    this.#count(same.header, same.time, lines);
    this.#cutter.advance(lines, behind - end);
    return behind;
  }

  /**
   * Lines that cannot be wanted: those like the one before are counted, the others read.
   * @param next - behind the line that follows them, where there is one: if it is like them, none of them is read
   */
  #pass(scanner: Scanner, from: number, to: number, next: number): void {
    const { buffer } = scanner;
    for (let at = from; at < to; ) {
      let isLike = this.#template?.run(scanner, at, next) ?? false;
      if (!isLike && this.#renewTemplate()) isLike = this.#template?.run(scanner, at, next) ?? false;
      const template = isLike ? this.#template : null;
      if (template !== null && template.records > 0) {
        this.#flush();
        this.#records += template.records;
        this.#forms.set(template.header.form, (this.#forms.get(template.header.form) ?? 0) + template.records);
        this.#sink.passed?.(template);
        this.#cutter.advance(template.records, template.end - at);
        at = template.end;
        if (at === to) break;
      }
      if (buffer[at] === 10) {
        let end = at + 1;
        while (end < to && buffer[end] === 10) end += 1;
        this.#blank(end - at);
        at = end;
        continue;
      }
      const end = buffer.indexOf(10, at) + 1;
      this.#bytes(buffer, at, end, false);
      at = end;
    }
  }

  /** Empty lines: they belong to the record above, and end nothing. */
  #blank(lines: number): void {
    if (this.#open !== null) this.#open.byteLength += lines;
    this.#cutter.advance(lines, lines);
  }

  /** One line, its end included; `isWanted` false: it holds nothing that could be. */
  #bytes(buffer: Uint8Array, from: number, to: number, isWanted: false | null): void {
    const limit = this.#options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    const kept = buffer.subarray(from, Math.min(to - 1, from + limit));
    const { lines, byteOffset } = this.#cutter;
    const cut: LinePlace = { number: lines + 1, byteOffset, byteLength: to - from, keptBytes: kept.length, isWanted };
    if (to - 1 - from > limit) this.#tooLong(cut);
    this.#take(cut, plainLine(this.#decoder.decode(kept)));
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
    const limit = this.#options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    const isPlain = !needsCleaning(text);
    const base = this.#cutter.byteOffset;
    for (let at = 0; at < text.length; ) {
      if (text.charCodeAt(at) === 10) {
        let next = at + 1;
        while (text.charCodeAt(next) === 10) next += 1;
        this.#blank(next - at);
        at = next;
        continue;
      }
      const end = text.indexOf("\n", at);
      const raw = text.slice(at, Math.min(end, at + limit));
      const cut: LinePlace = {
        number: this.#cutter.lines + 1,
        byteOffset: base + at,
        byteLength: end + 1 - at,
        keptBytes: raw.length,
        isWanted: null,
      };
      if (end - at > limit) this.#tooLong(cut);
      this.#take(cut, isPlain && !mayBeIndented(raw) ? raw : plainLine(raw));
      this.#cutter.advance(1, cut.byteLength);
      at = end + 1;
      if (isPlain && this.#options.split !== undefined && raw.endsWith(this.#options.split.first))
        at = this.#rejoin(text, at, this.#options.split);
    }
  }

  /**
   * Joins what a daemon split: lines with the very head of the open record, in the order in which one message has them, are
   * lines of it. All of them or none; the records that they were are counted. Where the next line begins.
   */
  #rejoin(text: string, from: number, { rest }: SplitMessage): number {
    const same = this.#same;
    const open = this.#open;
    if (same === null || open === null || open.lines.length !== 1) return from;
    const found = followers(text, from, same.head, rest);
    if (found === null) return from;
    const { lines, end: at } = found;
    this.#isSplitting = true;
    open.lines.push(...lines);
    open.byteLength += at - from;
    open.characters += at - from;
    this.#records += lines.length;
    this.#count(same.header, same.time, lines.length);
    this.#cutter.advance(lines.length, at - from);
    return at;
  }

  settle(): void {
    this.#flush();
  }

  end(): void {
    this.#cutter.end();
    this.#messages?.end();
    this.#flush();
  }

  #line({ number, byteOffset, byteLength, bytes, overflowed }: CutLine): void {
    const cut: LinePlace = { number, byteOffset, byteLength, keptBytes: bytes.length, isWanted: null };
    if (overflowed) this.#tooLong(cut);
    this.#take(cut, plainLine(this.#decoder.decode(bytes)));
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

  #take(cut: LinePlace, line: string): void {
    // Lines of one second have the same head; what is read from it is the same, too.
    const same = this.#same;
    if (same !== null && line.startsWith(same.head) && line.charCodeAt(same.head.length) !== 91) {
      this.#flush();
      this.#count(same.header, same.time);
      this.#start(cut, line, same.header, same.time);
      return;
    }
    if (this.#isIndentedPart(line) && this.#continue(cut, line)) return;
    const alike = this.#template?.read(line) ?? null;
    if (alike !== null) {
      const { header, time } = alike;
      this.#flush();
      this.#count(header, time);
      this.#same = { head: line.slice(0, header.messageAt), header, time };
      this.#start(cut, line, header, time);
      return;
    }
    const mayHaveHead = HEAD_MARK.test(line);
    const header = mayHaveHead ? this.#heads.read(line) : null;
    if (header !== null) {
      this.#flush();
      this.#begin(cut, line, header);
      return;
    }
    const marker = BOOT_MARKER.exec(line);
    if (marker !== null) {
      this.#flush();
      this.#bootId = marker[1] ?? null;
      return;
    }
    if (line === "" || OTHER_MARKER.test(line)) {
      if (this.#open !== null) this.#open.byteLength += cut.byteLength;
      return;
    }
    const margin = !mayHaveHead ? 0 : marginOf(line) || Math.max(0, line.slice(0, GLUED_CHARACTERS).search(GLUED));
    const behind = margin === 0 ? null : this.#heads.read(line.slice(margin));
    if (behind !== null) {
      this.#flush();
      this.#begin(cut, line.slice(margin), behind);
      return;
    }
    if (BREAK.test(line) || PART_MARKER.test(line)) {
      this.#flush();
      return;
    }
    if (JSON_ENTRY.test(line) && this.#readJson(cut, line)) return;
    if (this.#continue(cut, line)) return;
    this.#flush();
    this.#forms.set("bare", (this.#forms.get("bare") ?? 0) + 1);
    this.#open = this.#opened(cut, null, NO_TIME, line.trim());
  }

  /** Whether journalctl indented the line under the message above: part of it, whatever it looks like. */
  #isIndentedPart(line: string): boolean {
    const header = this.#open?.header;
    return header?.form.startsWith("journal-") === true && isBlankUpTo(line, header.messageAt);
  }

  /** Adds the line to the open record; false when there is none, or it is full. */
  #continue(cut: LinePlace, line: string): boolean {
    const open = this.#open;
    if (!open?.header || open.lines.length > MOST_CONTINUATIONS || open.characters >= MOST_CHARACTERS) return false;
    const text = withoutIndent(line, open.header.messageAt);
    this.#putTogether(open);
    open.lines.push(text);
    open.characters += text.length;
    open.byteLength += cut.byteLength;
    if (cut.isWanted === null) open.isWanted = null;
    return true;
  }

  /** Makes lines of the numbers again. */
  #putTogether(open: Open): void {
    const { split } = this.#options;
    if (open.values === null || split === undefined) return;
    open.lines.push(...linesOf(split, open.values));
    open.values = null;
  }

  /** A journal entry as JSON between lines of text; false when the line is none. */
  #readJson(cut: LinePlace, line: string): boolean {
    const { evidence } = this.#options;
    const { number, byteOffset, byteLength } = cut;
    const entry = recordOfJson(line, { evidence, line: number, byteOffset, byteLength });
    if (entry === null) return false;
    // Anybody may write such a line into a text.
    const record = { ...entry, trust: "claimed" } as const;
    this.#flush();
    this.#records += 1;
    const identifier = entry.trust === "kernel" ? "kernel" : entry.identifier;
    const { host } = record;
    this.#count({ ...BLANK_HEADER, form: "journal-json", stamp: NONE, host, identifier, messageAt: 0 }, record.time);
    if (this.#options.isWanted(record.message)) this.#sink.record(record);
    return true;
  }

  #begin(cut: LinePlace, line: string, header: LineHeader): void {
    const time = this.#timeOf(header);
    this.#count(header, time);
    const isWhole = header.identifier !== null && header.stamp.kind !== "none";
    this.#same = isWhole ? { head: line.slice(0, header.messageAt), header, time } : null;
    this.#last = { line, header, time };
    if (this.#template?.holds(time.unixMs ?? Number.NaN) === false) this.#template = null;
    this.#start(cut, line, header, time);
  }

  /** Makes the template of lines like the last one that was read; false when nothing new is known of them. */
  #renewTemplate(): boolean {
    const last = this.#last;
    this.#last = null;
    if (last === null) return false;
    const { line, header, time } = last;
    const { stamp } = header;
    const isSteady =
      stamp.kind === "offset" ||
      (stamp.kind === "local" && time.unixMs !== null && this.#options.clock.isSteadyHour(stamp, time.unixMs));
    this.#template = isSteady ? HeadTemplate.of(line, header, time) : null;
    return this.#template !== null;
  }

  #start(cut: LinePlace, line: string, header: LineHeader, time: EventTime): void {
    const message = line.slice(header.messageAt);
    const glued = header.host === null || cut.isWanted === false ? -1 : gluedAt(message, this.#named(header.host));
    // Told apart only where it matters, so that lines that do not matter need not be read.
    if (glued === -1 || !this.#options.isWanted(line)) {
      this.#open = this.#opened(cut, header, time, message);
      return;
    }
    this.#open = this.#opened(cut, header, time, message.slice(0, glued));
    this.#flush();
    const rest = message.slice(glued);
    const next = this.#heads.read(rest);
    if (next === null) return;
    const nextTime = this.#timeOf(next);
    this.#count(next, nextTime);
    this.#open = this.#opened(cut, next, nextTime, rest.slice(next.messageAt));
  }

  /** A host between blanks. */
  #named(host: string): string {
    if (this.#host !== host) {
      this.#host = host;
      this.#hostNamed = ` ${host} `;
    }
    return this.#hostNamed;
  }

  #count(header: LineHeader, time: EventTime, records = 1): void {
    this.#isShared ||= !vouches(header.form);
    this.#forms.set(header.form, (this.#forms.get(header.form) ?? 0) + records);
    this.#options.onHeader(header, time, records);
  }

  #opened(cut: LinePlace, header: LineHeader | null, time: EventTime, message: string): Open {
    return {
      header,
      time,
      bootId: this.#bootId,
      vouched: header?.identifier === "kernel" && vouches(header.form) && !this.#isShared,
      lines: [message],
      values: null,
      line: cut.number,
      byteOffset: cut.byteOffset,
      byteLength: cut.byteLength,
      characters: message.length,
      isWanted: cut.isWanted,
    };
  }

  #timeOf(header: LineHeader): EventTime {
    const time = this.#readTime(header);
    const believed = believable(time);
    if (believed !== time) this.#unset += 1;
    return believed;
  }

  #readTime({ stamp, bootMs }: LineHeader): EventTime {
    switch (stamp.kind) {
      case "utc":
        return { unixMs: stamp.unixMs, bootMs, source: "utc", uncertaintyMs: stamp.resolutionMs, year: null };
      case "offset": {
        const unixMs = civilToMs(stamp.civil) - stamp.offsetMs;
        return { unixMs, bootMs, source: "offset", uncertaintyMs: stamp.resolutionMs, year: null };
      }
      case "local":
        return this.#options.clock.read(stamp, bootMs);
      case "none":
        return bootMs === null ? NO_TIME : this.#options.anchor.time(bootMs);
    }
  }

  #flush(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#records += 1;
    const { header } = open;
    const isKernel = header === null || header.identifier === "kernel" || header.identifier === null;
    const [first = ""] = open.lines;
    const { split, isWanted } = this.#options;
    if (split !== undefined && open.values !== null && isWanted(first) && unescaped(first, isKernel) === first) {
      this.#sink.record(split.record(this.#originOf(open), first, open.values));
      return;
    }
    this.#putTogether(open);
    const raw = open.lines.join("\n");
    if (isKernel) this.#options.anchor.look(raw, open.time.bootMs);
    if (open.isWanted === false || !isWanted(raw)) return;
    this.#sink.record({ message: unescaped(raw, isKernel), ...this.#originOf(open) });
  }

  #originOf(open: Open): Omit<LogRecord, "message"> {
    const { header } = open;
    return {
      time: open.time,
      host: header?.host ?? null,
      bootId: open.bootId,
      identifier: header?.identifier ?? null,
      pid: header?.pid ?? null,
      priority: header?.priority ?? null,
      device: null,
      trust: open.vouched ? "kernel" : "claimed",
      provenance: {
        evidence: this.#options.evidence,
        line: open.line,
        byteOffset: open.byteOffset,
        byteLength: open.byteLength,
      },
    };
  }
}

/** Bytes without which `plainLine` leaves a literal as it is: NUL, ESC, and the first of a no-break space in UTF-8. */
const UNSEEN_BYTES: readonly number[] = [0, 0x1b, 0xc2];

/** Forms that hold nothing but the kernel's ring buffer. */
function vouches(form: FormName | undefined): boolean {
  return form?.startsWith("dmesg") ?? false;
}
