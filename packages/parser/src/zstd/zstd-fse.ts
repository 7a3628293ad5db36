/** A table of finite state entropy: of each state its symbol, and how the next state is made (RFC 8878, section 4.1). */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly next: Uint16Array;
  readonly bits: Uint8Array;
}

const LEAST_LOG = 5;
const MOST_SYMBOLS = 256;

/**
 * @param counts of the symbols from 0 on; -1: less than one
 * @param log the counts' sum is two to this power, each -1 as one
 */
export function fseTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(size);
  const bits = new Uint8Array(size);
  let last = size - 1;
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[last--] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, count] of counts.entries())
    for (let left = count; left > 0; left -= 1) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at > last);
    }
  const states = counts.map((count) => Math.abs(count));
  for (let state = 0; state < size; state += 1) {
    const value = states[symbols[state]!]!++;
    bits[state] = log - (31 - Math.clz32(value));
    next[state] = (value << bits[state]!) - size;
  }
  return { log, symbols, next, bits };
}

/**
 * The table that is described from byte `from` on (section 4.1.1), and the byte behind it.
 * @throws Error when it is damaged
 */
export function readFseTable(
  bytes: Uint8Array,
  from: number,
  mostLog: number,
): { readonly table: FseTable; readonly end: number } {
  const log = ((bytes[from] ?? 0) & 15) + LEAST_LOG;
  if (log > mostLog) throw new Error("a table that is too large");
  let at = 8 * from + 4;
  const read = (count: number): number => {
    const byte = at >> 3;
    const some = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    return (some >> (at & 7)) & ((1 << count) - 1);
  };
  const counts: number[] = [];
  let left = 1 << log;
  while (left > 0 && counts.length < MOST_SYMBOLS) {
    const width = 32 - Math.clz32(left + 1);
    // Of the values of so many bits, the lower ones are told by one bit less.
    const short = (1 << width) - 1 - (left + 1);
    const low = read(width - 1);
    let value = read(width);
    if (low < short) {
      value = low;
      at += width - 1;
    } else {
      if (value >= 1 << (width - 1)) value -= short;
      at += width;
    }
    const count = value - 1;
    left -= Math.abs(count);
    counts.push(count);
    for (let more = count === 0 ? 3 : 0; more === 3; ) {
      more = read(2);
      at += 2;
      for (let zero = 0; zero < more; zero += 1) counts.push(0);
      if (at > 8 * bytes.length) throw new Error("a table that is cut off");
    }
  }
  if (left !== 0 || counts.length > MOST_SYMBOLS) throw new Error("a table that does not add up");
  return { table: fseTable(counts, log), end: (at + 7) >> 3 };
}
