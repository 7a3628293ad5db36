import { beginEntry, fieldAt, finish, MESSAGE, take, takeAgain, UNKNOWN } from "./entry-fields";
import { LINE_FEED, PLACES } from "./memory";

/**
 * Entries of a journal as JSON, one in a line. Neighbours say much the same: fields that are, byte for byte, those of the entry
 * before are passed over at once, and only what differs is looked at.
 */

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const COLON: u8 = 58;
const COMMA: u8 = 44;
const OPEN: u8 = 123;
const CLOSE: u8 = 125;

/** `":"` and `","` as little-endian numbers: what journalctl writes between strings, without spaces. */
const TO_VALUE: u32 = 0x223a22;
const TO_NAME: u32 = 0x222c22;
const MARK_BYTES: usize = 3;

/**
 * Where the fields of the entry before stand, in order: value, end of the value (addresses), number, nothing (32 bits each).
 * Those of the entry at hand are written over them, each after it was read.
 */
const PLACE_BYTES: usize = 16;
const MOST_PLACES: u32 = 64;

/** Of the entry before, which ended directly before this one: how many fields it has in the table, its first name. */
let beforeFields: u32 = 0;
let beforeFirst: usize = 0;

/** The next quote that ends a string, or UNKNOWN: what is no plain ASCII, or no end before `to`. `\u`, `\/`, `\b` and `\f` are read. */
function stringEnd(from: usize, to: usize, mayEscape: bool): usize {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  const blank = i8x16.splat(32);
  let at = from;
  while (at < to) {
    const a = v128.load(at);
    // Control characters, and as signed numbers all that is not ASCII.
    const odd = v128.or(v128.or(i8x16.eq(a, quote), i8x16.eq(a, backslash)), i8x16.lt_s(a, blank));
    const found = i8x16.bitmask(odd);
    if (found === 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    if (at >= to) return UNKNOWN;
    const byte = load<u8>(at);
    if (byte === QUOTE) return at;
    if (byte !== BACKSLASH || !mayEscape) return UNKNOWN;
    const next = load<u8>(at + 1);
    // Those of `"`, `\`, line feed, carriage return and tab: no needle holds one of these.
    if (next !== QUOTE && next !== BACKSLASH && next !== 110 && next !== 114 && next !== 116) return UNKNOWN;
    at += 2;
  }
  return UNKNOWN;
}

function behindSpaces(at: usize, to: usize): usize {
  while (at < to && load<u8>(at) === 32) at++;
  return at;
}

function isMark(at: usize, mark: u32): bool {
  return (load<u32>(at) & 0xffffff) === mark;
}

/** Where a value's text begins, `at` being the quote behind its name; or UNKNOWN. */
function valueAt(at: usize, to: usize): usize {
  if (isMark(at, TO_VALUE)) return at + MARK_BYTES;
  at = behindSpaces(at + 1, to);
  if (load<u8>(at) !== COLON) return UNKNOWN;
  at = behindSpaces(at + 1, to);
  return load<u8>(at) === QUOTE ? at + 1 : UNKNOWN;
}

/** How many bytes from `a` on are those from `b` on, `most` at most. */
function alike(a: usize, b: usize, most: usize): usize {
  for (let at: usize = 0; at < most; at += 16) {
    const others: u32 = ~i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at))) & 0xffff;
    if (others !== 0) return min(at + ctz(others), most);
  }
  return most;
}

function note(field: u32, index: u32, value: usize, end: usize): void {
  if (index >= MOST_PLACES) return;
  const place = PLACES + PLACE_BYTES * (index as usize);
  store<u32>(place, value as u32);
  store<u32>(place, end as u32, 4);
  store<u32>(place, field, 8);
}

/** Forgets the entry before: bytes may have come since. */
export function beginJson(): void {
  beforeFields = 0;
}

/** Behind an entry that stands as an object in one line and was counted; or UNKNOWN. */
export function jsonEntry(from: usize, to: usize): usize {
  beginEntry();
  if (load<u8>(from) !== OPEN) return UNKNOWN;
  let at = behindSpaces(from + 1, to);
  if (load<u8>(at) !== QUOTE) return UNKNOWN;
  const first = at + 1;
  let name = first;
  // Name of the same field in the entry before.
  let beforeName = beforeFirst;
  let fields: u32 = 0;
  // Whether all fields so far have no spaces between them.
  let isDense = true;
  while (name < to) {
    let field: u32 = 0;
    let value: usize = UNKNOWN;
    if (fields < beforeFields) {
      const moved = name - beforeName;
      const move = v128.and(i32x4.splat(moved as i32), i32x4(-1, -1, 0, 0));
      const alikeTo = beforeName + alike(name, beforeName, min(from - beforeName, to - name));
      let place = PLACES + PLACE_BYTES * (fields as usize);
      // The last field is followed by something else.
      while (fields + 1 < beforeFields) {
        const next = (load<u32>(place, 4) as usize) + MARK_BYTES;
        if (next > alikeTo) break;
        field = load<u32>(place, 8);
        if (field !== 0 && !takeAgain(field)) return UNKNOWN;
        v128.store(place, i32x4.add(v128.load(place), move));
        fields++;
        place += PLACE_BYTES;
        beforeName = next;
      }
      name = beforeName + moved;
      const beforeValue = load<u32>(place) as usize;
      if (beforeValue <= alikeTo) {
        field = load<u32>(place, 8);
        value = beforeValue + moved;
      }
      beforeName = (load<u32>(place, 4) as usize) + MARK_BYTES;
    }
    if (value === UNKNOWN) {
      at = stringEnd(name, to, false);
      if (at === UNKNOWN) return UNKNOWN;
      field = fieldAt(name, (at - name) as u32);
      value = valueAt(at, to);
      if (value === UNKNOWN) return UNKNOWN;
    }
    at = stringEnd(value, to, field === 0 || field === MESSAGE);
    if (at === UNKNOWN) return UNKNOWN;
    if (field !== 0 && !take(field, value, at)) return UNKNOWN;
    note(field, fields, value, at);
    fields++;
    if (isMark(at, TO_NAME)) {
      name = at + MARK_BYTES;
      continue;
    }
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) === CLOSE) {
      if (at + 1 >= to || load<u8>(at, 1) !== LINE_FEED || !finish()) return UNKNOWN;
      beforeFields = isDense ? min(fields, MOST_PLACES) : 0;
      beforeFirst = first;
      return at + 2;
    }
    isDense = false;
    if (load<u8>(at) !== COMMA) return UNKNOWN;
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) !== QUOTE) return UNKNOWN;
    name = at + 1;
  }
  return UNKNOWN;
}
