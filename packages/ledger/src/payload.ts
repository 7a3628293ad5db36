import type { KernelEvent, Provenance } from "@hangproof/parser";
import { canonicalJson } from "./canonical.js";

/** The event less where it stood: the same record in two exports has the same payload. An unbounded time is null. */
export function payloadOf(event: KernelEvent): string {
  const { provenance: _, time, ...rest } = event;
  const uncertaintyMs = Number.isFinite(time.uncertaintyMs) ? time.uncertaintyMs : null;
  return canonicalJson({ ...rest, time: { ...time, uncertaintyMs } });
}

/** The event that `payloadOf` was given, at another place. */
export function eventOf(payload: string, provenance: Provenance): KernelEvent {
  const stored = JSON.parse(payload) as KernelEvent & { readonly time: { readonly uncertaintyMs: number | null } };
  const uncertaintyMs = stored.time.uncertaintyMs ?? Number.POSITIVE_INFINITY;
  return { ...stored, time: { ...stored.time, uncertaintyMs }, provenance };
}
