import type { PagedAccessOptions, RandomAccess } from "../journal-file/random-access.js";
import type { LentMemory } from "../scan/lent-memory.js";
import type { ByteStream } from "./containers/byte-stream.js";
import type { Hash, HashBeside } from "./containers/hashed-stream.js";

/** One file to read, wherever it stands: on a disk, in a browser's hands, behind a pipe. */
export interface Input {
  /** What events and the report call it: unique among the inputs of one run. */
  readonly label: string;
  /** Stored bytes; 0 where nobody knows. */
  readonly size: number;
  /** Unix milliseconds; null when not known. */
  readonly modifiedMs: number | null;
  /** Label of the folder that was named and this file was found in; null when the file itself was named. */
  readonly folder: string | null;
  /** The stored bytes, or the first `bytes` of them. Errors of the disk are thrown by the iteration. */
  readonly open: (options?: StreamOptions) => ByteStream;
  /** Opens the file for reading at any offset; null for what can be read once and forward only. */
  readonly openAccess: ((options?: FileAccessOptions) => FileAccess) | null;
  /** Starts hashing the stored bytes elsewhere, while they are read; null: they are hashed as they are read. */
  readonly hashBeside: (() => HashBeside) | null;
}

/** How the stored bytes are read from the first on. */
export interface StreamOptions {
  /** Ends the reading; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** How many, at most; default: all. */
  readonly bytes?: number;
  /**
   * Asked before a piece is read, until it gives memory: from then on a piece is done with when the next one is asked for,
   * so that two take turns in that memory. Null: not yet. Absent: never. To ask is up to the platform.
   */
  readonly memory?: () => LentMemory | null;
  /** Whether a thread is hashing the same file meanwhile. */
  readonly hashed?: boolean;
}

/** A file that is open for reading at any offset, until it is closed. */
export interface FileAccess extends RandomAccess {
  close(): void;
}

/** How a file is opened for reading anywhere in it. */
export interface FileAccessOptions extends PagedAccessOptions {
  /** Told in words when the disk fails, which reads as if the data ended there. Without it, `read` throws. */
  readonly onReadError?: (reason: string) => void;
}

/** What Node and a browser each have in their own way. */
export interface Platform {
  /** A new SHA-256, which takes bytes as they come. */
  readonly createHash: () => Hash | Promise<Hash>;
  /** All members of a gzip file (RFC 1952). Throws at damage, after what came before it. */
  readonly gunzipped: (source: ByteStream) => ByteStream;
  /** What went wrong with an input, in words. */
  readonly reasonOf: (error: unknown) => string;
}

/** Pictures, programs and archives that stand beside logs and are none: passed over where a folder holds them. */
export const NO_LOG: RegExp = /\.(?:png|jpe?g|gif|pdf|zip|html?|js|so|o|deb|rpm|sqlite|db)$/i;
