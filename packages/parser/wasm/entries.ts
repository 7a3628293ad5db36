import { ENTRY, FIELDS, LINE_FEED, lineEnd, RESULTS } from "./memory";
import { holdsNeedle } from "./scan";

/**
 * Passes over journal entries that cannot matter, in export format or as JSON lines; `src/scan/like-entries.ts` says what
 * they must be like, and its twin reads the same. The pattern at ENTRY: form, length of the host name (32 bits each), hour
 * from and to, earliest stamp (64 bits each), boot (32 bytes), host name (64),
 * machine (32), whether there is one (32 bits).
 */

const JSON_LINES: u32 = 1;
const HOUR_FROM: usize = ENTRY + 8;
const HOUR_TO: usize = ENTRY + 16;
const EARLIEST: usize = ENTRY + 24;
const BOOT: usize = ENTRY + 32;
const HOST: usize = ENTRY + 64;
const MACHINE: usize = ENTRY + 128;

/** The fields by their numbers in the table that FIELDS holds: 32 bytes of first numbers by length, then 32 a name. */
const MESSAGE: u32 = 1;
const BOOT_ID: u32 = 2;
const HOSTNAME: u32 = 3;
const TRANSPORT: u32 = 4;
const FACILITY: u32 = 5;
const IDENTIFIER: u32 = 6;
const COMM: u32 = 7;
const REALTIME: u32 = 8;
const MONOTONIC: u32 = 9;
const SOURCE_REALTIME: u32 = 10;
const SOURCE_MONOTONIC: u32 = 11;
const SOURCE_BOOTTIME: u32 = 12;
const MACHINE_ID: u32 = 13;
const MOST_NAME_BYTES: u32 = 27;
const NEEDED: u32 = (1 << MESSAGE) | (1 << BOOT_ID) | (1 << HOSTNAME) | (1 << REALTIME) | (1 << MONOTONIC);
/** 2^53 - 1. */
const MOST_US: u64 = 9007199254740991;

/** 1 in each of 8 bytes. */
const ONES: u64 = (0x01010101 as u64) * 0x100000001;

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const COLON: u8 = 58;
const EQUALS: u8 = 61;
const COMMA: u8 = 44;
const OPEN: u8 = 123;
const CLOSE: u8 = 125;

/** Must be read to be known. */
const UNKNOWN: usize = 0;

/** Fields of the entry at hand, a bit each, and what they say. */
let seen: u32 = 0;
let isKernelTransport: bool = false;
let isOtherFacility: bool = false;
let isNamedKernel: bool = false;
let realtimeUs: u64 = 0;
let monotonicUs: u64 = 0;
let sourceRealtimeUs: u64 = 0;
let sourceMonotonicUs: u64 = 0;
let sourceBoottimeUs: u64 = 0;
/** Line feeds of the entry at hand. */
let feeds: u32 = 0;

/** Counts of the call. */
let kernelEntries: u32 = 0;
let firstUs: u64 = 0;
let lastUs: u64 = 0;

/** The number of a field; 0 for those that do not count. */
function fieldAt(name: usize, length: u32): u32 {
  if (length > MOST_NAME_BYTES) return 0;
  const whole: u32 = ((1 as u32) << length) - 1;
  let field: u32 = load<u8>(FIELDS + length);
  while (field !== 0) {
    const entry = FIELDS + (field << 5);
    const low: u32 = i8x16.bitmask(i8x16.eq(v128.load(name), v128.load(entry)));
    const high: u32 = i8x16.bitmask(i8x16.eq(v128.load(name, 16), v128.load(entry, 16)));
    if (((low | (high << 16)) & whole) === whole) return field;
    field = load<u8>(entry, 31);
  }
  return 0;
}

/** Whether two places have the same bytes, at most 64. Reads up to 15 behind them. */
function isSame(a: usize, b: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) if (!i8x16.all_true(i8x16.eq(v128.load(a + at), v128.load(b + at)))) return false;
  const rest: u32 = ((1 as u32) << ((length - at) as u32)) - 1;
  const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
  return (same & rest) === rest;
}

function isKernelWord(from: usize, to: usize): bool {
  // "kern" and "el" as little-endian numbers.
  return to - from === 6 && load<u32>(from) === 0x6e72656b && load<u16>(from + 4) === 0x6c65;
}

/** A number of 1 to 16 digits; above MOST_US where there is none. */
function decimal(from: usize, to: usize): u64 {
  if (from === to || to - from > 16) return u64.MAX_VALUE;
  let value: u64 = 0;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    // Eight at once: pairs, fours, then both halves (Lemire 2018, "Quickly parsing eight digits").
    let digits: u64 = load<u64>(at);
    const low = digits - 0x30 * ONES;
    if ((((digits + 0x46 * ONES) | low) & (0x80 * ONES)) !== 0) return u64.MAX_VALUE;
    digits = low * 10 + (low >> 8);
    const odd = (digits & 0x000000ff000000ff) * 0x000f424000000064;
    const even = ((digits >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
    value = value * 100000000 + ((odd + even) >> 32);
  }
  for (; at < to; at++) {
    const digit: u32 = (load<u8>(at) as u32) - 48;
    if (digit > 9) return u64.MAX_VALUE;
    value = value * 10 + (digit as u64);
  }
  return value;
}

/** Takes the value of a field that counts; false when the entry must be read. */
function take(field: u32, from: usize, to: usize): bool {
  const bit: u32 = 1 << field;
  if ((seen & bit) !== 0) return false;
  seen |= bit;
  if (field === MESSAGE) return !holdsNeedle(from, to);
  if (field === BOOT_ID) return to - from === 32 && isSame(from, BOOT, 32);
  if (field === MACHINE_ID) return to - from === 32 && isSame(from, MACHINE, 32);
  if (field === HOSTNAME) {
    const length: usize = load<u32>(ENTRY, 4);
    return to - from === length && isSame(from, HOST, length);
  }
  if (field === TRANSPORT) {
    isKernelTransport = isKernelWord(from, to);
    return true;
  }
  if (field === FACILITY) {
    isOtherFacility = to - from !== 1 || load<u8>(from) !== 48;
    return true;
  }
  if (field === IDENTIFIER || field === COMM) {
    if (isKernelWord(from, to)) isNamedKernel = true;
    return true;
  }
  const us = decimal(from, to);
  if (us > MOST_US) return false;
  if (field === REALTIME) realtimeUs = us;
  else if (field === MONOTONIC) monotonicUs = us;
  else if (field === SOURCE_REALTIME) sourceRealtimeUs = us;
  else if (field === SOURCE_MONOTONIC) sourceMonotonicUs = us;
  else sourceBoottimeUs = us;
  return true;
}

function begin(): void {
  seen = 0;
  feeds = 0;
  isKernelTransport = false;
  isOtherFacility = false;
  isNamedKernel = false;
}

/** Counts an entry whose fields are all taken; false when it must be read. */
function finish(): bool {
  if ((seen & NEEDED) !== NEEDED) return false;
  if (((seen >>> MACHINE_ID) & 1) !== load<u32>(MACHINE, 32)) return false;
  const isKernel = isKernelTransport && !isOtherFacility;
  if (!isKernel && isNamedKernel) return false;
  let us = realtimeUs;
  if (isKernelTransport) {
    const hasMonotonic = (seen & (1 << SOURCE_MONOTONIC)) !== 0;
    const printed = hasMonotonic ? sourceMonotonicUs : sourceBoottimeUs;
    const isPrinted = (seen & ((1 << SOURCE_MONOTONIC) | (1 << SOURCE_BOOTTIME))) !== 0;
    if (isPrinted && printed <= monotonicUs) {
      const lag = monotonicUs - printed;
      if (lag > us) return false;
      us -= lag;
    }
  } else if ((seen & (1 << SOURCE_REALTIME)) !== 0) us = sourceRealtimeUs;
  if (us < load<u64>(EARLIEST)) return false;
  if (isKernel) {
    if (us < load<u64>(HOUR_FROM) || us >= load<u64>(HOUR_TO)) return false;
    firstUs = kernelEntries === 0 ? us : min(firstUs, us);
    lastUs = kernelEntries === 0 ? us : max(lastUs, us);
    kernelEntries++;
  }
  return true;
}

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

/** Where a value's text begins, `at` being the quote behind its name; or UNKNOWN. */
function valueAt(at: usize, to: usize): usize {
  // `":"` as a little-endian number: as journalctl writes it, without spaces.
  if ((load<u32>(at) & 0xffffff) === 0x223a22) return at + 3;
  at = behindSpaces(at + 1, to);
  if (load<u8>(at) !== COLON) return UNKNOWN;
  at = behindSpaces(at + 1, to);
  return load<u8>(at) === QUOTE ? at + 1 : UNKNOWN;
}

/** Behind an entry that stands as an object in one line and was counted; or UNKNOWN. */
function jsonEntry(from: usize, to: usize): usize {
  begin();
  if (load<u8>(from) !== OPEN) return UNKNOWN;
  let at = behindSpaces(from + 1, to);
  if (load<u8>(at) !== QUOTE) return UNKNOWN;
  let name = at + 1;
  while (name < to) {
    at = stringEnd(name, to, false);
    if (at === UNKNOWN) return UNKNOWN;
    const field = fieldAt(name, (at - name) as u32);
    const value = valueAt(at, to);
    if (value === UNKNOWN) return UNKNOWN;
    at = stringEnd(value, to, field === 0 || field === MESSAGE);
    if (at === UNKNOWN) return UNKNOWN;
    if (field !== 0 && !take(field, value, at)) return UNKNOWN;
    // `","` in the same way.
    if ((load<u32>(at) & 0xffffff) === 0x222c22) {
      name = at + 3;
      continue;
    }
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) === CLOSE) {
      if (at + 1 >= to || load<u8>(at, 1) !== LINE_FEED || !finish()) return UNKNOWN;
      feeds = 1;
      return at + 2;
    }
    if (load<u8>(at) !== COMMA) return UNKNOWN;
    at = behindSpaces(at + 1, to);
    if (load<u8>(at) !== QUOTE) return UNKNOWN;
    name = at + 1;
  }
  return UNKNOWN;
}

/** The first `=` or line feed in [at, to), or `to`. */
function nameEnd(at: usize, to: usize): usize {
  const feed = i8x16.splat(LINE_FEED);
  const equals = i8x16.splat(EQUALS);
  while (at < to) {
    const a = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(a, feed), i8x16.eq(a, equals)));
    if (found !== 0) return min(at + ctz(found), to);
    at += 16;
  }
  return to;
}

function isAscii(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) > 127) return false;
  return true;
}

/** Behind a field in binary form whose name does not count, `at` being the line feed behind that; or UNKNOWN. */
function binaryEnd(name: usize, at: usize, to: usize): usize {
  if (at - name > 64) return UNKNOWN;
  for (let place = name; place < at; place++) {
    const byte = load<u8>(place);
    if (!((byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95)) return UNKNOWN;
  }
  if (to - at < 10) return UNKNOWN;
  const size = load<u64>(at + 1);
  if (size > ((to - at - 10) as u64)) return UNKNOWN;
  const end = at + 9 + (size as usize);
  if (load<u8>(end) !== LINE_FEED) return UNKNOWN;
  for (let feed = lineEnd(at + 1, end); feed < end; feed = lineEnd(feed + 1, end)) feeds++;
  feeds += 2;
  return end + 1;
}

/** Behind an entry in export format, its empty line included, that was counted; or UNKNOWN. */
function exportEntry(from: usize, to: usize): usize {
  begin();
  let at = from;
  while (at < to) {
    if (load<u8>(at) === LINE_FEED) {
      if (at === from || !finish()) return UNKNOWN;
      feeds++;
      return at + 1;
    }
    const name = at;
    at = nameEnd(name, to);
    if (at === to) return UNKNOWN;
    const field = fieldAt(name, (at - name) as u32);
    if (load<u8>(at) === LINE_FEED) {
      at = field === 0 ? binaryEnd(name, at, to) : UNKNOWN;
      if (at === UNKNOWN) return UNKNOWN;
      continue;
    }
    const value = at + 1;
    at = lineEnd(value, to);
    if (at === to || load<u8>(at - 1) === 13) return UNKNOWN;
    if (field !== 0) {
      if (field === MESSAGE && !isAscii(value, at)) return UNKNOWN;
      if (!take(field, value, at)) return UNKNOWN;
    }
    feeds++;
    at++;
  }
  return UNKNOWN;
}

/**
 * Counts the entries from `from` on, where one begins, up to the first that must be read. Results, behind those of `pass`:
 * entries, line feeds, entries of the kernel (32 bits each); from 0xb0, microseconds of the first and the last of these (64).
 * Returns behind the last entry counted.
 */
export function entries(from: usize, to: usize): usize {
  const isJson = load<u32>(ENTRY) === JSON_LINES;
  let at = from;
  let count: u32 = 0;
  let lines: u32 = 0;
  kernelEntries = 0;
  firstUs = 0;
  lastUs = 0;
  while (at < to) {
    const end = isJson ? jsonEntry(at, to) : exportEntry(at, to);
    if (end === UNKNOWN) break;
    at = end;
    count++;
    lines += feeds;
  }
  store<u32>(RESULTS, count, 32);
  store<u32>(RESULTS, lines, 36);
  store<u32>(RESULTS, kernelEntries, 40);
  store<u64>(RESULTS, firstUs, 48);
  store<u64>(RESULTS, lastUs, 56);
  return at;
}
