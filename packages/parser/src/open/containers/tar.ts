import type { ByteStream } from "./byte-stream.js";
import { fromReadable } from "./from-readable.js";

/** A file in an archive. Its bytes must be read, or left, before the next one is asked for. */
export interface TarFile {
  readonly name: string;
  readonly size: number;
  /** Unix milliseconds; null when the archive does not say. */
  readonly modifiedMs: number | null;
  readonly bytes: ByteStream;
}

const MAGIC_AT = 257;
const MAGIC = "ustar";

/** Whether bytes begin a tar archive: POSIX and GNU have a magic word, the older v7 has not and is not recognised. */
export function isTar(head: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(head.subarray(MAGIC_AT, MAGIC_AT + MAGIC.length)) === MAGIC;
}

/**
 * The regular files of a tar archive (POSIX, pax, GNU), in their order; links and devices are passed over. Nothing is
 * written anywhere. Throws at damage, after the files before it.
 */
export async function* tarFiles(source: ByteStream): AsyncGenerator<TarFile, void, void> {
  // Loaded when it is needed: most runs meet no archive.
  const { createTarDecoder } = await import("modern-tar");
  const iterator = source[Symbol.asyncIterator]();
  const archive = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  for await (const { header, body } of fromReadable(archive.pipeThrough(createTarDecoder({ strict: true })))) {
    if (header.type === undefined || header.type === "file") {
      const { name, size, mtime } = header;
      let isLeft = false;
      const bytes = async function* (): AsyncGenerator<Uint8Array, void, void> {
        try {
          yield* fromReadable(body);
        } finally {
          isLeft = true;
        }
      };
      yield { name, size, modifiedMs: mtime?.getTime() ?? null, bytes: bytes() };
      if (!isLeft) await body.cancel();
    } else await body.cancel();
  }
}
