import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isBetterReading } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type Engine, literal, quoted } from "./engine.js";
import { FleetError } from "./fleet-error.js";
import { PartRows } from "./part-rows.js";
import { fileName, fileStem, partitionFolder } from "./paths.js";
import { type EvidenceRow, TableRows } from "./table-rows.js";
import { PART_TABLES, type PartTable, TABLES } from "./tables.js";

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
  /** Rows that come with events. */
  readonly #parts: Readonly<Record<"events" | "settings", PartRows>>;
  readonly #tables: TableRows = new TableRows();
  #isOpen = true;

  private constructor(site: Site, label: string, parts: Readonly<Record<"events" | "settings", PartRows>>) {
    this.#site = site;
    this.#label = label;
    this.#parts = parts;
  }

  /** @internal */
  static async begin(site: Site, label: string): Promise<LakeIntake> {
    const events = await PartRows.begin(site.engine, "events");
    return new LakeIntake(site, label, { events, settings: await PartRows.begin(site.engine, "settings") });
  }

  /** @throws FleetError `BAD_EVENT` when it names other evidence */
  add(event: KernelEvent): void {
    if (event.provenance.evidence !== this.#label)
      throw new FleetError("BAD_EVENT", "an event names other evidence than its intake");
    this.#parts.events.add(this.#tables.event(event));
    for (const row of this.#tables.settings(event)) this.#parts.settings.add(row);
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
      await this.#writeParts("coverage", row, await this.#partsOf("coverage", this.#tables.coverage(summary)));
      await this.#writeParts("windows", row, await this.#partsOf("windows", this.#tables.windows()));
      await this.#writeParts("events", row, this.#parts.events);
      await this.#writeParts("settings", row, this.#parts.settings);
      await this.#writeEvidence(row, labels);
      if (kept !== null) await this.#removeReading(row.key, kept.reading);
    } else if (kept !== null && labels.length > kept.labels.length) await this.#addLabels(row.key, labels);
    return result;
  }

  /** Keeps nothing of what was added; does nothing after `finish`. */
  abandon(): void {
    if (this.#isOpen) for (const rows of Object.values(this.#parts)) rows.close();
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

  /** Rows that are known at the end; null without any. */
  async #partsOf(
    table: "coverage" | "windows",
    rows: readonly Parameters<PartRows["add"]>[0][],
  ): Promise<PartRows | null> {
    if (rows.length === 0) return null;
    const parts = await PartRows.begin(this.#site.engine, table);
    for (const row of rows) parts.add(row);
    parts.close();
    return parts;
  }

  async #writeEvidence(row: EvidenceRow, labels: readonly string[]): Promise<void> {
    const values = { ...row, label: labels[0] ?? "", labels };
    const columns = TABLES.evidence.map(({ name, type }) => {
      const value = values[name as keyof typeof values];
      return `${literal(value)}::${type} AS ${name}`;
    });
    await this.#writeFile(`SELECT ${columns.join(", ")}`, this.#evidencePath(row.key));
  }

  /** The same evidence was found under another path, too. */
  async #addLabels(key: string, labels: readonly string[]): Promise<void> {
    const path = this.#evidencePath(key);
    const list = labels.map(quoted).join(", ");
    const replaced = `* REPLACE ([${list}] AS labels, ${quoted(labels[0] ?? "")} AS label)`;
    await this.#writeFile(`SELECT ${replaced} FROM read_parquet(${quoted(path)})`, path);
  }

  /** Writes the rows of a table, a file for each host and month. */
  async #writeParts(table: PartTable, row: EvidenceRow, parts: PartRows | null): Promise<void> {
    for (const [partition, query] of parts?.queries(row) ?? [])
      await this.#writeFile(
        query,
        join(this.#site.folder, partitionFolder(table, partition), fileName(row.key, row.reading)),
      );
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

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
