import type { OtherHangEvent } from "@hangproof/parser";
import type { OtherDriverHangs } from "../report.js";
import { placeOf } from "./fact.js";

/** Adapters that are told; a log that names more of them is made up. */
const MOST_KEPT = 1_000;
const MOST_TOLD = 20;

/** Hangs of other drivers' adapters, counted by adapter. Constant memory; the order of events makes no difference. */
export class OtherDrivers {
  readonly #byAdapter = new Map<string, { -readonly [Field in keyof OtherDriverHangs]: OtherDriverHangs[Field] }>();

  add(event: OtherHangEvent): void {
    const { host, driver, adapter } = event;
    const name = adapter.interface ?? adapter.pci;
    const key = JSON.stringify([host, driver, name]);
    const place = placeOf(event);
    const known = this.#byAdapter.get(key);
    if (known === undefined) {
      if (this.#byAdapter.size < MOST_KEPT)
        this.#byAdapter.set(key, { host, driver, interface: name, lines: 1, place });
      return;
    }
    known.lines += 1;
    const { evidence, byteOffset } = known.place;
    if (place.evidence < evidence || (place.evidence === evidence && place.byteOffset < byteOffset))
      known.place = place;
  }

  /** The most frequent first. */
  list(): OtherDriverHangs[] {
    return [...this.#byAdapter]
      .sort(([a, x], [b, y]) => y.lines - x.lines || (a < b ? -1 : 1))
      .slice(0, MOST_TOLD)
      .map(([, one]) => one);
  }
}
