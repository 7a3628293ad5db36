import type { Diagnostic } from "../model/diagnostic.js";
import type { KernelEvent } from "../model/event.js";
import type { EvidenceSummary } from "../model/evidence.js";
import { type OpenOptions, openEvidence } from "./open-evidence.js";

/** Everything that was read, in the order of the inputs. */
export interface Evidence {
  readonly events: readonly KernelEvent[];
  readonly evidence: readonly EvidenceSummary[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads all inputs and keeps all events. Memory grows with events; for floods use `openEvidence`. Throws as it does. */
export async function readEvidence(paths: readonly string[], options: OpenOptions = {}): Promise<Evidence> {
  const events: KernelEvent[] = [];
  const evidence: EvidenceSummary[] = [];
  const diagnostics: Diagnostic[] = [];
  for await (const { batch, summary } of openEvidence(paths, options)) {
    for (const event of batch.events) events.push(event);
    for (const diagnostic of batch.diagnostics) diagnostics.push(diagnostic);
    if (summary !== null) evidence.push(summary);
  }
  return { events, evidence, diagnostics };
}
