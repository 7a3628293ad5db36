import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openFound } from "../../src/node/stored-bytes.js";
import { LEAD_BYTES, lendMemory } from "../../src/scan/lent-memory.js";

/** Reads of a file that succeed, before the disk fails. */
let good = Number.POSITIVE_INFINITY;
vi.mock(import("node:fs/promises"), async (original) => {
  const real = await original();
  return {
    ...real,
    open: async (...args) => {
      const file = await real.open(...args);
      const read = file.read.bind(file);
      file.read = ((...how: Parameters<typeof read>) => {
        good -= 1;
        return good < 0 ? Promise.reject(new Error("EIO")) : read(...how);
      }) as typeof file.read;
      return file;
    },
  };
});

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-stored-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (length: number, index: number): string => `${String(index).padStart(length - 1, "abcdefg")}\n`;

const MIB = 2 ** 20;
const FILES: readonly (readonly [name: string, text: string, allWhole: boolean])[] = [
  ["short lines", Array.from({ length: 90_000 }, (_, index) => line(80 + (index % 50), index)).join(""), true],
  [
    "lines as long as what can be kept of one",
    Array.from({ length: 150 }, (_, i) => line(LEAD_BYTES - i, i)).join(""),
    true,
  ],
  ["longer lines", Array.from({ length: 90 }, (_, i) => line(LEAD_BYTES + 3_000 * i, i)).join(""), false],
  ["lines longer than a piece", Array.from({ length: 3 }, (_, i) => line(5 * MIB + i, i)).join(""), false],
  ["no line end", "x".repeat(7 * MIB), false],
  ["a last line without its end", `${line(6 * MIB, 1)}${line(10, 2)}the end`, false],
];

test.each(FILES)(
  "%s: what lent memory holds, one piece after the other, is the file; lines are whole",
  async (_, text, allWhole) => {
    const path = join(folder, "log");
    writeFileSync(path, text);
    const found = { label: path, path, isPipe: false, size: text.length, modifiedMs: 0, folder: null };
    const pieces: Buffer[] = [];
    for await (const piece of openFound(found, {
      memory: () => (pieces.length > 0 ? lendMemory(null) : null),
    }))
      pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).equals(Buffer.from(text))).toBe(true);
    // The first are handed over before memory is lent.
    const cut = pieces.slice(2, -1).filter((piece) => piece.at(-1) !== 10);
    expect(cut.length === 0).toBe(allWhole);
  },
);

test("a disk that fails takes nothing of what was read before it, not even the begin of a line", async () => {
  const [[, text]] = FILES as [(typeof FILES)[0]];
  const path = join(folder, "log");
  writeFileSync(path, text);
  const found = { label: path, path, isPipe: false, size: text.length, modifiedMs: 0, folder: null };
  good = 4;
  const pieces: Buffer[] = [];
  const reading = async (): Promise<void> => {
    const memory = () => (pieces.length > 0 ? lendMemory(null) : null);
    for await (const piece of openFound(found, { memory })) pieces.push(Buffer.from(piece));
  };
  await expect(reading()).rejects.toThrow("EIO");
  good = Number.POSITIVE_INFINITY;
  const read = Buffer.concat(pieces);
  // Two pieces before memory is lent, two in it.
  expect(read.length).toBe(2 ** 20 + 2 ** 22);
  expect(read.equals(Buffer.from(text).subarray(0, read.length))).toBe(true);
});
