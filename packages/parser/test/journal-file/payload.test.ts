import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DamagedPayload } from "../../src/journal-file/damaged-payload.js";
import { DATA_FLAG } from "../../src/journal-file/layout.js";
import { unpackPayload } from "../../src/journal-file/payload.js";

const LIMIT = 1 << 24;

/** A text that compresses as kernel logs do: 5375 bytes. */
const TEXT = Array.from(
  { length: 60 },
  (_, i) =>
    `e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang: TDH <${((i * 37) % 256).toString(16)}> TDT <${((i * 91) % 256).toString(16)}> next_to_use <${(i % 97).toString(16)}>\n`,
).join("");

/** Bytes of a linear congruential generator, which do not compress. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Number((BigInt(state) * 1_103_515_245n + 12_345n) & 0x7fff_ffffn);
    return (state >> 16) & 0xff;
  });
}

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

/** Made by liblzma 5.4: preset 6 with a dictionary of 1 MiB and no check, as journald does. */
const XZ = fromBase64(
  "/Td6WFoAAAD/EtlBAgAhARAAAACocI6G4BT+AdBdADKMQhoGUQiWyO3pku7OPPZLwABMfXN5WJqLkMrO/VPVSpHfW74ldw5jtJ3Yqhy7eN7j3GsWskX3UaufBTb1wobfhhidzonEzW5gJS8KDU0P4dsoywznsh/d1grRUAEJxZW82xVcX2YkilmQv/U7HHcnJoXwAHx9Xoz0U0fAJv2z4UGWGsakvRZBNw6gwPotUCqSwlKcRZuBJf3EPqNNIkw88cWJiCF4WNBTfgNKEFAlyroPgbrEVn7GeG58eokPEPdgwY/UFzLmVnZJZlQBBDHJwAJBxFDs8c15ZUpkRZB1KslI4oosFH7LNTK4TkG1mRZ+V+A/cTEl002xTxIcZ3Ca92lVCpBugf66RLOzBZXnzfEA8ohsD7LL3b9Uq/rPrdAmrdHPV4f6Y1HQ7LuRu3QQqSnRNJQhaipT4CqHmPWUrvsEfobwM0hSPDAnuBtPLKElqMDomVHQPyyLKsTwHryAVE4YxHUeS6dhl6MSgFlT3MF2BMaK5w5KnMRxNy1KN89U6lwYm/1L7//4kH+rxmw0rCGh5UOTJhu89V20o0UaTVeknqMkKSAP3mP75KCPj7nYezAO2eFEaDEbVAzYLOorMOicwYlAOgD76NRcV3huAAAB5AP/KQAAB4y54KgACvwCAAAAAABZWg==",
);
/** Made by liblzma 5.4 with lc=0, lp=2, pb=0. */
const XZ_OTHER_PROPERTIES = fromBase64(
  "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4BT+AdoSADKMpK6IppyDGt34qTGpDLscOvnCuaX4PaFJTEv4aDX5ahOLfkRRxHO2y0jrQcUqn6kwFpodIQhfvP053znQprAeFd6gDSDqTwcO83PXD+n3Riu68gXmVcoHTjc+baEwGtDEBfp6nmWrqxTPzWUFvMyoYk86JlpRLT+goiBc3nxdb9XAuQQ+MKLA89Vu9PeNOYsZt/v4s5b9c0/e7nSHxX487LPckz3RLKNyCesM8NZ98EogAz/DIVLXO6yLWUp9aQLtuzb6IFfU+Oenmd5sOrORg69mO29Muslem4d2NVpmiaKMBTJ3xpbmBN24p1lBBbdl0mtzxZnpxwldGyefy2e4H3PF0CXiAjPMDXWta9zXz+qHzcDXtU1VMa9jq7i8VTdYQ0AGFgh8a4JK2dm9+o6gLvyH9E1sWd5v4zBNkUSlxsvKz3m7qbQjEgS7bqQlIQb3vAwK9MXqCCofbmUMWYnHbBU6QYPbTyWKX2YyLbjzKixRqifvJJpFgCbdCAHVT+S6E+tXIWdgqSaG0X3j5kwxdagC0kc6LoaUqc3qrLkIOsW2Xuy5Y3B95BYlXJTxsYRQ8GHsLfDZJ968A11NkSWfimxD4XgSKpU4+H+4LKAXNX2j9sTX1AMEAAAAAAAB7gP/KQAAYa8iQagACvwCAAAAAABZWg==",
);
/** Made by liblzma 5.4 of noise(200): one chunk that is stored. */
const XZ_STORED = fromBase64(
  "/Td6WFoAAAD/EtlBAgAhARAAAACocI6GAQDHxn6Ba0v74vtU9r3ffBzhhwG/Md5Wcg9HZ2aHWaqIPFnqVhN70oWh2DxUVS83rmVb2gJ5mMzjGnaOX9mZjx8/Nu5DeE0N+r6m2uSGjtwpbU7/VuFwIPuPsVgFkMUJ3FPNqjtImVLTUp0Gn+q1wgYTmEmyAR6sMogxnFJGlXE2j1f2OR0W+oh09Zh8F1xBu21xjg9wWccBGy8zPZHAHaUNDaszjX5ejz7maHSmOrHDkxGoZMfbyuBg4fO/CQBnouMloCExh9VixagAAAHYAcgBAADxz2OyqAAK/AIAAAAAAFla",
);
/** The block of a frame that lz4 1.9.4 -9 made. */
const LZ4_BLOCK = fromBase64(
  "8TNlMTAwMGUgMDAwMDowMDoxZi42IGVubzE6IERldGVjdGVkIEhhcmR3YXJlIFVuaXQgSGFuZzogVERIIDwwPiBURFQIALBuZXh0X3RvX3VzZRAAHwpXACkjMjVYACs1YlkAHzFZACsjNGFZACtiNlkAHzJZACsjNmZZACsxMVkAHzNZACsjOTRZACs2Y1kAHzRZACsjYjlZACtjN1kAHzVZACsjZGVZACsyMlkAHzZZACsTM1gAKzdkWAAfN24CLBM4WQArZDhZAB84bgIsE2RZACszM1kAHzlZACsjNzJZACs4ZVkAH2FuAiwTN1kAK2U5WQAfYm4CLBNjWQArNDRZAB9jWQArI2UxWQArOWZZAB9k0gMsA1gAK2ZhWAAfZW4CLBRi3AQbNVkAH2ZZACsUNY0FHGKOBR8xjwUsFDePBQ2OBQ+PBSwUOY8FHDaPBR8xkAUsFGKQBRxjkAUfMZEFLBRlkQUcMZEFHzGSBSwEkQUcN5EFHzGSBSwUMpIFHGSSBR8xkwUsFDWUBRwylAUfMZUFLBQ3lQUcOJUFHzGWBSwUOZYFHGWWBR8xlwUsFGOXBRwzlwUfMZgFLBRlmAUcOZgFHzGZBSwEmAUcZpgFHzGZBSwUM5kFHDSZBR8xmgUsFDWbBRxhmwUfMZwFLBU3nAUMWQAPnAUsFGGcBRw2nAUfMpwFLBVjnAUMnQUfMp0FLBRlnQUdMSwLD50FLAScBRw3nAUfMpwFLBQznAUcY5wFHzKcBSwUNZ0FHDKdBR8ynQUsFDedBRw4nQUfMp0FLBRhnQUcZJ0FHzKdBSwUY50FHDOdBR8ynQUsFGWdBRw5nQUfMp0FLBQxnQUcZZ0FHzKdBSwUM50FHDSdBR8ynQUsFDWeBRxhngUfMp4FLBQ4ngUcZp4FHzKeBSwUYZ4FHDWeBR8yngUsFGOeBRxinwUfMp8FLBRmnwUcMZ8FHzOfBSwUMZ8FHDafBR8znwUsFDOfBRxjnwUfM58FLBQ1oAUdMswQD6AFLBQ4oAUcN6AFHzOgBSwUYaAFHGSgBR8zoAUsFGOgBRwzoAUfM6AFLBRmoAUcOKAFHzOgBSwUMaAFHGWgBR8zoAUsFDOgBRw0oAUfM6AFLBQ2oAUcOaAFHzOgBSwUOKAFG2agBVA8M2I+Cg==",
);
/** Made by zstd 1.5.4 -3 --no-check. */
const ZSTD = fromBase64(
  "KLUv/WD/Ez0MAHYRMh6AJ9UBCNDiEIvFyhVy2sdDkfoIRrZ7yyQnncCSOgEwACoAJABJwiIH41AMGFAO41CKAYQdJSFABMoWMARXwI7iNtFN1iiFE8gWBPBcIBaIiGUR0RvLq8Zoa2vTYqueVqYzSjn15FKif91JuppRZFbaDx01ZtzOeWENDhCJBBH/uebTvdcj5mR2bNLPa53qXVbJP3Z3stfajFYy4nmnfdlD7gUFQ8uncqE0metUL1PTsUwqf1IzkdPvTX/Ynzo7N/n11z71jl2lgLOoQczdZ/8MgJMUlOQBEkAgCLD4CME1nQj/vz/lZGbQIOuRQXIkIuPR5HG+MvsUjdCzRHUipOjQ0DBnuRsRJGMieoNGHvMbqZ/lQOuMGuRn+QWFn2nxTNmZ+slZ2oOcjZOb5ZuaocPMREvMyFy2tKx8rMzIz8rmScrqzckggtRDZDsoWVu2od9wq9BbB3JjBraUP/Kcg+1tLX/lOQdDi4EtZI8452B7W8tfec4NmPv27Yv2t+4ggCpsGqs=",
);

function lz4Payload(block: Uint8Array, size: number): Uint8Array {
  const payload = new Uint8Array(8 + block.length);
  new DataView(payload.buffer).setBigUint64(0, BigInt(size), true);
  payload.set(block, 8);
  return payload;
}

const PACKED: readonly (readonly [string, number, Uint8Array, Uint8Array])[] = [
  ["XZ", DATA_FLAG.XZ, XZ, new TextEncoder().encode(TEXT)],
  ["XZ with other properties", DATA_FLAG.XZ, XZ_OTHER_PROPERTIES, new TextEncoder().encode(TEXT)],
  ["XZ that is stored", DATA_FLAG.XZ, XZ_STORED, noise(200)],
  ["LZ4", DATA_FLAG.LZ4, lz4Payload(LZ4_BLOCK, 5375), new TextEncoder().encode(TEXT)],
  ["Zstandard", DATA_FLAG.ZSTD, ZSTD, new TextEncoder().encode(TEXT)],
];

test.each(PACKED)("%s gives the bytes that were packed", (_, flag, packed, expected) => {
  expect(Buffer.from(unpackPayload(packed, flag, LIMIT)).equals(expected)).toBe(true);
});

test.each(PACKED)("%s beyond the limit is refused before it is unpacked", (_, flag, packed, expected) => {
  expect(() => unpackPayload(packed, flag, expected.length - 1)).toThrow(DamagedPayload);
  expect(unpackPayload(packed, flag, expected.length)).toHaveLength(expected.length);
});

test.each(PACKED)("%s, damaged or cut, gives bytes within the limit or DamagedPayload", (_, flag, packed) => {
  fc.assert(
    fc.property(fc.nat(packed.length - 1), fc.nat(255), fc.nat(packed.length), (at, byte, length) => {
      const damaged = packed.slice();
      damaged[at] = byte;
      for (const bytes of [damaged, packed.slice(0, length)]) {
        try {
          expect(unpackPayload(bytes, flag, LIMIT).length).toBeLessThanOrEqual(LIMIT);
        } catch (error) {
          if (!(error instanceof DamagedPayload)) throw error;
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("an LZ4 size that the block cannot give is refused before memory is taken for it", () => {
  expect(() => unpackPayload(lz4Payload(LZ4_BLOCK, 1 << 29), DATA_FLAG.LZ4, 2 ** 30)).toThrow("too short");
});

test("two compressions at once are damage", () => {
  expect(() => unpackPayload(ZSTD, DATA_FLAG.XZ + DATA_FLAG.LZ4, LIMIT)).toThrow(DamagedPayload);
});

const TOOLS: readonly (readonly [string, number, readonly string[]])[] = [
  ["xz", DATA_FLAG.XZ, ["--format=xz", "--check=none", "-c"]],
  ["zstd", DATA_FLAG.ZSTD, ["--no-check", "-q", "-c"]],
];
for (const [tool, flag, options] of TOOLS) {
  const have = spawnSync(tool, ["--version"]).status === 0;
  if (!have) console.warn(`${tool} is not here: the test against it is skipped`);

  test.skipIf(!have)(`large and mixed data that ${tool} packed is unpacked exactly`, () => {
    // Over 2 MiB, so that LZMA2 needs several chunks and Zstandard several blocks.
    const parts = Array.from({ length: 60 }, (_, i) => [Buffer.from(TEXT.repeat(i % 13)), noise(i * 997)]).flat();
    const data = Buffer.concat(parts);
    const size = tool === "zstd" ? [`--stream-size=${data.length}`] : [];
    const packed = execFileSync(tool, [...options, ...size], { input: data, maxBuffer: 1 << 26 });
    expect(data.equals(unpackPayload(new Uint8Array(packed), flag, LIMIT))).toBe(true);
  });
}
