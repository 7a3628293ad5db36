import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBAppender, DuckDBListType } from "@duckdb/node-api";
import { isBetterReading } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type Engine, quoted } from "./engine.js";
import { FleetError } from "./fleet-error.js";
import { fileName, fileStem, partitionFolder } from "./paths.js";
import { type EvidenceRow, TableRows } from "./table-rows.js";
import { columnList, TABLES, type TableName } from "./tables.js";

/** `added`: new evidence. `known`: nothing to do. `better` and `worse`: known bytes, read otherwise than before. */
export type Ingested = "added" | "known" | "better" | "worse";

/** Where an intake works. */
export interface Site {
  readonly folder: string;
  readonly engine: Engine;
  /** For what is not whole yet, on the lake's own file system. */
  readonly staging: string;
}

interface Kept {
  readonly reading: string;
  readonly labels: readonly string[];
  readonly summary: EvidenceSummary;
}

const PARQUET = "(FORMAT parquet, COMPRESSION zstd)";

/** One evidence that is being taken in. */
export class LakeIntake {
  readonly #site: Site;
  readonly #label: string;
  readonly #rows: DuckDBAppender;
  readonly #tables: TableRows = new TableRows();
  #isOpen = true;

  private constructor(site: Site, label: string, rows: DuckDBAppender) {
    this.#site = site;
    this.#label = label;
    this.#rows = rows;
  }

  /** @internal */
  static async begin(site: Site, label: string): Promise<LakeIntake> {
    await makeTable(site.engine, "events");
    return new LakeIntake(site, label, await site.engine.appender("events"));
  }

  /** @throws FleetError `BAD_EVENT` when it names other evidence */
  add(event: KernelEvent): void {
    if (event.provenance.evidence !== this.#label)
      throw new FleetError("BAD_EVENT", "an event names other evidence than its intake");
    const row = this.#tables.event(event);
    const rows = this.#rows;
    // Key and reading are known at the end; every row has them then.
    rows.appendVarchar("");
    rows.appendVarchar("");
    appendText(rows, row.host);
    rows.appendVarchar(row.month);
    rows.appendVarchar(row.kind);
    appendNumber(rows, row.unix_ms);
    appendNumber(rows, row.boot_ms);
    appendText(rows, row.adapter_pci);
    appendText(rows, row.adapter_interface);
    rows.appendVarchar(row.trust);
    rows.appendBigInt(BigInt(row.line));
    rows.appendBigInt(BigInt(row.byte_offset));
    rows.appendBigInt(BigInt(row.byte_length));
    rows.appendVarchar(row.payload);
    rows.endRow();
  }

  /**
   * Writes its files. The row of `evidence` comes last: rows of other tables count only with it, so that a kill leaves
   * no half evidence.
   * @throws FleetError `BAD_EVENT`, `FAILED`
   */
  async finish(summary: EvidenceSummary): Promise<Ingested> {
    if (summary.evidence !== this.#label)
      throw new FleetError("BAD_EVENT", "the summary names other evidence than its intake");
    this.abandon();
    const row = this.#tables.evidence(summary);
    const kept = await this.#kept(row.key);
    const labels = [...new Set([...(kept?.labels ?? []), row.label])].sort();
    const result = kept === null ? "added" : comparison({ summary, reading: row.reading }, kept);
    if (result === "added" || result === "better") {
      await this.#writeEvents(row);
      await this.#writeCoverage(row, summary);
      await this.#writeEvidence(row, labels);
      if (kept !== null) await this.#removeReading(row.key, kept.reading);
    } else if (kept !== null && labels.length > kept.labels.length) await this.#addLabels(row.key, labels);
    return result;
  }

  /** Keeps nothing of what was added; does nothing after `finish`. */
  abandon(): void {
    if (this.#isOpen) this.#rows.closeSync();
    this.#isOpen = false;
  }

  async #kept(key: string): Promise<Kept | null> {
    const path = this.#evidencePath(key);
    const [row] = (await exists(path))
      ? await this.#site.engine.rows(`SELECT reading, labels, summary FROM read_parquet(${quoted(path)})`)
      : [];
    if (row === undefined) return null;
    const labels = row.labels as readonly string[];
    return { reading: String(row.reading), labels, summary: JSON.parse(String(row.summary)) as EvidenceSummary };
  }

  #evidencePath(key: string): string {
    return join(this.#site.folder, "evidence", `${fileStem(key)}.parquet`);
  }

  async #writeEvents({ key, reading, only_host }: EvidenceRow): Promise<void> {
    const { engine } = this.#site;
    const only = only_host === null ? "NULL" : quoted(only_host);
    await engine.run(
      `UPDATE events SET evidence = ${quoted(key)}, reading = ${quoted(reading)}, host = coalesce(host, ${only})`,
    );
    await this.#writeParts("events", "byte_offset, line, byte_length, payload", key, reading);
  }

  async #writeCoverage({ key, reading }: EvidenceRow, summary: EvidenceSummary): Promise<void> {
    const { engine } = this.#site;
    await makeTable(engine, "coverage");
    const rows = await engine.appender("coverage");
    for (const { host, month, startMs, endMs } of this.#tables.coverage(summary)) {
      rows.appendVarchar(key);
      rows.appendVarchar(reading);
      appendText(rows, host);
      rows.appendVarchar(month);
      rows.appendBigInt(BigInt(startMs));
      rows.appendBigInt(BigInt(endMs));
      rows.endRow();
    }
    rows.closeSync();
    await this.#writeParts("coverage", "start_ms", key, reading);
  }

  async #writeEvidence(row: EvidenceRow, labels: readonly string[]): Promise<void> {
    const { engine } = this.#site;
    await makeTable(engine, "evidence");
    const rows = await engine.appender("evidence");
    rows.appendVarchar(row.key);
    rows.appendVarchar(row.reading);
    appendText(rows, row.sha256);
    rows.appendVarchar(row.form);
    rows.appendVarchar(labels[0] ?? "");
    appendTexts(rows, "labels", labels);
    appendTexts(rows, "hosts", row.hosts);
    appendNumber(rows, row.start_ms);
    appendNumber(rows, row.end_ms);
    rows.appendVarchar(row.summary);
    rows.endRow();
    rows.closeSync();
    await this.#writeFile(`SELECT ${columnList("evidence")} FROM evidence`, this.#evidencePath(row.key));
  }

  /** The same evidence was found under another path, too. */
  async #addLabels(key: string, labels: readonly string[]): Promise<void> {
    const path = this.#evidencePath(key);
    const list = labels.map(quoted).join(", ");
    const replaced = `* REPLACE ([${list}] AS labels, ${quoted(labels[0] ?? "")} AS label)`;
    await this.#writeFile(`SELECT ${replaced} FROM read_parquet(${quoted(path)})`, path);
  }

  /** Writes the rows of a table, a file for each host and month. */
  async #writeParts(table: TableName, order: string, key: string, reading: string): Promise<void> {
    const { engine, folder } = this.#site;
    for (const { host, month } of await engine.rows(`SELECT DISTINCT host, month FROM ${table} ORDER BY ALL`)) {
      const partition = { host: host === null || host === undefined ? null : String(host), month: String(month) };
      const sameHost = partition.host === null ? "host IS NULL" : `host = ${quoted(partition.host)}`;
      await this.#writeFile(
        `SELECT ${columnList(table)} FROM ${table}
         WHERE ${sameHost} AND month = ${quoted(partition.month)} ORDER BY ${order}`,
        join(folder, partitionFolder(table, partition), fileName(key, reading)),
      );
    }
  }

  /** The file is there when it is whole, and takes the place of one with the same content. */
  async #writeFile(query: string, path: string): Promise<void> {
    const pending = join(this.#site.staging, "pending.parquet");
    await this.#site.engine.run(`COPY (${query}) TO ${quoted(pending)} ${PARQUET}`);
    await mkdir(dirname(path), { recursive: true });
    await rename(pending, path);
  }

  /** Takes a reading away that a better one replaced. */
  async #removeReading(key: string, reading: string): Promise<void> {
    for (const table of ["events", "coverage"] as const) {
      const root = join(this.#site.folder, table);
      for (const path of await readdir(root, { recursive: true }).catch(() => []))
        if (path.endsWith(fileName(key, reading))) await rm(join(root, path), { force: true });
    }
  }
}

function comparison(candidate: { readonly summary: EvidenceSummary; readonly reading: string }, kept: Kept): Ingested {
  if (candidate.reading === kept.reading) return "known";
  return isBetterReading(candidate, kept) ? "better" : "worse";
}

async function makeTable(engine: Engine, table: TableName): Promise<void> {
  const columns = TABLES[table].map(({ name, type }) => `${name} ${type}`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${table} (${columns.join(", ")})`);
}

function appendText(rows: DuckDBAppender, value: string | null): void {
  if (value === null) rows.appendNull();
  else rows.appendVarchar(value);
}

function appendNumber(rows: DuckDBAppender, value: number | null): void {
  if (value === null) rows.appendNull();
  else rows.appendDouble(value);
}

function appendTexts(rows: DuckDBAppender, column: string, values: readonly string[]): void {
  const index = TABLES.evidence.findIndex(({ name }) => name === column);
  rows.appendList(values, rows.columnType(index) as DuckDBListType);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
