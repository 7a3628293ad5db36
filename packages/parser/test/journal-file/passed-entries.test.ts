import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { EvidenceParser } from "../../src/index.js";
import { memoryAccess, type RandomAccess } from "../../src/journal-file/random-access.js";
import { readOrPass } from "../../src/journal-file/read-journal.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import { FileEntries } from "../../src/scan/file-entries.js";
import { lendingCapacity, lendMemory } from "../../src/scan/lent-memory.js";
import type { Scanner } from "../../src/scan/scanner.js";
import { fleetingAccess } from "../support/fleeting-access.js";
import { type WriterOptions, writeJournal } from "../support/journal-writer.js";
import { type RandomEntry, randomEntries } from "../support/random-journal.js";

/*
 * The fast way (entries that cannot matter are counted without becoming records) against the slow one: events,
 * diagnostics, summary and facts must be the same.
 */
const SCANNERS = {
  simd: createScanner(NEEDLES, { capacity: lendingCapacity() }),
  /** Sees 16 KiB of a file at once. */
  narrow: createScanner(NEEDLES, { capacity: lendingCapacity(2 ** 14) }),
  /** Has no memory for parts of a file. */
  alone: createScanner(NEEDLES, { capacity: lendingCapacity(0) }),
  scalar: createScanner(NEEDLES, { kind: "scalar" }),
} as const;
const kinds = fc.constantFrom("simd", "narrow", "narrow", "alone", "scalar");
const variants = fc.record({ compact: fc.boolean(), keyed: fc.boolean() });

function written(entries: readonly RandomEntry[], variant: WriterOptions): Uint8Array {
  return writeJournal(
    entries.map(({ fields }) => {
      const first = (name: string): string => fields.find((field) => field[0] === name)?.[1] ?? "";
      return {
        realtimeUs: Math.min(2 ** 54, Number(first("__REALTIME_TIMESTAMP")) || 1),
        monotonicUs: Number(first("__MONOTONIC_TIMESTAMP")) || 0,
        bootId: /^[0-9a-f]{32}$/.test(first("_BOOT_ID")) ? first("_BOOT_ID") : "2".repeat(32),
        fields: fields
          .filter(([name]) => /^[A-Z_]/.test(name) && !name.startsWith("__"))
          .map((field) => field.join("=")),
      };
    }),
    variant,
  );
}

function read(bytes: Uint8Array, scanner: Scanner | null, access: RandomAccess = memoryAccess(bytes)) {
  const diagnostics: Diagnostic[] = [];
  const reading = readOrPass(access, {
    evidence: "log",
    onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
    scanner,
  });
  const parser = new EvidenceParser({ evidence: "log", form: "journal-file" });
  const events: unknown[] = [];
  let passed = 0;
  let next = reading.next();
  for (; next.done !== true; next = reading.next()) {
    if ("records" in next.value) passed += next.value.records;
    events.push(...parser.pushRecords([next.value], []).events);
  }
  events.push(...parser.pushRecords([], diagnostics).events, ...parser.end().events);
  return { found: { events, diagnostics, summary: parser.summary(), facts: next.value }, passed };
}

const withoutLines = (found: unknown): unknown =>
  JSON.parse(JSON.stringify(found, (name, value: unknown) => (name === "line" ? undefined : value)));

test("passing over entries gives what reading each gives, damaged files included", () => {
  let passed = 0;
  fc.assert(
    fc.property(
      randomEntries,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
      kinds,
      variants,
      (entries, flips, kind, variant) => {
        const bytes = written([...entries, ...entries, ...entries, ...entries], variant);
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        const fast = read(bytes, SCANNERS[kind]);
        // The line of an entry in a damaged list is a guess from the one asked for before.
        const known = flips.length === 0 ? (found: unknown) => found : withoutLines;
        expect(known(fast.found)).toEqual(known(read(bytes, null).found));
        passed += fast.passed;
      },
    ),
    { numRuns: 400 },
  );
  expect(passed).toBeGreaterThan(1000);
});

test("every mix of what tells the sender and the time is counted as it is read", () => {
  const BOOT = "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c";
  /** 2025-10-05T02:30:00Z; an hour ends half an hour on. */
  const START_US = 1_759_631_400_000_000;
  const mostly = (name: string, usual: string, ...others: readonly (string | null)[]): fc.Arbitrary<string[]> =>
    fc
      .oneof({ weight: 6, arbitrary: fc.constant(usual) }, fc.constantFrom(...others))
      .map((value) => (value === null ? [] : [`${name}=${value}`]));
  const odd = ["x", "", "1e3", "9".repeat(17)];
  const made = fc
    .tuple(
      fc.record({ step: fc.integer({ min: -1_000_000, max: 1_500_000_000 }), isUnset: fc.nat({ max: 19 }) }),
      fc.tuple(
        fc.constantFrom("kernel", "kernel", "syslog", "journal").map((value) => [`_TRANSPORT=${value}`]),
        mostly("SYSLOG_FACILITY", "0", "3", "", null, null),
        fc.constantFrom("kernel", "CRON", "CRON").map((value) => [`SYSLOG_IDENTIFIER=${value}`]),
        mostly("_COMM", "cron", "kernel", null),
        mostly("_SOURCE_MONOTONIC_TIMESTAMP", "8000000", "8999999", "9000001", null, null, null, ...odd),
        mostly("_SOURCE_BOOTTIME_TIMESTAMP", "7000000", "8999998", "9000002", null, ...odd),
        mostly("_SOURCE_REALTIME_TIMESTAMP", String(START_US), String(START_US - 9e9), null, null, ...odd),
        mostly(
          "MESSAGE",
          "usb 1-5: USB disconnect",
          "x".repeat(9_000),
          "",
          "Gr\u00fc\u00dfe",
          "not \u00ff UTF-8",
          "e1000e 0000:00:1f.6 eno1: NIC Link is Down",
          null,
        ),
        mostly("_HOSTNAME", "pve1", "pve2", null),
        mostly("_MACHINE_ID", "c0ffee00c0ffee00c0ffee00c0ffee00", "d0ffee00c0ffee00c0ffee00c0ffee00", null),
      ),
      fc.boolean(),
    )
    .map(([when, fields, isReversed]) => ({ ...when, fields: isReversed ? fields.flat().reverse() : fields.flat() }));
  let passed = 0;
  fc.assert(
    fc.property(fc.array(made, { minLength: 4, maxLength: 24 }), kinds, variants, (entries, kind, variant) => {
      let realtimeUs = START_US;
      const bytes = writeJournal(
        entries.map(({ step, isUnset, fields }) => {
          realtimeUs += step;
          return {
            realtimeUs: isUnset === 0 ? 5_000_000 : realtimeUs,
            monotonicUs: 9_000_000,
            bootId: BOOT,
            // A byte that is no UTF-8 stands for itself in Latin-1.
            fields: fields.map((field) => Buffer.from(field, field.includes("\u00ff") ? "latin1" : "utf8")),
          };
        }),
        variant,
      );
      const fast = read(bytes, SCANNERS[kind]);
      expect(fast.found).toEqual(read(bytes, null).found);
      passed += fast.passed;
    }),
    { numRuns: 800 },
  );
  expect(passed).toBeGreaterThan(300);
});

/** Entries of many processes: values of each stand far before some of its entries; now and then a message that is wanted. */
function longJournal(variant: WriterOptions): Uint8Array {
  const START_US = 1_759_631_400_000_000;
  return writeJournal(
    Array.from({ length: 6_000 }, (_, at) => ({
      realtimeUs: START_US + at * 1_000_000,
      monotonicUs: 9_000_000 + at * 1_000_000,
      bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
      fields: [
        "_HOSTNAME=pve1",
        "_TRANSPORT=kernel",
        "SYSLOG_FACILITY=0",
        `_PID=${(at * 7919) % 700}`,
        `_SOURCE_MONOTONIC_TIMESTAMP=${8_999_000 + at * 1_000_000}`,
        `_CMDLINE=${"x".repeat(at % 300)}`,
        `MESSAGE=${at % 1000 === 999 ? "e1000e 0000:00:1f.6 eno1: NIC Link is Down" : `usb 1-5: Gerät ${at}`}`,
      ],
    })),
    variant,
  );
}

test.each([
  ["simd", {}],
  ["narrow", {}],
  ["narrow", { compact: false }],
  ["narrow", { keyed: false }],
] as const)("a file longer than the %s window is passed over where it stands (%j)", (kind, variant) => {
  const bytes = longJournal(variant);
  const scanner = SCANNERS[kind];
  const expected = read(bytes, null);
  const walk = vi.spyOn(FileEntries.prototype, "walk");
  for (const access of [memoryAccess(bytes), fleetingAccess(bytes)]) {
    walk.mockClear();
    const fast = read(bytes, scanner, access);
    expect(fast.found).toEqual(expected.found);
    const walked = walk.mock.calls.map(([, from], at) => (walk.mock.results[at]?.value.end ?? from) - from);
    // All but those that are wanted, and the first of each hour.
    expect(fast.passed).toBeGreaterThan(5_900);
    expect(walked.reduce((sum, entries) => sum + entries, 0)).toBe(fast.passed);
  }
});

test("while another reads a file through a scanner, entries are passed over one by one, with the same result", () => {
  const bytes = longJournal({});
  const scanner = SCANNERS.simd;
  const memory = lendMemory(scanner);
  const alone = read(bytes, scanner);
  memory.release();
  expect(alone.found).toEqual(read(bytes, null).found);
  expect(alone.passed).toBe(read(bytes, scanner).passed);
});

test("whatever bytes a message has, those that are not UTF-8 are told of, and a needle among them is found", () => {
  const odd = [0x41, 0x0a, 0x1b, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf];
  const bytes = fc.constantFrom(...odd, 0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff);
  const pieces = fc.constantFrom(
    "Gr\u00fc\u00dfe ",
    "\u6f22",
    "\u{1f50c}",
    "\ufeff",
    "\u00a0",
    "usb 1-5: disconnect",
    "e1000e",
    "TDH",
  );
  const part = fc.oneof(
    { weight: 5, arbitrary: pieces.map((text) => [...Buffer.from(text)]) },
    bytes.map((byte) => [byte]),
    fc.array(bytes, { minLength: 2, maxLength: 4 }),
  );
  const messages = fc.array(fc.array(part, { maxLength: 8 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(messages, kinds, variants, (all, kind, variant) => {
      const file = writeJournal(
        [[[0x41]], ...all].map((parts, at) => ({
          realtimeUs: 1_759_631_400_000_000 + at,
          monotonicUs: 9_000_000 + at,
          bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
          fields: [
            "_HOSTNAME=pve1",
            "_TRANSPORT=kernel",
            Uint8Array.from([...Buffer.from("MESSAGE="), ...parts.flat()]),
          ],
        })),
        variant,
      );
      expect(read(file, SCANNERS[kind]).found).toEqual(read(file, null).found);
    }),
    { numRuns: 1000 },
  );
});
