import { BoundedBytes } from "./bounded-bytes.js";

/** One JSON object, from `{` to its `}`. */
export interface CutObject {
  /** At most the limit; valid only during the call. */
  readonly bytes: Uint8Array;
  readonly overflowed: boolean;
  /** 1-based line of the `{`. */
  readonly line: number;
  readonly byteOffset: number;
  /** A line end directly after the `}` included. */
  readonly byteLength: number;
}

export interface JsonObjectHandlers {
  object(object: CutObject): void;
  /** Bytes that belong to no object; once for each run of them. */
  damage(line: number, byteOffset: number, detail: string): void;
  /** The input ends inside an object. */
  truncated(line: number, byteOffset: number): void;
}

/** Between objects: white space, RS (json-seq), `data:` (SSE), brackets and commas of an array, a byte order mark. */
const BETWEEN: ReadonlySet<number> = new Set(
  [..." \t\r\n\u001e,[]dat:"].map((character) => character.charCodeAt(0)).concat(0xef, 0xbb, 0xbf),
);
const [LF, CR, RS, QUOTE, BACKSLASH, OPEN, CLOSE, BRACKET, SMALL_D] = [10, 13, 30, 34, 92, 123, 125, 91, 100];

/**
 * Finds the objects in JSON lines, pretty-printed JSON, RFC 7464 sequences, server-sent events and arrays alike.
 * Damage ends an object and shows where to go on: a line feed or RS inside a string (JSON has them escaped there), RS or
 * the `d` of `data:` outside of strings (no JSON value has it), and a `{` at the start of a line inside an object.
 * Memory: one object up to the limit. Work: a constant per byte.
 */
export class JsonObjectCutter {
  private readonly bytes: BoundedBytes;
  private readonly handlers: JsonObjectHandlers;
  private state: "prelude" | "between" | "object" | "string" | "escape" | "closed" | "closed-cr";
  private readonly wrapped: boolean;
  private offset = 0;
  private lineFeeds = 0;
  private startOffset = 0;
  private startLine = 1;
  private depth = 0;
  private previous = LF;
  private inDamage = false;
  private endsInLine = false;

  /** @param wrapped - the objects stand in an array inside one outer object: all before the first `[` is passed over */
  constructor(limit: number, wrapped: boolean, handlers: JsonObjectHandlers) {
    this.bytes = new BoundedBytes(limit);
    this.handlers = handlers;
    this.state = wrapped ? "prelude" : "between";
    this.wrapped = wrapped;
  }

  get lines(): number {
    return this.lineFeeds + (this.endsInLine ? 1 : 0);
  }

  /** Whether the next byte begins a line, and no object is open: an object that ended is handed over by then. */
  get isAtLine(): boolean {
    return this.state === "between" && this.previous === LF && !this.wrapped;
  }

  /** Bytes before the next. */
  get byteOffset(): number {
    return this.offset;
  }

  /** Counts whole lines that somebody else has read; only at a line. */
  advanceLines(lines: number, bytes: number): void {
    if (lines === 0) return;
    this.offset += bytes;
    this.lineFeeds += lines;
    this.endsInLine = false;
    this.inDamage = false;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.endsInLine = chunk[chunk.length - 1] !== LF;
    let kept = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.state === "closed" || this.state === "closed-cr") this.afterClose(byte);
      if (this.state === "string" && byte !== LF && byte !== RS) {
        if (byte === BACKSLASH) this.state = "escape";
        else if (byte === QUOTE) this.state = "object";
      } else if (this.state === "escape" && byte !== LF && byte !== RS) {
        this.state = "string";
      } else if (byte === OPEN && (this.state === "between" || (this.state === "object" && this.previous === LF))) {
        if (this.state === "object")
          this.damaged(this.startLine, this.startOffset, "an object that does not end before the next");
        this.state = "object";
        this.depth = 1;
        this.bytes.clear();
        kept = at;
        this.startOffset = this.offset + at;
        this.startLine = this.lineFeeds + 1;
      } else if (this.state === "object") {
        if (byte === QUOTE) this.state = "string";
        else if (byte === OPEN) this.depth += 1;
        else if (byte === CLOSE) {
          this.depth -= 1;
          if (this.depth === 0) {
            this.bytes.append(chunk, kept, at + 1);
            this.state = "closed";
          }
        } else if (byte === RS || byte === SMALL_D) {
          this.damaged(this.startLine, this.startOffset, "an object that does not end before the next");
          this.state = "between";
        }
      } else if (this.state === "string" || this.state === "escape") {
        this.damaged(this.startLine, this.startOffset, "a string that does not end in its line");
        this.state = "between";
      } else if (this.state === "prelude") {
        if (byte === BRACKET) this.state = "between";
      } else if (this.state === "between" && !BETWEEN.has(byte) && !(byte === CLOSE && this.wrapped)) {
        this.damaged(this.lineFeeds + 1, this.offset + at, "bytes that belong to no object");
      }
      if (byte === LF) this.lineFeeds += 1;
      this.previous = byte;
    }
    if (this.state === "object" || this.state === "string" || this.state === "escape") {
      this.bytes.append(chunk, kept, chunk.length);
    }
    this.offset += chunk.length;
  }

  end(): void {
    if (this.state === "closed" || this.state === "closed-cr") this.hand(0);
    else if (this.state !== "between") {
      const inPrelude = this.state === "prelude";
      if (!inPrelude || this.offset > 0) this.handlers.truncated(inPrelude ? 1 : this.startLine, this.startOffset);
    }
  }

  /** The line end after an object is part of it, also when it comes with the next chunk. */
  private afterClose(byte: number): void {
    if (byte === CR && this.state === "closed") {
      this.state = "closed-cr";
      return;
    }
    this.hand(byte === LF ? (this.state === "closed-cr" ? 2 : 1) : 0);
  }

  private hand(lineEndBytes: number): void {
    this.inDamage = false;
    this.state = "between";
    this.handlers.object({
      bytes: this.bytes.view(),
      overflowed: this.bytes.overflowed,
      line: this.startLine,
      byteOffset: this.startOffset,
      byteLength: this.bytes.total + lineEndBytes,
    });
    this.bytes.clear();
  }

  private damaged(line: number, byteOffset: number, detail: string): void {
    if (!this.inDamage) this.handlers.damage(line, byteOffset, detail);
    this.inDamage = true;
  }
}
