import { createRequire } from "node:module";
import type Database from "libsql";
import { LedgerError } from "./ledger-error.js";

/**
 * Opens a database file. The engine is native code and is loaded here, at the first use: a program that carries the
 * ledger and does not open one runs without it.
 * @throws LedgerError `NO_ENGINE`
 */
export function openDatabase(path: string, options: Database.Options): Database.Database {
  return new (engine())(path, options);
}

function engine(): typeof Database {
  try {
    return createRequire(import.meta.url)("libsql");
  } catch (cause) {
    throw new LedgerError(
      "NO_ENGINE",
      "a ledger needs the package libsql with its native part for this platform; `npm install libsql` beside the program brings it",
      { cause },
    );
  }
}
