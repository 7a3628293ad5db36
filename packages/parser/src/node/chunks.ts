import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Input, reasonOf } from "./find-inputs.js";

/** What reading told of the stored bytes. */
export interface Stored {
  sha256: string;
  bytes: number;
  /** Why reading ended early; null when it did not. */
  fault: { readonly kind: "corrupt" | "unreadable"; readonly detail: string } | null;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * The decompressed bytes of one input; `stored` is filled in while they are read. Damage ends the stream and is told
 * there, what came before is handed over.
 */
export async function* chunksOf(
  input: Input,
  stored: Stored,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = createHash("sha256");
  const source: Readable =
    input.path === null
      ? process.stdin
      : createReadStream(input.path, { highWaterMark: CHUNK_BYTES, ...(signal === undefined ? {} : { signal }) });
  const hashed = async function* (): AsyncGenerator<Buffer, void, void> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      stored.bytes += chunk.length;
      onBytes(stored.bytes);
      yield chunk;
    }
  };
  try {
    const bytes = hashed();
    const first = await bytes.next();
    if (first.done !== true) {
      const whole = prefixed(first.value, bytes);
      const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
      yield* isGzip ? gunzipped(whole, stored) : whole;
    }
  } catch (error) {
    if (signal?.aborted === true) throw error;
    stored.fault = { kind: "unreadable", detail: reasonOf(error) };
  }
  stored.sha256 = hash.digest("hex");
}

async function* prefixed(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  yield first;
  yield* rest;
}

/** All members of a gzip file (RFC 1952); what a damaged one gave before the damage stands. */
async function* gunzipped(source: AsyncIterable<Buffer>, stored: Stored): AsyncGenerator<Buffer, void, void> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const feeding = (async () => {
    for await (const chunk of source) {
      if (gunzip.destroyed) continue;
      if (!gunzip.write(chunk)) {
        await new Promise<void>((resume) => {
          gunzip.once("drain", resume);
          gunzip.once("close", resume);
        });
      }
    }
    gunzip.end();
  })();
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    stored.fault = { kind: "corrupt", detail: `gzip data is damaged (${reasonOf(error)}); what came before was read` };
  }
  await feeding;
}
