import fc from "fast-check";
import { expect, test } from "vitest";
import { createScanner } from "../../src/scan/create-scanner.js";
import type { SplitPattern } from "../../src/scan/split-lines.js";

const PATTERN: SplitPattern = {
  rest: [
    { start: "  a number of it  <", isHex: true },
    { start: "nothing in this line:", isHex: false },
    { start: "another, 32 bytes until its mark<", isHex: true },
  ].map(({ start, isHex }) => ({ start: start.slice(-32), isHex })),
};

const head = fc.oneof(
  { weight: 5, arbitrary: fc.constant("Jan  1 00:00:00 pve1 kernel: ") },
  fc.constantFrom(
    "sixteen bytes!!!",
    "fifteen bytes!!",
    "",
    `2025-11-02T02:14:30.000001+01:00 ${"h".repeat(60)} kernel: `,
  ),
);
const number = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 52n - 1n }).map((value) => value.toString(16)) },
  fc.constantFrom("", "00", "0a", "0", "fffffffffffff", "10000000000000", "ffffffffffffffff", "F", "g", "1 "),
);
const ending = fc.oneof(
  { weight: 12, arbitrary: fc.constant(">\n") },
  fc.constantFrom("\n", "> \n", ">\r\n", ">", "]\n"),
);

test("both twins read the same split messages, and the numbers are those that were written", () => {
  const simd = createScanner(["needle"], { capacity: 4_096 });
  const scalar = createScanner(["needle"], { capacity: 4_096, kind: "scalar" });
  expect(simd.kind).toBe("simd");
  let found = 0;
  fc.assert(
    fc.property(
      head,
      fc.array(fc.tuple(number, ending), { minLength: 3, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 1 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 30 }),
      (prefix, ends, flips, offset, less) => {
        const first = `${prefix}first\n`;
        const rest = PATTERN.rest.map(({ start, isHex }, i) => {
          const [digits, end] = ends[i]!;
          return `${prefix}${start}${isHex ? `${digits}${end}` : end.slice(-1)}`;
        });
        const bytes = Buffer.from([first, ...rest].join(""));
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        // What an earlier text left behind the end must not count.
        for (const scanner of [simd, scalar]) {
          scanner.buffer.fill(0);
          scanner.buffer.set(bytes, offset);
        }
        const from = offset + first.length;
        const to = Math.max(from, offset + bytes.length - (less > 20 ? less : 0));
        const place = { from: offset, length: prefix.length };
        const end = simd.readSplit(PATTERN, place, from, to);
        expect(end).toBe(scalar.readSplit(PATTERN, place, from, to));
        if (end === -1) return;
        found += 1;
        expect(end).toBeLessThanOrEqual(to);
        expect([...simd.values.subarray(0, 2)]).toEqual([...scalar.values.subarray(0, 2)]);
        if (flips.length === 0)
          expect([...simd.values.subarray(0, 2)]).toEqual(
            [ends[0]![0], ends[2]![0]].map((hex) => Number.parseInt(hex, 16)),
          );
      },
    ),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(200);
});
