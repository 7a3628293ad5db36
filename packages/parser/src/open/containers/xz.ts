import type { ByteStream } from "./byte-stream.js";

/** All streams of an .xz file, with check none, CRC32 or CRC64. Throws at damage, after what came before it. */
export async function* xzDecoded(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  // Loaded when it is needed: most runs meet no such file.
  const { default: xz } = await import("xz-decompress");
  const iterator = source[Symbol.asyncIterator]();
  const compressed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const reader = new xz.XzReadableStream(compressed).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      // The decoder hands out views of its own memory and writes there again.
      yield next.value.slice();
    }
  } finally {
    await iterator.return?.();
  }
}
