import type { Diagnostic } from "../../src/model/diagnostic.js";
import type { KernelEvent } from "../../src/model/event.js";
import type { LogRecord } from "../../src/model/record.js";
import { EventReader } from "../../src/read/event-reader.js";
import { EvidenceParser } from "../../src/read/parse.js";

/** A record of the kernel's ring buffer; `number` is its line. */
export function record(message: string, number = 1, more: Partial<LogRecord> = {}): LogRecord {
  const length = new TextEncoder().encode(message).length + 1;
  return {
    message,
    time: { unixMs: 1_700_000_000_000, bootMs: 12_345, source: "utc", uncertaintyMs: 1, year: null },
    host: "pve",
    bootId: null,
    identifier: "kernel",
    pid: null,
    priority: null,
    device: null,
    trust: "kernel",
    provenance: { evidence: "test", line: number, byteOffset: number * 1000, byteLength: length },
    ...more,
  };
}

/** What an input gave. */
export interface Found {
  readonly events: readonly KernelEvent[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Records through the recognisers alone. */
export function read(records: readonly LogRecord[], evidence = "test"): Found {
  const events: KernelEvent[] = [];
  const diagnostics: Diagnostic[] = [];
  const reader = new EventReader({
    evidence,
    onEvent: (event) => events.push(event),
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  for (const one of records) reader.push(one);
  reader.end();
  return { events, diagnostics };
}

/** Text through the whole pipeline. */
export function parseText(text: string, evidence = "test.log"): Found {
  const parser = new EvidenceParser({ evidence, timeZone: "UTC", firstYear: 2025 });
  const first = parser.push(new TextEncoder().encode(text));
  const last = parser.end();
  return {
    events: [...first.events, ...last.events],
    diagnostics: [...first.diagnostics, ...last.diagnostics],
  };
}

/** Values of a made-up dump, by the driver's names and in its order. */
export const DUMP: readonly (readonly [string, number])[] = [
  ["TDH", 0x2c],
  ["TDT", 0x5e],
  ["next_to_use", 0x5e],
  ["next_to_clean", 0x2b],
  ["time_stamp", 0x10abcdef0],
  ["next_to_watch", 0x2c],
  ["jiffies", 0x10abce100],
  ["next_to_watch.status", 0],
  ["MAC Status", 0x40080083],
  ["PHY Status", 0x796d],
  ["PHY 1000BASE-T Status", 0x7800],
  ["PHY Extended Status", 0x3000],
  ["PCI Status", 0x10],
];

/** The register lines as netdev.c, e1000_print_hw_hang() lays them out. */
export function dumpLines(count = DUMP.length): string[] {
  const lines = DUMP.slice(0, count).map(([name, value], index) => {
    const indent = index < 8 ? "  " : "";
    return `${indent}${name.padEnd(indent === "" ? 22 : 20)} <${value.toString(16)}>`;
  });
  lines.splice(4, 0, "buffer_info[next_to_clean]:");
  return lines;
}
