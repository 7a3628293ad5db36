import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { KernelEvent } from "@hangproof/parser";

/** Speed matters more than the last bytes: events resemble one another. */
const LEVEL = 1;

/** Events that wait until all of the evidence was read, packed: some tens of bytes for each. */
export class HeldEvents {
  readonly #parts: Buffer[] = [];

  add(events: readonly KernelEvent[]): void {
    if (events.length > 0) this.#parts.push(deflateRawSync(serialize(events), { level: LEVEL }));
  }

  /** In the order in which they were added, a part at a time. */
  *parts(): Generator<readonly KernelEvent[], void, void> {
    for (const part of this.#parts) yield deserialize(inflateRawSync(part)) as KernelEvent[];
  }
}
