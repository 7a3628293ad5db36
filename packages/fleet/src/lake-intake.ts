import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBAppender } from "@duckdb/node-api";
import { isBetterReading } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { appendRow } from "./append-row.js";
import { type Engine, quoted } from "./engine.js";
import { FleetError } from "./fleet-error.js";
import { fileName, fileStem, partitionFolder } from "./paths.js";
import { type EvidenceRow, TableRows } from "./table-rows.js";
import { columnList, PART_TABLES, type PartTable, ROW_ORDER, TABLES, type TableName } from "./tables.js";

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
  readonly #events: DuckDBAppender;
  readonly #settings: DuckDBAppender;
  readonly #tables: TableRows = new TableRows();
  #isOpen = true;

  private constructor(site: Site, label: string, events: DuckDBAppender, settings: DuckDBAppender) {
    this.#site = site;
    this.#label = label;
    this.#events = events;
    this.#settings = settings;
  }

  /** @internal */
  static async begin(site: Site, label: string): Promise<LakeIntake> {
    for (const table of PART_TABLES) await makeTable(site.engine, table);
    const { engine } = site;
    return new LakeIntake(site, label, await engine.appender("events"), await engine.appender("settings"));
  }

  /** @throws FleetError `BAD_EVENT` when it names other evidence */
  add(event: KernelEvent): void {
    if (event.provenance.evidence !== this.#label)
      throw new FleetError("BAD_EVENT", "an event names other evidence than its intake");
    // Key and reading are known at the end; every row has them then.
    appendRow(this.#events, "events", this.#tables.event(event));
    for (const row of this.#tables.settings(event)) appendRow(this.#settings, "settings", row);
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
      await this.#appendRest(summary);
      for (const table of PART_TABLES) await this.#writeRows(table, row);
      await this.#writeEvidence(row, labels);
      if (kept !== null) await this.#removeReading(row.key, kept.reading);
    } else if (kept !== null && labels.length > kept.labels.length) await this.#addLabels(row.key, labels);
    return result;
  }

  /** Keeps nothing of what was added; does nothing after `finish`. */
  abandon(): void {
    if (this.#isOpen) for (const rows of [this.#events, this.#settings]) rows.closeSync();
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

  /** The rows of tables that are known at the end. */
  async #appendRest(summary: EvidenceSummary): Promise<void> {
    for (const [table, rows] of [
      ["coverage", this.#tables.coverage(summary)],
      ["windows", this.#tables.windows()],
    ] as const) {
      if (rows.length === 0) continue;
      const appender = await this.#site.engine.appender(table);
      for (const row of rows) appendRow(appender, table, row);
      appender.closeSync();
    }
  }

  async #writeRows(table: PartTable, { key, reading, only_host }: EvidenceRow): Promise<void> {
    const only = only_host === null ? "NULL" : quoted(only_host);
    await this.#site.engine.run(
      `UPDATE ${table} SET evidence = ${quoted(key)}, reading = ${quoted(reading)}, host = coalesce(host, ${only})`,
    );
    await this.#writeParts(table, key, reading);
  }

  async #writeEvidence(row: EvidenceRow, labels: readonly string[]): Promise<void> {
    const { engine } = this.#site;
    await makeTable(engine, "evidence");
    const rows = await engine.appender("evidence");
    appendRow(rows, "evidence", { ...row, label: labels[0] ?? "", labels });
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
  async #writeParts(table: PartTable, key: string, reading: string): Promise<void> {
    const { engine, folder } = this.#site;
    for (const { host, month } of await engine.rows(`SELECT DISTINCT host, month FROM ${table} ORDER BY ALL`)) {
      const partition = { host: host === null || host === undefined ? null : String(host), month: String(month) };
      const sameHost = partition.host === null ? "host IS NULL" : `host = ${quoted(partition.host)}`;
      await this.#writeFile(
        `SELECT ${columnList(table)} FROM ${table}
         WHERE ${sameHost} AND month = ${quoted(partition.month)} ORDER BY ${ROW_ORDER[table]}`,
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
    for (const table of PART_TABLES) {
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

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
