/** Whole inputs, read as `hangproof` reads them, on any platform that says how it opens, hashes and inflates. */
export type { ByteStream } from "./open/containers/byte-stream.js";
export { fromReadable } from "./open/containers/from-readable.js";
export type { Hash, HashBeside, Stored } from "./open/containers/hashed-stream.js";
export type { UnpackLimits } from "./open/containers/limits.js";
export {
  type FileAccess,
  type FileAccessOptions,
  type Input,
  NO_LOG,
  type Platform,
  type StreamOptions,
} from "./open/input.js";
export { type Opened, openInputs, type ReadingOptions } from "./open/open-inputs.js";
export type { LentMemory } from "./scan/lent-memory.js";
