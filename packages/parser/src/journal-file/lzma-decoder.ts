import { DamagedPayload } from "./damaged-payload.js";

const STATES = 12;
const MAX_POSITION_STATES = 16;
const HALF = 1024;
const MATCH_MIN = 2;

/** Probabilities of a match length: choice, choice 2, then low and middle trees by position, then the high tree. */
const LEN_LOW = 2;
const LEN_MIDDLE = LEN_LOW + MAX_POSITION_STATES * 8;
const LEN_HIGH = LEN_MIDDLE + MAX_POSITION_STATES * 8;
const LEN_SIZE = LEN_HIGH + 256;

/**
 * An LZMA decoder that writes into one array, which is its dictionary too: for the chunks of LZMA2.
 * Work is bounded by the output; a match or literal that would leave the array is damage.
 * @see I. Pavlov, LZMA specification (lzma-specification.txt in the LZMA SDK), public domain
 */
export class LzmaDecoder {
  readonly #out: Uint8Array;
  /** Bytes written so far. */
  position = 0;
  /** First byte that a match may refer to. */
  #dictionaryStart = 0;

  #lc = 0;
  #literalPositionMask = 0;
  #positionMask = 0;
  #state = 0;
  readonly #reps = new Int32Array(4);

  readonly #isMatch = new Uint16Array(STATES * MAX_POSITION_STATES);
  readonly #isRep = new Uint16Array(STATES);
  readonly #isRepG0 = new Uint16Array(STATES);
  readonly #isRepG1 = new Uint16Array(STATES);
  readonly #isRepG2 = new Uint16Array(STATES);
  readonly #isRep0Long = new Uint16Array(STATES * MAX_POSITION_STATES);
  readonly #slots = new Uint16Array(4 * 64);
  readonly #special = new Uint16Array(128);
  readonly #align = new Uint16Array(16);
  readonly #matchLength = new Uint16Array(LEN_SIZE);
  readonly #repLength = new Uint16Array(LEN_SIZE);
  #literals = new Uint16Array(0);

  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(out: Uint8Array) {
    this.#out = out;
  }

  /** Matches may no longer reach behind this point. */
  resetDictionary(): void {
    this.#dictionaryStart = this.position;
  }

  /** New lc, lp and pb, in the one byte that LZMA packs them into. */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw new DamagedPayload("impossible LZMA properties");
    this.#lc = lc;
    this.#literalPositionMask = (1 << lp) - 1;
    this.#positionMask = (1 << pb) - 1;
    this.#literals = new Uint16Array(0x300 << (lc + lp));
  }

  /** All probabilities to one half, no last distances. */
  resetState(): void {
    this.#state = 0;
    this.#reps.fill(0);
    for (const table of [
      this.#isMatch,
      this.#isRep,
      this.#isRepG0,
      this.#isRepG1,
      this.#isRepG2,
      this.#isRep0Long,
      this.#slots,
      this.#special,
      this.#align,
      this.#matchLength,
      this.#repLength,
      this.#literals,
    ]) {
      table.fill(HALF);
    }
  }

  /** Bytes that are stored as they are. */
  copy(bytes: Uint8Array): void {
    this.#out.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Decodes one range-coded chunk that gives `size` bytes, which the array must have room for. */
  decode(input: Uint8Array, size: number): void {
    if (input.length < 5 || this.#literals.length === 0) throw new DamagedPayload("LZMA chunk without a start");
    this.#input = input;
    this.#at = 5;
    this.#range = 0xffff_ffff;
    this.#code = (((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0)) >>> 0;
    const end = this.position + size;
    while (this.position < end) {
      const positionState = (this.position - this.#dictionaryStart) & this.#positionMask;
      if (this.#bit(this.#isMatch, this.#state * MAX_POSITION_STATES + positionState) === 0) this.#literal();
      else this.#match(positionState, end);
    }
  }

  #literal(): void {
    const out = this.#out;
    const offset = this.position - this.#dictionaryStart;
    const before = offset > 0 ? (out[this.position - 1] ?? 0) : 0;
    const table = ((offset & this.#literalPositionMask) << this.#lc) + (before >> (8 - this.#lc));
    const base = 0x300 * table;
    let symbol = 1;
    if (this.#state >= 7) {
      const distance = (this.#reps[0] ?? 0) + 1;
      if (distance > offset) throw new DamagedPayload("LZMA match before the start");
      let matched = out[this.position - distance] ?? 0;
      while (symbol < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    out[this.position++] = symbol;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(positionState: number, end: number): void {
    const state = this.#state;
    const reps = this.#reps;
    let length: number;
    if (this.#bit(this.#isRep, state) === 0) {
      reps.copyWithin(1, 0, 3);
      length = this.#length(this.#matchLength, positionState);
      reps[0] = this.#distance(length);
      this.#state = state < 7 ? 7 : 10;
    } else {
      if (this.#bit(this.#isRepG0, state) === 0) {
        if (this.#bit(this.#isRep0Long, state * MAX_POSITION_STATES + positionState) === 0) {
          this.#state = state < 7 ? 9 : 11;
          this.#repeat(1, end);
          return;
        }
      } else {
        const which = this.#bit(this.#isRepG1, state) === 0 ? 1 : 2 + this.#bit(this.#isRepG2, state);
        const distance = reps[which] ?? 0;
        reps.copyWithin(1, 0, which);
        reps[0] = distance;
      }
      length = this.#length(this.#repLength, positionState);
      this.#state = state < 7 ? 8 : 11;
    }
    this.#repeat(length + MATCH_MIN, end);
  }

  #repeat(length: number, end: number): void {
    const distance = (this.#reps[0] ?? 0) + 1;
    if (distance <= 0 || distance > this.position - this.#dictionaryStart || this.position + length > end) {
      throw new DamagedPayload("impossible LZMA match");
    }
    for (let left = length; left > 0; left--) {
      this.#out[this.position] = this.#out[this.position - distance] ?? 0;
      this.position++;
    }
  }

  #length(table: Uint16Array, positionState: number): number {
    if (this.#bit(table, 0) === 0) return this.#tree(table, LEN_LOW + positionState * 8, 3);
    if (this.#bit(table, 1) === 0) return 8 + this.#tree(table, LEN_MIDDLE + positionState * 8, 3);
    return 16 + this.#tree(table, LEN_HIGH, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    if (slot < 14) return base + this.#reverseTree(this.#special, base - slot, bits);
    let direct = 0;
    for (let left = bits - 4; left > 0; left--) {
      this.#range >>>= 1;
      const one = this.#code >= this.#range;
      if (one) this.#code = (this.#code - this.#range) >>> 0;
      this.#normalise();
      direct = (direct << 1) | (one ? 1 : 0);
    }
    return base + (direct << 4) + this.#reverseTree(this.#align, 0, 4);
  }

  #tree(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.#bit(table, base + node);
    return node - (1 << bits);
  }

  #reverseTree(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #bit(table: Uint16Array, index: number): 0 | 1 {
    const probability = table[index] ?? HALF;
    const bound = (this.#range >>> 11) * probability;
    const zero = this.#code < bound;
    if (zero) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      table[index] = probability - (probability >> 5);
    }
    this.#normalise();
    return zero ? 0 : 1;
  }

  #normalise(): void {
    if (this.#range >= 0x100_0000) return;
    const next = this.#input[this.#at++];
    if (next === undefined) throw new DamagedPayload("LZMA chunk ends too early");
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | next) >>> 0;
  }
}
