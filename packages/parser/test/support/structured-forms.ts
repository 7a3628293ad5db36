import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import type { LossNotice, RecordReader, RecordReaderOptions, RecordSink } from "../../src/formats/record-reader.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import type { LogRecord } from "../../src/model/record.js";

export type ReaderClass = new (options: RecordReaderOptions, sink: RecordSink) => RecordReader;

export interface Collected {
  readonly records: LogRecord[];
  readonly diagnostics: Diagnostic[];
  readonly losses: LossNotice[];
  readonly lines: number;
}

/** What a reader says of the chunks. The bytes of each chunk are overwritten after the call: it must not keep them. */
export function collect(Reader: ReaderClass, chunks: readonly Uint8Array[], maxLineBytes?: number): Collected {
  const [records, diagnostics, losses]: [LogRecord[], Diagnostic[], LossNotice[]] = [[], [], []];
  const options = { evidence: "e", ...(maxLineBytes === undefined ? {} : { maxLineBytes }) };
  const reader = new Reader(options, {
    record: (record) => records.push(record),
    diagnostic: (diagnostic) => diagnostics.push(diagnostic),
    loss: (loss) => losses.push(loss),
  });
  for (const chunk of chunks) {
    const copy = chunk.slice();
    reader.push(copy);
    copy.fill(0x7b);
  }
  reader.end();
  return { records, diagnostics, losses, lines: reader.lines };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function codes({ diagnostics }: Collected): string[] {
  return diagnostics.map(({ code }) => code);
}

/** Any cutting into chunks gives the same calls. */
export function expectChunkingIsInvisible(Reader: ReaderClass, input: Uint8Array, maxLineBytes?: number): void {
  const whole = collect(Reader, [input], maxLineBytes);
  fc.assert(
    fc.property(fc.array(fc.nat(input.length), { maxLength: 40 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), input.length];
      const chunks = at.slice(1).map((to, index) => input.subarray(at[index], to));
      expect(collect(Reader, chunks, maxLineBytes)).toEqual(whole);
    }),
    { numRuns: 60 },
  );
  const single = Array.from(input, (_, index) => input.subarray(index, index + 1));
  expect(collect(Reader, single, maxLineBytes)).toEqual(whole);
}

/**
 * Cut after any byte, the reader does not throw and gives all records but the last, as they were; whether the cut
 * record itself comes is the form's affair. A cut inside a line or record is diagnosed.
 */
export function expectCuttingLosesOnlyTheLast(Reader: ReaderClass, input: Uint8Array): void {
  const whole = collect(Reader, [input]).records;
  for (let length = 0; length < input.length; length += 1) {
    const cut = collect(Reader, [input.subarray(0, length)]);
    const complete = whole.filter(({ provenance }) => provenance.byteOffset + provenance.byteLength < length);
    expect(cut.records.slice(0, complete.length)).toEqual(complete);
    expect(cut.records.length).toBeLessThanOrEqual(complete.length + 1);
    const isInside = whole.some(({ provenance: { byteOffset, byteLength } }) => {
      return byteOffset < length && length < byteOffset + byteLength - 2;
    });
    if (isInside && input[length - 1] !== 10) {
      expect(cut.diagnostics.map(({ code }) => code)).toContain("input.truncated");
    }
  }
}

/** Random bytes of the form's own alphabet never make it throw, and chunking stays invisible. */
export function expectNoInputThrows(Reader: ReaderClass, words: readonly string[]): void {
  const pieces = fc.oneof(fc.constantFrom(...words.map(bytesOf)), fc.uint8Array({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const input = Uint8Array.from(parts.flatMap((part) => [...part]));
      const whole = collect(Reader, [input], 64);
      expect(collect(Reader, parts, 64)).toEqual(whole);
      const expectedLines =
        input.filter((byte) => byte === 10).length + (input.length > 0 && input.at(-1) !== 10 ? 1 : 0);
      expect(whole.lines).toBe(expectedLines);
      for (const { provenance } of whole.records) {
        expect(provenance.byteOffset + provenance.byteLength).toBeLessThanOrEqual(input.length);
      }
    }),
    { numRuns: 300 },
  );
}

const SAMPLES = new URL("../../../../../shared/samples/formats/", import.meta.url);
export const haveSamples: boolean = existsSync(new URL("source/events.jsonl", SAMPLES));

export function sample(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, SAMPLES)));
}

export interface Truth {
  readonly n: number;
  readonly boot: "A" | "B";
  readonly boot_id: string;
  readonly realtime_usec: number;
  readonly monotonic_usec: number;
  readonly source_monotonic_usec?: number;
  readonly source_realtime_usec?: number;
  readonly transport: string;
  readonly priority: number;
  readonly facility: number;
  readonly identifier: string | null;
  readonly pid?: number | null;
  readonly comm?: string | null;
  readonly hostname: string;
  readonly message: string | null;
  readonly message_base64?: string;
}

export function truth(): Truth[] {
  const text = readFileSync(new URL("source/events.jsonl", SAMPLES), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line): Truth => JSON.parse(line));
}

export function messageOf(event: Truth): string {
  if (event.message_base64 !== undefined) return Buffer.from(event.message_base64, "base64").toString("utf8");
  return event.message ?? "";
}

/** What every journal form says of an event. */
export function journalFacts(event: Truth): object {
  const isKernel = event.transport === "kernel";
  const lagUs = isKernel ? event.monotonic_usec - (event.source_monotonic_usec ?? 0) : 0;
  const unixUs = isKernel ? event.realtime_usec - lagUs : (event.source_realtime_usec ?? event.realtime_usec);
  return {
    message: messageOf(event),
    unixMs: unixUs / 1000,
    bootMs: (isKernel ? (event.source_monotonic_usec ?? 0) : event.monotonic_usec) / 1000,
    host: event.hostname,
    bootId: event.boot_id,
    identifier: event.identifier ?? event.comm ?? null,
    pid: event.pid ?? null,
    priority: event.priority,
    trust: isKernel ? "kernel" : "claimed",
  };
}

export function factsOf(record: LogRecord): object {
  const { message, time, host, bootId, identifier, pid, priority, trust } = record;
  return { message, unixMs: time.unixMs, bootMs: time.bootMs, host, bootId, identifier, pid, priority, trust };
}
