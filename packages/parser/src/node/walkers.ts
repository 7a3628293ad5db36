import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Walkers } from "../scan/walk-ahead.js";
import { type WalkTask, walkPieces } from "../scan/walk-pieces.js";

/** Smaller files are read sooner than threads are of use. */
const LEAST_WALKED_BYTES = 64 * 2 ** 20;
/** More threads find no more to do, as one must read what they walk through. */
const MOST_WALKERS = 3;

/** The body of a thread; a text, so that it needs no file that a bundler would have to find. */
const THREAD = `
const { readSync } = require("node:fs");
const { parentPort, workerData: { file, size } } = require("node:worker_threads");
parentPort.once("message", (task) =>
  (${walkPieces})(task, size, (target, at, length, offset) => readSync(file, target, at, length, offset)));
`;

/**
 * Threads that walk through a file ahead of the one that reads it: as many as there are cores beside his and those of other
 * busy threads. They are made when they are prepared for, since they need some time to begin.
 */
export class FileWalkers implements Walkers {
  readonly count: number;
  readonly #data: { readonly file: number; readonly size: number };
  #threads: Worker[] | null = null;

  private constructor(count: number, file: number, size: number) {
    this.count = count;
    this.#data = { file, size };
  }

  /**
   * Null where the file is small, or no core is free.
   * @param file - its descriptor, to be closed when they have ended
   * @param busy - threads that are busy with something else
   */
  static of(file: number, size: number, busy: number): FileWalkers | null {
    const count = Math.min(availableParallelism() - 1 - busy, MOST_WALKERS);
    return size < LEAST_WALKED_BYTES || count < 1 ? null : new FileWalkers(count, file, size);
  }

  prepare(): void {
    this.#threads ??= this.#made();
  }

  start(tasks: readonly WalkTask[]): void {
    this.prepare();
    this.#threads?.forEach((thread, index) => {
      thread.postMessage(tasks[index]);
    });
  }

  /** Ends them; when this is done, none uses the file any more. */
  async end(): Promise<void> {
    await Promise.all(this.#threads?.map((thread) => thread.terminate()) ?? []);
  }

  #made(): Worker[] {
    const threads: Worker[] = [];
    try {
      while (threads.length < this.count) {
        const thread = new Worker(THREAD, { eval: true, workerData: this.#data, execArgv: [], env: {} });
        // What it cannot do, the reader does; and nobody waits for it alone.
        thread.on("error", () => {});
        thread.unref();
        threads.push(thread);
      }
    } catch {
      // Threads may be forbidden.
    }
    return threads;
  }
}
