import fc from "fast-check";
import { expect, test } from "vitest";
import { createScanner } from "../../src/scan/create-scanner.js";
import {
  COPIED_BYTES,
  LEAD_BYTES,
  lendingCapacity,
  lendMemory,
  placeOf,
  textHoldsNeedle,
} from "../../src/scan/lent-memory.js";

const LINE = new TextEncoder().encode("one needle\n");

test.each([undefined, "scalar"] as const)("what is read into lent memory is scanned where it stands (%s)", (kind) => {
  const scanner = createScanner(["needle"], { capacity: lendingCapacity(), ...(kind === undefined ? {} : { kind }) });
  const { pieces, release } = lendMemory(scanner);
  const [first, second] = pieces;
  expect([first.length, second.length]).toEqual([2 ** 21, 2 ** 21]);
  const places = pieces.map((piece) => {
    piece.set(LINE, piece.length - LINE.length);
    return placeOf(piece.subarray(-LINE.length), scanner);
  });
  const room = LEAD_BYTES + 2 ** 21;
  expect(places).toEqual([COPIED_BYTES + room - LINE.length, COPIED_BYTES + 2 * room - LINE.length]);
  for (const place of places) {
    expect(scanner.scan(place, place + LINE.length)).toBe(place + LINE.length);
    expect([scanner.count, scanner.lines[0], scanner.lines[1]]).toEqual([1, place, place + LINE.length - 1]);
  }
  release();
});

test("bytes from elsewhere are copied to the beginning, and leave lent memory as it is", () => {
  const scanner = createScanner(["needle"], { capacity: lendingCapacity() });
  const { pieces } = lendMemory(scanner);
  pieces[0].fill(1);
  expect(placeOf(new Uint8Array(COPIED_BYTES).fill(2), scanner)).toBe(0);
  expect([scanner.buffer[COPIED_BYTES - 1], pieces[0][0]]).toEqual([2, 1]);
});

test("one reader at a time has a scanner's memory; the others, and those without a scanner, have their own", () => {
  const scanner = createScanner(["needle"], { capacity: lendingCapacity() });
  const { buffer } = scanner.buffer;
  const isLent = ({ pieces }: ReturnType<typeof lendMemory>) => pieces.map((piece) => piece.buffer === buffer);
  const one = lendMemory(scanner);
  expect(isLent(one)).toEqual([true, true]);
  const other = lendMemory(scanner);
  expect(isLent(other)).toEqual([false, false]);
  other.release();
  expect(isLent(lendMemory(scanner))).toEqual([false, false]);
  one.release();
  expect(isLent(lendMemory(scanner))).toEqual([true, true]);
  expect(isLent(lendMemory(null))).toEqual([false, false]);
});

test.each([undefined, "scalar"] as const)(
  "a text is searched as `includes` does, and lent memory stays (%s)",
  (kind) => {
    const scanner = createScanner(["needle", "hay "], {
      capacity: lendingCapacity(),
      ...(kind === undefined ? {} : { kind }),
    });
    const [, piece] = lendMemory(scanner).pieces;
    piece.fill(7);
    const part = fc.constantFrom("need", "le", "needle", "hay", " ", "ä", "漢", "\u{1f600}", "\ud800", "x".repeat(900));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        const found = text.includes("needle") || text.includes("hay ");
        expect(textHoldsNeedle(text, scanner)).toBe(text.length > 2_730 ? null : found);
      }),
      { numRuns: 500 },
    );
    expect(textHoldsNeedle("漢".repeat(2_730), scanner)).toBe(false);
    expect(piece.every((byte) => byte === 7)).toBe(true);
  },
);
