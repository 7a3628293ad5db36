import { Decompress } from "fzstd";
import type { ByteStream } from "./byte-stream.js";

/**
 * All frames of a Zstandard file (RFC 8878), skippable ones passed over. Throws at damage, after what came before it.
 * Node has a decoder of its own from 22.15 on; this one runs on all versions and gives the same bytes.
 */
export async function* zstdDecoded(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  const take = (): Uint8Array[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of source) {
    try {
      decoder.push(chunk, false);
    } catch (error) {
      yield* take();
      throw error;
    }
    yield* take();
  }
  decoder.push(new Uint8Array(0), true);
  yield* take();
}
