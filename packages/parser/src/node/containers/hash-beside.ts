import { Worker } from "node:worker_threads";
import type { HashBeside, Stored } from "../../open/containers/hashed-stream.js";

/** Smaller files are hashed sooner than a thread has started. */
export const LEAST_HASHED_BESIDE_BYTES: number = 64 * 2 ** 20;

/** Runs in a thread of its own; a text, so that it needs no file that a bundler would have to find. */
const THREAD = `
const { createHash } = require("node:crypto");
const { openSync, readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const hash = createHash("sha256");
const buffer = Buffer.allocUnsafe(1 << 20);
const file = openSync(workerData.path, "r");
let bytes = 0;
for (let left = workerData.bytes; left > 0; ) {
  const got = readSync(file, buffer, 0, Math.min(left, buffer.length), null);
  if (got === 0) break;
  hash.update(buffer.subarray(0, got));
  bytes += got;
  left -= got;
}
parentPort.postMessage({ sha256: hash.digest("hex"), bytes });
`;

/** Hashes the first bytes of a file on another core, while this one reads them. Reads the file a second time. */
export function hashBeside(path: string, bytes: number): HashBeside {
  const worker = new Worker(THREAD, { eval: true, workerData: { path, bytes } });
  const done = new Promise<Stored | null>((resolve) => {
    worker.once("message", (stored: Stored) => resolve(stored));
    worker.once("error", () => resolve(null));
    worker.once("exit", () => resolve(null));
  });
  return { done, cancel: () => void worker.terminate() };
}
