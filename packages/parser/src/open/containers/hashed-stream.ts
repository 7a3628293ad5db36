import type { ByteStream } from "./byte-stream.js";

/** What reading told of the bytes of a file as they are stored. */
export interface Stored {
  /** Lower-case hex; null when it was not asked for. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/** A hash that is being made, by whatever the platform has for it. */
export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/** A hash that is made elsewhere. */
export interface HashBeside {
  /** Null where it could not be made. */
  readonly done: Promise<Stored | null>;
  /** Gives it up. */
  cancel(): void;
}

export interface HashedStreamOptions {
  /** Takes the bytes that pass, or a hash that is made elsewhere of as many bytes as the stream should have, or none. */
  readonly hash: Hash | HashBeside | null;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Passes bytes on and hashes them. A decoder that gives up does not close it: `finish` reads what is left, so that the
 * hash is always that of the whole.
 */
export class HashedStream implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #hash: Hash | null;
  readonly #beside: HashBeside | null;
  readonly #onBytes: (bytes: number) => void;
  #bytes = 0;
  #isDone = false;

  constructor(source: ByteStream, { hash, onBytes }: HashedStreamOptions) {
    this.#source = source[Symbol.asyncIterator]();
    this.#hash = hash !== null && "update" in hash ? hash : null;
    this.#beside = hash !== null && "done" in hash ? hash : null;
    this.#onBytes = onBytes ?? (() => {});
  }

  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() };
  }

  /** Reads to the end. No hash when the file was another for who hashed it. Throws what the source throws. */
  async finish(): Promise<Stored> {
    while (!this.#isDone) await this.#next();
    const beside = await this.#beside?.done;
    const sha256 = beside?.bytes === this.#bytes ? beside.sha256 : null;
    return { sha256: this.#hash?.digest("hex") ?? sha256, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    this.#isDone = true;
    this.#beside?.cancel();
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
