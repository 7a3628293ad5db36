/// <reference path="./unbzip2-stream.d.ts" />
import type { ByteStream } from "./byte-stream.js";

/** All streams of a .bz2 file. Throws at damage, after what came before it. Memory: a few blocks of 900 kB. */
export async function* bzip2Decoded(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  // Loaded when it is needed: most runs meet no such file.
  const { default: unbzip2 } = await import("unbzip2-stream");
  let ready: Uint8Array[] = [];
  const faults: unknown[] = [];
  const decoder = unbzip2();
  decoder.on("data", (chunk: Uint8Array) => ready.push(chunk));
  decoder.on("error", (error: unknown) => faults.push(error));
  const take = (): Uint8Array[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  for await (const chunk of source) {
    decoder.write(chunk);
    yield* take();
    if (faults.length > 0) throw faults[0];
  }
  decoder.end();
  yield* take();
  if (faults.length > 0) throw faults[0];
}
