import { ByteQueue, type ByteStream } from "./byte-stream.js";

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

const BLOCK_BYTES = 512;

/**
 * The regular files of a tar archive (POSIX, pax, GNU), in their order; links and devices are passed over. Nothing is
 * written anywhere. Throws at damage, after the files before it and what is there of the one that breaks off.
 */
export async function* tarFiles(source: ByteStream): AsyncGenerator<TarFile, void, void> {
  // Loaded when it is needed: most runs meet no archive.
  const { createTarDecoder } = await import("modern-tar");
  const { readable, writable } = createTarDecoder({ strict: true });
  const feeder = new Feeder(source, writable.getWriter());
  const entries = readable.getReader();
  try {
    for (let next = await feeder.until(entries.read()); !next.done; next = await feeder.until(entries.read())) {
      const { header, body } = next.value;
      feeder.begin(header.size);
      const reader = body.getReader();
      if (header.type === undefined || header.type === "file") {
        const bytes = async function* (): AsyncGenerator<Uint8Array, void, void> {
          for (let piece = await feeder.until(reader.read()); !piece.done; piece = await feeder.until(reader.read()))
            yield piece.value;
        };
        const { name, size, mtime } = header;
        yield { name, size, modifiedMs: mtime?.getTime() ?? null, bytes: bytes() };
      }
      // What is wrong with a file is said by its bytes, and what is wrong with the archive by the next entry.
      await reader.cancel().catch(() => {});
    }
  } finally {
    await entries.cancel().catch(() => {});
    await feeder.close();
  }
}

/**
 * Gives a decoder no byte before somebody waits for what comes of it, and none behind the entry at hand: at damage and at the
 * end of a broken archive it forgets what it holds and nobody took.
 */
class Feeder {
  readonly #source: ByteQueue;
  readonly #decoder: WritableStreamDefaultWriter<Uint8Array>;
  /** Bytes of the entry at hand, those that fill its last block included, that were not given yet. */
  #left = 0;

  constructor(source: ByteStream, decoder: WritableStreamDefaultWriter<Uint8Array>) {
    this.#source = new ByteQueue(source);
    this.#decoder = decoder;
    // What the decoder says of damage is said by what is read from it.
    decoder.closed.catch(() => {});
  }

  /** Begins an entry of so many bytes. */
  begin(size: number): void {
    this.#left = Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }

  /** Gives bytes until the answer is there. */
  async until<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let isThere = false;
    const settle = (): void => {
      isThere = true;
    };
    answer.then(settle, settle);
    // It may have been there before it was asked for.
    await null;
    while (!isThere) {
      const bytes = await this.#source.some(this.#left === 0 ? BLOCK_BYTES : this.#left);
      const given = bytes === null ? this.#decoder.close() : this.#decoder.write(bytes);
      this.#left = Math.max(0, this.#left - (bytes?.length ?? 0));
      await Promise.race([given.catch(() => {}), answer.then(settle, settle)]);
      if (bytes === null) break;
    }
    return answer;
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}
