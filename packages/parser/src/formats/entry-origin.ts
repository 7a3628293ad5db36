import { FIRST_BELIEVABLE_MS } from "../clock/believable.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";

const HOUR_MS = 3_600_000;

/** Where entries of a journal are from: host, machine and boot; and the hour of one that was read. */
export class EntryOrigin {
  readonly host: string;
  readonly bootId: string;
  /** Null where the entries name none. */
  readonly machineId: string | null;
  /** Of the entry that was read. */
  readonly time: EventTime;
  /** Unix milliseconds of its hour: the first is in it, the last is not. */
  readonly hourFromMs: number;
  readonly hourToMs: number;

  private constructor(host: string, bootId: string, machineId: string | null, time: EventTime & { unixMs: number }) {
    this.host = host;
    this.bootId = bootId;
    this.machineId = machineId;
    this.time = time;
    this.hourFromMs = Math.floor(time.unixMs / HOUR_MS) * HOUR_MS;
    this.hourToMs = this.hourFromMs + HOUR_MS;
  }

  /** Of an entry that was read; null where it says too little to know others of its origin, or its clock was not set. */
  static of({ host, bootId, machineId, time }: LogRecord): EntryOrigin | null {
    const { unixMs, source } = time;
    if (host === null || bootId === null || source !== "utc") return null;
    if (unixMs === null || unixMs < FIRST_BELIEVABLE_MS) return null;
    return new EntryOrigin(host, bootId, machineId ?? null, { ...time, unixMs });
  }

  /** Whether an entry that was read is of this host, machine and boot. */
  isOf({ host, bootId, machineId }: LogRecord): boolean {
    return host === this.host && bootId === this.bootId && (machineId ?? null) === this.machineId;
  }

  /** Whether a moment lies in the hour. */
  holdsTime(unixMs: number | null): boolean {
    return unixMs !== null && unixMs >= this.hourFromMs && unixMs < this.hourToMs;
  }
}
