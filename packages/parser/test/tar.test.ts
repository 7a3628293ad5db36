import fc from "fast-check";
import { packTar } from "modern-tar";
import { expect, test } from "vitest";
import { concatenated } from "../src/open/containers/byte-stream.js";
import { tarFiles } from "../src/open/containers/tar.js";

const BLOCK_BYTES = 512;

interface Member {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Where the header of each member stands, all of which need one block. */
function placesOf(members: readonly Member[]): number[] {
  let at = 0;
  return members.map(({ data }) => {
    const place = at;
    at += BLOCK_BYTES + Math.ceil(data.length / BLOCK_BYTES) * BLOCK_BYTES;
    return place;
  });
}

/** All that is read of an archive that comes in pieces of these sizes, in turn; `left` are not read, or only begun. */
async function readTar(tar: Uint8Array, sizes: readonly number[], left: ReadonlySet<number> = new Set()) {
  let isClosed = false;
  async function* source(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (let at = 0, turn = 0; at < tar.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        yield tar.subarray(at, at + size);
        at += size;
      }
    } finally {
      isClosed = true;
    }
  }
  const read: Member[] = [];
  let error: unknown = null;
  try {
    for await (const { name, bytes } of tarFiles(source())) {
      const pieces: Uint8Array[] = [];
      const member = { name, data: new Uint8Array(0) };
      const index = read.push(member) - 1;
      if (left.has(index)) {
        if (index % 2 === 0) await bytes[Symbol.asyncIterator]().next();
        continue;
      }
      try {
        for await (const piece of bytes) pieces.push(piece);
      } finally {
        member.data = concatenated(pieces).slice();
      }
    }
  } catch (thrown) {
    error = thrown;
  }
  expect(isClosed).toBe(true);
  return { read, error };
}

const someMembers = fc
  .array(fc.uint8Array({ maxLength: 1600 }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map((data, index): Member => ({ name: `${index}.log`, data: Uint8Array.from(data) })));
const someSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constant(2 ** 19)), {
  minLength: 1,
  maxLength: 4,
});
const pack = (members: readonly Member[]) =>
  packTar(members.map(({ name, data }) => ({ header: { name, size: data.length, type: "file" }, body: data })));

test("the files of an archive, in whatever pieces it comes, and whichever of them are left", async () => {
  await fc.assert(
    fc.asyncProperty(someMembers, someSizes, fc.array(fc.nat(7)), async (members, sizes, leaving) => {
      const left = new Set(leaving);
      const { read, error } = await readTar(await pack(members), sizes, left);
      expect(error).toBeNull();
      expect(read.map(({ name }) => name)).toEqual(members.map(({ name }) => name));
      for (const [index, { data }] of members.entries())
        if (!left.has(index)) expect(Buffer.compare(read[index]?.data ?? Buffer.of(), data)).toBe(0);
    }),
  );
});

test("an archive that breaks off gives all of what is there", async () => {
  await fc.assert(
    fc.asyncProperty(
      someMembers,
      someSizes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (members, sizes, part) => {
        const tar = await pack(members);
        const places = placesOf(members);
        const cut = Math.floor(((places.at(-1) ?? 0) + BLOCK_BYTES) * part);
        const { read, error } = await readTar(tar.subarray(0, cut), sizes);
        expect(error).not.toBeNull();
        const there = members.filter((_, index) => (places[index] ?? 0) + BLOCK_BYTES <= cut);
        expect(read.map(({ name }) => name)).toEqual(there.map(({ name }) => name));
        for (const [index, { data }] of there.entries()) {
          const kept = data.subarray(0, cut - (places[index] ?? 0) - BLOCK_BYTES);
          expect(Buffer.compare(read[index]?.data ?? Buffer.of(), kept)).toBe(0);
        }
      },
    ),
  );
});

test("an archive with a damaged header gives the files before it", async () => {
  await fc.assert(
    fc.asyncProperty(someMembers, someSizes, fc.nat(), async (members, sizes, which) => {
      const tar = (await pack(members)).slice();
      const bad = which % members.length;
      tar[(placesOf(members)[bad] ?? 0) + 1] = 0xff;
      const { read, error } = await readTar(tar, sizes);
      expect(error).toMatchObject({ message: expect.stringContaining("checksum") });
      expect(read).toEqual(members.slice(0, bad).map(({ name, data }) => ({ name, data })));
    }),
  );
});
