import { messageOf, type SplitMessage } from "../../formats/split-message.js";
import type { HangField } from "../../model/event.js";
import type { LogRecord } from "../../model/record.js";

/** A whole dump as `e1000_print_hw_hang` (drivers/net/ethernet/intel/e1000e/netdev.c) prints it in one message. */
export const SPLIT_DUMP: SplitMessage = {
  first: "Detected Hardware Unit Hang:",
  rest: [
    "  TDH                  <",
    "  TDT                  <",
    "  next_to_use          <",
    "  next_to_clean        <",
    "buffer_info[next_to_clean]:",
    "  time_stamp           <",
    "  next_to_watch        <",
    "  jiffies              <",
    "  next_to_watch.status <",
    "MAC Status             <",
    "PHY Status             <",
    "PHY 1000BASE-T Status  <",
    "PHY Extended Status    <",
    "PCI Status             <",
  ].map((start) => ({ start, isHex: start.endsWith("<") })),
  record: (origin, first, values) => new WholeDump(origin, first, values),
};

/**
 * A record whose message is one whole dump, just as the driver prints it, with its numbers read already: what a flood is
 * made of. The message itself is put together for those who ask.
 */
export class WholeDump implements LogRecord {
  readonly time: LogRecord["time"];
  readonly host: LogRecord["host"];
  readonly bootId: LogRecord["bootId"];
  readonly identifier: LogRecord["identifier"];
  readonly pid: LogRecord["pid"];
  readonly priority: LogRecord["priority"];
  readonly device: LogRecord["device"];
  readonly trust: LogRecord["trust"];
  readonly provenance: LogRecord["provenance"];
  /** The message's first line. */
  readonly first: string;
  readonly #values: readonly number[];

  /** @param values in the order of the dump's lines */
  constructor(origin: Omit<LogRecord, "message">, first: string, values: readonly number[]) {
    this.time = origin.time;
    this.host = origin.host;
    this.bootId = origin.bootId;
    this.identifier = origin.identifier;
    this.pid = origin.pid;
    this.priority = origin.priority;
    this.device = origin.device;
    this.trust = origin.trust;
    this.provenance = origin.provenance;
    this.first = first;
    this.#values = values;
  }

  get message(): string {
    return messageOf(SPLIT_DUMP, this.first, this.#values);
  }

  get registers(): Readonly<Record<HangField, number>> {
    const at = (index: number): number => this.#values[index] ?? 0;
    return {
      TDH: at(0),
      TDT: at(1),
      next_to_use: at(2),
      next_to_clean: at(3),
      time_stamp: at(4),
      next_to_watch: at(5),
      jiffies: at(6),
      "next_to_watch.status": at(7),
      "MAC Status": at(8),
      "PHY Status": at(9),
      "PHY 1000BASE-T Status": at(10),
      "PHY Extended Status": at(11),
      "PCI Status": at(12),
    };
  }
}
