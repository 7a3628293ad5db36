import { createGunzip } from "node:zlib";
import type { ByteStream } from "../../open/containers/byte-stream.js";
import { throughStream } from "./through-stream.js";

/** All members of a gzip file (RFC 1952), by zlib. Throws at damage, after what came before it. */
export function gunzipped(source: ByteStream): ByteStream {
  return throughStream(source, createGunzip({ chunkSize: 256 * 1024 }));
}
