import { COUNTED_FIELDS, latin1, type TwinEntry } from "./entry-fields.js";
import { isUtf8 } from "./utf8.js";

/** The scalar twin of the kernel's `json-entry.ts` and `json-dense.ts`: which lines are entries that can be counted. */

const [LF, SPACE, QUOTE, COMMA, ZERO, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  10, 32, 34, 44, 48, 58, 91, 92, 93, 123, 125,
];
/** An escape, and one that stands for `"`, `\\`, `/` or a control character: no needle that JSON is searched for holds these. */
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-f]{4})/i;
const NO_LETTER = /^\\(?:["\\/bfnrt]|u00[01])/;
const DEEPEST_LIST = 2;

interface Text {
  readonly from: number;
  /** Of the quote behind it. */
  readonly end: number;
  readonly text: string;
  /** Whether an escape in it may stand for any letter. */
  readonly hasLetter: boolean;
}

/** A line that is one object: of strings, lists, whole numbers and `null`; those that count are strings. */
export function jsonEntry(bytes: Uint8Array, from: number, to: number): TwinEntry | null {
  const fields = new Map<string, string>();
  let message: TwinEntry["message"] = null;
  if (bytes[from] !== OPEN) return null;
  for (let at = from + 1; at < to; ) {
    const name = stringAt(bytes, behindSpaces(bytes, at, to), to);
    if (name === null || name.hasLetter) return null;
    at = behindSpaces(bytes, name.end + 1, to);
    if (bytes[at] !== COLON) return null;
    at = behindSpaces(bytes, at + 1, to);
    const isCounted = COUNTED_FIELDS.includes(name.text);
    if (isCounted || bytes[at] === QUOTE) {
      const value = stringAt(bytes, at, to);
      if (value === null || (isCounted && (value.hasLetter || fields.has(name.text)))) return null;
      if (isCounted) fields.set(name.text, value.text);
      if (name.text === "MESSAGE") message = value;
      at = value.end + 1;
    } else {
      const end = valueEnd(bytes, at, to, 0);
      if (end === null) return null;
      at = end;
    }
    at = behindSpaces(bytes, at, to);
    if (bytes[at] === COMMA) at += 1;
    else if (bytes[at] !== CLOSE || at + 1 >= to || bytes[at + 1] !== LF) return null;
    else return { fields, message, lines: 1, end: at + 2 };
  }
  return null;
}

/** Behind a string, a whole number, `null`, or a list of these and of lists of these that is not empty; else null. */
function valueEnd(bytes: Uint8Array, from: number, to: number, depth: number): number | null {
  const first = bytes[from];
  if (first === QUOTE) {
    const text = stringAt(bytes, from, to);
    return text === null ? null : text.end + 1;
  }
  if (latin1(bytes.subarray(from, from + 4)) === "null") return from + 4;
  if (first === ZERO) return from + 1;
  let at = from;
  if (first !== OPEN_LIST) {
    while (at < to && bytes[at]! >= ZERO && bytes[at]! < ZERO + 10) at += 1;
    return at === from ? null : at;
  }
  if (depth === DEEPEST_LIST) return null;
  for (let next = from + 1; ; ) {
    const end = valueEnd(bytes, behindSpaces(bytes, next, to), to, depth + 1);
    if (end === null) return null;
    at = behindSpaces(bytes, end, to);
    if (at < to && bytes[at] === CLOSE_LIST) return at + 1;
    if (at >= to || bytes[at] !== COMMA) return null;
    next = at + 1;
  }
}

/** A well-formed string between quotes; null where there is none. */
function stringAt(bytes: Uint8Array, open: number, to: number): Text | null {
  if (bytes[open] !== QUOTE) return null;
  let hasLetter = false;
  for (let at = open + 1; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      const inside = bytes.subarray(open + 1, at);
      return isUtf8(inside) ? { from: open + 1, end: at, text: latin1(inside), hasLetter } : null;
    }
    if (byte < SPACE) return null;
    if (byte !== BACKSLASH) continue;
    const said = latin1(bytes.subarray(at, at + 6));
    if (!ESCAPE.test(said)) return null;
    hasLetter ||= !NO_LETTER.test(said);
    at += 1;
  }
  return null;
}

function behindSpaces(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at += 1;
  return at;
}
