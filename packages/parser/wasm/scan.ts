/**
 * The scanner's inner loop, in AssemblyScript: `node packages/parser/wasm/build.mjs` makes `src/scan/kernel-base64.ts` of it.
 * What it does and why: `src/scan/README.md`. It keeps nothing between calls, allocates nothing, calls nothing outside,
 * and lives in one linear memory that `src/scan/layout.ts` divides; the addresses here are those there.
 */

/** Two nibble tables of 16 bytes for each of three fingerprint bytes: low 0, high 0, low 1, high 1, low 2, high 2. */
const NIBBLES: usize = 0x0000;
/** Results of a call: candidate lines, line feeds. */
const RESULTS: usize = 0x0080;
/** 256 bytes: what each byte counts as; the identity unless ASCII case is ignored. */
const FOLD: usize = 0x0100;
/** 1024 bytes: first needle (from 1) of each hash of a fingerprint; 0: none. */
const HEADS: usize = 0x0200;
/** 8 bytes a needle: address, then one byte each: length, place of the fingerprint's last byte, next needle. */
const NEEDLES: usize = 0x0600;
/** The head of alike lines: its length, where `MM:SS` stands, digits of a second; 16 bytes on, its bytes; 80 on, masks. */
const HEAD: usize = 0x3e00;
const HEAD_BYTES: usize = HEAD + 16;
const HEAD_MASKS: usize = HEAD_BYTES + 80;
/** 12 bytes a candidate line: start, end, line feeds before it. */
const LINES: usize = 0x4000;
const MOST_LINES: u32 = 1024;
/** Text begins here; at least 32 bytes follow its end. */
const TEXT: usize = 0x10000;

const MULTIPLIER: u32 = 0x9e3779b1;
const LINE_FEED: u8 = 10;
/** Rounds of 32 bytes after which the 8 bit counters could overflow: each adds at most 2. */
const ROUNDS: usize = 127;

/** Lanes whose byte, and the two before it, are in the tables of one bucket. */
function bytesAt(low: v128, high: v128, lows: v128, highs: v128): v128 {
  return v128.and(i8x16.swizzle(lows, low), i8x16.swizzle(highs, high));
}

/** The 16 bytes that end one lane before `now` does, `before` being the 16 in front of it. */
function oneEarlier(before: v128, now: v128): v128 {
  return i8x16.shuffle(before, now, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

function twoEarlier(before: v128, now: v128): v128 {
  return i8x16.shuffle(before, now, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

/** Whether a needle whose fingerprint ends at `last` stands within [from, to). */
function isNeedle(last: usize, from: usize, to: usize): bool {
  const key: u32 =
    (load<u8>(FOLD + load<u8>(last - 2)) as u32) |
    ((load<u8>(FOLD + load<u8>(last - 1)) as u32) << 8) |
    ((load<u8>(FOLD + load<u8>(last)) as u32) << 16);
  let index: u32 = load<u8>(HEADS + ((key * MULTIPLIER) >>> 22));
  while (index !== 0) {
    const entry = NEEDLES + (index << 3);
    const needle: usize = load<u32>(entry);
    const length: usize = load<u8>(entry, 4);
    const start: usize = last - load<u8>(entry, 5);
    if (start >= from && start + length <= to) {
      let same: usize = 0;
      while (same < length && load<u8>(FOLD + load<u8>(start + same)) === load<u8>(needle + same)) same++;
      if (same === length) return true;
    }
    index = load<u8>(entry, 6);
  }
  return false;
}

/** Behind the last line feed in [floor, at), or `floor`. */
function lineStart(at: usize, floor: usize): usize {
  const feed = i8x16.splat(LINE_FEED);
  while (at > floor) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at - 16), feed));
    if (found !== 0) {
      const start = at - 16 + (32 - clz(found));
      return start > floor ? start : floor;
    }
    at -= 16;
  }
  return floor;
}

/** The first line feed in [at, to), or `to`. */
function lineEnd(at: usize, to: usize): usize {
  const feed = i8x16.splat(LINE_FEED);
  while (at < to) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    if (found !== 0) {
      const end = at + ctz(found);
      return end < to ? end : to;
    }
    at += 16;
  }
  return to;
}

/** Sum of 16 unsigned bytes. */
function sum(bytes: v128): u32 {
  const pairs = i16x8.extadd_pairwise_i8x16_u(bytes);
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
  return (
    i32x4.extract_lane(fours, 0) +
    i32x4.extract_lane(fours, 1) +
    i32x4.extract_lane(fours, 2) +
    i32x4.extract_lane(fours, 3)
  );
}

/**
 * Lists the lines of [from, to) that hold a needle, both addresses of this memory. Returns where to go on: `to`, or
 * behind the last line that the list had room for.
 */
export function scan(from: usize, to: usize): usize {
  const low0 = v128.load(NIBBLES, 0);
  const high0 = v128.load(NIBBLES, 16);
  const low1 = v128.load(NIBBLES, 32);
  const high1 = v128.load(NIBBLES, 48);
  const low2 = v128.load(NIBBLES, 64);
  const high2 = v128.load(NIBBLES, 80);
  const nibble = i8x16.splat(0x0f);
  const feed = i8x16.splat(LINE_FEED);
  const none = i8x16.splat(0);
  let first = none;
  let second = none;
  let at = from;
  let floor = from;
  let feeds: u32 = 0;
  let count: u32 = 0;
  while (at < to && count < MOST_LINES) {
    // Nothing is decided here: 32 bytes at a time for as long as no lane is suspicious.
    while (at + 32 <= to) {
      const whole = at + ((to - at) & ~31);
      const stop = min(whole, at + 32 * ROUNDS);
      let feedLanes = none;
      let isClear = true;
      while (at < stop) {
        const a = v128.load(at);
        const b = v128.load(at, 16);
        const aLow = v128.and(a, nibble);
        const aHigh = v128.and(i16x8.shr_u(a, 4), nibble);
        const bLow = v128.and(b, nibble);
        const bHigh = v128.and(i16x8.shr_u(b, 4), nibble);
        const a0 = bytesAt(aLow, aHigh, low0, high0);
        const a1 = bytesAt(aLow, aHigh, low1, high1);
        const b0 = bytesAt(bLow, bHigh, low0, high0);
        const b1 = bytesAt(bLow, bHigh, low1, high1);
        const hitsA = v128.and(
          v128.and(twoEarlier(first, a0), oneEarlier(second, a1)),
          bytesAt(aLow, aHigh, low2, high2),
        );
        const hitsB = v128.and(v128.and(twoEarlier(a0, b0), oneEarlier(a1, b1)), bytesAt(bLow, bHigh, low2, high2));
        if (v128.any_true(v128.or(hitsA, hitsB))) {
          isClear = false;
          break;
        }
        feedLanes = i8x16.sub(feedLanes, i8x16.add(i8x16.eq(a, feed), i8x16.eq(b, feed)));
        first = b0;
        second = b1;
        at += 32;
      }
      feeds += sum(feedLanes);
      if (!isClear) break;
    }
    if (at >= to) break;
    // A suspicious half, or the rest: 16 bytes, those behind `to` not counted.
    const a = v128.load(at);
    const low = v128.and(a, nibble);
    const high = v128.and(i16x8.shr_u(a, 4), nibble);
    const a0 = bytesAt(low, high, low0, high0);
    const a1 = bytesAt(low, high, low1, high1);
    const hits = v128.and(v128.and(twoEarlier(first, a0), oneEarlier(second, a1)), bytesAt(low, high, low2, high2));
    const inside: u32 = to - at >= 16 ? 0xffff : ((1 as u32) << ((to - at) as u32)) - 1;
    const feedBits: u32 = (i8x16.bitmask(i8x16.eq(a, feed)) as u32) & inside;
    let suspicious: u32 = (i8x16.bitmask(i8x16.ne(hits, none)) as u32) & inside;
    while (suspicious !== 0 && !isNeedle(at + ctz(suspicious), from, to)) suspicious &= suspicious - 1;
    if (suspicious === 0) {
      feeds += popcnt(feedBits);
      first = a0;
      second = a1;
      at = min(at + 16, to);
      continue;
    }
    const lane = ctz(suspicious);
    const start = lineStart(at + lane, floor);
    const end = lineEnd(at + lane, to);
    feeds += popcnt(feedBits & ((1 << lane) - 1));
    const line = LINES + (count as usize) * 12;
    store<u32>(line, (start - TEXT) as u32);
    store<u32>(line, (end - TEXT) as u32, 4);
    store<u32>(line, feeds, 8);
    count++;
    // No needle holds a line feed, so none reaches over the end of this line.
    first = none;
    second = none;
    if (end < to) feeds++;
    at = end < to ? end + 1 : to;
    floor = at;
  }
  store<u32>(RESULTS, count);
  store<u32>(RESULTS, feeds, 4);
  return at;
}

const NO_TAG: u32 = 0;
const OTHER_TAG: u32 = 1;
const KERNEL_TAG: u32 = 2;
/** No place of a digit, and no number that is one. */
const NO_DIGITS: u32 = 0xffffffff;

/** Printable, one byte, and none of `: [ ] ( ) < >`. */
function isTagByte(byte: u32): bool {
  if (byte <= 32 || byte >= 127) return false;
  return !(byte === 58 || byte === 91 || byte === 93 || byte === 40 || byte === 41 || byte === 60 || byte === 62);
}

function isDigit(byte: u32): bool {
  return byte - 48 <= 9;
}

/** The kernel's tag at a place, another's, or something that must be read to be known. */
function tagAt(from: usize, to: usize): u32 {
  let at = from;
  while (at < to && isTagByte(load<u8>(at))) at++;
  const length = at - from;
  if (length === 0 || length > 64) return NO_TAG;
  let hasPid = false;
  if (at < to && load<u8>(at) === 91) {
    const digits = at + 1;
    at = digits;
    while (at < to && isDigit(load<u8>(at))) at++;
    if (at === digits || at - digits > 9 || at >= to || load<u8>(at) !== 93) return NO_TAG;
    at++;
    hasPid = true;
  }
  if (at + 1 >= to || load<u8>(at) !== 58) return NO_TAG;
  const next = load<u8>(at + 1);
  if (next !== 32 && next !== LINE_FEED) return NO_TAG;
  // "kern" and "el" as little-endian numbers.
  const isKernel = length === 6 && load<u32>(from) === 0x6e72656b && load<u16>(from + 4) === 0x6c65;
  return isKernel && !hasPid ? KERNEL_TAG : OTHER_TAG;
}

/** Microseconds from the full hour to `MM:SS` with decimals; NO_DIGITS where they are none. */
function withinHour(at: usize, decimals: usize): u32 {
  const minuteTens: u32 = (load<u8>(at) as u32) - 48;
  const minutes: u32 = (load<u8>(at, 1) as u32) - 48;
  const secondTens: u32 = (load<u8>(at, 3) as u32) - 48;
  const seconds: u32 = (load<u8>(at, 4) as u32) - 48;
  if (minuteTens > 5 || minutes > 9 || secondTens > 5 || seconds > 9) return NO_DIGITS;
  let us: u32 = ((minuteTens * 10 + minutes) * 60 + secondTens * 10 + seconds) * 1000000;
  let share: u32 = 100000;
  for (let place: usize = 0; place < decimals; place++) {
    const digit: u32 = (load<u8>(at + 6 + place) as u32) - 48;
    if (digit > 9) return NO_DIGITS;
    us += digit * share;
    share /= 10;
  }
  return us;
}

/** Whether a line begins with the head, whatever its digits are. */
function hasHead(start: usize, length: usize): bool {
  for (let block: usize = 0; block < length; block += 16) {
    const other = v128.xor(v128.load(start + block), v128.load(HEAD_BYTES + block));
    if (v128.any_true(v128.and(other, v128.load(HEAD_MASKS + block)))) return false;
  }
  return true;
}

/**
 * Counts the lines from `from` on that begin with the head, less the last of them; see `src/scan/like-lines.ts`. Results,
 * behind those of `scan`: whether the first is like it, lines, lines of the kernel, microseconds of the first and the
 * last of those. Returns behind the last line counted.
 */
export function pass(from: usize, to: usize): usize {
  const length: usize = load<u32>(HEAD);
  const clockAt: usize = load<u32>(HEAD, 4);
  const decimals: usize = load<u32>(HEAD, 8);
  let lines: u32 = 0;
  let kernelLines: u32 = 0;
  let first: u32 = 0xffffffff;
  let last: u32 = 0;
  let before: u32 = NO_TAG;
  let beforeUs: u32 = 0;
  let end = from;
  let start = from;
  while (start + length < to) {
    if (!hasHead(start, length)) break;
    const us = withinHour(start + clockAt, decimals);
    if (us === NO_DIGITS) break;
    const tag = tagAt(start + length, to);
    if (tag === NO_TAG) break;
    if (before !== NO_TAG) lines++;
    if (before === KERNEL_TAG) {
      kernelLines++;
      first = min(first, beforeUs);
      last = max(last, beforeUs);
    }
    before = tag;
    beforeUs = us;
    end = start;
    start = lineEnd(start + length, to) + 1;
  }
  store<u32>(RESULTS, before === NO_TAG ? 0 : 1, 8);
  store<u32>(RESULTS, lines, 12);
  store<u32>(RESULTS, kernelLines, 16);
  store<u32>(RESULTS, first, 20);
  store<u32>(RESULTS, last, 24);
  return end;
}
