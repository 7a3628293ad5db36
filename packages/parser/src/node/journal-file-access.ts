import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { pagedAccess } from "../journal-file/random-access.js";
import { ParserError } from "../model/diagnostic.js";
import type { FileAccess, FileAccessOptions } from "../open/input.js";
import { READ_ONLY, reasonOf } from "./find-inputs.js";

export interface DiskAccessOptions extends FileAccessOptions {
  /** Fills a part of `target`, as `readSync` does; for tests of a failing disk. */
  readonly readSome?: (file: number, target: Uint8Array, start: number, length: number, offset: number) => number;
}

/**
 * Opens a file for positioned reads through a page cache; the file is not loaded.
 * @throws ParserError READ_FAILED if it cannot be opened, and from `read` if the disk fails and nobody is told
 */
export function openFileAccess(path: string, options: DiskAccessOptions = {}): FileAccess {
  const { onReadError, readSome = readSync } = options;
  const descriptor = attempt(path, () => openSync(path, READ_ONLY));
  const size = attempt(path, () => fstatSync(descriptor).size);
  const readAt = (offset: number, target: Uint8Array): number => {
    let got = 0;
    try {
      while (got < target.length) {
        const count = readSome(descriptor, target, got, target.length - got, offset + got);
        if (count === 0) break;
        got += count;
      }
    } catch (error) {
      if (onReadError === undefined) throw readFailed(path, error);
      onReadError(reasonOf(error));
    }
    return got;
  };
  const access = pagedAccess(size, readAt, options);
  return {
    size,
    read: (offset, length) => access.read(offset, length),
    readInto: (offset, target) => access.readInto(offset, target),
    close: () => closeSync(descriptor),
  };
}

function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw readFailed(path, cause);
  }
}

function readFailed(path: string, cause: unknown): ParserError {
  return new ParserError("READ_FAILED", `${path}: ${reasonOf(cause)}`, { cause });
}
