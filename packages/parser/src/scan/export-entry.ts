import { COUNTED_FIELDS, latin1, type TwinEntry } from "./entry-fields.js";
import { isUtf8 } from "./utf8.js";

/** The scalar twin of the kernel's `export-entry.ts`. */

const MOST_BINARY_NAME_BYTES = 64;
const BINARY_NAME = /^[A-Z0-9_]*$/;
const [LF, CR, EQUALS] = [10, 13, 61];
/** Bytes of a binary field between its name and its value: a line feed and the length; behind it is one more line feed. */
const LENGTH_BYTES = 9;

/** An entry in export format with its empty line; of fields that count, MESSAGE alone may be binary, and is UTF-8. */
export function exportEntry(bytes: Uint8Array, from: number, to: number): TwinEntry | null {
  const fields = new Map<string, string>();
  let message: TwinEntry["message"] = null;
  let lines = 0;
  for (let at = from; at < to; ) {
    if (bytes[at] === LF) return at === from ? null : { fields, message, lines: lines + 1, end: at + 1 };
    const feed = bytes.indexOf(LF, at);
    if (feed === -1 || feed >= to) return null;
    const equals = bytes.indexOf(EQUALS, at);
    const isBinary = equals === -1 || equals > feed;
    const name = latin1(bytes.subarray(at, isBinary ? feed : equals));
    const value = isBinary ? feed + LENGTH_BYTES : equals + 1;
    const end = isBinary ? binaryEnd(bytes, name, feed, to) : feed;
    if (end === null || (!isBinary && bytes[feed - 1] === CR)) return null;
    if (COUNTED_FIELDS.includes(name)) {
      const isMessage = name === "MESSAGE";
      if (fields.has(name) || (isBinary && !isMessage)) return null;
      if (isMessage && !isUtf8(bytes.subarray(value, end))) return null;
      if (isMessage) message = { from: value, end };
      fields.set(name, latin1(bytes.subarray(value, end)));
    }
    for (let one = at; one <= end; one += 1) if (bytes[one] === LF) lines += 1;
    at = end + 1;
  }
  return null;
}

/** Where the value of a binary field ends, `feed` being the line feed behind its name; null where it is not as it should be. */
function binaryEnd(bytes: Uint8Array, name: string, feed: number, to: number): number | null {
  if (name.length > MOST_BINARY_NAME_BYTES || !BINARY_NAME.test(name) || to - feed <= LENGTH_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + feed + 1, 8);
  const size = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const end = feed + LENGTH_BYTES + size;
  return end < to && bytes[end] === LF ? end : null;
}
