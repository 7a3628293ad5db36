import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner, type ScannerOptions } from "../../src/scan/create-scanner.js";
import { MOST_LINES, SLACK_BYTES } from "../../src/scan/layout.js";
import type { Scanner } from "../../src/scan/scanner.js";

type Line = readonly [start: number, end: number, lineFeedsBefore: number];
interface Found {
  readonly lines: readonly Line[];
  readonly lineFeeds: number;
}

const KINDS = ["simd", "scalar"] as const;

function make(kind: (typeof KINDS)[number], needles: readonly string[], options: ScannerOptions = {}): Scanner {
  const scanner = createScanner(needles, kind === "scalar" ? { ...options, kind } : options);
  expect(scanner.kind).toBe(kind);
  return scanner;
}

function put(scanner: Scanner, at: number, text: string): number {
  scanner.buffer.set(Buffer.from(text, "latin1"), at);
  return at + text.length;
}

/** All of [from, to), going on wherever the list was full. */
function scanAll(scanner: Scanner, from: number, to: number): Found {
  const lines: Line[] = [];
  let lineFeeds = 0;
  for (let at = from; at < to; ) {
    const next = scanner.scan(at, to);
    expect(next).toBeGreaterThan(at);
    if (next < to) expect(scanner.count).toBe(MOST_LINES);
    for (let index = 0; index < scanner.count; index += 1) {
      const [start = -1, end = -1, before = -1] = scanner.lines.subarray(index * 3, index * 3 + 3);
      lines.push([start, end, before + lineFeeds]);
    }
    lineFeeds += scanner.lineFeeds;
    at = next;
  }
  return { lines, lineFeeds };
}

/** The specification. */
function naive(text: string, needles: readonly string[], offset: number, ignoreCase = false): Found {
  const lower = (one: string) => one.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const seen = ignoreCase ? lower(text) : text;
  const wanted = ignoreCase ? needles.map(lower) : needles;
  const lines: Line[] = [];
  let start = 0;
  seen.split("\n").forEach((line, index) => {
    if (wanted.some((needle) => line.includes(needle)))
      lines.push([start + offset, start + offset + line.length, index]);
    start += line.length + 1;
  });
  return { lines, lineFeeds: seen.split("\n").length - 1 };
}

/** Texts of few letters, so that needles and halves of needles are everywhere; and any bytes. */
const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "\n"), maxLength: 300 });
const anyBytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const fewLetters = fc.string({ unit: fc.constantFrom("a", "b", "c", "A"), minLength: 3, maxLength: 9 });
const ascii = fc
  .string({
    unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)),
    minLength: 3,
    maxLength: 40,
  })
  .map((text) => text.replaceAll("\n", "."));
const someNeedles = fc.array(fc.oneof(fewLetters, ascii), { maxLength: 12 });

function mixed(needles: readonly string[]): fc.Arbitrary<string> {
  const whole = needles.length === 0 ? fc.constant("") : fc.constantFrom(...needles);
  const part = fc.tuple(whole, fc.nat(40)).map(([needle, length]) => needle.slice(0, length));
  const flipped = whole.map((needle) => needle.toUpperCase());
  return fc
    .array(fc.oneof(letters, anyBytes, whole, part, flipped, fc.constant("\n")), { maxLength: 20 })
    .map((all) => all.join(""));
}

const cases = someNeedles.chain((needles) =>
  fc.record({ needles: fc.constant(needles), text: mixed(needles), offset: fc.nat(40) }),
);

for (const kind of KINDS) {
  test(`${kind}: lists exactly the lines that hold a needle, at every alignment, whatever stands around them`, () => {
    fc.assert(
      fc.property(cases, fc.boolean(), mixed(["abc"]), ({ needles, text, offset }, ignoreCase, around) => {
        const capacity = offset + text.length + 60;
        const scanner = make(kind, needles, { ignoreCase, capacity });
        // Needles in the bytes before and behind the part must not count, nor complete a needle that it cuts.
        const noise = (needles.join("") + around).padEnd(1, "x");
        put(scanner, 0, noise.repeat(Math.ceil(capacity / noise.length)).slice(0, capacity));
        const to = put(scanner, offset, text);
        expect(scanAll(scanner, offset, to)).toEqual(naive(text, needles, offset, ignoreCase));
      }),
      { numRuns: 400 },
    );
  });

  test(`${kind}: a needle is found wherever it stands among 16 byte blocks, and not when its end is cut off`, () => {
    const needle = "e1000e 0000:00:19.0";
    const scanner = make(kind, [needle, "zzz"], { capacity: 400 });
    for (let place = 0; place < 100; place += 1) {
      scanner.buffer.fill(46);
      const end = put(scanner, place, needle);
      expect(scanAll(scanner, 0, end)).toEqual({ lines: [[0, end, 0]], lineFeeds: 0 });
      expect(scanAll(scanner, 0, end - 1)).toEqual({ lines: [], lineFeeds: 0 });
      expect(scanAll(scanner, place + 1, 400)).toEqual({ lines: [], lineFeeds: 0 });
    }
  });

  test(`${kind}: goes on where the list was full, and lists each line once`, () => {
    const text = "abc\n".repeat(2 * MOST_LINES + 5);
    const scanner = make(kind, ["abc"], { capacity: text.length });
    put(scanner, 0, text);
    expect(scanner.scan(0, text.length)).toBe(4 * MOST_LINES);
    expect(scanner.lineFeeds).toBe(MOST_LINES);
    expect(scanAll(scanner, 0, text.length)).toEqual(naive(text, ["abc"], 0));
  });

  test(`${kind}: counts line feeds beyond what an 8 bit lane holds`, () => {
    const size = 70_001;
    const scanner = make(kind, NEEDLES, { capacity: size });
    scanner.buffer.fill(10);
    for (const from of [0, 1, 15, 17])
      expect(scanAll(scanner, from, size)).toEqual({ lines: [], lineFeeds: size - from });
  });

  test(`${kind}: hostile texts give the same as searching each line`, () => {
    const needles = ["aaaaaaab", "baaaaaaa", "TDH", "TDT", "suspend"];
    const texts = [
      "a".repeat(5_000),
      "aaaaaaa\n".repeat(900),
      "TD".repeat(3_000),
      "susp\n".repeat(900),
      "TDH".repeat(2_000),
    ];
    for (const text of texts) {
      const scanner = make(kind, needles, { capacity: text.length });
      put(scanner, 0, text);
      expect(scanAll(scanner, 0, text.length)).toEqual(naive(text, needles, 0));
    }
  });

  test(`${kind}: every needle of the parser is found in a line of its own`, () => {
    const text = NEEDLES.map((needle) => `Jan  1 00:00:00 pve1 kernel: ${needle} x\nnothing\n`).join("");
    const scanner = make(kind, NEEDLES, { capacity: text.length });
    put(scanner, 0, text);
    expect(scanAll(scanner, 0, text.length)).toEqual(naive(text, NEEDLES, 0));
    expect(scanAll(scanner, 0, text.length).lines).toHaveLength(NEEDLES.length);
  });

  test(`${kind}: without needles it counts line feeds`, () => {
    const scanner = make(kind, [], { capacity: 100 });
    const to = put(scanner, 0, "one\ntwo\nthree");
    expect(scanAll(scanner, 0, to)).toEqual({ lines: [], lineFeeds: 2 });
    expect(scanner.overlapBytes).toBe(0);
  });

  test(`${kind}: 255 needles of many hash collisions keep apart`, () => {
    const needles = Array.from({ length: 255 }, (_, index) => `${String.fromCharCode(97 + (index % 26))}q${index}z`);
    const text = needles.map((needle, index) => `${index % 2 === 0 ? needle : needle.slice(0, -1)}\n`).join("");
    const scanner = make(kind, needles, { capacity: text.length });
    put(scanner, 0, text);
    expect(scanAll(scanner, 0, text.length)).toEqual(naive(text, needles, 0));
  });

  test(`${kind}: refuses parts outside its buffer`, () => {
    const scanner = make(kind, ["abc"], { capacity: 100 });
    const parts: [number, number][] = [
      [-1, 5],
      [0, 101],
      [6, 5],
      [0.5, 5],
      [Number.NaN, 5],
    ];
    for (const [from, to] of parts) expect(() => scanner.scan(from, to)).toThrow(RangeError);
    expect(scanner.scan(100, 100)).toBe(100);
    expect(scanner.count).toBe(0);
  });
}

test("a long line in parts that overlap hides no needle at a cut", () => {
  const needle = "Reset adapter";
  for (let cut = 1; cut < 60; cut += 1) {
    const scanner = make("simd", [needle], { capacity: 200 });
    const to = put(scanner, 0, `${".".repeat(20)}${needle}${".".repeat(40)}`);
    const first = scanAll(scanner, 0, cut).lines.length;
    const second = scanAll(scanner, Math.max(0, cut - scanner.overlapBytes), to).lines.length;
    expect(first + second).toBeGreaterThan(0);
  }
});

test.each(KINDS)("%s: what hides literals is found at its place inside a part, and not outside", (kind) => {
  const CAPACITY = 300;
  const scanner = make(kind, ["abc"], { capacity: CAPACITY });
  const place = fc.nat({ max: CAPACITY });
  const mark = fc.constantFrom([0], [0x1b], [0xc2, 0xa0], [0xc2, 0xb0], [0xa0], [0xc2]);
  const isHiding = (at: number, to: number): boolean => {
    const [one = 1, two] = scanner.buffer.subarray(at, to);
    return one === 0 || one === 0x1b || (one === 0xc2 && two === 0xa0);
  };
  fc.assert(
    fc.property(
      place,
      place,
      fc.array(fc.tuple(fc.nat({ max: CAPACITY - 2 }), mark), { maxLength: 3 }),
      (a, b, marks) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        scanner.buffer.fill(0x42);
        for (const [at, bytes] of marks) scanner.buffer.set(bytes, at);
        let expected = from;
        while (expected < to && !isHiding(expected, to)) expected += 1;
        expect(scanner.hidingAt(from, to)).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
  scanner.buffer.fill(0x42).set([0xc2, 0xa0], 99);
  expect([scanner.hidingAt(0, 100), scanner.hidingAt(0, 101)]).toEqual([100, 99]);
  expect(() => scanner.hidingAt(0, CAPACITY + 1)).toThrow(RangeError);
});

test.each(KINDS)("%s: whether a part holds a needle is told without forgetting what was listed", (kind) => {
  const scanner = make(kind, ["abc", "tail"], { capacity: 100 });
  put(scanner, 0, "one abc\nnone\nxtail");
  scanner.scan(0, 18);
  const { count } = scanner;
  const listed = [...scanner.lines.subarray(0, 3 * count)];
  expect([scanner.holdsNeedle(4, 7), scanner.holdsNeedle(4, 6), scanner.holdsNeedle(5, 18)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(scanner.holdsNeedle(8, 17)).toBe(false);
  expect(count).toBe(2);
  expect([...scanner.lines.subarray(0, 3 * scanner.count)]).toEqual(listed);
});

test("scanners share nothing", () => {
  const one = make("simd", ["abc"], { capacity: 100 });
  const other = make("simd", ["xyz"], { capacity: 100 });
  put(one, 0, "abc\n");
  put(other, 0, "abc\n");
  expect(one.scan(0, 4) + other.scan(0, 4)).toBe(8);
  expect([one.count, other.count]).toEqual([1, 0]);
});

test("without WebAssembly, or with a policy against it, the scalar twin does the work", () => {
  const original = globalThis.WebAssembly;
  try {
    Reflect.set(globalThis, "WebAssembly", undefined);
    const scanner = createScanner(["abc"], { capacity: 100 });
    expect(scanner.kind).toBe("scalar");
    const to = put(scanner, 0, "xabcx\n");
    expect(scanAll(scanner, 0, to)).toEqual({ lines: [[0, 5, 0]], lineFeeds: 1 });
  } finally {
    Reflect.set(globalThis, "WebAssembly", original);
  }
});

test("needles that cannot be looked for are refused with a reason", () => {
  for (const needle of ["", "ab", "a\nb", "a\0b", "größe", "x".repeat(256)]) {
    expect(() => createScanner([needle])).toThrow(/ASCII bytes/);
  }
  expect(() => createScanner(Array.from({ length: 256 }, (_, index) => `abc${index}z`))).toThrow(/more than 255/);
  for (const capacity of [0, -1, 1.5, 2 ** 31]) expect(() => createScanner(["abc"], { capacity })).toThrow(RangeError);
});

test("the buffer is as long as asked for, and its last bytes are scanned", () => {
  for (const capacity of [1, 16, 65_536 - SLACK_BYTES, 65_536, 65_537]) {
    const scanner = make("simd", ["abc"], { capacity });
    expect(scanner.buffer.length).toBe(capacity);
    if (capacity < 3) continue;
    put(scanner, capacity - 3, "abc");
    expect(scanAll(scanner, 0, capacity).lines).toHaveLength(1);
  }
});

test("the committed kernel is what its source compiles to", { timeout: 60_000 }, () => {
  const build = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "wasm", "build.mjs");
  const { status, stderr } = spawnSync(process.execPath, [build, "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
