import fc from "fast-check";
import { expect, test } from "vitest";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import { DIGIT, type HeadPattern, SIXTIETH } from "../../src/scan/like-lines.js";

interface Head {
  readonly before: string;
  readonly after: string;
  readonly hosts: readonly string[] | null;
  readonly decimals: number;
}

const LONG = "a-host-whose-name-is-longer-than-a-register.example.org";
const heads: fc.Arbitrary<Head> = fc.constantFrom(
  { before: "Oct  5 02:", after: " ", hosts: ["pve1"], decimals: 0 },
  { before: "Oct  5 02:", after: " ", hosts: ["pve1", "pve2", "pve10", "h", LONG, "h".repeat(64)], decimals: 0 },
  { before: "2025-10-05T02:", after: "+02:00 ", hosts: ["pve1", "pve2", LONG], decimals: 6 },
  { before: "2025-10-05T02:", after: "Z ", hosts: Array.from({ length: 256 }, (_, at) => `h${at}`), decimals: 3 },
  { before: "[Sun Oct  5 02:", after: " 2025] ", hosts: null, decimals: 0 },
  { before: "T", after: " ", hosts: null, decimals: 1 },
);
const STRANGERS = ["pve", "pve3", "", "h".repeat(65), "h".repeat(63), "pve1\t", `${LONG}.`];

function patternOf({ before, after, hosts, decimals }: Head): HeadPattern {
  const bytes = (text: string): number[] => [...Buffer.from(text)];
  const share = decimals === 0 ? [] : [46, ...Array<number>(decimals).fill(DIGIT)];
  const clock = [SIXTIETH, DIGIT, 58, SIXTIETH, DIGIT, ...share];
  return {
    prefix: Int16Array.from([...bytes(before), ...clock, ...bytes(after)]),
    hosts,
    clockAt: before.length,
    decimals,
  };
}

/** Few moments, so that lines of the very same one follow each other. */
const clockOf = (decimals: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("00:00", "00:01", "59:59", "60:00", "0:x00"), fc.constantFrom(0, 1, 999_999))
    .map(([clock, us]) => (decimals === 0 ? clock : `${clock}.${String(us).padStart(6, "0").slice(-decimals)}`));
const tags = fc.oneof(
  { weight: 8, arbitrary: fc.constant("kernel: ") },
  fc.constantFrom(
    "kernel:",
    "kernel[1]: ",
    "sshd[4711]: ",
    "sshd[4712]: ",
    "kernel ",
    "kernal: ",
    ": ",
    "a(b): ",
    `${"t".repeat(30)}: `,
    `${"t".repeat(64)}: `,
    `${"t".repeat(65)}: `,
    "kernel:x",
    "",
  ),
);
/** Ends of lines on and about the edges of 16 and 32 bytes. */
const rest = fc.nat({ max: 70 }).map((length) => "m".repeat(length));

test("both twins count the same lines, the kernel's among them, their times, and stop at the same one", () => {
  const simd = createScanner(NEEDLES);
  const scalar = createScanner(NEEDLES, { kind: "scalar" });
  expect(simd.kind).toBe("simd");
  let passed = 0;
  fc.assert(
    fc.property(
      heads.chain((head) => {
        const { hosts } = head;
        const host =
          hosts === null
            ? fc.constant("")
            : fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...hosts) }, fc.constantFrom(...STRANGERS));
        const named = host.map((name) => (hosts === null ? "" : `${name} `));
        const line = fc.tuple(clockOf(head.decimals), named, tags, rest);
        const run = fc.tuple(line, fc.integer({ min: 1, max: 4 })).map(([one, times]) => Array(times).fill(one));
        return fc.record({ head: fc.constant(head), lines: fc.array(run, { minLength: 1, maxLength: 12 }) });
      }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }),
      fc.nat({ max: 40 }),
      ({ head, lines }, flips, offset) => {
        const { before, after } = head;
        const text = lines
          .flat()
          .map(([clock, name, tag, message]) => `${before}${clock}${after}${name}${tag}${message}\n`);
        const bytes = Buffer.from(text.join(""));
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        const end = offset + bytes.lastIndexOf(10) + 1;
        // What an earlier text left behind the end must not count.
        for (const scanner of [simd, scalar]) scanner.buffer.set(Buffer.concat([bytes, bytes]), offset);
        for (let from = offset; from < end; ) {
          const found = simd.countLike(patternOf(head), from, end);
          expect(found).toEqual(scalar.countLike(patternOf(head), from, end));
          passed += found.lines;
          from = found.lines > 0 ? found.end : simd.buffer.indexOf(10, found.end) + 1;
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(passed).toBeGreaterThan(1000);
});
