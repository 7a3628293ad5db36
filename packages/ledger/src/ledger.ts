import { createHash } from "node:crypto";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import type Database from "libsql";
import { canonicalJson, digestOf } from "./canonical.js";
import { openDatabase } from "./database.js";
import { evidenceKey, isBetterReading } from "./evidence-key.js";
import { evidenceNames } from "./evidence-names.js";
import { LedgerError } from "./ledger-error.js";
import { eventOf, payloadOf } from "./payload.js";
import { checkIdentity, migrate, REGISTER_COLUMNS } from "./schema.js";

export interface LedgerOptions {
  /** Writes nothing, also no migration; the file must exist. Default false. */
  readonly readOnly?: boolean;
  /** How long to wait for another process that writes, milliseconds; default 10,000. */
  readonly waitMs?: number;
}

/** `added`: new evidence. `known`: nothing to do. `better` and `worse`: known bytes, read otherwise than before. */
export type Ingested = "added" | "known" | "better" | "worse";

export interface KeptEvidence {
  readonly id: number;
  readonly key: string;
  readonly labels: readonly string[];
  /** The name that `analysisInput` gives it. */
  readonly name: string;
  /** Its `evidence` is empty: names are kept apart. */
  readonly summary: EvidenceSummary;
  readonly reading: string;
}

interface EvidenceRow {
  readonly id: number;
  readonly key: string;
  readonly summary: string;
  readonly reading: string;
}
interface SightingRow {
  readonly digest: string;
  readonly payload: string;
  readonly line: number;
  readonly byte_offset: number;
  readonly byte_length: number;
}

const SIGHTINGS = `SELECT digest, payload, line, byte_offset, byte_length
  FROM sighting JOIN event ON event.id = event_id WHERE evidence_id = ?
  ORDER BY byte_offset, line, byte_length, digest`;

/**
 * What past exports showed: the summary and the events of each evidence, from which the analyzer makes the report again.
 * Every method that writes is one transaction; when it has returned, the content survives a kill and a loss of power.
 */
export class Ledger {
  readonly #db: Database.Database;

  /** Use `openLedger`. */
  constructor(db: Database.Database) {
    this.#db = db;
  }

  /**
   * Keeps one evidence. The order of evidence and of its events, and repetitions, make no difference to the content.
   * Memory does not grow with the number of events.
   * @throws LedgerError `BUSY`; `BAD_EVENT` when an event names other evidence; nothing is kept then
   */
  ingest(summary: EvidenceSummary, events: Iterable<KernelEvent>): Ingested {
    return this.#write(() => {
      const stored = { ...summary, evidence: "" };
      const [{ id }] = this.#rows<{ id: number }>(
        "INSERT INTO evidence (key, sha256, summary, reading) VALUES ('', ?, ?, '') RETURNING id",
        summary.sha256,
        canonicalJson(stored),
      ) as [{ id: number }];
      for (const event of events) this.#addEvent(id, event, summary.evidence);
      const reading = this.#readingOf(id, canonicalJson(stored));
      const key = evidenceKey(summary, reading);
      const kept = this.#rows<EvidenceRow>("SELECT id, key, summary, reading FROM evidence WHERE key = ?", key)[0];
      const result = kept === undefined ? "added" : comparison({ summary: stored, reading }, kept);
      if (kept === undefined || result === "better") {
        if (kept !== undefined) {
          // Its labels stay: they hang on the key.
          this.#run(
            "UPDATE evidence SET summary = ?, reading = ? WHERE id = ?",
            canonicalJson(stored),
            reading,
            kept.id,
          );
          this.#run("DELETE FROM sighting WHERE evidence_id = ?", kept.id);
          this.#run("UPDATE sighting SET evidence_id = ? WHERE evidence_id = ?", kept.id, id);
          this.#run("DELETE FROM evidence WHERE id = ?", id);
        } else this.#run("UPDATE evidence SET key = ?, reading = ? WHERE id = ?", key, reading, id);
      } else this.#run("DELETE FROM evidence WHERE id = ?", id);
      this.#run("INSERT OR IGNORE INTO evidence_label VALUES (?, ?)", key, summary.evidence);
      if (result === "better" || result === "worse") this.#dropOrphans();
      return result;
    });
  }

  /** Every evidence, by name; two with the same label get different names, whatever the order they came in. */
  evidence(): KeptEvidence[] {
    const labels = new Map<string, string[]>();
    for (const row of this.#rows<{ evidence_key: string; label: string }>(
      "SELECT evidence_key, label FROM evidence_label ORDER BY evidence_key, label",
    ))
      labels.set(row.evidence_key, [...(labels.get(row.evidence_key) ?? []), row.label]);
    const names = evidenceNames(labels);
    return this.#rows<EvidenceRow>("SELECT id, key, summary, reading FROM evidence")
      .map(({ id, key, summary, reading }) => ({
        id,
        key,
        labels: labels.get(key) ?? [],
        name: names.get(key) ?? key,
        summary: JSON.parse(summary) as EvidenceSummary,
        reading,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What `analyze` takes: the order of evidence is that of the names. Events are read as they are asked for. */
  analysisInput(): { readonly evidence: readonly EvidenceSummary[]; readonly events: Iterable<KernelEvent> } {
    const kept = this.evidence();
    return {
      evidence: kept.map(({ name, summary }) => ({ ...summary, evidence: name })),
      events: this.#eventsOf(kept),
    };
  }

  /** The content as lines of JSON: equal content gives equal bytes. Names of evidence first, then its events by place. */
  *export(): Generator<string, void, void> {
    for (const one of this.evidence()) {
      const { key, labels, summary, reading } = one;
      yield `${canonicalJson({ evidence: { key, labels, summary, reading } })}\n`;
      for (const row of this.#sightings(one.id))
        yield `${canonicalJson({
          line: row.line,
          byteOffset: row.byte_offset,
          byteLength: row.byte_length,
          event: JSON.parse(row.payload) as unknown,
        })}\n`;
    }
  }

  /** Takes one evidence out, and the events that no other evidence shows. False: there is none with this key. */
  forget(key: string): boolean {
    return this.#write(() => {
      const gone = this.#run("DELETE FROM evidence WHERE key = ?", key) > 0;
      if (gone) this.#dropOrphans();
      return gone;
    });
  }

  /** What is wrong with the file, a sentence each; empty when every stored fact still has its digest. Reads all of it. */
  verify(): string[] {
    const problems = this.#rows<{ integrity_check: string }>("PRAGMA integrity_check")
      .map((row) => row.integrity_check)
      .filter((text) => text !== "ok");
    if (this.#rows("PRAGMA foreign_key_check").length > 0) problems.push("a row refers to one that is not there");
    for (const { id, key, summary, reading } of this.#rows<EvidenceRow>(
      "SELECT id, key, summary, reading FROM evidence ORDER BY key",
    ))
      if (this.#readingOf(id, summary) !== reading) problems.push(`evidence ${key} is not what was taken in`);
    for (const { digest, payload } of this.#iterate<SightingRow>("SELECT digest, payload FROM event"))
      if (digestOf(payload) !== digest) problems.push(`event ${digest} is not what was taken in`);
    const orphans = this.#rows<{ n: number }>(
      "SELECT count(*) AS n FROM event WHERE id NOT IN (SELECT event_id FROM sighting)",
    )[0]?.n;
    if (orphans !== 0) problems.push(`${orphans} events are in no evidence`);
    return problems;
  }

  close(): void {
    this.#db.close();
  }

  #addEvent(evidenceId: number, event: KernelEvent, label: string): void {
    const { evidence, line, byteOffset, byteLength } = event.provenance;
    if (evidence !== label) throw new LedgerError("BAD_EVENT", "an event names other evidence than the summary");
    const payload = payloadOf(event);
    const digest = digestOf(payload);
    const adapter = "adapter" in event ? (event.adapter.interface ?? event.adapter.pci) : null;
    const added = this.#rows<{ id: number }>(
      `INSERT INTO event (digest, kind, unix_ms, host, adapter, payload) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (digest) DO NOTHING RETURNING id`,
      digest,
      event.kind,
      event.time.unixMs,
      event.host,
      adapter,
      payload,
    )[0];
    if (added !== undefined && event.kind === "e1000e.hang")
      this.#run(
        `INSERT INTO hang_report VALUES (?${", ?".repeat(REGISTER_COLUMNS.length)})`,
        added.id,
        ...REGISTER_COLUMNS.map(([register]) => event.registers[register] ?? null),
      );
    this.#run(
      "INSERT INTO sighting SELECT ?, id, ?, ?, ? FROM event WHERE digest = ?",
      evidenceId,
      line,
      byteOffset,
      byteLength,
      digest,
    );
  }

  #readingOf(id: number, summary: string): string {
    const hash = createHash("sha256").update(summary);
    for (const row of this.#sightings(id))
      hash.update(`\n${row.byte_offset} ${row.line} ${row.byte_length} ${row.digest}`);
    return hash.digest("hex");
  }

  *#eventsOf(kept: readonly KeptEvidence[]): Generator<KernelEvent, void, void> {
    for (const { id, name } of kept)
      for (const { payload, line, byte_offset: byteOffset, byte_length: byteLength } of this.#sightings(id))
        yield eventOf(payload, { evidence: name, line, byteOffset, byteLength });
  }

  #sightings(id: number): IterableIterator<SightingRow> {
    return this.#iterate<SightingRow>(SIGHTINGS, id);
  }

  #dropOrphans(): void {
    this.#run("DELETE FROM event WHERE id NOT IN (SELECT event_id FROM sighting)");
  }

  #write<Result>(work: () => Result): Result {
    translating(() => this.#db.exec("BEGIN IMMEDIATE"));
    try {
      const result = work();
      translating(() => this.#db.exec("COMMIT"));
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  #rows<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }

  #iterate<Row>(sql: string, ...values: unknown[]): IterableIterator<Row> {
    return this.#db.prepare(sql).iterate(...values) as IterableIterator<Row>;
  }

  #run(sql: string, ...values: unknown[]): number {
    return this.#db.prepare(sql).run(...values).changes;
  }
}

/**
 * Opens a ledger; makes a new one where there is no file, and brings an older one to this version.
 *
 * A rollback journal with full synchronisation, not a write-ahead log: the ledger is one file that can be copied, and
 * writers are rare.
 * @throws LedgerError `BUSY`, `NOT_A_LEDGER`, `NEWER_SCHEMA`, `NO_ENGINE`, `FAILED` (the file cannot be opened)
 */
export function openLedger(path: string, { readOnly = false, waitMs = 10_000 }: LedgerOptions = {}): Ledger {
  return translating(() => {
    const db = openDatabase(path, { fileMustExist: readOnly });
    try {
      db.exec(`PRAGMA busy_timeout = ${Math.trunc(waitMs)}`);
      db.exec("PRAGMA foreign_keys = ON");
      if (readOnly) {
        db.exec("PRAGMA query_only = ON");
        checkIdentity(db);
      } else {
        db.exec("PRAGMA synchronous = FULL");
        migrate(db);
      }
      return new Ledger(db);
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

function comparison(
  candidate: { readonly summary: EvidenceSummary; readonly reading: string },
  { summary, reading }: EvidenceRow,
): Ingested {
  if (candidate.reading === reading) return "known";
  const kept = { summary: JSON.parse(summary) as EvidenceSummary, reading };
  return isBetterReading(candidate, kept) ? "better" : "worse";
}

function translating<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const cause = { cause: error };
    if (code.startsWith("SQLITE_BUSY"))
      throw new LedgerError("BUSY", "another process is writing to the ledger", cause);
    if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT"))
      throw new LedgerError("NOT_A_LEDGER", "this file is not a ledger, or is damaged", cause);
    throw new LedgerError("FAILED", `the ledger failed: ${error instanceof Error ? error.message : error}`, cause);
  }
}
