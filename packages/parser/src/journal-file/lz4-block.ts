import { DamagedPayload } from "./damaged-payload.js";

/**
 * Decodes one raw LZ4 block into exactly `size` bytes. O(input + output); no frame, no checksum.
 * @param size - bytes of the result, which the container around the block says
 * @throws DamagedPayload if the block is damaged or does not give `size` bytes
 * @see LZ4 Block Format Description, github.com/lz4/lz4, doc/lz4_Block_format.md
 */
export function decodeLz4Block(block: Uint8Array, size: number): Uint8Array {
  // A byte of a block gives at most 255: a size beyond that is a lie that must not cost memory.
  if (size > block.length * 255) throw new DamagedPayload(`LZ4 block too short for ${size} bytes`);
  const out = new Uint8Array(size);
  const end = appendLz4Block(block, out, 0);
  if (end !== size) throw new DamagedPayload(`LZ4 block gives ${end} of ${size} bytes`);
  return out;
}

/**
 * Decodes one raw LZ4 block into `out` from `start` on; matches may reach back into what stands before `start`, as those
 * of linked blocks do.
 * @returns where the result ends
 * @throws DamagedPayload if the block is damaged or gives more than `out` has room for
 */
export function appendLz4Block(block: Uint8Array, out: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  const length = (nibble: number): number => {
    let value = nibble;
    if (nibble < 15) return value;
    for (;;) {
      const more = block[from++];
      if (more === undefined) throw new DamagedPayload("LZ4 block ends inside a length");
      value += more;
      if (more < 255) return value;
    }
  };
  while (from < block.length) {
    const token = block[from++] ?? 0;
    const literals = length(token >> 4);
    if (from + literals > block.length || to + literals > out.length) {
      throw new DamagedPayload("LZ4 literals reach behind the end");
    }
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence has literals only.
    if (from === block.length) break;
    const distance = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const matched = length(token & 15) + 4;
    if (distance === 0 || distance > to || to + matched > out.length) throw new DamagedPayload("impossible LZ4 match");
    // Byte by byte: the match may overlap what it writes.
    for (const end = to + matched; to < end; to++) out[to] = out[to - distance] ?? 0;
  }
  return to;
}
