import { DamagedPayload } from "../../journal-file/damaged-payload.js";
import { appendLz4Block } from "../../journal-file/lz4-block.js";
import { ByteQueue, type ByteStream } from "./byte-stream.js";

const FRAME_MAGIC = 0x184d_2204;
/** The largest block that a descriptor may allow, by its three bits; null: reserved. */
const BLOCK_MAX: readonly (number | null)[] = [null, null, null, null, 65_536, 262_144, 1_048_576, 4_194_304];
/** How far back a match may reach. */
const HISTORY = 65_536;

/**
 * All frames of an .lz4 file, linked blocks included, skippable frames passed over. Checksums are not computed: the
 * hash of the evidence stands for its bytes. Throws at damage, after what came before it. Memory: one block and 64 KiB.
 * @see LZ4 Frame Format Description, github.com/lz4/lz4, doc/lz4_Frame_format.md
 */
export async function* lz4Decoded(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  const bytes = new ByteQueue(source);
  try {
    for (let magic = await bytes.take(4); magic !== null; magic = await bytes.take(4)) {
      const number = u32(magic);
      if (number === FRAME_MAGIC) yield* frame(bytes);
      else if (number >>> 4 === 0x184d_2a5) {
        for (let left = u32(await need(bytes, 4)); left > 0; left -= HISTORY)
          await need(bytes, Math.min(left, HISTORY));
      } else throw new DamagedPayload("no LZ4 frame where one should begin");
    }
  } finally {
    await bytes.close();
  }
}

async function* frame(bytes: ByteQueue): AsyncGenerator<Uint8Array, void, void> {
  const [flags = 0, descriptor = 0] = await need(bytes, 2);
  const blockMax = BLOCK_MAX[(descriptor >> 4) & 7] ?? null;
  if (flags >> 6 !== 1 || blockMax === null) throw new DamagedPayload("LZ4 frame of an unknown version");
  const hasDictionary = (flags & 1) !== 0;
  if (hasDictionary) throw new DamagedPayload("LZ4 frame that needs a dictionary");
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 8) !== 0;
  const hasContentChecksum = (flags & 4) !== 0;
  await need(bytes, (hasSize ? 8 : 0) + 1);
  const isLinked = (flags & 0x20) === 0;
  const out = new Uint8Array(HISTORY + blockMax);
  let start = 0;
  for (;;) {
    const size = u32(await need(bytes, 4));
    if (size === 0) break;
    const isStored = size >>> 31 === 1;
    const length = size & 0x7fff_ffff;
    if (length > blockMax) throw new DamagedPayload("LZ4 block larger than its frame allows");
    const block = await need(bytes, length);
    if (hasBlockChecksum) await need(bytes, 4);
    if (!isLinked) start = 0;
    let end = start + length;
    if (isStored) out.set(block, start);
    else end = appendLz4Block(block, out, start);
    if (end - start > blockMax) throw new DamagedPayload("LZ4 block larger than its frame allows");
    yield out.slice(start, end);
    const kept = Math.min(end, HISTORY);
    out.copyWithin(0, end - kept, end);
    start = kept;
  }
  if (hasContentChecksum) await need(bytes, 4);
}

async function need(bytes: ByteQueue, count: number): Promise<Uint8Array> {
  const taken = await bytes.take(count);
  if (taken === null) throw new DamagedPayload("LZ4 data ends inside a frame");
  return taken;
}

function u32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}
