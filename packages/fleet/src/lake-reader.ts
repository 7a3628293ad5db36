import { readdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { eventOf, evidenceNames } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type Engine, quoted, type Row } from "./engine.js";
import { type Basis, hostsOfEvidence } from "./host-of-evidence.js";
import { fileName, partitionFolder } from "./paths.js";

/** One piece of evidence of a lake. */
export interface LakeEvidence {
  readonly key: string;
  readonly reading: string;
  readonly labels: readonly string[];
  /** Its `evidence` is a name that is distinct in the lake. */
  readonly summary: EvidenceSummary;
}

/** One host of a lake, with the evidence that tells of it. */
export interface LakeHost {
  /** The host's name, or the folder that stands for one. */
  readonly host: string;
  /** Whether any record names it. */
  readonly isNamed: boolean;
  /** Sorted by name; `summary.hosts` holds only names of this host. */
  readonly evidence: readonly LakeEvidence[];
  /** How many pieces of evidence came to it only by what lies beside them. */
  readonly nearBy: number;
}

/** What a lake holds at one moment. */
export class LakeReader {
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #eventFiles: ReadonlyMap<string, readonly string[]>;
  readonly hosts: readonly LakeHost[];
  readonly evidence: readonly LakeEvidence[];

  private constructor(
    engine: Engine,
    folder: string,
    eventFiles: ReadonlyMap<string, readonly string[]>,
    evidence: readonly LakeEvidence[],
  ) {
    this.#engine = engine;
    this.#folder = folder;
    this.#eventFiles = eventFiles;
    this.evidence = evidence;
    this.hosts = hostsOf(evidence);
  }

  /** Use `Lake.read`. */
  static async open(folder: string, engine: Engine): Promise<LakeReader> {
    const names = await readdir(join(folder, "evidence")).catch(() => []);
    const isEmpty = !names.some((name) => name.endsWith(".parquet"));
    const pattern = quoted(join(escapeGlob(folder), "evidence", "*.parquet"));
    const rows = isEmpty
      ? []
      : await engine.rows(`SELECT key, reading, labels, summary FROM read_parquet(${pattern}) ORDER BY key`);
    return new LakeReader(engine, folder, await filesByName(join(folder, "events")), evidenceOf(rows));
  }

  /** The events of a host, by evidence and place. Reads only files of this host. @throws FleetError `FAILED` */
  async *events({ evidence }: LakeHost): AsyncGenerator<KernelEvent, void, void> {
    const byKey = new Map(evidence.map((one) => [one.key, one]));
    const files = evidence.flatMap((one) => this.#filesOf(one));
    if (files.length === 0) return;
    const query = `SELECT evidence, line, byte_offset, byte_length, payload
      FROM read_parquet([${files.map(quoted).join(", ")}], hive_partitioning = false)
      ORDER BY evidence, byte_offset, line, byte_length, payload`;
    for await (const rows of this.#engine.stream(query))
      for (const row of rows) {
        const one = byKey.get(String(row.evidence));
        if (one === undefined) continue;
        yield eventOf(String(row.payload), {
          evidence: one.summary.evidence,
          line: Number(row.line),
          byteOffset: Number(row.byte_offset),
          byteLength: Number(row.byte_length),
        });
      }
  }

  /** How many events name no host while their evidence names several: they are in no host's. @throws FleetError `FAILED` */
  async strayEvents(): Promise<number> {
    const files = this.evidence
      .filter(({ summary }) => summary.hosts.length > 0)
      .flatMap((one) => this.#filesOf({ ...one, summary: { ...one.summary, hosts: [] } }));
    if (files.length === 0) return 0;
    const list = files.map(quoted).join(", ");
    const [row] = await this.#engine.rows(
      `SELECT count(*) AS n FROM read_parquet([${list}], hive_partitioning = false)`,
    );
    return Number(row?.["n"] ?? 0);
  }

  /** Files with the events that one evidence shows of the hosts in its summary. */
  #filesOf({ key, reading, summary }: LakeEvidence): string[] {
    const all = this.#eventFiles.get(fileName(key, reading)) ?? [];
    const names = summary.hosts.length === 0 ? [null] : summary.hosts;
    const folders = new Set(
      names.map((host) => dirname(join(this.#folder, partitionFolder("events", { host, month: "none" })))),
    );
    return all.filter((path) => folders.has(dirname(dirname(path))));
  }
}

function evidenceOf(rows: readonly Row[]): LakeEvidence[] {
  const labels = new Map(rows.map((row) => [String(row.key), row.labels as readonly string[]]));
  const names = evidenceNames(labels);
  return rows
    .map((row): LakeEvidence => {
      const key = String(row.key);
      const summary = JSON.parse(String(row.summary)) as EvidenceSummary;
      return {
        key,
        reading: String(row.reading),
        labels: labels.get(key) ?? [],
        summary: { ...summary, evidence: names.get(key) ?? key },
      };
    })
    .sort((a, b) => (a.summary.evidence < b.summary.evidence ? -1 : 1));
}

function hostsOf(evidence: readonly LakeEvidence[]): LakeHost[] {
  const belongs = hostsOfEvidence(
    evidence.map(({ key, labels, summary }) => ({
      key,
      labels,
      hosts: summary.hosts,
      isLog: summary.kernelRecords > 0,
    })),
  );
  const groups = new Map<string, { evidence: LakeEvidence[]; bases: Basis[] }>();
  for (const one of evidence)
    for (const { host, basis, names } of belongs.get(one.key) ?? []) {
      const group = groups.get(host) ?? { evidence: [], bases: [] };
      group.evidence.push({ ...one, summary: { ...one.summary, hosts: names } });
      group.bases.push(basis);
      groups.set(host, group);
    }
  return [...groups]
    .map(
      ([host, group]): LakeHost => ({
        host,
        isNamed: group.bases.includes("records"),
        evidence: group.evidence,
        nearBy: group.bases.filter((basis) => basis === "near-by").length,
      }),
    )
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Every file below a folder, by its own name. */
async function filesByName(folder: string): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  for (const path of (await readdir(folder, { recursive: true }).catch(() => [])).sort()) {
    if (!path.endsWith(".parquet")) continue;
    const name = path.slice(path.lastIndexOf(sep) + 1);
    files.set(name, [...(files.get(name) ?? []), join(folder, path)]);
  }
  return files;
}

/** A path in which no character is a wildcard. */
function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[\]]/g, (sign) => `[${sign}]`);
}
