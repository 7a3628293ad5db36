import type { HangEvent } from "@hangproof/parser";
import { registerSigns } from "./register-signs.js";

/** Maps strings to small integers, in order of appearance. */
export class Names {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();

  /** The number of a name; new names get the next one. */
  of(name: string): number {
    let index = this.#index.get(name);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(name);
      this.#index.set(name, index);
    }
    return index;
  }
}

/**
 * Hang reports in columns: a wedged adapter writes one every 2 s for days, and a million of them must fit.
 * About 100 bytes a report. Absent numbers are NaN, absent names -1.
 */
export class HangTable {
  readonly unixMs: number[] = [];
  readonly bootMs: number[] = [];
  readonly uncertaintyMs: number[] = [];
  readonly jiffies: number[] = [];
  readonly timeStamp: number[] = [];
  readonly head: number[] = [];
  readonly tail: number[] = [];
  /** Bits of `SIGN`. */
  readonly signs: number[] = [];
  readonly evidence: number[] = [];
  readonly line: number[] = [];
  readonly byteOffset: number[] = [];
  readonly host: number[] = [];
  readonly pci: number[] = [];
  readonly interface: number[] = [];
  readonly bootId: number[] = [];
  /** 1 where the container vouches for the kernel. */
  readonly vouched: number[] = [];

  get length(): number {
    return this.unixMs.length;
  }

  push(event: HangEvent, names: HangNames): void {
    this.unixMs.push(event.time.unixMs ?? Number.NaN);
    this.bootMs.push(event.time.bootMs ?? Number.NaN);
    this.uncertaintyMs.push(event.time.uncertaintyMs);
    this.jiffies.push(event.registers.jiffies ?? Number.NaN);
    this.timeStamp.push(event.registers.time_stamp ?? Number.NaN);
    this.head.push(event.registers.TDH ?? Number.NaN);
    this.tail.push(event.registers.TDT ?? Number.NaN);
    this.signs.push(registerSigns(event.registers));
    this.evidence.push(names.evidence.of(event.provenance.evidence));
    this.line.push(event.provenance.line);
    this.byteOffset.push(event.provenance.byteOffset);
    this.host.push(event.host === null ? -1 : names.hosts.of(event.host));
    this.pci.push(event.adapter.pci === null ? -1 : names.words.of(event.adapter.pci));
    this.interface.push(event.adapter.interface === null ? -1 : names.words.of(event.adapter.interface));
    this.bootId.push(event.bootId === null ? -1 : names.words.of(event.bootId));
    this.vouched.push(event.trust === "kernel" ? 1 : 0);
  }

  /** Whether the registers name this report so exactly that no other one has the same. */
  isExact(row: number): boolean {
    return !Number.isNaN(this.jiffies[row]!) && !Number.isNaN(this.timeStamp[row]!);
  }

  /** Order by registers: equal means the same report. NaN is equal to NaN. */
  compareRegisters(a: number, b: number): number {
    return (
      order(this.jiffies[a]!, this.jiffies[b]!) ||
      order(this.timeStamp[a]!, this.timeStamp[b]!) ||
      order(this.head[a]!, this.head[b]!) ||
      order(this.tail[a]!, this.tail[b]!)
    );
  }

  /** The registers as one text, for look-ups. */
  registerKey(row: number): string {
    return `${this.jiffies[row]}|${this.timeStamp[row]}|${this.head[row]}|${this.tail[row]}`;
  }
}

/** The names that the columns number. */
export interface HangNames {
  readonly evidence: Names;
  readonly hosts: Names;
  readonly words: Names;
}

function order(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : 0;
}
