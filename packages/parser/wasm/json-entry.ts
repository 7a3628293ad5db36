import { beginEntry, fieldAt, finishNoted, note, UNKNOWN } from "./entry-fields";
import { denseEntry } from "./json-dense";
import { escapeAt, OTHER } from "./json-escape";
import { LINE_FEED } from "./memory";
import { isUtf8 } from "./utf8";

/**
 * Entries of a journal as JSON, one in a line. Those that are not dense are read a field at a time: with spaces, with lists
 * (fields that occur several times, values that are no text), with `null` (values that are long).
 */

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const COLON: u8 = 58;
const COMMA: u8 = 44;
const OPEN: u8 = 123;
const CLOSE: u8 = 125;
const OPEN_LIST: u8 = 91;
const CLOSE_LIST: u8 = 93;
/** `null` as a little-endian number. */
const NULL: u32 = 0x6c6c756e;

/** Whether the string that was passed last holds an escape that may stand for any letter. */
let hasLetter: bool = false;

/** The quote that ends the string from `from` on; or UNKNOWN, where none does before `to`, or it is not well-formed. */
function stringEnd(from: usize, to: usize): usize {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  const blank = i8x16.splat(32);
  let isWide = false;
  hasLetter = false;
  let at = from;
  while (at < to) {
    const a = v128.load(at);
    // Control characters, and as signed numbers all that is not ASCII.
    const found = i8x16.bitmask(v128.or(v128.or(i8x16.eq(a, quote), i8x16.eq(a, backslash)), i8x16.lt_s(a, blank)));
    if (found === 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (at >= to) return UNKNOWN;
    const byte = load<u8>(at);
    if (byte === QUOTE) return isWide && !isUtf8(from, at) ? UNKNOWN : at;
    if (byte >= 128) {
      isWide = true;
      at++;
      continue;
    }
    const kind: u32 = byte === BACKSLASH ? escapeAt(at) : 0;
    if (kind === 0) return UNKNOWN;
    if (kind !== OTHER) hasLetter = true;
    at += 2;
  }
  return UNKNOWN;
}

function behindSpaces(at: usize, to: usize): usize {
  while (at < to && load<u8>(at) === 32) at++;
  return at;
}

/** Behind whole numbers, strings, `null` and lists of these, `at` being behind the `[`; or UNKNOWN. */
function listEnd(at: usize, to: usize): usize {
  let depth = 1;
  let isBehindItem = false;
  while (at < to) {
    at = behindSpaces(at, to);
    const byte = load<u8>(at);
    if (isBehindItem) {
      if (byte === CLOSE_LIST) {
        at++;
        depth--;
        if (depth === 0) return at;
      } else if (byte === COMMA) {
        at++;
        isBehindItem = false;
      } else return UNKNOWN;
      continue;
    }
    if (byte === OPEN_LIST) {
      if (depth === 2) return UNKNOWN;
      depth++;
      at++;
      continue;
    }
    at = itemEnd(at, to);
    if (at === UNKNOWN) return UNKNOWN;
    isBehindItem = true;
  }
  return UNKNOWN;
}

/** Behind a string, a whole number or `null`; or UNKNOWN. */
function itemEnd(at: usize, to: usize): usize {
  const first = load<u8>(at);
  if (first === QUOTE) {
    at = stringEnd(at + 1, to);
    return at === UNKNOWN ? UNKNOWN : at + 1;
  }
  if (load<u32>(at) === NULL) return at + 4;
  // No number has a zero before its other digits.
  if (first === 48) return at + 1;
  const from = at;
  while (at < to && load<u8>(at) - 48 <= 9) at++;
  return at === from ? UNKNOWN : at;
}

function looseEntry(from: usize, to: usize): usize {
  beginEntry();
  if (load<u8>(from) !== OPEN) return UNKNOWN;
  let at = from + 1;
  while (at < to) {
    at = behindSpaces(at, to);
    if (load<u8>(at) !== QUOTE) return UNKNOWN;
    const name = at + 1;
    at = stringEnd(name, to);
    if (at === UNKNOWN || hasLetter) return UNKNOWN;
    const field = fieldAt(name, (at - name) as u32);
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) !== COLON) return UNKNOWN;
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) === QUOTE) {
      const value = at + 1;
      at = stringEnd(value, to);
      if (at === UNKNOWN) return UNKNOWN;
      if (field !== 0 && hasLetter) return UNKNOWN;
      note(field, value, at);
      at++;
    } else {
      if (field !== 0) return UNKNOWN;
      at = load<u8>(at) === OPEN_LIST ? listEnd(at + 1, to) : itemEnd(at, to);
      if (at === UNKNOWN) return UNKNOWN;
    }
    at = behindSpaces(at, to);
    const mark = load<u8>(at);
    at++;
    if (mark === COMMA) continue;
    return mark === CLOSE && at < to && load<u8>(at) === LINE_FEED && finishNoted() ? at + 1 : UNKNOWN;
  }
  return UNKNOWN;
}

/** Behind an entry that stands as an object in one line and was counted; or UNKNOWN. */
export function jsonEntry(from: usize, to: usize): usize {
  const end = denseEntry(from, to);
  return end === UNKNOWN ? looseEntry(from, to) : end;
}
