import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { hasJournalSignature } from "../journal-file/header.js";
import { type PagedAccessOptions, pagedAccess, type RandomAccess } from "../journal-file/random-access.js";
import { ParserError } from "../model/diagnostic.js";

/** Whether a file begins as a native journal does; false when it cannot be read, and reading it as a stream tells why. */
export function startsAsJournal(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const file = openSync(path, "r");
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

/**
 * Opens a file for positioned reads through a page cache; the file is not loaded.
 * @throws ParserError READ_FAILED if it cannot be opened, and from `read` if the disk fails
 */
export function openFileAccess(path: string, options: PagedAccessOptions = {}): FileAccess {
  const descriptor = attempt(path, () => openSync(path, "r"));
  const size = attempt(path, () => fstatSync(descriptor).size);
  const readAt = (offset: number, target: Uint8Array): number =>
    attempt(path, () => {
      let got = 0;
      while (got < target.length) {
        const count = readSync(descriptor, target, got, target.length - got, offset + got);
        if (count === 0) break;
        got += count;
      }
      return got;
    });
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
    throw new ParserError("READ_FAILED", `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
