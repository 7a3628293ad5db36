import type { FseTable } from "./zstd-fse.js";
import { fseTable, readFseTable } from "./zstd-fse.js";

/** The most that a block gives (RFC 8878, section 3.1.1.2.4). */
const MOST_BLOCK_BYTES = 128 * 1024;

const RAW_OR_RLE_MOST = 1;
const RLE = 1;
const MODE = { predefined: 0, rle: 1, described: 2 } as const;

interface Codes {
  /** Bits that stand behind a code, and the value that they are added to. */
  readonly bits: readonly number[];
  readonly base: readonly number[];
  readonly mostLog: number;
  readonly predefined: FseTable;
}

const times = (count: number, value: number): number[] => Array<number>(count).fill(value);
const upTo16 = (from: number): number[] => Array.from({ length: 17 - from }, (_, at) => from + at);

function codes(bits: readonly number[], first: number, mostLog: number, predefined: FseTable): Codes {
  let next = first;
  const base = bits.map((count) => {
    const own = next;
    next += 2 ** count;
    return own;
  });
  return { bits, base, mostLog, predefined };
}

/** Sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2.1 to 3.1.1.3.2.2.3. */
const LITERALS: Codes = codes(
  [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, ...upTo16(6)],
  0,
  9,
  fseTable([4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)], 6),
);
const MATCHES: Codes = codes(
  [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, ...upTo16(7)],
  3,
  9,
  fseTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
);
const OFFSETS: Codes = codes(
  Array.from({ length: 32 }, (_, code) => code),
  0,
  8,
  fseTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5),
);

/**
 * Adds up what the sequences of a frame's blocks give, without giving it. A decoder that does not stop where a block's bits
 * end, or at the most that a block may give, can be kept busy for a minute by thirty bytes.
 */
export class ZstdSequences {
  #before: readonly [FseTable, FseTable, FseTable] | null = null;

  /** A new frame has no tables to be repeated. */
  reset(): void {
    this.#before = null;
  }

  /**
   * @param block the whole of a compressed block, without its header
   * @throws Error when it gives more than a block may, or when its bits do not suffice
   */
  check(block: Uint8Array): void {
    let at = literalsEnd(block);
    const first = block[at++] ?? 0;
    if (first === 0) return;
    let count = first;
    if (first === 255) {
      count = 0x7f00 + (block[at] ?? 0) + 256 * (block[at + 1] ?? 0);
      at += 2;
    } else if (first > 127) count = (first - 128) * 256 + (block[at++] ?? 0);
    const modes = block[at++] ?? 0;
    const tables = [LITERALS, OFFSETS, MATCHES].map((kind, place) => {
      const mode = (modes >> (6 - 2 * place)) & 3;
      if (mode === MODE.predefined) return kind.predefined;
      if (mode === MODE.rle) return fseTable([...times(block[at++] ?? 0, 0), 1], 0);
      if (mode === MODE.described) {
        const { table, end } = readFseTable(block, at, kind.mostLog);
        at = end;
        return table;
      }
      const before = this.#before?.[place];
      if (before === undefined) throw new Error("a table that repeats none");
      return before;
    });
    this.#before = [tables[0]!, tables[1]!, tables[2]!];
    addUp(this.#before, count, new BackwardBits(block, at));
  }
}

/** Where a block's literals end (section 3.1.1.3.1.1). */
function literalsEnd(block: Uint8Array): number {
  const byte = (at: number): number => block[at] ?? 0;
  const type = byte(0) & 3;
  const format = (byte(0) >> 2) & 3;
  const head = byte(0) + 256 * byte(1) + 65_536 * byte(2) + 2 ** 24 * byte(3) + 2 ** 32 * byte(4);
  const bitsAt = (from: number, count: number): number => Math.floor(head / 2 ** from) % 2 ** count;
  if (type <= RAW_OR_RLE_MOST) {
    const [headBytes, size] = format === 1 ? [2, bitsAt(4, 12)] : format === 3 ? [3, bitsAt(4, 20)] : [1, bitsAt(3, 5)];
    return headBytes + (type === RLE ? 1 : size);
  }
  const sizeBits = [10, 10, 14, 18][format]!;
  return [3, 3, 4, 5][format]! + bitsAt(4 + sizeBits, sizeBits);
}

function addUp([ll, of, ml]: readonly [FseTable, FseTable, FseTable], count: number, bits: BackwardBits): void {
  let given = 0;
  let [literal, offset, match] = [bits.take(ll.log), bits.take(of.log), bits.take(ml.log)];
  for (let left = count; left > 0; left -= 1) {
    bits.take(OFFSETS.bits[of.symbols[offset]!] ?? 0);
    given += valueWith(MATCHES, ml.symbols[match]!, bits) + valueWith(LITERALS, ll.symbols[literal]!, bits);
    if (given > MOST_BLOCK_BYTES) throw new Error("a block that gives more than 128 KiB");
    if (left === 1) return;
    literal = ll.next[literal]! + bits.take(ll.bits[literal]!);
    match = ml.next[match]! + bits.take(ml.bits[match]!);
    offset = of.next[offset]! + bits.take(of.bits[offset]!);
  }
}

function valueWith({ bits, base }: Codes, code: number, source: BackwardBits): number {
  const count = bits[code];
  if (count === undefined) throw new Error("a code that there is not");
  return base[code]! + source.take(count);
}

/** Bits from the end of a block back to where its sequences begin; the last byte's highest one marks the end. */
class BackwardBits {
  readonly #block: Uint8Array;
  readonly #start: number;
  #at: number;

  constructor(block: Uint8Array, start: number) {
    const last = block[block.length - 1] ?? 0;
    if (last === 0 || block.length <= start) throw new Error("sequences without an end");
    this.#block = block;
    this.#start = 8 * start;
    this.#at = 8 * block.length - 1 - Math.clz32(last) + 24;
  }

  /** At most 31 bits; of more than 16 only the count is of use. @throws Error where the bits end */
  take(count: number): number {
    this.#at -= count;
    if (this.#at < this.#start) throw new Error("sequences that are cut off");
    const byte = this.#at >> 3;
    const some = this.#block[byte]! | ((this.#block[byte + 1] ?? 0) << 8) | ((this.#block[byte + 2] ?? 0) << 16);
    return (some >> (this.#at & 7)) & (2 ** Math.min(count, 16) - 1);
  }
}
