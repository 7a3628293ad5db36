import { Decompress } from "fzstd";
import { ZstdWork } from "../../zstd/zstd-work.js";
import type { ByteStream } from "./byte-stream.js";

/**
 * All frames of a Zstandard file (RFC 8878), skippable ones passed over. Throws at damage, after what came before it, and
 * where a file would cost far more than its length allows.
 * Node has a decoder of its own from 22.15 on; this one runs on all versions and gives the same bytes.
 */
export async function* zstdDecoded(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  let ready: Uint8Array[] = [];
  const work = new ZstdWork();
  const decoder = new Decompress((chunk) => {
    work.given(chunk.length);
    ready.push(chunk);
  });
  const take = (): Uint8Array[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of source) {
    try {
      for (let at = 0; at < chunk.length; at += STEP_BYTES) {
        const step = chunk.subarray(at, at + STEP_BYTES);
        work.push(step);
        decoder.push(step, false);
      }
    } catch (error) {
      yield* take();
      throw error;
    }
    yield* take();
  }
  decoder.push(new Uint8Array(0), true);
  yield* take();
}

/** So little is decoded at a time that its cost can be told beforehand. */
const STEP_BYTES = 1024;
