import { believable } from "../clock/believable.js";
import type { BootAnchor } from "../clock/boot-anchor.js";
import type { StampClock } from "../clock/stamp-clock.js";
import type { FormName } from "../model/evidence.js";
import { type EventTime, NO_TIME } from "../model/time.js";
import type { Scanner } from "../scan/scanner.js";
import { BLANK_HEADER, type LineHeader, NONE } from "./head-parts.js";
import { HeadTemplate, KnownHosts } from "./head-template.js";
import { recordOfJson } from "./journal-json.js";
import { LineHeaderReader } from "./line-header.js";
import {
  BOOT_MARKER,
  BREAK,
  GLUED,
  GLUED_CHARACTERS,
  HEAD_MARK,
  JSON_ENTRY,
  OTHER_MARKER,
  PART_MARKER,
} from "./line-marks.js";
import { isFull, type LinePlace, type OpenRecord, originOf, vouches } from "./open-record.js";
import { marginOf } from "./plain-line.js";
import type { RecordSink } from "./record-reader.js";
import { followers, linesOf, type SplitMessage } from "./split-message.js";
import { timeOfStamp } from "./stamp-time.js";
import { gluedAt, isBlankUpTo, unescaped, withoutIndent } from "./text-lines.js";

/** What lines of text are read by. */
export interface TextRecordsOptions {
  readonly evidence: string;
  readonly clock: StampClock;
  readonly anchor: BootAnchor;
  /** Whether a record can matter; others are counted and timed, and not handed over. */
  readonly isWanted: (text: string) => boolean;
  /** Told of every record that is read, wanted or not, in the input's order; of several that have one head at once. */
  readonly onHeader: (header: LineHeader, time: EventTime, records: number) => void;
  /** A message that daemons split into lines of their own, to be read as the one that it was; absent: none. */
  readonly split?: SplitMessage;
}

/**
 * From lines to records: one with a head begins a record, those without continue it; where no line has a head, each is a
 * record. Memory: one open record.
 */
export class TextRecords {
  readonly #options: TextRecordsOptions;
  readonly #sink: RecordSink;
  readonly #heads = new LineHeaderReader();
  readonly #forms = new Map<FormName, number>();
  #open: OpenRecord | null = null;
  #bootId: string | null = null;
  #records = 0;
  #unset = 0;
  /** Whether a record of a log that any process can write to was seen: a ring buffer below it may be an imitation. */
  #isShared = false;
  /** The last line with a head; its template is made when lines follow that may be like it. */
  #last: { readonly line: string; readonly header: LineHeader; readonly time: EventTime } | null = null;
  #template: HeadTemplate | null = null;
  readonly #knownHosts = new KnownHosts();
  #host = "";
  #hostNamed = "";
  #same: { readonly head: string; readonly header: LineHeader; readonly time: EventTime } | null = null;

  constructor(options: TextRecordsOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
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

  get records(): number {
    return this.#records;
  }

  /** Empty lines: they belong to the record above, and end nothing. */
  blank(lines: number): void {
    if (this.#open !== null) this.#open.byteLength += lines;
  }

  /**
   * Lines of the scanner's buffer from `from` on, as long as they are like the last one that was read: counted, not read.
   * @param to - where a line ends
   * @returns how many there were, and behind the last of them; null: none
   */
  pass(scanner: Scanner, from: number, to: number): { readonly records: number; readonly end: number } | null {
    let isLike = this.#template?.run(scanner, from, to) ?? false;
    if (!isLike && this.#renewTemplate()) isLike = this.#template?.run(scanner, from, to) ?? false;
    const template = isLike ? this.#template : null;
    if (template === null || template.records === 0) return null;
    this.flush();
    this.#records += template.records;
    this.#forms.set(template.header.form, (this.#forms.get(template.header.form) ?? 0) + template.records);
    this.#sink.passed?.(template);
    return template;
  }

  /**
   * Length of the head under which the other lines of a split message may follow now; 0 when none can.
   * @param bytes - of the line that was read last, without its end
   */
  splitHeadLength(bytes: number): number {
    const { split } = this.#options;
    const open = this.#open;
    const same = this.#same;
    const first = open?.lines[0];
    if (split === undefined || open === null || same === null || first?.endsWith(split.first) !== true) return 0;
    // Another length in bytes than in characters: something was cleaned away, or is not ASCII.
    const isAsWritten = same.head.length + first.length === bytes;
    return isAsWritten && open.lines.length === 1 && open.values === null ? same.head.length : 0;
  }

  /** The other lines of a split message, by their numbers; each was a record of its own. */
  takeNumbers(values: readonly number[], lines: number, bytes: number): void {
    if (this.#open === null || this.#same === null) return;
    this.#open.values = values;
    this.#takeLines(this.#open, this.#same, lines, bytes);
  }

  /**
   * Joins what a daemon split: lines with the very head of the open record, in the order in which one message has them, are
   * lines of it. All of them or none; the records that they were are counted.
   * @returns how many there were, and where the next line begins; null: none
   */
  rejoin(text: string, from: number): { readonly records: number; readonly end: number } | null {
    const open = this.#open;
    const same = this.#same;
    const { split } = this.#options;
    if (split === undefined || same === null || open?.lines.length !== 1) return null;
    if (open.lines[0]?.endsWith(split.first) !== true) return null;
    const found = followers(text, from, same.head, split.rest);
    if (found === null) return null;
    const { lines, end } = found;
    open.lines.push(...lines);
    this.#takeLines(open, same, lines.length, end - from);
    return { records: lines.length, end };
  }

  #takeLines(
    open: OpenRecord,
    { header, time }: { readonly header: LineHeader; readonly time: EventTime },
    lines: number,
    bytes: number,
  ): void {
    open.byteLength += bytes;
    open.characters += bytes;
    this.#records += lines;
    this.#count(header, time, lines);
  }

  /** One line, cleaned, without its end. */
  take(place: LinePlace, line: string): void {
    // Lines of one second have the same head; what is read from it is the same, too.
    const same = this.#same;
    if (same !== null && line.startsWith(same.head) && line.charCodeAt(same.head.length) !== 91) {
      this.flush();
      this.#count(same.header, same.time);
      this.#start(place, line, same.header, same.time);
      return;
    }
    if (this.#isIndentedPart(line) && this.#continue(place, line)) return;
    const alike = this.#template?.read(line) ?? null;
    if (alike !== null) {
      const { header, time } = alike;
      this.flush();
      this.#count(header, time);
      this.#same = { head: line.slice(0, header.messageAt), header, time };
      this.#start(place, line, header, time);
      return;
    }
    const mayHaveHead = HEAD_MARK.test(line);
    const header = mayHaveHead ? this.#heads.read(line) : null;
    if (header !== null) {
      this.flush();
      this.#begin(place, line, header);
      return;
    }
    const marker = BOOT_MARKER.exec(line);
    if (marker !== null) {
      this.flush();
      this.#bootId = marker[1] ?? null;
      return;
    }
    if (line === "" || OTHER_MARKER.test(line)) {
      if (this.#open !== null) this.#open.byteLength += place.byteLength;
      return;
    }
    const margin = !mayHaveHead ? 0 : marginOf(line) || Math.max(0, line.slice(0, GLUED_CHARACTERS).search(GLUED));
    const behind = margin === 0 ? null : this.#heads.read(line.slice(margin));
    if (behind !== null) {
      this.flush();
      this.#begin(place, line.slice(margin), behind);
      return;
    }
    if (BREAK.test(line) || PART_MARKER.test(line)) {
      this.flush();
      return;
    }
    if (JSON_ENTRY.test(line) && this.#readJson(place, line)) return;
    if (this.#continue(place, line)) return;
    this.flush();
    this.#forms.set("bare", (this.#forms.get("bare") ?? 0) + 1);
    this.#open = this.#opened(place, null, NO_TIME, line.trim());
  }

  /** Whether journalctl indented the line under the message above: part of it, whatever it looks like. */
  #isIndentedPart(line: string): boolean {
    const header = this.#open?.header;
    return header?.form.startsWith("journal-") === true && isBlankUpTo(line, header.messageAt);
  }

  /** Adds the line to the open record; false when there is none, or it is full. */
  #continue(place: LinePlace, line: string): boolean {
    const open = this.#open;
    if (!open?.header || isFull(open)) return false;
    const text = withoutIndent(line, open.header.messageAt);
    this.#putTogether(open);
    open.lines.push(text);
    open.characters += text.length;
    open.byteLength += place.byteLength;
    if (place.isWanted === null) open.isWanted = null;
    return true;
  }

  /** Makes lines of the numbers again. */
  #putTogether(open: OpenRecord): void {
    const { split } = this.#options;
    if (open.values === null || split === undefined) return;
    open.lines.push(...linesOf(split, open.values));
    open.values = null;
  }

  /** A journal entry as JSON between lines of text; false when the line is none. */
  #readJson(place: LinePlace, line: string): boolean {
    const { evidence } = this.#options;
    const { number, byteOffset, byteLength } = place;
    const entry = recordOfJson(line, { evidence, line: number, byteOffset, byteLength });
    if (entry === null) return false;
    // Anybody may write such a line into a text.
    const record = { ...entry, trust: "claimed" } as const;
    this.flush();
    this.#records += 1;
    const identifier = entry.trust === "kernel" ? "kernel" : entry.identifier;
    const { host } = record;
    this.#count({ ...BLANK_HEADER, form: "journal-json", stamp: NONE, host, identifier, messageAt: 0 }, record.time);
    if (this.#options.isWanted(record.message)) this.#sink.record(record);
    return true;
  }

  #begin(place: LinePlace, line: string, header: LineHeader): void {
    const time = this.#timeOf(header);
    this.#count(header, time);
    const isWhole = header.identifier !== null && header.stamp.kind !== "none";
    this.#same = isWhole ? { head: line.slice(0, header.messageAt), header, time } : null;
    this.#last = { line, header, time };
    if (this.#template?.holds(time.unixMs ?? Number.NaN) === false) this.#template = null;
    this.#start(place, line, header, time);
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
    this.#template = isSteady ? HeadTemplate.of(line, { header, time }, this.#knownHosts) : null;
    return this.#template !== null;
  }

  #start(place: LinePlace, line: string, header: LineHeader, time: EventTime): void {
    const message = line.slice(header.messageAt);
    const glued = header.host === null || place.isWanted === false ? -1 : gluedAt(message, this.#named(header.host));
    // Told apart only where it matters, so that lines that do not matter need not be read.
    const rest = message.slice(glued);
    const next = glued === -1 || !this.#options.isWanted(line) ? null : this.#heads.read(rest);
    const isProcess = header.identifier !== null && (header.identifier !== "kernel" || header.pid !== null);
    // Behind the tag of a process a record of the kernel is rather what that process wrote than one without its line end.
    if (next === null || (isProcess && next.identifier === "kernel")) {
      this.#open = this.#opened(place, header, time, message);
      return;
    }
    this.#open = this.#opened(place, header, time, message.slice(0, glued));
    this.flush();
    const nextTime = this.#timeOf(next);
    this.#count(next, nextTime);
    this.#open = this.#opened(place, next, nextTime, rest.slice(next.messageAt));
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

  #opened(place: LinePlace, header: LineHeader | null, time: EventTime, message: string): OpenRecord {
    return {
      header,
      time,
      bootId: this.#bootId,
      vouched: header?.identifier === "kernel" && vouches(header.form) && !this.#isShared,
      lines: [message],
      values: null,
      line: place.number,
      byteOffset: place.byteOffset,
      byteLength: place.byteLength,
      characters: message.length,
      isWanted: place.isWanted,
    };
  }

  #timeOf(header: LineHeader): EventTime {
    const time = timeOfStamp(header, this.#options);
    const believed = believable(time);
    if (believed !== time) this.#unset += 1;
    return believed;
  }

  /** Ends the open record: no line below belongs to it. */
  flush(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#records += 1;
    const { header } = open;
    const isKernel = header === null || header.identifier === "kernel" || header.identifier === null;
    const [first = ""] = open.lines;
    const { split, isWanted, evidence } = this.#options;
    if (split !== undefined && open.values !== null && isWanted(first) && unescaped(first, isKernel) === first) {
      this.#sink.record(split.record(originOf(open, evidence), first, open.values));
      return;
    }
    this.#putTogether(open);
    // Joining one line takes a third of all that is done with it.
    const raw = open.lines.length === 1 ? first : open.lines.join("\n");
    if (isKernel) this.#options.anchor.look(raw, open.time.bootMs);
    if (open.isWanted === false || !isWanted(raw)) return;
    this.#sink.record({ message: unescaped(raw, isKernel), ...originOf(open, evidence) });
  }
}
