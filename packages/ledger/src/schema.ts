import type Database from "libsql";
import { LedgerError } from "./ledger-error.js";

/** `HgPf` in ASCII, in the file's header: tells a ledger from any other SQLite file (sqlite.org/fileformat2.html). */
const APPLICATION_ID = 0x48675066;

/** Registers of a hang report as columns: the driver's name, and the column's. */
export const REGISTER_COLUMNS = [
  ["TDH", "tdh"],
  ["TDT", "tdt"],
  ["next_to_use", "next_to_use"],
  ["next_to_clean", "next_to_clean"],
  ["time_stamp", "time_stamp"],
  ["next_to_watch", "next_to_watch"],
  ["jiffies", "jiffies"],
  ["next_to_watch.status", "next_to_watch_status"],
  ["MAC Status", "mac_status"],
  ["PHY Status", "phy_status"],
  ["PHY 1000BASE-T Status", "phy_1000baset_status"],
  ["PHY Extended Status", "phy_extended_status"],
  ["PCI Status", "pci_status"],
] as const;

/** Steps from one version to the next; version n has run the first n. Never edit one that was released: append. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE evidence (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     sha256 TEXT,
     summary TEXT NOT NULL,
     reading TEXT NOT NULL
   );
   CREATE TABLE evidence_label (
     evidence_key TEXT NOT NULL REFERENCES evidence(key) ON DELETE CASCADE ON UPDATE CASCADE,
     label TEXT NOT NULL,
     PRIMARY KEY (evidence_key, label)
   ) WITHOUT ROWID;
   CREATE TABLE event (
     id INTEGER PRIMARY KEY,
     digest TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     unix_ms REAL,
     host TEXT,
     adapter TEXT,
     payload TEXT NOT NULL
   );
   CREATE INDEX event_by_kind ON event (kind, unix_ms);
   CREATE TABLE hang_report (
     event_id INTEGER PRIMARY KEY REFERENCES event(id) ON DELETE CASCADE,
     ${REGISTER_COLUMNS.map(([, column]) => `${column} INTEGER`).join(", ")}
   );
   CREATE TABLE sighting (
     evidence_id INTEGER NOT NULL REFERENCES evidence(id) ON DELETE CASCADE,
     event_id INTEGER NOT NULL REFERENCES event(id),
     line INTEGER NOT NULL,
     byte_offset INTEGER NOT NULL,
     byte_length INTEGER NOT NULL
   );
   CREATE INDEX sighting_by_place ON sighting (evidence_id, byte_offset, line);
   CREATE INDEX sighting_by_event ON sighting (event_id);`,
  `CREATE TABLE told_change (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     time_ms REAL NOT NULL,
     title TEXT NOT NULL,
     note TEXT,
     told_ms REAL NOT NULL,
     UNIQUE (time_ms, title)
   );
   CREATE TABLE told_window (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     rule TEXT NOT NULL UNIQUE,
     text TEXT NOT NULL,
     note TEXT,
     told_ms REAL NOT NULL
   );
   CREATE TABLE check_made (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     made_ms REAL NOT NULL,
     state TEXT NOT NULL
   );
   CREATE INDEX check_by_time ON check_made (made_ms, id);`,
];

/**
 * Brings the file to this version, all steps in one transaction: after a kill it has the old version or the new one.
 * @throws LedgerError `NOT_A_LEDGER` for a database of something else, `NEWER_SCHEMA` for one of a later hangproof
 */
export function migrate(db: Database.Database, migrations: readonly string[] = MIGRATIONS): void {
  // A ledger of this version is opened without waiting for its writers.
  if (checkIdentity(db, migrations.length) === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = checkIdentity(db, migrations.length);
    for (const step of migrations.slice(version)) db.exec(step);
    if (version < migrations.length) {
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${migrations.length}`);
    }
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** The file's schema version; 0 for a new, empty file. Throws as `migrate` does, and writes nothing. */
export function checkIdentity(db: Database.Database, newest: number = MIGRATIONS.length): number {
  const number = (sql: string): number => Number((db.prepare(sql).raw().all() as unknown[][])[0]?.[0]);
  const version = number("PRAGMA user_version");
  const isEmpty = number("SELECT count(*) FROM sqlite_schema") === 0;
  if (isEmpty && version === 0) return 0;
  if (number("PRAGMA application_id") !== APPLICATION_ID)
    throw new LedgerError("NOT_A_LEDGER", "this SQLite file is not a ledger of hangproof");
  if (version > newest)
    throw new LedgerError("NEWER_SCHEMA", `the ledger has schema ${version}, this hangproof knows up to ${newest}`);
  return version;
}
