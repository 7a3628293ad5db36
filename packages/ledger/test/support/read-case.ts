import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import { openEvidence } from "@hangproof/parser/node";

export interface Reading {
  readonly summary: EvidenceSummary;
  readonly events: readonly KernelEvent[];
}

export const CASE: string = resolve(
  dirname(fileURLToPath(import.meta.url)),
  "../../../../fixtures/cases/pve-backup-hang",
);

/** Every evidence of the paths with its own events, in the order of reading. */
export async function readEvidence(paths: readonly string[]): Promise<Reading[]> {
  const events = new Map<string, KernelEvent[]>();
  const summaries: EvidenceSummary[] = [];
  const opened = openEvidence(paths, { timeZone: "Europe/Berlin" });
  for await (const { batch, summary } of opened) {
    for (const event of batch.events) {
      const label = event.provenance.evidence;
      const list = events.get(label);
      if (list === undefined) events.set(label, [event]);
      else list.push(event);
    }
    if (summary !== null) summaries.push(summary);
  }
  return summaries.map((summary) => ({ summary, events: events.get(summary.evidence) ?? [] }));
}
