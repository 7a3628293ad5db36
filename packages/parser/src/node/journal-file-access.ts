import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { hasJournalSignature } from "../journal-file/header.js";
import { type PagedAccessOptions, pagedAccess, type RandomAccess } from "../journal-file/random-access.js";
import { ParserError } from "../model/diagnostic.js";
import { READ_ONLY, reasonOf } from "./find-inputs.js";

/** Whether a file begins as a native journal does; false when it cannot be read, and reading it as a stream tells why. */
export function startsAsJournal(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const file = openSync(path, READ_ONLY);
    try {
      const head = new Uint8Array(8);
      readSync(file, head, 0, head.length, 0);
      return hasJournalSignature(head);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** A file that is open for reading at any offset, until it is closed. */
export interface FileAccess extends RandomAccess {
  close(): void;
}

export interface FileAccessOptions extends PagedAccessOptions {
  /** Told in words when the disk fails, which reads as if the data ended there. Without it, `read` throws. */
  readonly onReadError?: (reason: string) => void;
  /** Fills a part of `target`, as `readSync` does; for tests of a failing disk. */
  readonly readSome?: (file: number, target: Uint8Array, start: number, length: number, offset: number) => number;
}

/**
 * Opens a file for positioned reads through a page cache; the file is not loaded.
 * @throws ParserError READ_FAILED if it cannot be opened, and from `read` if the disk fails and nobody is told
 */
export function openFileAccess(path: string, options: FileAccessOptions = {}): FileAccess {
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
