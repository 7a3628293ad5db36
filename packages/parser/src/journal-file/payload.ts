import { u64 } from "./bytes.js";
import { DamagedPayload } from "./damaged-payload.js";
import { DATA_FLAG } from "./layout.js";
import { decodeLz4Block } from "./lz4-block.js";
import { decodeXz } from "./xz.js";
import { decodeZstdFrame } from "./zstd-frame.js";

/**
 * The `FIELD=value` bytes of a DATA object, unpacked where its flags say that they are packed.
 * @param flags - of the object: 0, or one of DATA_FLAG
 * @param maxBytes - the largest unpacked payload that is accepted
 * @throws DamagedPayload if it cannot be unpacked or is larger
 * @see systemd, src/basic/compress.c, decompress_blob()
 */
export function unpackPayload(stored: Uint8Array, flags: number, maxBytes: number): Uint8Array {
  switch (flags) {
    case 0:
      return stored;
    case DATA_FLAG.XZ:
      return decodeXz(stored, maxBytes);
    case DATA_FLAG.LZ4: {
      if (stored.length < 9) throw new DamagedPayload("LZ4 payload without a block");
      const size = u64(stored, 0);
      if (size > maxBytes) throw new DamagedPayload(`${size} bytes unpacked, more than the limit of ${maxBytes}`);
      return decodeLz4Block(stored.subarray(8), size);
    }
    case DATA_FLAG.ZSTD:
      return decodeZstdFrame(stored, maxBytes);
    default:
      throw new DamagedPayload(`impossible compression flags ${flags}`);
  }
}
