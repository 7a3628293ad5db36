import type { ByteStream } from "@hangproof/parser/open";
import { Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2, zlibInflateReset } from "pako";

const OUTPUT_BYTES = 256 * 1024;
/** 15 bits of window, and a gzip header. */
const GZIP_ONLY = 15 + 16;

/**
 * All members of a gzip file (RFC 1952), zeros behind them passed over, as Node reads it; the browser's own
 * `DecompressionStream` refuses a second member. Throws at damage, after what came before it.
 */
export async function* gunzipped(source: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  const stream = new ZStream();
  let status: number = zlibInflateInit2(stream, GZIP_ONLY);
  let isOver = false;
  for await (const chunk of source) {
    if (isOver) continue;
    stream.input = chunk;
    stream.next_in = 0;
    stream.avail_in = chunk.length;
    do {
      if (status === Z_STREAM_END) {
        isOver = chunk[stream.next_in] === 0;
        if (isOver) break;
        zlibInflateReset(stream);
      }
      stream.output = new Uint8Array(OUTPUT_BYTES);
      stream.next_out = 0;
      stream.avail_out = OUTPUT_BYTES;
      status = zlibInflate(stream, Z_NO_FLUSH);
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out);
      if (status !== Z_OK && status !== Z_STREAM_END) throw new Error(stream.msg || "invalid data");
    } while (stream.avail_in > 0 || (status === Z_OK && stream.avail_out === 0));
  }
  if (status !== Z_STREAM_END) throw new Error("unexpected end of file");
}
