import type { Writable } from "node:stream";
import { CliError, EXIT } from "./exit-codes.js";
import { visible } from "./layout/escape.js";

/** The reader of the output has gone; not an error of anybody's. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

/**
 * A writer to standard output that waits for a slow reader. After EPIPE, `onBroken` is called once and every write rejects
 * with BrokenPipe; any other error with what it is called: CliError (cannotCreate).
 */
export function streamWriter(stream: Writable, onBroken: () => void): (text: string) => Promise<void> {
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (failure !== null) return;
    const broken = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
    failure = broken ? new BrokenPipe("the reader has gone") : unwritable(error);
    if (broken) onBroken();
  });
  return (text) =>
    new Promise((resolve, reject) => {
      if (failure !== null) reject(failure);
      else stream.write(text, (error) => (error ? reject(failure ?? unwritable(error)) : resolve()));
    });
}

function unwritable(error: Error): CliError {
  const message = `standard output: cannot be written: ${visible(error.message)}`;
  return new CliError(EXIT.cannotCreate, message, { cause: error });
}
