import { createHash } from "node:crypto";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { canonicalJson, digestOf } from "./canonical.js";
import { CheckBook } from "./check-book.js";
import { Connection, translating } from "./connection.js";
import { openDatabase } from "./database.js";
import { evidenceKey, isBetterReading } from "./evidence-key.js";
import { evidenceNames } from "./evidence-names.js";
import { LedgerError } from "./ledger-error.js";
import { eventOf, payloadOf } from "./payload.js";
import { requireSqliteHead } from "./require-sqlite-head.js";
import { checkIdentity, migrate, REGISTER_COLUMNS } from "./schema.js";
import { ToldBook } from "./told-book.js";

/** How a ledger is opened. */
export interface LedgerOptions {
  /** Writes nothing, also no migration; the file must exist. Default false. */
  readonly readOnly?: boolean;
  /** How long to wait for another process that writes, milliseconds; default 10,000. */
  readonly waitMs?: number;
}

/** One evidence that is being taken in. */
export interface Intake {
  /** @throws LedgerError `BAD_EVENT` when it names other evidence */
  add(event: KernelEvent): void;
  /** Keeps it; when this has returned, it survives a kill. @throws LedgerError `BAD_EVENT` */
  finish(summary: EvidenceSummary): Ingested;
  /** Keeps nothing; does nothing after `finish`. */
  abandon(): void;
}

/** `added`: new evidence. `known`: nothing to do. `better` and `worse`: known bytes, read otherwise than before. */
export type Ingested = "added" | "known" | "better" | "worse";

/** One evidence as the ledger keeps it. */
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
  readonly #db: Connection;
  /** Changes and windows that only the user knows. */
  readonly told: ToldBook;
  /** What each check said. */
  readonly checks: CheckBook;

  /** @internal */
  constructor(db: Connection) {
    this.#db = db;
    this.told = new ToldBook(db);
    this.checks = new CheckBook(db);
  }

  /**
   * Keeps one evidence. The order of evidence and of its events, and repetitions, make no difference to the content.
   * Memory does not grow with the number of events.
   * @throws LedgerError `BUSY`, `READ_ONLY`; `BAD_EVENT` when an event names other evidence; nothing is kept then
   */
  ingest(summary: EvidenceSummary, events: Iterable<KernelEvent>): Ingested {
    const intake = this.begin(summary.evidence);
    try {
      for (const event of events) intake.add(event);
      return intake.finish(summary);
    } catch (error) {
      intake.abandon();
      throw error;
    }
  }

  /**
   * Begins to take in one evidence whose events come bit by bit and whose summary comes last. It is one transaction:
   * nothing is kept before `finish`, and other writers wait until then.
   * @param label of the evidence, as its events name it
   * @throws LedgerError `BUSY`, `READ_ONLY`
   */
  begin(label: string): Intake {
    const db = this.#db;
    db.begin();
    let isOpen = true;
    const id = db.rows<{ id: number }>(
      "INSERT INTO evidence (key, summary, reading) VALUES ('', '', '') RETURNING id",
    )[0]!.id;
    return {
      add: (event) => this.#addEvent(id, event, label),
      finish: (summary) => {
        if (summary.evidence !== label)
          throw new LedgerError("BAD_EVENT", "the summary names other evidence than the events");
        const result = this.#settle(id, summary);
        db.commit();
        isOpen = false;
        return result;
      },
      abandon: () => {
        if (isOpen) db.rollback();
        isOpen = false;
      },
    };
  }

  /** Every evidence, by name; two with the same label get different names, whatever the order they came in. */
  evidence(): KeptEvidence[] {
    const labels = new Map<string, string[]>();
    for (const row of this.#db.rows<{ evidence_key: string; label: string }>(
      "SELECT evidence_key, label FROM evidence_label ORDER BY evidence_key, label",
    ))
      labels.set(row.evidence_key, [...(labels.get(row.evidence_key) ?? []), row.label]);
    const names = evidenceNames(labels);
    return this.#db
      .rows<EvidenceRow>("SELECT id, key, summary, reading FROM evidence")
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

  /**
   * The content as lines of JSON: equal content gives equal bytes. Each evidence, then its events by place; what the user
   * told; the checks.
   */
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
    for (const change of this.told.changes()) yield `${canonicalJson({ change })}\n`;
    for (const window of this.told.windows()) yield `${canonicalJson({ window })}\n`;
    for (const made of this.checks.all()) yield `${canonicalJson({ check: made })}\n`;
  }

  /** Takes one evidence out, and the events that no other evidence shows. False: there is none with this key. */
  forget(key: string): boolean {
    return this.#db.write(() => {
      const gone = this.#db.run("DELETE FROM evidence WHERE key = ?", key) > 0;
      if (gone) this.#dropOrphans();
      return gone;
    });
  }

  /** What is wrong with the file, a sentence each; empty when every stored fact still has its digest. Reads all of it. */
  verify(): string[] {
    const problems = this.#db
      .rows<{ integrity_check: string }>("PRAGMA integrity_check")
      .map((row) => row.integrity_check)
      .filter((text) => text !== "ok");
    if (this.#db.rows("PRAGMA foreign_key_check").length > 0) problems.push("a row refers to one that is not there");
    for (const { id, key, summary, reading } of this.#db.rows<EvidenceRow>(
      "SELECT id, key, summary, reading FROM evidence ORDER BY key",
    ))
      if (this.#readingOf(id, summary) !== reading) problems.push(`evidence ${key} is not what was taken in`);
    for (const { digest, payload } of this.#db.iterate<SightingRow>("SELECT digest, payload FROM event"))
      if (digestOf(payload) !== digest) problems.push(`event ${digest} is not what was taken in`);
    const orphans = this.#db.rows<{ n: number }>(
      "SELECT count(*) AS n FROM event WHERE id NOT IN (SELECT event_id FROM sighting)",
    )[0]?.n;
    if (orphans !== 0) problems.push(`${orphans} events are in no evidence`);
    return problems;
  }

  close(): void {
    this.#db.close();
  }

  /** Takes what came in as new, instead of what is kept of the same bytes, or not at all. */
  #settle(id: number, summary: EvidenceSummary): Ingested {
    const stored = { ...summary, evidence: "" };
    const text = canonicalJson(stored);
    const reading = this.#readingOf(id, text);
    const key = evidenceKey(summary, reading);
    const kept = this.#db.rows<EvidenceRow>("SELECT id, key, summary, reading FROM evidence WHERE key = ?", key)[0];
    const result = kept === undefined ? "added" : comparison({ summary: stored, reading }, kept);
    if (kept === undefined)
      this.#db.run(
        "UPDATE evidence SET key = ?, sha256 = ?, summary = ?, reading = ? WHERE id = ?",
        key,
        summary.sha256,
        text,
        reading,
        id,
      );
    else {
      if (result === "better") {
        // Its labels stay: they hang on the key.
        this.#db.run("UPDATE evidence SET summary = ?, reading = ? WHERE id = ?", text, reading, kept.id);
        this.#db.run("DELETE FROM sighting WHERE evidence_id = ?", kept.id);
        this.#db.run("UPDATE sighting SET evidence_id = ? WHERE evidence_id = ?", kept.id, id);
      }
      this.#db.run("DELETE FROM evidence WHERE id = ?", id);
    }
    this.#db.run("INSERT OR IGNORE INTO evidence_label VALUES (?, ?)", key, summary.evidence);
    if (result === "better" || result === "worse") this.#dropOrphans();
    return result;
  }

  #addEvent(evidenceId: number, event: KernelEvent, label: string): void {
    const { evidence, line, byteOffset, byteLength } = event.provenance;
    if (evidence !== label) throw new LedgerError("BAD_EVENT", "an event names other evidence than the summary");
    const payload = payloadOf(event);
    const digest = digestOf(payload);
    const adapter = "adapter" in event ? (event.adapter.interface ?? event.adapter.pci) : null;
    const added = this.#db.rows<{ id: number }>(
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
      this.#db.run(
        `INSERT INTO hang_report VALUES (?${", ?".repeat(REGISTER_COLUMNS.length)})`,
        added.id,
        ...REGISTER_COLUMNS.map(([register]) => event.registers[register] ?? null),
      );
    this.#db.run(
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
    return this.#db.iterate<SightingRow>(SIGHTINGS, id);
  }

  #dropOrphans(): void {
    this.#db.run("DELETE FROM event WHERE id NOT IN (SELECT event_id FROM sighting)");
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
  return translating(path, () => {
    requireSqliteHead(path);
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
      return new Ledger(new Connection(db, path));
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
