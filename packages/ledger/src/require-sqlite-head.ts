import { closeSync, openSync, readSync, statSync } from "node:fs";
import { LedgerError } from "./ledger-error.js";

const HEAD = "SQLite format 3\0";

/**
 * SQLite takes a file shorter than its head for an empty database and writes over it: that must not happen to a file
 * that was named by mistake. A file that is absent, empty or cannot be looked at is left to SQLite.
 * @throws LedgerError NOT_A_LEDGER when the file has content of another kind
 */
export function requireSqliteHead(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === false) throw new LedgerError("NOT_A_LEDGER", `${path}: is no regular file`);
  if (stat === undefined || stat.size === 0) return;
  const head = Buffer.alloc(HEAD.length);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, HEAD.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString("latin1") !== HEAD) throw new LedgerError("NOT_A_LEDGER", `${path}: this file is not a ledger`);
}
