import { decompress } from "fzstd";
import { ZstdWork } from "../zstd/zstd-work.js";
import { u32, u64 } from "./bytes.js";
import { DamagedPayload } from "./damaged-payload.js";

/** The largest window that a frame may ask memory for; journald's values need at most their own size. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;

/**
 * Decodes one Zstandard frame whose header states the size of its content, as journald requires.
 * @param maxBytes - the largest result that is accepted
 * @throws DamagedPayload if the frame is damaged, states no size, or is larger
 * @see RFC 8878, section 3.1.1.1 (frame header)
 */
export function decodeZstdFrame(frame: Uint8Array, maxBytes: number): Uint8Array {
  const size = contentSize(frame);
  if (size > maxBytes) throw new DamagedPayload(`${size} bytes unpacked, more than the limit of ${maxBytes}`);
  let out: Uint8Array;
  try {
    new ZstdWork().push(frame);
    out = decompress(frame, new Uint8Array(size));
  } catch (cause) {
    throw new DamagedPayload(`Zstandard: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (out.length !== size) throw new DamagedPayload(`Zstandard frame gives ${out.length} of ${size} bytes`);
  return out;
}

function contentSize(frame: Uint8Array): number {
  if (u32(frame, 0) !== 0xfd2f_b528) throw new DamagedPayload("not a Zstandard frame");
  const descriptor = frame[4] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  if (sizeFlag === 0 && !singleSegment) throw new DamagedPayload("Zstandard frame that states no size");
  if (!singleSegment) {
    const exponent = (frame[5] ?? 0) >> 3;
    if (2 ** (10 + exponent) > MAX_WINDOW_BYTES) throw new DamagedPayload("Zstandard window too large");
  }
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
  if (sizeFlag === 0) return frame[at] ?? 0;
  if (sizeFlag === 1) return ((frame[at] ?? 0) | ((frame[at + 1] ?? 0) << 8)) + 256;
  return sizeFlag === 2 ? u32(frame, at) : u64(frame, at);
}
