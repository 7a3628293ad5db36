import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { type Engine, startEngine } from "./engine.js";
import { FleetError } from "./fleet-error.js";
import { LakeIntake } from "./lake-intake.js";
import { LakeReader } from "./lake-reader.js";
import { LAKE_VERSION } from "./tables.js";

const MARKER = "hangproof-lake.json";

/** How a lake is opened. */
export interface LakeOptions {
  /** Writes no table and makes no lake; the folder must be one. Default false. */
  readonly readOnly?: boolean;
}

/**
 * A folder of Parquet tables, docs/fleet-schema.md: what the logs of many hosts say, for any engine. Each evidence has
 * files of its own, named by what it is, so that taking it in again, at another time or by another process, writes the
 * same files.
 */
export class Lake {
  readonly #folder: string;
  readonly #engine: Engine;
  readonly #staging: string;

  /** @internal */
  constructor(folder: string, engine: Engine, staging: string) {
    this.#folder = folder;
    this.#engine = engine;
    this.#staging = staging;
  }

  /**
   * Begins to take in one evidence whose events come bit by bit and whose summary comes last. One at a time.
   * @param label of the evidence, as its events name it; absolute, so that it means the same from everywhere
   * @throws FleetError `FAILED`
   */
  async begin(label: string): Promise<LakeIntake> {
    return LakeIntake.begin({ folder: this.#folder, engine: this.#engine, staging: this.#staging }, label);
  }

  /** What is in it now. @throws FleetError `FAILED` */
  async read(): Promise<LakeReader> {
    return LakeReader.open(this.#folder, this.#engine);
  }

  /** Ends the engine and takes its leavings away. */
  async close(): Promise<void> {
    this.#engine.close();
    await rm(this.#staging, { recursive: true, force: true });
  }
}

/**
 * Opens a lake; makes one where there is no folder, or an empty one.
 * @throws FleetError `NOT_A_LAKE`, `OLDER_SCHEMA`, `NEWER_SCHEMA`, `OTHER_WRITER`, `NO_ENGINE`; what `node:fs` throws when the folder cannot be used
 */
export async function openLake(path: string, { readOnly = false }: LakeOptions = {}): Promise<Lake> {
  const folder = resolve(path);
  if (!(await isLake(folder))) {
    if (readOnly || (await hasFiles(folder)))
      throw new FleetError("NOT_A_LAKE", `${path}: holds no fleet tables of hangproof`);
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, MARKER), `${JSON.stringify({ hangproofLake: LAKE_VERSION })}\n`);
  }
  if (!readOnly && (await isOfSpark(folder)))
    throw new FleetError(
      "OTHER_WRITER",
      `${path}: spark/fleet_job.py wrote these tables; it can make a lake of them and of more logs (--onto)`,
    );
  const staging = join(folder, `${stagingPrefix()}${process.pid}-${randomBytes(6).toString("hex")}`);
  if (!readOnly) {
    await sweep(folder);
    await mkdir(staging);
  }
  return new Lake(folder, await startEngine(staging), staging);
}

/** @throws FleetError `NOT_A_LAKE`, `OLDER_SCHEMA`, `NEWER_SCHEMA` */
async function isLake(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, MARKER), "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT") return null;
    if (code === "ENOTDIR") throw new FleetError("NOT_A_LAKE", `${folder}: is no folder`, { cause: error });
    throw error;
  });
  if (text === null) return false;
  const version = versionIn(text);
  if (version === null) throw new FleetError("NOT_A_LAKE", `${folder}: ${MARKER} is damaged`);
  if (version < LAKE_VERSION)
    throw new FleetError(
      "OLDER_SCHEMA",
      `${folder}: the lake has schema ${version}, this hangproof writes and reads ${LAKE_VERSION}; take the logs in again, into a new folder`,
    );
  if (version > LAKE_VERSION)
    throw new FleetError("NEWER_SCHEMA", `the lake has schema ${version}, this hangproof knows up to ${LAKE_VERSION}`);
  return true;
}

function versionIn(text: string): number | null {
  try {
    const { hangproofLake } = JSON.parse(text) as { readonly hangproofLake?: unknown };
    return Number.isSafeInteger(hangproofLake) ? (hangproofLake as number) : null;
  } catch {
    return null;
  }
}

/** Spark writes many evidences into one file: what is known already would not be found. */
async function isOfSpark(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, "evidence")).catch(() => []);
  return names.some((name) => name.startsWith("part-"));
}

async function hasFiles(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return names.length > 0;
}

/** Of this machine: process numbers of another one say nothing here. */
function stagingPrefix(): string {
  return `.staging-${encodeURIComponent(hostname())}-`;
}

/** Takes away what processes that were killed left behind. */
async function sweep(folder: string): Promise<void> {
  const prefix = stagingPrefix();
  for (const name of await readdir(folder)) {
    const [pid] = name.startsWith(prefix) ? name.slice(prefix.length).split("-") : [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const pending = `${path}.${process.pid}`;
  await writeFile(pending, text);
  await rename(pending, path);
}
