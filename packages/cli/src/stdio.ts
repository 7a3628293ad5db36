import type { Writable } from "node:stream";

/** The reader of the output has gone; not an error of anybody's. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/**
 * A writer that waits for a slow reader. After EPIPE, `onBroken` is called once and every write rejects with
 * BrokenPipe; any other write error rejects as it is.
 */
export function streamWriter(stream: Writable, onBroken: () => void): (text: string) => Promise<void> {
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (failure !== null) return;
    const broken = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
    failure = broken ? new BrokenPipe("the reader has gone") : error;
    if (broken) onBroken();
  });
  return (text) =>
    new Promise((resolve, reject) => {
      if (failure !== null) reject(failure);
      else stream.write(text, (error) => (error ? reject(failure ?? error) : resolve()));
    });
}
