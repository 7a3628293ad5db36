import { createHash } from "node:crypto";
import type { ByteStream } from "./byte-stream.js";

/** What reading told of the bytes of a file as they are stored. */
export interface Stored {
  /** Lower-case hex; null when it was not asked for. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/**
 * Passes bytes on and hashes them. A decoder that gives up does not close it: `finish` reads what is left, so that the
 * hash is always that of the whole.
 */
export class HashedStream implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #hash;
  readonly #onBytes: (bytes: number) => void;
  #bytes = 0;
  #isDone = false;

  constructor(source: ByteStream, options: { readonly hash: boolean; readonly onBytes?: (bytes: number) => void }) {
    this.#source = source[Symbol.asyncIterator]();
    this.#hash = options.hash ? createHash("sha256") : null;
    this.#onBytes = options.onBytes ?? (() => {});
  }

  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() };
  }

  /** Reads to the end. Throws what the source throws. */
  async finish(): Promise<Stored> {
    while (!this.#isDone) await this.#next();
    return { sha256: this.#hash?.digest("hex") ?? null, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    this.#isDone = true;
    await this.#source.return?.();
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isDone) return { done: true, value: undefined };
    const next = await this.#source.next();
    if (next.done === true) {
      this.#isDone = true;
      return { done: true, value: undefined };
    }
    this.#bytes += next.value.length;
    this.#hash?.update(next.value);
    this.#onBytes(this.#bytes);
    return next;
  }
}
