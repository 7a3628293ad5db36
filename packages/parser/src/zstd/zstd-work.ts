import { ZstdSequences } from "./zstd-sequences.js";
import { hasEndlessWeights, LITERALS_LOOK_BYTES } from "./zstd-weights.js";

const MAGIC = 0xfd2fb528;
/** What any file may cost, bytes moved. */
const FREE_BYTES = 2 ** 30;
/** What each of its bytes may cost more, and each that it gives: twice what the tightest packing of logs costs. */
const PER_BYTE_READ = 50_000;
const PER_BYTE_GIVEN = 20_000;

/** Where in a Zstandard stream the next byte stands (RFC 8878, section 3.1). */
type State =
  | { readonly at: "magic" }
  | { readonly at: "descriptor" }
  | { readonly at: "header"; readonly descriptor: number }
  | { readonly at: "skippable" }
  | { readonly at: "block" }
  /** Held as bytes, not as single ones. */
  | { readonly at: "compressed" };

/** What is read from a few bytes. */
type SmallState = Exclude<State, { readonly at: "compressed" }>;

/** Bytes that a state needs before it can be read. */
function needOf(state: SmallState): number {
  switch (state.at) {
    case "magic":
    case "skippable":
      return 4;
    case "descriptor":
      return 1;
    case "header":
      return headerBytes(state.descriptor);
    case "block":
      return 3;
  }
}

const COMPRESSED = 2;
/** A compressed block is no longer than what it may give (section 3.1.1.2.4). */
const MOST_COMPRESSED_BYTES = 128 * 1024;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];

const isSingle = (descriptor: number): boolean => (descriptor & 0x20) !== 0;
const sizeBytes = (descriptor: number): number =>
  descriptor >> 6 === 0 && isSingle(descriptor) ? 1 : (SIZE_BYTES[descriptor >> 6] ?? 0);
const headerBytes = (descriptor: number): number =>
  (isSingle(descriptor) ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + sizeBytes(descriptor);

/**
 * Counts what decoding costs before it is done: the decoder moves its whole window for every block, so that a few bytes
 * (a large window, empty blocks) could keep it busy for hours; and looks for the table that would keep it busy for ever, and
 * for sequences that give more than a block may. Other damage is left to the decoder.
 */
export class ZstdWork {
  #state: State = { at: "magic" };
  readonly #sequences: ZstdSequences = new ZstdSequences();
  #held: number[] = [];
  /** Of a compressed block, the bytes so far. */
  #block: Uint8Array = new Uint8Array(0);
  #blockBytes = 0;
  /** Of a block or a skippable frame, bytes that are passed over. */
  #skip = 0;
  /** What follows once they are. */
  #isLast = false;
  #hasChecksum = false;
  #window = 0;
  #allowed = FREE_BYTES;
  #moved = 0;
  #isLost = false;

  /** Tells what decoding gave. */
  given(bytes: number): void {
    this.#allowed += PER_BYTE_GIVEN * bytes;
  }

  /**
   * @param chunk is decoded next; a short one, since what it gives is allowed for afterwards
   * @throws Error when the stream so far costs more than what it holds and gives allows
   */
  push(chunk: Uint8Array): void {
    this.#allowed += PER_BYTE_READ * chunk.length;
    for (let at = 0; at < chunk.length && !this.#isLost; ) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
        continue;
      }
      if (this.#state.at === "compressed") {
        const step = Math.min(this.#block.length - this.#blockBytes, chunk.length - at);
        this.#block.set(chunk.subarray(at, at + step), this.#blockBytes);
        this.#blockBytes += step;
        at += step;
        if (this.#blockBytes === this.#block.length) this.#readBlock();
        continue;
      }
      this.#held.push(chunk[at]!);
      at += 1;
      if (this.#held.length < needOf(this.#state)) continue;
      this.#read(this.#state, this.#held);
      this.#held = [];
    }
  }

  #read(state: SmallState, bytes: readonly number[]): void {
    switch (state.at) {
      case "magic": {
        const magic = little(bytes);
        if (magic === MAGIC) this.#state = { at: "descriptor" };
        else if (Math.floor(magic / 16) === 0x0184d2a5) this.#state = { at: "skippable" };
        else this.#isLost = true;
        return;
      }
      case "skippable":
        this.#skip = little(bytes);
        this.#state = { at: "magic" };
        return;
      case "descriptor": {
        const descriptor = bytes[0]!;
        this.#hasChecksum = (descriptor & 4) !== 0;
        this.#state = { at: "header", descriptor };
        return;
      }
      case "header":
        this.#window = windowOf(state.descriptor, bytes);
        this.#sequences.reset();
        this.#state = { at: "block" };
        return;
      case "block": {
        const header = little(bytes);
        const type = (header >> 1) & 3;
        this.#isLast = (header & 1) !== 0;
        this.#skip = type === 1 ? 1 : header >> 3;
        this.#moved += this.#window;
        if (this.#moved > this.#allowed)
          throw new Error("many small blocks under a large window: unpack it with zstd -d, and read that");
        if (type === COMPRESSED && this.#skip > 0) {
          if (this.#skip > MOST_COMPRESSED_BYTES) throw new Error("a block larger than 128 KiB");
          this.#state = { at: "compressed" };
          this.#block = new Uint8Array(this.#skip);
          this.#blockBytes = 0;
          this.#skip = 0;
        } else this.#endBlock();
      }
    }
  }

  #readBlock(): void {
    if (hasEndlessWeights([...this.#block.subarray(0, LITERALS_LOOK_BYTES)]))
      throw new Error("Huffman weights that never end");
    this.#sequences.check(this.#block);
    this.#endBlock();
  }

  /** Behind a block's bytes another follows, or the frame ends. */
  #endBlock(): void {
    this.#state = this.#isLast ? { at: "magic" } : { at: "block" };
    if (this.#isLast && this.#hasChecksum) this.#skip += 4;
  }
}

function windowOf(descriptor: number, bytes: readonly number[]): number {
  if (!isSingle(descriptor)) {
    const base = 2 ** (10 + (bytes[0]! >> 3));
    return base + (base / 8) * (bytes[0]! & 7);
  }
  const length = sizeBytes(descriptor);
  const size = little(bytes.slice(bytes.length - length));
  return length === 2 ? size + 256 : size;
}

function little(bytes: readonly number[]): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
