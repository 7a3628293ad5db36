import { DamagedPayload } from "./damaged-payload.js";
import { LzmaDecoder } from "./lzma-decoder.js";

const MAGIC: readonly number[] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZMA2 = 0x21;

/**
 * Decodes an `.xz` stream of one block with the LZMA2 filter alone, as journald writes it. Integrity checks inside the
 * stream are not computed: a journal hashes every payload itself. O(input + output).
 * @param maxBytes - the largest result that is accepted
 * @throws DamagedPayload if the stream is damaged, of another shape, or larger
 * @see The .xz File Format, version 1.2.1, sections 2 and 3, and 5.3.1 (LZMA2)
 */
export function decodeXz(stream: Uint8Array, maxBytes: number): Uint8Array {
  if (stream.length < 24 || MAGIC.some((byte, i) => stream[i] !== byte)) throw new DamagedPayload("not an .xz stream");
  const headerBytes = ((stream[12] ?? 0) + 1) * 4;
  // An index comes where a block would start: the stream is empty.
  if (stream[12] === 0) return new Uint8Array(0);
  return decodeLzma2(stream.subarray(blockDataAt(stream, headerBytes)), maxBytes);
}

/** Reads the block header; returns where its data starts. */
function blockDataAt(stream: Uint8Array, headerBytes: number): number {
  const flags = stream[13] ?? 0;
  if ((flags & 0x3f) !== 0) throw new DamagedPayload("more than one .xz filter");
  let at = 14;
  const skipNumber = (): number => {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = stream[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new DamagedPayload("impossible number in an .xz block header");
  };
  if ((flags & 0x40) !== 0) skipNumber();
  if ((flags & 0x80) !== 0) skipNumber();
  if (skipNumber() !== LZMA2) throw new DamagedPayload(".xz filter other than LZMA2");
  return 12 + headerBytes;
}

/** One chunk of LZMA2 data: where its bytes are, and what they give. */
interface Chunk {
  readonly control: number;
  readonly properties: number | null;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

function decodeLzma2(data: Uint8Array, maxBytes: number): Uint8Array {
  // The chunk heads tell the size of the result, so that it is known to be allowed before anything is decoded.
  let size = 0;
  for (const chunk of chunks(data)) size += chunk.size;
  if (size > maxBytes) throw new DamagedPayload(`${size} bytes unpacked, more than the limit of ${maxBytes}`);
  const out = new Uint8Array(size);
  const decoder = new LzmaDecoder(out);
  for (const chunk of chunks(data)) {
    const bytes = data.subarray(chunk.start, chunk.end);
    if (chunk.control === 1 || chunk.control >= 0xe0) decoder.resetDictionary();
    if (chunk.control < 0x80) {
      decoder.copy(bytes);
    } else {
      if (chunk.properties !== null) decoder.setProperties(chunk.properties);
      if (chunk.control >= 0xa0) decoder.resetState();
      decoder.decode(bytes, chunk.size);
    }
  }
  return out;
}

function* chunks(data: Uint8Array): Generator<Chunk> {
  let at = 0;
  for (;;) {
    const control = data[at];
    if (control === undefined) throw new DamagedPayload("LZMA2 data ends without its end mark");
    if (control === 0) return;
    if (control > 2 && control < 0x80) throw new DamagedPayload("impossible LZMA2 chunk");
    let chunk: Chunk;
    if (control < 0x80) {
      const size = bigEndian16(data, at + 1) + 1;
      chunk = { control, properties: null, start: at + 3, end: at + 3 + size, size };
    } else {
      const size = ((control & 0x1f) << 16) + bigEndian16(data, at + 1) + 1;
      const hasProperties = control >= 0xc0;
      const start = at + (hasProperties ? 6 : 5);
      const end = start + bigEndian16(data, at + 3) + 1;
      chunk = { control, properties: hasProperties ? (data[at + 5] ?? 0) : null, start, end, size };
    }
    if (chunk.end > data.length) throw new DamagedPayload("LZMA2 chunk reaches behind the end");
    yield chunk;
    at = chunk.end;
  }
}

function bigEndian16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}
