import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFound } from "../../src/node/stored-bytes.js";
import { LEAD_BYTES, lendMemory } from "../../src/scan/lent-memory.js";

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
