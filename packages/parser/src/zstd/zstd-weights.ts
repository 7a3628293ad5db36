/** Bytes at the start of a block's literals in which a table that never ends shows itself. */
export const LITERALS_LOOK_BYTES = 40;

/** Literals section types (RFC 8878, section 3.1.1.3.1.1): those with a Huffman table of their own. */
const COMPRESSED = 2;
/** By size format: bytes of the section's header. */
const HEADER_BYTES = [3, 3, 4, 5];
const LEAST_LOG = 5;
/** Weights have tables of at most 64 states. */
const MOST_LOG = 6;

/**
 * Whether a compressed block's Huffman weights are coded by a table with a single symbol (RFC 8878, section 4.2.1.2): its
 * states read no bits, so that a decoder which stops where the bits end goes on for ever. No encoder makes one.
 * @param bytes of the block from its first on, LITERALS_LOOK_BYTES where it has so many
 */
export function hasEndlessWeights(bytes: readonly number[]): boolean {
  const first = bytes[0] ?? 0;
  if ((first & 3) !== COMPRESSED) return false;
  const tree = HEADER_BYTES[(first >> 2) & 3] ?? 5;
  // From 128 on weights stand as they are.
  if ((bytes[tree] ?? 128) >= 128) return false;
  return isSingleSymbol(bytes.slice(tree + 1));
}

/** Whether the first symbol of an FSE table that occurs at all has all of it (section 4.1.1). */
function isSingleSymbol(table: readonly number[]): boolean {
  const log = ((table[0] ?? 0) & 15) + LEAST_LOG;
  if (log > MOST_LOG) return false;
  const all = 1 << log;
  const bits = Math.floor(Math.log2(all + 1));
  let at = 4;
  const read = (count: number): number => {
    const byte = at >> 3;
    const some = (table[byte] ?? 0) | ((table[byte + 1] ?? 0) << 8) | ((table[byte + 2] ?? 0) << 16);
    return (some >> (at & 7)) & ((1 << count) - 1);
  };
  for (let symbol = 0; symbol < 256; symbol += 1) {
    const small = read(bits);
    const large = read(bits + 1);
    // Of the values of so many bits, the lower ones are told by one bit less.
    const least = (1 << (bits + 1)) - 1 - (all + 1);
    const isSmall = small < least;
    at += isSmall ? bits : bits + 1;
    const value = isSmall ? small : large >= 1 << bits ? large - least : large;
    if (value !== 1) return value - 1 === all;
    // A symbol that does not occur, and how many more do not.
    for (let more = 3; more === 3; symbol += more) {
      more = read(2);
      at += 2;
      if (at > 8 * table.length) return false;
    }
  }
  return false;
}
