import type { EventTime } from "./time.js";

/** `kernel`: the container vouches that the kernel wrote it. `claimed`: any process could have written it. */
export type Trust = "kernel" | "claimed";

/** Where something stands in the evidence: enough to find its bytes again and quote them. */
export interface Provenance {
  /** The evidence's label: the path as the caller gave it, or a name for a stream. */
  readonly evidence: string;
  /** 1-based number of the first line, in the decompressed input. */
  readonly line: number;
  /** Of the first byte, in the decompressed input. */
  readonly byteOffset: number;
  /** Bytes from the first byte to the end of the last line, its line end included. */
  readonly byteLength: number;
}

/** One log entry as its container had it. */
export interface LogRecord {
  /** The text after the container's prefix; escapes undone, further lines joined by `\n`. */
  readonly message: string;
  readonly time: EventTime;
  readonly host: string | null;
  /** 32 hex digits where the container has it. */
  readonly bootId: string | null;
  /** Of the machine that wrote it (machine-id(5)), 32 lower-case hex digits; absent where the container has none. */
  readonly machineId?: string;
  /** The tag: `kernel`, `vzdump`, `pvescheduler`, …; null when there is none. */
  readonly identifier: string | null;
  readonly pid: number | null;
  /** 0 (emerg) to 7 (debug); null when the form has none. */
  readonly priority: number | null;
  /** `+pci:0000:00:1f.6` and the like, where the container keeps it. */
  readonly device: string | null;
  readonly trust: Trust;
  /** True where the container says that a process wrote it, whatever name it gave itself. */
  readonly byProcess?: true;
  readonly provenance: Provenance;
}

/** Whether it may be the kernel's. The kernel has no process number: a tag with one is a process that calls itself so. */
export function mayBeKernels({ identifier, pid, byProcess }: LogRecord): boolean {
  return byProcess !== true && (identifier === null || (identifier === "kernel" && pid === null));
}
