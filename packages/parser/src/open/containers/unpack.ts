import { containerOf } from "../../formats/detect.js";
import type { DiagnosticCode } from "../../model/diagnostic.js";
import { type ByteStream, peek } from "./byte-stream.js";
import { bzip2Decoded } from "./bzip2.js";
import { type Hash, type HashBeside, HashedStream, type Stored } from "./hashed-stream.js";
import type { UnpackLimits } from "./limits.js";
import { lz4Decoded } from "./lz4-frame.js";
import { isTar, tarFiles } from "./tar.js";
import { xzDecoded } from "./xz.js";
import { zstdDecoded } from "./zstd.js";

/** A file as it stands on disk, in an archive, or comes from standard input. */
export interface Packed {
  readonly label: string;
  /** Unix milliseconds; null when not known. */
  readonly modifiedMs: number | null;
  readonly bytes: ByteStream;
  /** A hash of the stored bytes that is made elsewhere. */
  readonly beside?: HashBeside | null;
}

/** A file without its compression, or the end of an archive. */
export type Unpacked =
  | {
      readonly kind: "file";
      readonly label: string;
      readonly modifiedMs: number | null;
      /** Compressions that were taken off, the outermost first. */
      readonly layers: readonly string[];
      /** Whether it stood in an archive. */
      readonly isMember: boolean;
      /** The first bytes, 512 of them where there are so many. */
      readonly head: Uint8Array;
      /** To be read to its end, once; what cannot be read is told to `onFault`, never thrown. */
      readonly bytes: ByteStream;
      /** Of the bytes as stored; to be called after the bytes were read. */
      readonly stored: () => Promise<Stored>;
    }
  | {
      readonly kind: "archive";
      readonly label: string;
      readonly layers: readonly string[];
      readonly files: number;
      readonly stored: Stored;
    };

export interface UnpackOptions {
  /** Makes a hash for each stored file; null: none is wanted. */
  readonly createHash: (() => Hash | Promise<Hash>) | null;
  /** Takes gzip off. */
  readonly gunzipped: (source: ByteStream) => ByteStream;
  readonly limits: UnpackLimits;
  readonly onFault: (label: string, code: DiagnosticCode, detail: string) => void;
  /** Stored bytes of the outermost file that were read so far. */
  readonly onBytes?: (bytes: number) => void;
  /** Errors that are not faults of the input, to be thrown on: the caller's abort. */
  readonly isFatal: (error: unknown) => boolean;
  /** An error of the platform in words. */
  readonly reasonOf: (error: unknown) => string;
}

/** What tells a container, an archive, and what a native journal says of itself stand in the first bytes. */
const HEAD_BYTES = 512;

const DECODERS: Readonly<Record<string, (source: ByteStream) => ByteStream>> = {
  zstd: zstdDecoded,
  xz: xzDecoded,
  bzip2: bzip2Decoded,
  lz4: lz4Decoded,
};

/**
 * Takes compressions and archives apart, nested ones too, as one forward pass in bounded memory; nothing is written to
 * disk. Files come in the order in which they are stored, each archive's end after its files.
 */
export function unpack(packed: Packed, options: UnpackOptions): AsyncGenerator<Unpacked, void, void> {
  return unpackAt(packed, options, { depth: 0, isMember: false, count: { files: 0 } });
}

interface Position {
  readonly depth: number;
  readonly isMember: boolean;
  /** Shared by all archives inside one another. */
  readonly count: { files: number };
}

const NO_BYTES: Uint8Array = new Uint8Array(0);
const NOTHING: ByteStream = { async *[Symbol.asyncIterator]() {} };

async function* unpackAt(
  packed: Packed,
  options: UnpackOptions,
  position: Position,
): AsyncGenerator<Unpacked, void, void> {
  const { label, modifiedMs } = packed;
  const { isMember, count } = position;
  const onBytes = isMember ? undefined : options.onBytes;
  const source = new HashedStream(packed.bytes, {
    hash: options.createHash === null ? null : (packed.beside ?? (await options.createHash())),
    ...(onBytes === undefined ? {} : { onBytes }),
  });
  try {
    const layers: string[] = [];
    let bytes = guarded(source, (error) => readFault(error, { label, isMember }, options));
    let looked = await peek(bytes, HEAD_BYTES);
    for (let depth = position.depth; ; depth += 1) {
      const name = containerOf(looked.head)?.name ?? "";
      const decode = name === "gzip" ? options.gunzipped : DECODERS[name];
      if (decode === undefined) break;
      if (depth >= options.limits.maxDepth) {
        const detail = `${name} data, packed more than ${options.limits.maxDepth} times (limit maxDepth); not read`;
        options.onFault(label, "input.unsupported", detail);
        looked = { head: NO_BYTES, whole: NOTHING };
        break;
      }
      layers.push(name);
      const decoded = limited(decode(looked.whole), source, options.limits);
      bytes = guarded(decoded, (error) => decodeFault(error, name, label, options));
      looked = await peek(bytes, HEAD_BYTES);
    }
    if (isTar(looked.head)) {
      let files = 0;
      const inner = { depth: position.depth + layers.length + 1, isMember: true, count };
      try {
        for await (const file of tarFiles(looked.whole)) {
          files += 1;
          count.files += 1;
          if (count.files > options.limits.maxMembers) {
            options.onFault(
              label,
              "input.unsupported",
              `more than ${options.limits.maxMembers} files in an archive (limit maxMembers)`,
            );
            break;
          }
          if (inner.depth > options.limits.maxDepth) {
            options.onFault(
              label,
              "input.unsupported",
              `archives nested deeper than ${options.limits.maxDepth} (limit maxDepth)`,
            );
            break;
          }
          const name = file.name.replace(/^(?:\.?\/)+/, "");
          yield* unpackAt(
            { label: `${label}/${name}`, modifiedMs: file.modifiedMs, bytes: file.bytes },
            options,
            inner,
          );
        }
      } catch (error) {
        if (options.isFatal(error)) throw error;
        options.onFault(
          label,
          "input.corrupt",
          `tar archive is damaged (${words(error)}); files before that were read`,
        );
      }
      const stored = await finished(source);
      yield { kind: "archive", label, layers, files, stored };
    } else {
      const { head, whole } = looked;
      const stored = (): Promise<Stored> => finished(source);
      yield { kind: "file", label, modifiedMs, layers, isMember, head, bytes: whole, stored };
    }
  } finally {
    await source.close();
  }
}

interface FileId {
  readonly label: string;
  readonly isMember: boolean;
}

/** What cannot be read any more was told when it happened. */
async function finished(source: HashedStream): Promise<Stored> {
  try {
    return await source.finish();
  } catch {
    return { sha256: null, bytes: source.bytes };
  }
}

/** Ends a stream where it fails; `onError` throws on what is not the input's fault. */
async function* guarded(source: ByteStream, onError: (error: unknown) => void): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* source;
  } catch (error) {
    onError(error);
  }
}

class OverLimit extends Error {}

async function* limited(
  decoded: ByteStream,
  source: HashedStream,
  { maxRatio, freeBytes, maxUnpackedBytes }: UnpackLimits,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of decoded) {
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes)
      throw new OverLimit(`more than ${maxUnpackedBytes} bytes unpacked (limit maxUnpackedBytes)`);
    if (bytes > freeBytes && bytes > maxRatio * source.bytes) {
      throw new OverLimit(`a byte gives more than ${maxRatio}: a decompression bomb (limits maxRatio, freeBytes)`);
    }
    yield chunk;
  }
}

function readFault(error: unknown, { label, isMember }: FileId, options: UnpackOptions): void {
  if (options.isFatal(error)) throw error;
  if (isMember) options.onFault(label, "input.corrupt", `the archive breaks off inside this file (${words(error)})`);
  else options.onFault(label, "input.unreadable", options.reasonOf(error));
}

function decodeFault(error: unknown, name: string, label: string, options: UnpackOptions): void {
  if (options.isFatal(error)) throw error;
  const isOver = error instanceof OverLimit;
  const detail = isOver
    ? `${name} data: ${error.message}; what came before was read`
    : `${name} data is damaged or cut off (${words(error)}); what came before was read`;
  options.onFault(label, isOver ? "input.unsupported" : "input.corrupt", detail);
}

/** The decoders' own words, where they are words and not the trace of a fall. */
function words(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof TypeError || message.startsWith("get_next_output") ? "its structure is broken" : message;
}
