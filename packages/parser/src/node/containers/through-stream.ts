import type { Duplex } from "node:stream";
import type { ByteStream } from "../../open/containers/byte-stream.js";

/**
 * Sends bytes through a Node stream. What the stream gave before it failed is handed over first; then the failure, its
 * own or the source's, is thrown. Leaving early closes both.
 */
export async function* throughStream(source: ByteStream, stream: Duplex): AsyncGenerator<Uint8Array, void, void> {
  let sourceFault: { readonly error: unknown } | null = null;
  const feeding = (async () => {
    try {
      for await (const chunk of source) {
        if (stream.destroyed) break;
        if (!stream.write(chunk)) await drained(stream);
      }
    } catch (error) {
      sourceFault = { error };
    }
    stream.end();
  })();
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    // A source that breaks off makes the stream fail as well; the source knows the reason.
    if (sourceFault === null) throw error;
  } finally {
    stream.destroy();
    await feeding;
  }
  rethrow(sourceFault);
}

function rethrow(fault: { readonly error: unknown } | null): void {
  if (fault !== null) throw fault.error;
}

/** The stream takes more, or is closed. Leaves no listener behind: a long stream is waited for thousands of times. */
function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const resume = (): void => {
      stream.off("drain", resume).off("close", resume);
      resolve();
    };
    stream.on("drain", resume).on("close", resume);
  });
}
