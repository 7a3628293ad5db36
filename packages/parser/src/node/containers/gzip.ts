import { createGunzip } from "node:zlib";
import type { ByteStream } from "../../open/containers/byte-stream.js";
import { throughStream } from "./through-stream.js";

/** Large pieces, and some of them ahead of the reader: zlib works on another core meanwhile. */
const BUFFERS = { chunkSize: 2 ** 19, highWaterMark: 2 ** 21 } as const;

/** All members of a gzip file (RFC 1952), by zlib. Throws at damage, after what came before it. */
export function gunzipped(source: ByteStream): ByteStream {
  return throughStream(source, createGunzip(BUFFERS));
}
