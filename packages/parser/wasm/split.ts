import { LINE_FEED, SPLIT, VALUES } from "./memory";

/** Bytes of one line of the pattern: length, whether a number follows, and from 16 on its start. */
const LINE_BYTES: usize = 64;
const MOST_DIGITS: usize = 13;
const NO_DIGIT: u32 = 0xff;

/** Whether both places have the same 16 bytes. */
function isSame(one: usize, other: usize): bool {
  return i8x16.all_true(i8x16.eq(v128.load(one), v128.load(other)));
}

/** Whether both places have the same bytes, at least 16. */
function isSameHead(one: usize, other: usize, length: usize): bool {
  const last = length - 16;
  for (let at: usize = 0; at < last; at += 16) if (!isSame(one + at, other + at)) return false;
  return isSame(one + last, other + last);
}

/** Of a small digit. */
function hexDigit(byte: u32): u32 {
  if (byte - 48 <= 9) return byte - 48;
  return byte - 97 <= 5 ? byte - 87 : NO_DIGIT;
}

/**
 * Whether the lines from `from` on are those of a message that was split; see `src/scan/split-lines.ts`. Returns behind
 * the last of them, or 0.
 */
export function split(head: usize, length: usize, from: usize, to: usize): usize {
  const lines: usize = load<u32>(SPLIT);
  let at = from;
  let value = VALUES;
  if (length < 16) return 0;
  for (let index: usize = 0; index < lines; index++) {
    const line = SPLIT + 16 + index * LINE_BYTES;
    const startLength: usize = load<u8>(line);
    if (at + length + startLength >= to) return 0;
    if (!isSameHead(at, head, length)) return 0;
    at += length;
    const tail = startLength - 16;
    if (!isSame(at, line + 16) || !isSame(at + tail, line + 16 + tail)) return 0;
    at += startLength;
    if (load<u8>(line, 1) !== 0) {
      const digits = at;
      const most = min(to, digits + MOST_DIGITS + 1);
      let number: u64 = 0;
      while (at < most) {
        const digit = hexDigit(load<u8>(at));
        if (digit === NO_DIGIT) break;
        number = (number << 4) | (digit as u64);
        at++;
      }
      const count = at - digits;
      if (count === 0 || count > MOST_DIGITS || (count > 1 && load<u8>(digits) === 48)) return 0;
      if (at >= to || load<u8>(at) !== 62) return 0;
      at++;
      store<f64>(value, number as f64);
      value += 8;
    }
    if (at >= to || load<u8>(at) !== LINE_FEED) return 0;
    at++;
  }
  return at;
}
