import { createHash, type Hash } from "node:crypto";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBAppender, DuckDBListType } from "@duckdb/node-api";
import { canonicalJson, isBetterReading, payloadOf } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { coverageRows } from "./coverage-rows.js";
import { type Engine, quoted } from "./engine.js";
import { FleetError } from "./fleet-error.js";
import { fleetKey, namedHosts, onlyHost } from "./fleet-key.js";
import { fileName, fileStem, monthOf, partitionFolder } from "./paths.js";
import { storable } from "./storable.js";
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
  readonly #hash: Hash = createHash("sha256");
  #isOpen = true;

  private constructor(site: Site, label: string, rows: DuckDBAppender) {
    this.#site = site;
    this.#label = label;
    this.#rows = rows;
  }

  /** Use `Lake.begin`. */
  static async begin(site: Site, label: string): Promise<LakeIntake> {
    await makeTable(site.engine, "events");
    return new LakeIntake(site, label, await site.engine.appender("events"));
  }

  /** @throws FleetError `BAD_EVENT` when it names other evidence */
  add(event: KernelEvent): void {
    const { evidence, line, byteOffset, byteLength } = event.provenance;
    if (evidence !== this.#label) throw new FleetError("BAD_EVENT", "an event names other evidence than its intake");
    const payload = payloadOf(event);
    this.#hash.update(`${byteOffset} ${line} ${byteLength} ${payload}\n`);
    const adapter = "adapter" in event ? event.adapter : null;
    const { unixMs, bootMs } = event.time;
    const rows = this.#rows;
    // Key and reading are known at the end; every row has them then.
    rows.appendVarchar("");
    rows.appendVarchar("");
    appendText(rows, namedHosts(event.host === null ? [] : [event.host])[0] ?? null);
    rows.appendVarchar(monthOf(unixMs));
    rows.appendVarchar(event.kind);
    appendNumber(rows, unixMs);
    appendNumber(rows, bootMs);
    appendText(rows, adapter?.pci ?? null);
    appendText(rows, adapter?.interface ?? null);
    rows.appendVarchar(event.trust);
    rows.appendBigInt(BigInt(line));
    rows.appendBigInt(BigInt(byteOffset));
    rows.appendBigInt(BigInt(byteLength));
    rows.appendVarchar(payload);
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
    const stored = { ...summary, evidence: "" };
    const reading = this.#hash.update(canonicalJson(stored)).digest("hex");
    const key = storable(fleetKey(summary, reading));
    const kept = await this.#kept(key);
    const labels = [...new Set([...(kept?.labels ?? []), this.#label])].sort();
    const result = kept === null ? "added" : comparison({ summary: stored, reading }, kept);
    if (result === "added" || result === "better") {
      await this.#writeEvents(
        key,
        reading,
        onlyHost(summary.hosts) === null ? null : (namedHosts(summary.hosts)[0] ?? null),
      );
      await this.#writeCoverage(key, reading, summary);
      await this.#writeEvidence(key, reading, labels, stored);
      if (kept !== null) await this.#removeReading(key, kept.reading);
    } else if (kept !== null && labels.length > kept.labels.length)
      await this.#writeEvidence(key, kept.reading, labels, kept.summary);
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

  async #writeEvents(key: string, reading: string, host: string | null): Promise<void> {
    const { engine } = this.#site;
    const only = host === null ? "NULL" : quoted(host);
    await engine.run(
      `UPDATE events SET evidence = ${quoted(key)}, reading = ${quoted(reading)}, host = coalesce(host, ${only})`,
    );
    await this.#writeParts("events", "byte_offset, line, byte_length, payload", key, reading);
  }

  async #writeCoverage(key: string, reading: string, summary: EvidenceSummary): Promise<void> {
    const { engine } = this.#site;
    await makeTable(engine, "coverage");
    const rows = await engine.appender("coverage");
    const named = namedHosts(summary.hosts);
    for (const host of named.length === 0 ? [null] : named)
      for (const { month, startMs, endMs } of coverageRows(summary)) {
        appendText(rows, key);
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

  async #writeEvidence(
    key: string,
    reading: string,
    labels: readonly string[],
    summary: EvidenceSummary,
  ): Promise<void> {
    const { engine } = this.#site;
    await makeTable(engine, "evidence");
    const rows = await engine.appender("evidence");
    appendText(rows, key);
    rows.appendVarchar(reading);
    appendText(rows, summary.sha256);
    rows.appendVarchar(summary.form);
    appendText(rows, labels[0] ?? "");
    appendTexts(
      rows,
      TABLES.evidence.findIndex(({ name }) => name === "labels"),
      labels,
    );
    appendTexts(
      rows,
      TABLES.evidence.findIndex(({ name }) => name === "hosts"),
      summary.hosts,
    );
    appendNumber(rows, summary.span?.startMs ?? null);
    appendNumber(rows, summary.span?.endMs ?? null);
    rows.appendVarchar(canonicalJson(summary));
    rows.endRow();
    rows.closeSync();
    await this.#writeFile(`SELECT ${columnList("evidence")} FROM evidence`, this.#evidencePath(key));
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
  else rows.appendVarchar(storable(value));
}

function appendNumber(rows: DuckDBAppender, value: number | null): void {
  if (value === null) rows.appendNull();
  else rows.appendDouble(value);
}

function appendTexts(rows: DuckDBAppender, column: number, values: readonly string[]): void {
  rows.appendList(values.map(storable), rows.columnType(column) as DuckDBListType);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
