import { fieldAt, finish, setValue, UNKNOWN } from "./entry-fields";
import { escapeAt, OTHER } from "./json-escape";
import { PLACES } from "./memory";
import { isUtf8 } from "./utf8";

/**
 * Entries as journalctl writes most of them: an object of strings in one line, without spaces between them. The quotes of 64
 * bytes are looked at together, as bits: one that a string ends with is followed by `:"` or `,"`, and every other one is
 * the second of these. So a field costs no search for its end, and no guess of the processor's that fails: entries of many
 * senders in turns are as fast as those of one.
 */

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const COLON: u8 = 58;
const COMMA: u8 = 44;
const OPEN: u8 = 123;
/** `{"` and, behind the last quote, `}` with the line's end, as little-endian numbers. */
const BEGIN: u16 = 0x227b;
const END: u16 = 0x0a7d;
/** Bytes between a string and the next: `":"` or `","`. */
const MARK_BYTES: usize = 3;

/** Quotes that end strings, 32 bits each, at most so many. */
const MOST_ENDS: usize = 992;
const ENDS_LIMIT: usize = PLACES + 4 * MOST_ENDS;

/** Of the entry at hand: the first byte that is not ASCII, 0 where there is none, and behind the last. */
let wideFrom: usize = 0;
let wideTo: usize = 0;

/** A bit a byte of 64, set where the lanes are. */
function bitsOf(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = (i8x16.bitmask(a) as u32 as u64) | ((i8x16.bitmask(b) as u32 as u64) << 16);
  const high = (i8x16.bitmask(c) as u32 as u64) | ((i8x16.bitmask(d) as u32 as u64) << 16);
  return low | (high << 32);
}

/** Quotes that `:` or `,` follows, `next` being the bytes one place on. */
function endsIn(quotes: v128, next: v128): v128 {
  return v128.and(quotes, v128.or(i8x16.eq(next, i8x16.splat(COLON)), i8x16.eq(next, i8x16.splat(COMMA))));
}

/** Backslashes, control characters, and as signed numbers all bytes that are not ASCII. */
function odd(bytes: v128): v128 {
  return v128.or(i8x16.lt_s(bytes, i8x16.splat(32)), i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
}

/** Whether the first of the next 64 bytes is escaped, as bit 0. */
let carry: u64 = 0;
/** Where a line feed or what no string holds stands; what is behind it was not looked at. */
let brokenAt: usize = usize.MAX_VALUE;

/** The bits of bytes that are escaped, `bits` being those that are odd. */
function escapedIn(at: usize, bits: u64): u64 {
  let escaped: u64 = carry;
  bits &= ~carry;
  carry = 0;
  while (bits !== 0) {
    const bit = ctz(bits);
    bits &= bits - 1;
    const place = at + (bit as usize);
    const byte = load<u8>(place);
    if (byte === BACKSLASH) {
      if (escapeAt(place) !== OTHER) {
        brokenAt = place;
        return escaped;
      }
      if (bit === 63) carry = 1;
      else {
        escaped |= (2 as u64) << bit;
        bits &= ~((2 as u64) << bit);
      }
    } else if (byte >= 128) {
      if (wideFrom === 0) wideFrom = place;
      wideTo = place + 1;
    } else {
      brokenAt = place;
      return escaped;
    }
  }
  return escaped;
}

/** Writes where the bits stand, and returns behind the last one written. Work does not hang on how many, up to eight. */
function write(ends: usize, at: usize, bits: u64): usize {
  const behind = ends + 4 * (popcnt(bits) as usize);
  do {
    store<u32>(ends, (at as u32) + (ctz(bits) as u32));
    bits &= bits - 1;
    store<u32>(ends, (at as u32) + (ctz(bits) as u32), 4);
    bits &= bits - 1;
    store<u32>(ends, (at as u32) + (ctz(bits) as u32), 8);
    bits &= bits - 1;
    store<u32>(ends, (at as u32) + (ctz(bits) as u32), 12);
    bits &= bits - 1;
    ends += 16;
  } while (bits !== 0);
  return behind;
}

/** Behind an entry that was counted; or UNKNOWN: it must be looked at otherwise. */
export function denseEntry(from: usize, to: usize): usize {
  if (load<u16>(from) !== BEGIN) return UNKNOWN;
  const quote = i8x16.splat(QUOTE);
  wideFrom = 0;
  wideTo = 0;
  carry = 0;
  brokenAt = usize.MAX_VALUE;
  let ends: usize = PLACES;
  let at = from + 1;
  // Quotes that begin a string: here the first, then those behind `:` and `,`.
  let begins: u64 = 1;
  for (; at < to; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const quotesA = i8x16.eq(a, quote);
    const quotesB = i8x16.eq(b, quote);
    const quotesC = i8x16.eq(c, quote);
    const quotesD = i8x16.eq(d, quote);
    let quotes = bitsOf(quotesA, quotesB, quotesC, quotesD);
    let found = bitsOf(
      endsIn(quotesA, v128.load(at, 1)),
      endsIn(quotesB, v128.load(at, 17)),
      endsIn(quotesC, v128.load(at, 33)),
      endsIn(quotesD, v128.load(at, 49)),
    );
    const oddA = odd(a);
    const oddB = odd(b);
    const oddC = odd(c);
    const oddD = odd(d);
    if (carry !== 0 || v128.any_true(v128.or(v128.or(oddA, oddB), v128.or(oddC, oddD)))) {
      const escaped = escapedIn(at, bitsOf(oddA, oddB, oddC, oddD));
      quotes &= ~escaped;
      found &= ~escaped;
    }
    const second = (found << 2) | begins;
    // No quote is the end of one string and the begin of the next.
    if ((found & second) !== 0) return UNKNOWN;
    const wrong = quotes ^ (found | second);
    if (wrong !== 0) {
      // The last quote of the entry; or no entry of this kind.
      const bit = ctz(wrong);
      const last = at + (bit as usize);
      const isLast = ((quotes >>> bit) & 1) !== 0 && load<u16>(last, 1) === END && last < brokenAt;
      if (!isLast || last + MARK_BYTES > to) return UNKNOWN;
      ends = write(ends, at, found & (((1 as u64) << bit) - 1));
      if (ends > ENDS_LIMIT) return UNKNOWN;
      store<u32>(ends, last as u32);
      return judge(from + 2, ends) ? last + MARK_BYTES : UNKNOWN;
    }
    if (brokenAt !== usize.MAX_VALUE) return UNKNOWN;
    begins = found >>> 62;
    ends = write(ends, at, found);
    if (ends > ENDS_LIMIT) return UNKNOWN;
  }
  return UNKNOWN;
}

/**
 * Counts the entry of which the first name begins at `name` and the last quote stands at `last` of the table. What is wrong
 * is gathered and told at the end: a branch a field costs more than all else.
 */
function judge(name: usize, last: usize): bool {
  // Names and values in turns, so that the last end is a value's.
  if (((last - PLACES) & 7) !== 4) return false;
  let seen: u32 = 0;
  let twice: u32 = 0;
  let wrong: u32 = 0;
  let before: u32 = OPEN;
  for (let place: usize = PLACES; place < last; place += 8) {
    const nameEnd: usize = load<u32>(place);
    wrong |= ((load<u8>(name - 2) as u32) ^ before) | ((load<u8>(nameEnd, 1) as u32) ^ COLON);
    before = COMMA;
    const field = fieldAt(name, (nameEnd - name) as u32);
    const bit: u32 = 1 << field;
    twice |= seen & bit;
    seen |= bit;
    const valueEnd: usize = load<u32>(place, 4);
    setValue(field, nameEnd + MARK_BYTES, valueEnd);
    name = valueEnd + MARK_BYTES;
  }
  return wrong === 0 && (wideFrom === 0 || isUtf8(wideFrom, wideTo)) && finish(seen, twice);
}
