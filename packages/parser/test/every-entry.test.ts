import fc from "fast-check";
import { expect, test } from "vitest";
import { LEAST_SCANNED_BYTES } from "../src/formats/whole-lines.js";
import { EvidenceParser } from "../src/index.js";
import { asExport, asJson, randomEntries } from "./support/random-journal.js";

/*
 * The fast way (entries that cannot matter are counted from their bytes) against the slow one, which reads every entry:
 * events, diagnostics and summary must be the same.
 */
const FORMS = { "journal-json": asJson, "journal-export": asExport } as const;

function read(chunks: readonly Uint8Array[], form: keyof typeof FORMS, everyLine: boolean, maxLineBytes: number) {
  const parser = new EvidenceParser({ evidence: "log", timeZone: "UTC", form, everyLine, maxLineBytes });
  const batches = [...chunks.map((chunk) => parser.push(chunk)), parser.end()];
  return {
    events: batches.flatMap((batch) => batch.events),
    diagnostics: batches.flatMap((batch) => batch.diagnostics),
    summary: parser.summary(),
  };
}

for (const [form, write] of Object.entries(FORMS) as [keyof typeof FORMS, typeof asJson][]) {
  test(`${form}: passing over entries gives what reading each gives`, () => {
    fc.assert(
      fc.property(
        randomEntries,
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
        fc.constantFrom(1 << 20, 1 << 20, 40, 700),
        (entries, cuts, flips, limit) => {
          const once = write(entries);
          const bytes = Buffer.concat(
            Array.from({ length: Math.ceil((4 * LEAST_SCANNED_BYTES) / once.length) }, () => once),
          );
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          const chunks = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
          expect(read(chunks, form, false, limit)).toEqual(read(chunks, form, true, limit));
        },
      ),
      { numRuns: 150 },
    );
  });
}
