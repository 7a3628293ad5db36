import { BoundedBytes } from "./bounded-bytes.js";
import type { CutLine } from "./line-cutter.js";

const LF = 10;
const CR = 13;
const SPACE = 32;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
/** Digits of a length: a syslog message of a megabyte has seven. */
const MOST_DIGITS = 7;

/**
 * Whether bytes are syslog messages that each say their length (RFC 6587, section 3.4.1, octet counting), as TCP carries
 * them: the first must be followed by another, or by the end.
 */
export function isOctetCounted(head: Uint8Array): boolean {
  const match = /^(\d{1,7}) <\d{1,3}>/.exec(new TextDecoder("latin1").decode(head.subarray(0, 16)));
  if (match === null) return false;
  let next = (match[1] ?? "").length + 1 + Number(match[1]);
  if (next >= head.length) return true;
  while (head[next] === LF || head[next] === CR) next += 1;
  return next >= head.length || isDigit(head[next]);
}

/**
 * Cuts a stream of octet-counted messages into messages, whatever the chunks; a message may hold line ends. Bytes that
 * are no length where one should stand are handed over as a line up to the next line end. Memory: one unfinished
 * message, bounded by the limit.
 */
export class OctetCutter {
  lines = 0;
  readonly #carry: BoundedBytes;
  readonly #onLine: (line: CutLine) => void;
  #offset = 0;
  /** Bytes of the message's length and of line ends before it. */
  #headBytes = 0;
  #digits = "";
  /** Bytes that the message still lacks; null: its length is being read; Infinity: a line without a length. */
  #left: number | null = null;

  constructor(limit: number, onLine: (line: CutLine) => void) {
    this.#carry = new BoundedBytes(limit);
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) at = this.#left === null ? this.#length(chunk, at) : this.#message(chunk, at);
  }

  end(): void {
    if (this.#left === null) this.#keepDigits();
    if (this.#carry.total > 0) this.#hand(false);
  }

  /** Reads on at a length; gives the place behind what it used. */
  #length(chunk: Uint8Array, from: number): number {
    const byte = chunk[from];
    if (isDigit(byte) && this.#digits.length < MOST_DIGITS) {
      this.#digits += String.fromCharCode(byte ?? 0);
      this.#headBytes += 1;
    } else if (byte === SPACE && this.#digits !== "") {
      this.#left = Number(this.#digits);
      this.#headBytes += 1;
      if (this.#left === 0) this.#hand(true);
    } else if ((byte === LF || byte === CR) && this.#digits === "") {
      this.#headBytes += 1;
    } else {
      this.#keepDigits();
      this.#left = Number.POSITIVE_INFINITY;
      return from;
    }
    return from + 1;
  }

  /** What was taken for a length is part of a line. */
  #keepDigits(): void {
    const digits = new TextEncoder().encode(this.#digits);
    this.#carry.append(digits, 0, digits.length);
    this.#headBytes -= digits.length;
  }

  #message(chunk: Uint8Array, from: number): number {
    const left = this.#left ?? 0;
    if (left === Number.POSITIVE_INFINITY) {
      const end = chunk.indexOf(LF, from);
      this.#carry.append(chunk, from, end === -1 ? chunk.length : end);
      if (end === -1) return chunk.length;
      this.#headBytes += 1;
      this.#hand(true);
      return end + 1;
    }
    const to = Math.min(chunk.length, from + left);
    this.#carry.append(chunk, from, to);
    this.#left = left - (to - from);
    if (this.#left === 0) this.#hand(true);
    return to;
  }

  #hand(terminated: boolean): void {
    const carry = this.#carry;
    const byteLength = this.#headBytes + carry.total;
    const overflowed = carry.total > carry.limit;
    const bytes = carry.view();
    this.lines += 1;
    this.#onLine({
      // Some senders count the line end into the message.
      bytes: bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes,
      number: this.lines,
      byteOffset: this.#offset,
      byteLength,
      overflowed,
      terminated,
    });
    this.#offset += byteLength;
    this.#headBytes = 0;
    this.#digits = "";
    this.#left = null;
    carry.clear();
  }
}
