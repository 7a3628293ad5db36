import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { eventOf, evidenceNames } from "@hangproof/ledger";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type Engine, quoted, type Row } from "./engine.js";
import { type Basis, type Belonging, type HostOfEvidence, hostsOfEvidence } from "./host-of-evidence.js";
import { machineOfPath } from "./machine-ids.js";
import { fileName, partitionFolder } from "./paths.js";

/** As `fileName` makes them. */
const OWN_NAME = /^[0-9a-f]{32}-[0-9a-f]{16}\.parquet$/;

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
  /** Whether any record names it, or a machine id tells it. */
  readonly isNamed: boolean;
  /** Sorted by name; `summary.hosts` holds only names of this host. */
  readonly evidence: readonly LakeEvidence[];
  /** How many pieces of evidence came to it only by what lies beside them. */
  readonly nearBy: number;
}

/** What a lake holds at one moment. */
export class LakeReader {
  readonly #engine: Engine;
  readonly #eventFiles: ReadonlyMap<string, PartitionFiles>;
  readonly hosts: readonly LakeHost[];
  readonly evidence: readonly LakeEvidence[];
  /** Where machine ids, names and folders of hosts do not agree, sentences. */
  readonly clashes: readonly string[];

  private constructor(
    engine: Engine,
    eventFiles: ReadonlyMap<string, PartitionFiles>,
    evidence: readonly LakeEvidence[],
  ) {
    this.#engine = engine;
    this.#eventFiles = eventFiles;
    this.evidence = evidence;
    const { of, clashes } = hostsOfEvidence(evidence.map(belongingOf));
    this.hosts = hostsOf(evidence, of);
    this.clashes = clashes;
  }

  /** @internal */
  static async open(folder: string, engine: Engine): Promise<LakeReader> {
    const names = await readdir(join(folder, "evidence")).catch(() => []);
    const isEmpty = !names.some((name) => name.endsWith(".parquet"));
    const pattern = quoted(join(escapeGlob(folder), "evidence", "*.parquet"));
    const rows = isEmpty
      ? []
      : await engine.rows(`SELECT key, reading, labels, summary FROM read_parquet(${pattern}) ORDER BY key`);
    return new LakeReader(engine, await filesOf(join(folder, "events")), evidenceOf(rows));
  }

  /** The events of a host, by evidence and place, all under its one name. Reads only files of this host. @throws FleetError `FAILED` */
  async *events({ host, evidence }: LakeHost): AsyncGenerator<KernelEvent, void, void> {
    const byKey = new Map(evidence.map((one) => [one.key, one]));
    const files = new Set(evidence.flatMap((one) => this.#filesOf(one)));
    if (files.size === 0) return;
    const query = `SELECT evidence, reading, line, byte_offset, byte_length, payload
      FROM read_parquet([${[...files].map(quoted).join(", ")}], hive_partitioning = false)
      ORDER BY evidence, byte_offset, line, byte_length, payload`;
    for await (const rows of this.#engine.stream(query))
      for (const row of rows) {
        const one = byKey.get(String(row.evidence));
        if (one === undefined || one.reading !== row.reading) continue;
        const event = eventOf(String(row.payload), {
          evidence: one.summary.evidence,
          line: Number(row.line),
          byteOffset: Number(row.byte_offset),
          byteLength: Number(row.byte_length),
        });
        yield event.host === null || event.host === host ? event : { ...event, host };
      }
  }

  /** How many events name no host while their evidence names several: they are in no host's. @throws FleetError `FAILED` */
  async strayEvents(): Promise<number> {
    const several = this.evidence.filter(({ summary }) => summary.hosts.length > 0);
    const files = new Set(several.flatMap((one) => this.#filesOf({ ...one, summary: { ...one.summary, hosts: [] } })));
    if (files.size === 0) return 0;
    const [row] = await this.#engine.rows(
      `SELECT count(*) AS n FROM read_parquet([${[...files].map(quoted).join(", ")}], hive_partitioning = false)
       WHERE evidence IN (${several.map(({ key }) => quoted(key)).join(", ")})`,
    );
    return Number(row?.n ?? 0);
  }

  /** Files that may hold events which one evidence shows of the hosts in its summary. */
  #filesOf({ key, reading, summary }: LakeEvidence): string[] {
    const names = summary.hosts.length === 0 ? [null] : summary.hosts;
    const own = fileName(key, reading);
    return names.flatMap((host) => {
      const files = this.#eventFiles.get(partitionKey(host));
      return files === undefined ? [] : [...(files.byName.get(own) ?? []), ...files.shared];
    });
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

function belongingOf({ key, labels, summary }: LakeEvidence): Belonging {
  const { hosts, machines, kernelRecords } = summary;
  const isLog = kernelRecords > 0;
  if (machines !== undefined) return { key, labels, hosts, machines, isLog };
  const ids = new Set(labels.map(machineOfPath).filter((id) => id !== null));
  return { key, labels, hosts, machines: [...ids].map((id) => ({ id, host: null })), isLog };
}

function hostsOf(
  evidence: readonly LakeEvidence[],
  belongs: ReadonlyMap<string, readonly HostOfEvidence[]>,
): LakeHost[] {
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
        isNamed: group.bases.includes("records") || group.bases.includes("machine"),
        evidence: group.evidence,
        nearBy: group.bases.filter((basis) => basis === "near-by").length,
      }),
    )
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Files of one host. */
interface PartitionFiles {
  /** Those that this program wrote, each for one reading of one evidence. */
  readonly byName: Map<string, string[]>;
  /** Those of other engines: any evidence may be in them. */
  readonly shared: string[];
}

async function filesOf(folder: string): Promise<Map<string, PartitionFiles>> {
  const found = new Map<string, PartitionFiles>();
  for (const path of (await readdir(folder, { recursive: true }).catch(() => [])).sort()) {
    if (!path.endsWith(".parquet")) continue;
    const parts = path.split(sep);
    const key = decoded(parts[0] ?? "");
    const files: PartitionFiles = found.get(key) ?? { byName: new Map(), shared: [] };
    const name = parts.at(-1) ?? "";
    if (OWN_NAME.test(name)) files.byName.set(name, [...(files.byName.get(name) ?? []), join(folder, path)]);
    else files.shared.push(join(folder, path));
    found.set(key, files);
  }
  return found;
}

/** The folder of a host's part, as any engine may have encoded its name. */
function partitionKey(host: string | null): string {
  return decoded(partitionFolder("events", { host, month: "none" }).split(sep)[1] ?? "");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A path in which no character is a wildcard. */
function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[\]]/g, (sign) => `[${sign}]`);
}
