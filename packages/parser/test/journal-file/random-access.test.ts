import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryAccess, pagedAccess } from "../../src/journal-file/random-access.js";
import { ParserError } from "../../src/model/diagnostic.js";
import { openFileAccess } from "../../src/node/journal-file-access.js";

const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) % 251);

test("paged and in memory, any reads in any order give the same bytes", () => {
  const reads = fc.array(fc.tuple(fc.nat(6000), fc.nat(3000)));
  fc.assert(
    fc.property(reads, fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 9 }), (list, pageBytes, pages) => {
      const readAt = (offset: number, target: Uint8Array) => {
        const part = BYTES.subarray(offset, offset + target.length);
        target.set(part);
        return part.length;
      };
      const paged = pagedAccess(BYTES.length, readAt, { pageBytes, pages });
      const memory = memoryAccess(BYTES);
      for (const [offset, length] of list) {
        const expected = BYTES.slice(offset, offset + length);
        expect(Buffer.from(paged.read(offset, length)).equals(expected)).toBe(true);
        expect(Buffer.from(memory.read(offset, length)).equals(expected)).toBe(true);
      }
    }),
  );
});

test("a file that became shorter gives fewer bytes, not wrong ones", () => {
  const readAt = (offset: number, target: Uint8Array) => {
    const part = BYTES.subarray(offset, Math.min(3000, offset + target.length));
    target.set(part);
    return part.length;
  };
  const access = pagedAccess(BYTES.length, readAt, { pageBytes: 512 });
  expect(access.read(2500, 1000)).toEqual(BYTES.slice(2500, 3000));
  expect(access.read(4000, 100)).toHaveLength(0);
});

test("a page that could not be read is read again, and never taken for the one that stood there", () => {
  let isFailing = false;
  const readAt = (offset: number, target: Uint8Array) => {
    target.fill(0xff);
    if (isFailing) throw new Error("no medium");
    target.set(BYTES.subarray(offset, offset + target.length));
    return target.length;
  };
  // Two pages stand in one place.
  const access = pagedAccess(BYTES.length, readAt, { pageBytes: 10, pages: 2 });
  const part = (page: number) => BYTES.slice(page * 10, page * 10 + 10);
  for (const page of [0, 1]) expect(access.read(page * 10, 10)).toEqual(part(page));
  isFailing = true;
  expect(() => access.read(20, 10)).toThrow("no medium");
  isFailing = false;
  for (const page of [0, 2, 1, 0]) expect(access.read(page * 10, 10)).toEqual(part(page));
});

test("a file on disk is read at any offset and not beyond its end", () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-access-"));
  const path = join(folder, "bytes");
  writeFileSync(path, BYTES);
  const access = openFileAccess(path, { pageBytes: 1024, pages: 2 });
  expect(access.size).toBe(5000);
  expect(access.read(1000, 2000)).toEqual(BYTES.slice(1000, 3000));
  expect(access.read(4990, 100)).toEqual(BYTES.slice(4990));
  access.close();
  rmSync(folder, { recursive: true });
});

test("a file that cannot be opened is the caller's mistake", () => {
  expect(() => openFileAccess("/does/not/exist.journal")).toThrow(ParserError);
});
