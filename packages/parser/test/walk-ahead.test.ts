import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { EvidenceParser } from "../src/index.js";
import { scannerFor } from "../src/read/scanner-for.js";
import { lendMemory } from "../src/scan/lent-memory.js";
import { WalkAhead, type Walkers } from "../src/scan/walk-ahead.js";
import { type WalkSizes, type WalkTask, walkPieces } from "../src/scan/walk-pieces.js";
import { asExport, asJson, randomEntries } from "./support/random-journal.js";

/*
 * What threads counted ahead of the reader, against a reader without: events, diagnostics and summary must be the same,
 * wherever pieces, blocks and what is read at once end, and whatever was learnt after they had counted.
 */
const FORMS = { "journal-json": asJson, "journal-export": asExport } as const;
type Form = keyof typeof FORMS;

function told(parser: EvidenceParser, batches: readonly ReturnType<EvidenceParser["end"]>[]) {
  return {
    events: batches.flatMap((batch) => batch.events),
    diagnostics: batches.flatMap((batch) => batch.diagnostics),
    summary: parser.summary(),
  };
}

const parserOf = (form: Form, maxLineBytes: number): EvidenceParser =>
  new EvidenceParser({ evidence: "log", timeZone: "UTC", form, maxLineBytes });

function readAlone(bytes: Uint8Array, form: Form, limit: number) {
  const parser = parserOf(form, limit);
  return told(parser, [parser.push(bytes), parser.end()]);
}

/** Walkers in the reader's own thread, who walk as far as they can when they are told to. */
class OwnWalkers implements Walkers {
  readonly count: number;
  readonly #bytes: Uint8Array;
  #tasks: readonly WalkTask[] = [];

  constructor(count: number, bytes: Uint8Array) {
    this.count = count;
    this.#bytes = bytes;
  }

  start(tasks: readonly WalkTask[]): void {
    this.#tasks = tasks;
  }

  walk(): void {
    for (const task of this.#tasks) {
      // From where the reader is, as if nothing had been walked.
      task.numbers[1] = 0;
      task.heads.fill(-1);
      walkPieces(task, this.#bytes.length, (target, at, length, offset) => {
        const part = this.#bytes.subarray(offset, offset + length);
        target.set(part, at);
        return part.length;
      });
    }
  }
}

/** Reads parts of so many bytes into lent memory, threads ahead, as whoever reads a file does. */
function readAhead(
  bytes: Uint8Array,
  form: Form,
  { limit, partBytes, sizes, walkers }: { limit: number; partBytes: number; sizes: WalkSizes; walkers: OwnWalkers },
) {
  const scanner = scannerFor();
  if (scanner === null) throw new Error("no scanner");
  const lent = lendMemory(scanner);
  if (scanner.kernel === null) throw new Error("no kernel");
  const walk = new WalkAhead(walkers, scanner.kernel, lent.pieces, sizes);
  scanner.ahead = walk;
  const known = vi.spyOn(walk, "entriesAt");
  const parser = parserOf(form, limit);
  const batches = [];
  for (let offset = 0, turn = 0; offset < bytes.length; offset += partBytes, turn = 1 - turn) {
    const part = bytes.subarray(offset, offset + partBytes);
    lent.pieces[turn]!.set(part);
    walk.stands(turn, offset);
    walkers.walk();
    batches.push(parser.push(lent.pieces[turn]!.subarray(0, part.length)));
  }
  lent.release();
  const hits = known.mock.results.filter(({ value }) => value !== null).length;
  return { hits, told: told(parser, [...batches, parser.end()]) };
}

for (const [form, write] of Object.entries(FORMS) as [Form, typeof asJson][]) {
  test(`${form}: what was walked ahead is what the reader would have counted`, () => {
    let hits = 0;
    fc.assert(
      fc.property(
        randomEntries,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
        fc.record({
          piece: fc.constantFrom(1 << 11, 5_000, 1 << 14),
          before: fc.constantFrom(2, 64, 1 << 11),
          slots: fc.constant(200),
          runs: fc.constantFrom(2, 9, 256),
        }),
        fc.constantFrom(17_000, 33_333, 1 << 16),
        fc.constantFrom(1 << 20, 1 << 20, 700),
        fc.integer({ min: 1, max: 3 }),
        (entries, flips, sizes, partBytes, limit, count) => {
          const once = write(entries);
          const bytes = Buffer.concat(Array.from({ length: Math.ceil(150_000 / once.length) }, () => once));
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const walkers = new OwnWalkers(count, bytes);
          const ahead = readAhead(bytes, form, { limit, partBytes, sizes, walkers });
          hits += ahead.hits;
          expect(ahead.told).toEqual(readAlone(bytes, form, limit));
        },
      ),
      { numRuns: 150 },
    );
    expect(hits).toBeGreaterThan(300);
  });
}
