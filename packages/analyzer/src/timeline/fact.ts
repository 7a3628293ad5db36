import type { KernelEvent } from "@hangproof/parser";
import type { Place } from "../report.js";

/** An event put on the timeline: told once, however many exports tell it. */
export interface Fact<Event extends KernelEvent = KernelEvent> {
  /** On the timeline's clock: Unix milliseconds, or milliseconds since boot on a relative timeline. */
  readonly timeMs: number;
  readonly uncertaintyMs: number;
  readonly event: Event;
  /** Place of the evidence in the caller's order. */
  readonly rank: number;
}

/** Narrows a fact to one kind. */
export function isKind<Kind extends KernelEvent["kind"]>(
  fact: Fact,
  kind: Kind,
): fact is Fact<Extract<KernelEvent, { kind: Kind }>> {
  return fact.event.kind === kind;
}

/** The facts of one kind, in their order. */
export function ofKind<Kind extends KernelEvent["kind"]>(
  facts: readonly Fact[],
  kind: Kind,
): Fact<Extract<KernelEvent, { kind: Kind }>>[] {
  const found: Fact<Extract<KernelEvent, { kind: Kind }>>[] = [];
  for (const fact of facts) if (isKind(fact, kind)) found.push(fact);
  return found;
}

/** Where an event stands. */
export function placeOf(event: KernelEvent): Place {
  const { evidence, line, byteOffset } = event.provenance;
  return { evidence, line, byteOffset };
}
