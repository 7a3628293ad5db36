import type { DiagnosticCode } from "../model/diagnostic.js";
import type { FormName } from "../model/evidence.js";
import { isUtf8 } from "../scan/utf8.js";
import { DEFAULT_MAX_LINE_BYTES } from "./bounded-bytes.js";
import { decodeUtf8 } from "./journal-fields.js";
import { bootTime, readSyslogTag } from "./kernel-record.js";
import { KmsgFragments, type Place, type WholeRecord } from "./kmsg-fragments.js";
import { type KmsgHead, readKmsgHead, unescapeKmsg } from "./kmsg-head.js";
import { type CutLine, LineCutter } from "./line-cutter.js";
import type { RecordReader, RecordReaderOptions, RecordSink } from "./record-reader.js";

interface Pending {
  readonly head: KmsgHead;
  readonly line: number;
  readonly byteOffset: number;
  endOffset: number;
  lastSequence: number;
  /** Texts of the fragments, escapes undone. */
  readonly texts: Uint8Array[];
  size: number;
  device: string | null;
  isContinued: boolean;
}

const DEVICE = " DEVICE=";

/**
 * Records as read(2) of /dev/kmsg gives them (Documentation/ABI/testing/dev-kmsg), one after another or NUL-separated
 * (`dmesg -K`), and packets of extended netconsole (Documentation/networking/netconsole.rst), which add a release and
 * fragments. `\xHH` is undone to bytes. Continuations (flag `c`, then `c` or `+` of the next number) are joined.
 * Gaps in the sequence numbers go to `sink.loss`; a number that is lower than the last one starts a new count.
 * Memory: one record up to `maxLineBytes`, and 64 fragmented records of 64 KiB.
 */
export class KmsgReader implements RecordReader {
  readonly form: FormName = "kmsg";
  private readonly evidence: string;
  private readonly sink: RecordSink;
  private readonly limit: number;
  private readonly cutter: LineCutter;
  private readonly fragments: KmsgFragments;
  private pending: Pending | null = null;
  private sequence: number | null = null;
  private inDamage = false;
  /** Head of the packet that was added last. */
  private fragmentHead: KmsgHead | null = null;

  constructor(options: RecordReaderOptions, sink: RecordSink) {
    this.evidence = options.evidence;
    this.sink = sink;
    this.limit = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    this.cutter = new LineCutter(this.limit, (line) => this.readLine(line));
    this.fragments = new KmsgFragments((place) => {
      this.diagnose("record.damaged", place, "a fragmented record of netconsole is not complete");
    });
  }

  get lines(): number {
    return this.cutter.lines;
  }

  push(chunk: Uint8Array): void {
    this.cutter.push(chunk);
  }

  settle(): void {
    this.finish();
  }

  end(): void {
    this.cutter.end();
    this.finish();
    this.fragments.end();
  }

  /** A NUL stands only between records: in a record it would be escaped. */
  private readLine(line: CutLine): void {
    const { bytes, number, byteOffset, byteLength, terminated } = line;
    for (let from = 0; from <= bytes.length; ) {
      const nul = bytes.indexOf(0, from);
      const to = nul === -1 ? bytes.length : nul;
      const end = nul === -1 ? byteLength : nul + 1;
      const part = bytes.subarray(from, bytes[to - 1] === 13 ? to - 1 : to);
      if (to > from) this.readPart(part, { line: number, byteOffset: byteOffset + from, byteLength: end - from });
      from = nul === -1 ? bytes.length + 1 : nul + 1;
    }
    const place = { line: number, byteOffset, byteLength };
    if (this.fragments.isOpen && terminated) this.startWhole(this.fragments.endLine(place));
    if (line.overflowed)
      this.diagnose("line.too_long", place, `of the line ${this.limit} bytes were kept (limit maxLineBytes)`);
    if (!terminated && bytes[bytes.length - 1] !== 0) {
      this.diagnose("input.truncated", place, "the last line has no end: it may be cut");
    }
  }

  private readPart(bytes: Uint8Array, place: Place): void {
    if (bytes[0] === 32) {
      if (this.fragments.isOpen) this.startWhole(this.fragments.extend(bytes, place));
      else if (this.pending === null) this.damaged(place);
      else {
        readDictionary(this.pending, bytes);
        this.pending.endOffset = place.byteOffset + place.byteLength;
      }
      return;
    }
    this.fragments.close();
    // Packets of one record have no line feed between them: a plain capture holds them in one line.
    for (let at = 0; at < bytes.length; ) {
      const rest = bytes.subarray(at);
      const head = readKmsgHead(rest);
      if (head === null) {
        this.damaged(place);
        return;
      }
      this.inDamage = false;
      const body = rest.subarray(head.textStart);
      if (head.fragment === null) {
        const from = { line: place.line, byteOffset: place.byteOffset + at, byteLength: place.byteLength - at };
        this.startRecord(head, unescapeKmsg(body), from);
        return;
      }
      const next = findPacket(body, head);
      const own = next === -1 ? body : body.subarray(0, next);
      const length = next === -1 ? place.byteLength - at : head.textStart + next;
      const packet = { line: place.line, byteOffset: place.byteOffset + at, byteLength: length };
      const { offset, total } = head.fragment;
      this.fragmentHead = head;
      this.startWhole(this.fragments.add(head.sequence, offset, total, own, packet));
      at = next === -1 ? bytes.length : at + head.textStart + next;
    }
  }

  private startWhole(whole: WholeRecord | null): void {
    const head = this.fragmentHead;
    if (whole === null || head === null) return;
    const lineFeed = whole.bytes.indexOf(10);
    const text = lineFeed === -1 ? whole.bytes : whole.bytes.subarray(0, lineFeed);
    const pending = this.startRecord(head, unescapeKmsg(text), whole.place);
    for (let from = lineFeed + 1; lineFeed !== -1 && from < whole.bytes.length; ) {
      const to = whole.bytes.indexOf(10, from);
      const end = to === -1 ? whole.bytes.length : to;
      readDictionary(pending, whole.bytes.subarray(from, end));
      from = end + 1;
    }
  }

  private startRecord(head: KmsgHead, text: Uint8Array, place: Place): Pending {
    const endOffset = place.byteOffset + place.byteLength;
    const { pending } = this;
    if (pending !== null && this.continues(pending, head, text.length)) {
      pending.texts.push(text);
      pending.size += text.length;
      pending.lastSequence = this.sequence = head.sequence;
      pending.endOffset = endOffset;
      pending.isContinued = true;
      return pending;
    }
    this.finish();
    const missing = this.sequence === null ? 0 : head.sequence - this.sequence - 1;
    if (missing > 0) {
      const provenance = { evidence: this.evidence, ...place };
      this.sink.loss?.({ count: missing, what: "sequence-gap", provenance });
    }
    this.sequence = head.sequence;
    const started: Pending = {
      head,
      line: place.line,
      byteOffset: place.byteOffset,
      endOffset,
      lastSequence: head.sequence,
      texts: [text],
      size: text.length,
      device: null,
      isContinued: head.flags !== "-",
    };
    this.pending = started;
    return started;
  }

  private continues(pending: Pending, head: KmsgHead, size: number): boolean {
    const isFragment = head.flags === "+" || (head.flags === "c" && pending.isContinued);
    const isNext = head.sequence === pending.lastSequence + 1 && head.facility === pending.head.facility;
    return isFragment && isNext && head.caller === pending.head.caller && pending.size + size <= this.limit;
  }

  private finish(): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const { head, line, byteOffset } = pending;
    const bytes = concat(pending.texts, pending.size);
    const place = { line, byteOffset, byteLength: pending.endOffset - byteOffset };
    if (!isUtf8(bytes)) this.diagnose("utf8.invalid", place, "the text has bytes that are not UTF-8");
    const text = decodeUtf8(bytes);
    const isKernel = head.facility === 0;
    this.sink.record({
      ...(isKernel ? { message: text, identifier: "kernel", pid: null } : readSyslogTag(text)),
      time: bootTime(head.bootUs),
      host: null,
      bootId: null,
      priority: head.level,
      device: pending.device,
      trust: isKernel ? "kernel" : "claimed",
      provenance: { evidence: this.evidence, ...place },
    });
  }

  private damaged(place: Place): void {
    this.finish();
    if (!this.inDamage) this.diagnose("record.damaged", place, "lines that are no /dev/kmsg records");
    this.inDamage = true;
  }

  private diagnose(code: DiagnosticCode, { line, byteOffset }: Place, detail: string): void {
    this.sink.diagnostic({ code, evidence: this.evidence, line, byteOffset, detail });
  }
}

function readDictionary(pending: Pending, line: Uint8Array): void {
  const text = decodeUtf8(line.subarray(0, 512));
  if (pending.device === null && text.startsWith(DEVICE)) {
    pending.device = decodeUtf8(unescapeKmsg(line.subarray(DEVICE.length, 512)));
  }
}

/** Index in `body` of the head of the next packet of the same record; -1: none. */
function findPacket(body: Uint8Array, head: KmsgHead): number {
  const prefix = new TextEncoder().encode(
    `${head.release}${head.facility * 8 + head.level},${head.sequence},${head.bootUs},`,
  );
  for (let at = body.indexOf(prefix[0] ?? 0); at !== -1; at = body.indexOf(prefix[0] ?? 0, at + 1)) {
    if (prefix.every((byte, index) => body[at + index] === byte)) {
      if (readKmsgHead(body.subarray(at))?.fragment) return at;
    }
  }
  return -1;
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
