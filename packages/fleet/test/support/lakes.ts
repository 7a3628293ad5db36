import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { type Lake, openLake } from "../../src/index.js";
import type { Ingested } from "../../src/lake-intake.js";

export interface Read {
  readonly summary: EvidenceSummary;
  readonly events: readonly KernelEvent[];
}

/** Runs with a folder for lakes, and takes it away again. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-fleet-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function withLake<Result>(folder: string, work: (lake: Lake) => Promise<Result>): Promise<Result> {
  const lake = await openLake(folder);
  try {
    return await work(lake);
  } finally {
    await lake.close();
  }
}

export async function take(lake: Lake, { summary, events }: Read): Promise<Ingested> {
  const intake = await lake.begin(summary.evidence);
  for (const event of events) intake.add(event);
  return intake.finish(summary);
}
