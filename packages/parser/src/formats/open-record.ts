import type { FormName } from "../model/evidence.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import type { LineHeader } from "./head-parts.js";

/** Where a line stands. */
export interface LinePlace {
  readonly number: number;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Without those beyond the limit. */
  readonly keptBytes: number;
  /** False: nothing in it can be wanted; null: not known yet. */
  readonly isWanted: false | null;
}

/** A record that more lines may belong to. */
export interface OpenRecord {
  readonly header: LineHeader | null;
  readonly time: EventTime;
  readonly bootId: string | null;
  /** Whether the container vouches that the kernel wrote it. */
  readonly vouched: boolean;
  readonly lines: string[];
  /** Numbers of a split message whose lines behind the first are all there, and not in `lines`. */
  values: readonly number[] | null;
  readonly line: number;
  readonly byteOffset: number;
  byteLength: number;
  characters: number;
  /** False as long as none of its lines can be wanted. */
  isWanted: false | null;
}

/** More lines than this below a head are not its continuation: they become records of their own. */
const MOST_CONTINUATIONS = 64;
const MOST_CHARACTERS = 16_384;

/** Whether a record takes no further lines. */
export function isFull({ lines, characters }: OpenRecord): boolean {
  return lines.length > MOST_CONTINUATIONS || characters >= MOST_CHARACTERS;
}

/** All of a record but its message. */
export function originOf(open: OpenRecord, evidence: string): Omit<LogRecord, "message"> {
  const { header, time, bootId, line, byteOffset, byteLength } = open;
  return {
    time,
    host: header?.host ?? null,
    bootId,
    identifier: header?.identifier ?? null,
    pid: header?.pid ?? null,
    priority: header?.priority ?? null,
    device: null,
    trust: open.vouched ? "kernel" : "claimed",
    provenance: { evidence, line, byteOffset, byteLength },
  };
}

/** Forms that hold nothing but the kernel's ring buffer. */
export function vouches(form: FormName): boolean {
  return form.startsWith("dmesg");
}
