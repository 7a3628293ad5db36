import { FOLD, HEADS, LINE_FEED, LINES, lineEnd, MOST_LINES, NEEDLES, NIBBLES, RESULTS, TEXT } from "./memory";

const MULTIPLIER: u32 = 0x9e3779b1;
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

/** A bit a lane, set where the lane is not 0. */
function lanesSet(lanes: v128): u32 {
  return (i8x16.bitmask(i8x16.eq(lanes, i8x16.splat(0))) as u32) ^ 0xffff;
}

/** The bits from the first that is a needle's on; 0 where none is. Bit 0 stands for `at`. */
function needles(bits: u32, at: usize, from: usize, to: usize): u32 {
  while (bits !== 0 && !isNeedle(at + ctz(bits), from, to)) bits &= bits - 1;
  return bits;
}

/** Whether a needle stands within [from, to). */
export function holdsNeedle(from: usize, to: usize): bool {
  const low0 = v128.load(NIBBLES, 0);
  const high0 = v128.load(NIBBLES, 16);
  const low1 = v128.load(NIBBLES, 32);
  const high1 = v128.load(NIBBLES, 48);
  const low2 = v128.load(NIBBLES, 64);
  const high2 = v128.load(NIBBLES, 80);
  const nibble = i8x16.splat(0x0f);
  const none = i8x16.splat(0);
  let first = none;
  let second = none;
  for (let at = from; at < to; at += 16) {
    const a = v128.load(at);
    const low = v128.and(a, nibble);
    const high = v128.and(i16x8.shr_u(a, 4), nibble);
    const a0 = bytesAt(low, high, low0, high0);
    const a1 = bytesAt(low, high, low1, high1);
    const hits = v128.and(v128.and(twoEarlier(first, a0), oneEarlier(second, a1)), bytesAt(low, high, low2, high2));
    if (v128.any_true(hits)) {
      const found = needles(lanesSet(hits), at, from, to);
      if (found !== 0) return true;
    }
    first = a0;
    second = a1;
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
    // Bits of what was found, bit 0 standing for `at`.
    let found: u32 = 0;
    while (found === 0 && at + 32 <= to) {
      const whole = at + ((to - at) & ~31);
      const stop = min(whole, at + 32 * ROUNDS);
      let feedLanes = none;
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
          found = needles(lanesSet(hitsA) | (lanesSet(hitsB) << 16), at, from, to);
          if (found !== 0) break;
        }
        feedLanes = i8x16.sub(feedLanes, i8x16.add(i8x16.eq(a, feed), i8x16.eq(b, feed)));
        first = b0;
        second = b1;
        at += 32;
      }
      feeds += sum(feedLanes);
    }
    if (found === 0) {
      if (at >= to) break;
      // The rest: 16 bytes, those behind `to` not counted.
      const a = v128.load(at);
      const low = v128.and(a, nibble);
      const high = v128.and(i16x8.shr_u(a, 4), nibble);
      const a0 = bytesAt(low, high, low0, high0);
      const a1 = bytesAt(low, high, low1, high1);
      const hits = v128.and(v128.and(twoEarlier(first, a0), oneEarlier(second, a1)), bytesAt(low, high, low2, high2));
      const inside: u32 = to - at >= 16 ? 0xffff : ((1 as u32) << ((to - at) as u32)) - 1;
      found = needles(lanesSet(hits) & inside, at, from, to);
      if (found === 0) {
        feeds += popcnt((i8x16.bitmask(i8x16.eq(a, feed)) as u32) & inside);
        first = a0;
        second = a1;
        at = min(at + 16, to);
        continue;
      }
    }
    const lane = ctz(found);
    const feedBits: u32 =
      (i8x16.bitmask(i8x16.eq(v128.load(at), feed)) as u32) |
      ((i8x16.bitmask(i8x16.eq(v128.load(at, 16), feed)) as u32) << 16);
    const start = lineStart(at + lane, floor);
    const end = lineEnd(at + lane, to);
    feeds += popcnt(feedBits & (((1 as u32) << lane) - 1));
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
