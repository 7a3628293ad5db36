import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser, type KernelEvent } from "../src/index.js";

/** What the driver prints in one message, as daemons split it into lines. */
const LABELS = [
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
];

type Fault = "none" | "missing" | "twice" | "other" | "stamp" | "case" | "wide" | "swap" | "open" | "host";
const FAULTS: readonly Fault[] = ["none", "missing", "twice", "other", "stamp", "case", "wide", "swap", "open", "host"];

const HEADS = [
  (second: number) => `2025-11-02T02:14:${second}.000001+01:00 pve1 kernel: `,
  (second: number) => `2025-11-02T02:14:${second}.000001+01:00 pve1 kernel: [12345.0000${second}] `,
  (second: number) => `Nov  2 02:14:${second} pve1 kernel: `,
  (second: number) => `Nov  2 02:14:${second} pve1 kernel: [12345.0000${second}] `,
];

interface Dump {
  readonly form: number;
  readonly second: number;
  readonly numbers: readonly number[];
  readonly fault: Fault;
  readonly at: number;
}

function linesOf({ form, second, numbers, fault, at }: Dump): string[] {
  const head = HEADS[form]!(second);
  const lines = LABELS.map((label, i) => `${head}${label}${label.endsWith("<") ? `${numbers[i]!.toString(16)}>` : ""}`);
  const line = lines[at]!;
  if (fault === "missing") lines.splice(at, 1);
  if (fault === "twice") lines.splice(at, 0, line);
  if (fault === "other") lines.splice(at, 0, `${head}usb 1-2: reset high-speed USB device`);
  if (fault === "stamp") lines[at] = line.replace(head, HEADS[form]!(second === 59 ? 58 : second + 1));
  if (fault === "case") lines[at] = line.replace(/<.*>/, (hex) => hex.toUpperCase());
  if (fault === "wide") lines[at] = line.replace("<", "<00000000000000000000");
  if (fault === "swap") lines.reverse();
  if (fault === "open") lines[at] = line.replace(">", "> and more");
  if (fault === "host") lines[at] = line.replace("pve1", "pve2");
  return [`${head}e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:`, ...lines];
}

const dump: fc.Arbitrary<Dump> = fc.record({
  form: fc.nat(HEADS.length - 1),
  second: fc.integer({ min: 10, max: 59 }),
  numbers: fc.array(fc.nat(), { minLength: 14, maxLength: 14 }),
  fault: fc.constantFrom(...FAULTS),
  at: fc.nat(13),
});

function read(text: string, options: { readonly everyLine?: boolean; readonly chunk: number }) {
  const parser = new EvidenceParser({
    evidence: "kern.log",
    timeZone: "Europe/Berlin",
    firstYear: 2025,
    ...(options.everyLine === undefined ? {} : { everyLine: options.everyLine }),
  });
  const bytes = new TextEncoder().encode(text);
  const events: KernelEvent[] = [];
  for (let at = 0; at < bytes.length; at += options.chunk)
    events.push(...parser.push(bytes.subarray(at, at + options.chunk)).events);
  events.push(...parser.end().events);
  return { events, summary: parser.summary() };
}

test("a dump that is read at once is what it is line by line, whatever is wrong with it", () => {
  fc.assert(
    fc.property(
      fc.array(dump, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 40, max: 4_000 }),
      (dumps, chunk) => {
        const text = dumps
          .flatMap(linesOf)
          .map((line) => `${line}\n`)
          .join("");
        const slow = read(text, { everyLine: true, chunk: text.length });
        expect(read(text, { chunk: text.length })).toEqual(slow);
        expect(read(text, { chunk })).toEqual(slow);
        // One character that is more than one byte, and every line is cut on its own.
        const wide = `${text}2025-11-02T02:15:00+01:00 pve1 kernel: \u00e4\n`;
        expect(read(wide, { chunk: 1_000_000 })).toEqual(read(wide, { everyLine: true, chunk: 1_000_000 }));
      },
    ),
    { numRuns: 300 },
  );
});

const OTHERS = ["usb 1-2: reset high-speed USB device", "a line below without any head", "   indented", ""];

test("a flood of dumps, which is read message by message, is what it is line by line", () => {
  const whole = dump.map((one): Dump => ({ ...one, fault: "none" }));
  const between = fc.record({ dump: fc.oneof({ weight: 6, arbitrary: whole }, dump), other: fc.nat({ max: 9 }) });
  fc.assert(
    fc.property(
      fc.array(between, { minLength: 20, maxLength: 60 }),
      fc.integer({ min: 20_000, max: 90_000 }),
      (all, chunk) => {
        const lines = all.flatMap((one) => {
          const other = OTHERS[one.other];
          const head = other === "" || one.other > 0 ? "" : HEADS[one.dump.form]!(one.dump.second);
          return [...linesOf(one.dump), ...(other === undefined ? [] : [`${head}${other}`])];
        });
        const text = lines.map((line) => `${line}\n`).join("");
        expect(read(text, { chunk })).toEqual(read(text, { everyLine: true, chunk: text.length }));
      },
    ),
    { numRuns: 100 },
  );
});

test("of whole dumps every line is a record, and every register is there", () => {
  const numbers = Array.from({ length: 14 }, (_, i) => i * 17);
  const whole: Dump = { form: 1, second: 30, numbers, fault: "none", at: 0 };
  const text = Array.from({ length: 100 }, () => linesOf(whole))
    .flat()
    .map((line) => `${line}\n`)
    .join("");
  const { events, summary } = read(text, { chunk: text.length });
  expect(events.length).toBe(100);
  expect(summary).toMatchObject({ records: 1_500, lines: 1_500, kernelRecords: 1_500 });
  for (const event of events) expect(event).toMatchObject({ kind: "e1000e.hang", missing: [], registers: { TDT: 17 } });
  const ends = events.map(({ provenance }) => provenance.byteOffset + provenance.byteLength);
  expect(ends.at(-1)).toBe(text.length);
});
