/** A message that daemons split into lines with one head, as the scanner looks for its lines behind the first. */
export interface SplitPattern {
  /** How each line begins behind the head: 16 to 32 ASCII characters. With `isHex` a number and `>` end it, else nothing more. */
  readonly rest: readonly { readonly start: string; readonly isHex: boolean }[];
}

/** Lines that a pattern may have. */
export const MOST_SPLIT_LINES = 32;
export const SPLIT_START_BYTES: { readonly least: number; readonly most: number } = { least: 16, most: 32 };
/** Fewer bytes are no head of a line. */
const LEAST_HEAD_BYTES = 16;
/** Digits of a number: more are not exact in a double. */
const MOST_HEX_DIGITS = 13;

const [LF, ZERO, CLOSE] = [10, 48, 62];

/** Where a head stands. */
export interface HeadPlace {
  readonly from: number;
  readonly length: number;
}

/**
 * The scalar twin of the kernel's `split`: whether the lines from `from` on are those of the pattern, each under the very
 * head at `head`. Their numbers, as `%x` writes them, go to `values`.
 * @returns behind the last of them; -1 when they are not, or a number is written otherwise or has more than 13 digits
 */
export function readSplit(
  bytes: Uint8Array,
  { rest }: SplitPattern,
  head: HeadPlace,
  range: readonly [from: number, to: number],
  values: Float64Array,
): number {
  let [at] = range;
  const [, to] = range;
  if (head.length < LEAST_HEAD_BYTES) return -1;
  let count = 0;
  for (const { start, isHex } of rest) {
    for (let place = 0; place < head.length; place += 1, at += 1)
      if (at >= to || bytes[at] !== bytes[head.from + place]) return -1;
    for (let place = 0; place < start.length; place += 1, at += 1)
      if (at >= to || bytes[at] !== start.charCodeAt(place)) return -1;
    if (isHex) {
      const digits = at;
      let value = 0;
      for (let digit = hexDigit(bytes[at]); digit >= 0 && at < to; digit = hexDigit(bytes[at])) {
        value = value * 16 + digit;
        at += 1;
        if (at - digits > MOST_HEX_DIGITS) return -1;
      }
      if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) return -1;
      if (at >= to || bytes[at] !== CLOSE) return -1;
      at += 1;
      values[count] = value;
      count += 1;
    }
    if (at >= to || bytes[at] !== LF) return -1;
    at += 1;
  }
  return at;
}

/** Of a small digit; -1 for all else. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= ZERO && byte <= ZERO + 9) return byte - ZERO;
  return byte >= 97 && byte <= 102 ? byte - 87 : -1;
}
