import { type DumpPart, type DumpShape, OpenHang } from "../drivers/e1000e/hang-assembler.js";
import type { AdapterRef, KernelEvent } from "../model/event.js";
import type { LogRecord } from "../model/record.js";

/** Adapters that hang at once; one more, and the oldest dump is closed as it is. */
const MOST_OPEN = 4;
/** Events that wait behind an unfinished dump; more, and the oldest dump is closed as it is. */
const MOST_WAITING = 64;

/**
 * Dumps whose lines are still coming, and what was found since they began: events leave in the order of their first
 * lines. Memory: four dumps and 64 events.
 */
export class OpenHangs {
  readonly #onEvent: (event: KernelEvent) => void;
  readonly #queue: (KernelEvent | OpenHang)[] = [];
  /** Oldest first. */
  #open: OpenHang[] = [];
  /** The dump that took the last line. */
  #last: OpenHang | null = null;

  constructor(onEvent: (event: KernelEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Whether a dump that a pack describes is open. */
  get awaitsPack(): boolean {
    return this.#open.some(({ shape }) => shape.ofPack);
  }

  /** A head. Another dump of the same adapter, or one whose adapter is not known, ends here. */
  begin(head: LogRecord, adapter: AdapterRef, shape: DumpShape): void {
    this.#makeRoom(head, adapter);
    const hang = new OpenHang(head, adapter, shape);
    this.#queue.push(hang);
    this.#open.push(hang);
    this.#last = hang;
    if (hang.complete) this.#close(hang);
    this.#drain();
  }

  /** The report of a dump all of whose lines came with its head: as `begin` with them would leave it. */
  addWhole(head: LogRecord, adapter: AdapterRef, event: KernelEvent): void {
    this.#makeRoom(head, adapter);
    this.#queue.push(event);
    this.#last = null;
    this.#drain();
  }

  #makeRoom(head: LogRecord, adapter: AdapterRef): void {
    for (const hang of [...this.#open]) {
      const other = hang.adapter;
      const isOther =
        (adapter.pci !== null && other.pci !== null && adapter.pci !== other.pci) ||
        (adapter.interface !== null && other.interface !== null && adapter.interface !== other.interface);
      if (!isOther || !hang.near(head)) this.#close(hang);
    }
    if (this.#open.length >= MOST_OPEN && this.#open[0] !== undefined) this.#close(this.#open[0]);
  }

  /**
   * Gives a record to the dump that it continues best; false when there is none.
   * @param part what it holds of a dump of e1000e's
   */
  offer(record: LogRecord, part: DumpPart | null): boolean {
    let best: OpenHang | null = null;
    let bestFit = -1;
    let bestPart: DumpPart | null = null;
    for (const hang of this.#open) {
      const own = hang.shape.own(record, part);
      const fit = own === null ? null : hang.fit(record, own);
      if (fit === null) continue;
      if (fit > bestFit || (fit === bestFit && hang === this.#last)) [best, bestFit, bestPart] = [hang, fit, own];
    }
    if (best === null || bestPart === null) return false;
    best.take(record, bestPart);
    this.#last = best;
    if (best.complete) this.#close(best);
    this.#drain();
    return true;
  }

  /** A field for the second time: the dumps that lines could go to are over. */
  closeAll(): void {
    for (const hang of [...this.#open]) this.#close(hang);
    this.#drain();
  }

  /** A line that only sister drivers print: a `Tx Unit Hang` without any field was theirs. True when there was one. */
  disown(): boolean {
    const stranger = this.#open.find((hang) => hang.shape.isOld && hang.empty);
    if (stranger === undefined) return false;
    this.#queue.splice(this.#queue.indexOf(stranger), 1);
    this.#forget(stranger);
    this.#drain();
    return true;
  }

  /** Tells of a record that is no part of a dump. */
  pass(record: LogRecord): void {
    if (this.#open.length === 0) return;
    for (const hang of [...this.#open]) if (hang.isOver(record)) this.#close(hang);
    this.#drain();
  }

  add(event: KernelEvent): void {
    if (this.#open.length === 0) {
      this.#onEvent(event);
      return;
    }
    this.#queue.push(event);
    while (this.#queue.length > MOST_WAITING && this.#open[0] !== undefined) {
      this.#close(this.#open[0]);
      this.#drain();
    }
  }

  #close(hang: OpenHang): void {
    this.#queue[this.#queue.indexOf(hang)] = hang.event();
    this.#forget(hang);
  }

  #forget(hang: OpenHang): void {
    this.#open = this.#open.filter((one) => one !== hang);
    if (this.#last === hang) this.#last = null;
  }

  #drain(): void {
    for (let first = this.#queue[0]; first !== undefined && !(first instanceof OpenHang); first = this.#queue[0]) {
      this.#queue.shift();
      this.#onEvent(first);
    }
  }
}
