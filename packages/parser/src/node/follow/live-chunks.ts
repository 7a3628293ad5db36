import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ParserError } from "../../model/diagnostic.js";
import { READ_ONLY, reasonOf } from "../find-inputs.js";

/** One step of a live input. */
export type LiveStep =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Nothing came for a while. */
  | { readonly kind: "silent" }
  /** The file was rotated or truncated: what follows is another file, from its start. */
  | { readonly kind: "restart" };

/** How a live input is watched. */
export interface LiveOptions {
  /** A file is read from its start; default: from its end, as it stands. */
  readonly fromStart?: boolean;
  /** How often a file is looked at, and how long silence is, milliseconds; default 500. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
}

const CHUNK_BYTES = 64 * 1024;
const SILENT: LiveStep = { kind: "silent" };

/**
 * A file that grows, whatever happens to it: rotation by renaming, with and without a new file at once, and by truncation.
 * What was written to the old file before the new one was seen is read to its end. Ends by the signal only.
 * @throws ParserError READ_FAILED when the file cannot be read at the start
 */
export async function* growingFile(path: string, options: LiveOptions = {}): AsyncGenerator<LiveStep, void, void> {
  const { fromStart = false, pollMs = 500, signal } = options;
  let file = await opened(path);
  let position = fromStart ? 0 : (await file.stat()).size;
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    while (signal?.aborted !== true) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead > 0) {
        position += bytesRead;
        yield { kind: "bytes", bytes: buffer.slice(0, bytesRead) };
        continue;
      }
      const here = await file.stat();
      if (here.size < position) {
        position = 0;
        yield { kind: "restart" };
        continue;
      }
      // Between renaming and making the new file there is none: the old one is still the one to read.
      const named = await stat(path).catch(() => null);
      if (named?.isFile() === true && (named.ino !== here.ino || named.dev !== here.dev)) {
        const next = await open(path, READ_ONLY).catch(() => null);
        // What came between the last read and the rename.
        const rest = await file.read(buffer, 0, CHUNK_BYTES, position);
        if (rest.bytesRead > 0) {
          await next?.close();
          position += rest.bytesRead;
          yield { kind: "bytes", bytes: buffer.slice(0, rest.bytesRead) };
          continue;
        }
        if (next !== null) {
          await file.close();
          file = next;
          position = 0;
          yield { kind: "restart" };
          continue;
        }
      }
      yield SILENT;
      await delay(pollMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, READ_ONLY);
  } catch (error) {
    throw new ParserError("READ_FAILED", `${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * A pipe, or any stream of bytes, with its silences. Ends with the stream.
 */
export async function* pipeChunks(
  stream: AsyncIterable<Uint8Array>,
  { pollMs = 500 }: LiveOptions = {},
): AsyncGenerator<LiveStep, void, void> {
  const iterator = stream[Symbol.asyncIterator]();
  let came: { readonly result: IteratorResult<Uint8Array> } | { readonly error: unknown } | null = null;
  let wake: () => void = () => {};
  const read = (): void => {
    const take = (what: typeof came): void => {
      came = what;
      wake();
    };
    iterator.next().then(
      (result) => take({ result }),
      (error: unknown) => take({ error }),
    );
  };
  read();
  try {
    for (;;) {
      if (came === null)
        // Waits for bytes or for silence, and leaves nothing behind: a pipe may be silent for weeks.
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const now = came as { result: IteratorResult<Uint8Array> } | { error: unknown } | null;
      if (now === null) {
        yield SILENT;
        continue;
      }
      if ("error" in now) throw now.error;
      if (now.result.done === true) return;
      const bytes = now.result.value;
      came = null;
      read();
      yield { kind: "bytes", bytes };
    }
  } finally {
    // A read that waits for a silent pipe is not waited for.
    void iterator.return?.();
  }
}

/**
 * The kernel's ring buffer: each read gives one record (Documentation/ABI/testing/dev-kmsg). Records that were overwritten
 * before they were read are passed over by the kernel, whose sequence numbers tell of it.
 * @throws ParserError READ_FAILED when it cannot be opened
 */
export async function* kernelRing(path: string = "/dev/kmsg"): AsyncGenerator<Uint8Array, void, void> {
  const file = await opened(path);
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    for (;;) {
      try {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
        if (bytesRead === 0) return;
        yield buffer.slice(0, bytesRead);
      } catch (error) {
        // EPIPE: the next record was overwritten; the next read gives the oldest that is left.
        if ((error as NodeJS.ErrnoException).code !== "EPIPE")
          throw new ParserError("READ_FAILED", `${path}: ${reasonOf(error)}`, { cause: error });
      }
    }
  } finally {
    await file.close();
  }
}
