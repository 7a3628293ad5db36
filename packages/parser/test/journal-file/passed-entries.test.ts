import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser } from "../../src/index.js";
import { memoryAccess } from "../../src/journal-file/random-access.js";
import { readOrPass } from "../../src/journal-file/read-journal.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import type { Scanner } from "../../src/scan/scanner.js";
import { writeJournal } from "../support/journal-writer.js";
import { type RandomEntry, randomEntries } from "../support/random-journal.js";

/*
 * The fast way (entries that cannot matter are counted without becoming records) against the slow one: events,
 * diagnostics, summary and facts must be the same.
 */
const KINDS: readonly Scanner[] = [createScanner(NEEDLES), createScanner(NEEDLES, { kind: "scalar" })];

function written(entries: readonly RandomEntry[]): Uint8Array {
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
  );
}

function read(bytes: Uint8Array, scanner: Scanner | null) {
  const diagnostics: Diagnostic[] = [];
  const reading = readOrPass(memoryAccess(bytes), {
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

test("passing over entries gives what reading each gives, damaged files included", () => {
  let passed = 0;
  fc.assert(
    fc.property(
      randomEntries,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
      fc.constantFrom(...KINDS),
      (entries, flips, scanner) => {
        const bytes = written([...entries, ...entries, ...entries, ...entries]);
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        const fast = read(bytes, scanner);
        expect(fast.found).toEqual(read(bytes, null).found);
        passed += fast.passed;
      },
    ),
    { numRuns: 400 },
  );
  expect(passed).toBeGreaterThan(1000);
});
