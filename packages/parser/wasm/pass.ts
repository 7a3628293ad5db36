import { hostAt } from "./hosts";
import { HEAD, HEAD_BYTES, HEAD_MASKS, LINE_FEED, lineEnd, RESULTS } from "./memory";
import { isSame } from "./origins";

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

/**
 * What stands at a place where a tag may: NO_TAG, or in the lowest two bits whose tag it is, and above them how many bytes
 * it has, the colon and the byte behind it included.
 */
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
  return (isKernel && !hasPid ? KERNEL_TAG : OTHER_TAG) | (((at + 2 - from) as u32) << 2);
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

/** Whether both places have the same 16 bytes. */
function isSame16(one: usize, other: usize): bool {
  return i8x16.all_true(i8x16.eq(v128.load(one), v128.load(other)));
}

/**
 * Counts the lines from `from` on that begin with the head, less the last of them; see `src/scan/like-lines.ts`. Results,
 * behind those of `scan`: whether the first is like it, lines, lines of the kernel, microseconds of the first and the
 * last of those. Returns behind the last line counted.
 */
export function pass(from: usize, to: usize): usize {
  const prefix: usize = load<u32>(HEAD);
  const clockAt: usize = load<u32>(HEAD, 4);
  const decimals: usize = load<u32>(HEAD, 8);
  const hasHost = load<u32>(HEAD, 12) !== 0;
  const feed = i8x16.splat(LINE_FEED);
  let lines: u32 = 0;
  let kernelLines: u32 = 0;
  let first: u32 = 0xffffffff;
  let last: u32 = 0;
  let before: u32 = NO_TAG;
  let beforeUs: u32 = 0;
  // Bytes of the head of the line at `end`, and of head and tag; 0: too few or too many to compare at once.
  let length = prefix;
  let known: usize = 0;
  let end = from;
  let start = from;
  while (start + prefix < to) {
    if (!hasHead(start, prefix)) break;
    // Most lines are of the host of the line before.
    if (hasHost && (before === NO_TAG || !isSame(start + prefix, end + prefix, length - prefix))) {
      const host = hostAt(start + prefix, to);
      if (host === 0) break;
      if (prefix + host + 1 !== length) known = 0;
      length = prefix + host + 1;
    }
    const us = withinHour(start + clockAt, decimals);
    if (us === NO_DIGITS) break;
    let tag = before;
    const isSameTag =
      known !== 0 && known <= length + 16 && start + known <= to && isSame16(start + known - 16, end + known - 16);
    if (!isSameTag) {
      const found = tagAt(start + length, to);
      if (found === NO_TAG) break;
      tag = found & 3;
      known = length + ((found >>> 2) as usize);
      if (known < 16 || known > 48) known = 0;
    }
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
    if (known === 0) continue;
    // Most lines have second and tag of the line before: the very same bytes, and nothing of them need be read.
    const tail = known - 16;
    const middle = min(tail, 16);
    const headBytes = v128.load(end);
    const middleBytes = v128.load(end + middle);
    const tailBytes = v128.load(end + tail);
    let same: u32 = 0;
    while (start + known <= to) {
      const others = v128.and(i8x16.eq(v128.load(start), headBytes), i8x16.eq(v128.load(start + tail), tailBytes));
      if (!i8x16.all_true(v128.and(others, i8x16.eq(v128.load(start + middle), middleBytes)))) break;
      same++;
      end = start;
      let at = start + known - 1;
      let a = i8x16.eq(v128.load(at), feed);
      let b = i8x16.eq(v128.load(at, 16), feed);
      while (!v128.any_true(v128.or(a, b)) && at < to) {
        at += 32;
        a = i8x16.eq(v128.load(at), feed);
        b = i8x16.eq(v128.load(at, 16), feed);
      }
      const feeds: u32 = (i8x16.bitmask(a) as u32) | ((i8x16.bitmask(b) as u32) << 16);
      start = min(at + ctz(feeds), to) + 1;
    }
    lines += same;
    if (same !== 0 && tag === KERNEL_TAG) {
      kernelLines += same;
      first = min(first, us);
      last = max(last, us);
    }
  }
  store<u32>(RESULTS, before === NO_TAG ? 0 : 1, 8);
  store<u32>(RESULTS, lines, 12);
  store<u32>(RESULTS, kernelLines, 16);
  store<u32>(RESULTS, first, 20);
  store<u32>(RESULTS, last, 24);
  return end;
}
