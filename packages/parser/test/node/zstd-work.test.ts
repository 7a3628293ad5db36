import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeZstdFrame } from "../../src/journal-file/zstd-frame.js";
import { zstdDecoded } from "../../src/open/containers/zstd.js";
import { ZstdWork } from "../../src/zstd/zstd-work.js";

async function decoded(bytes: Uint8Array): Promise<number> {
  async function* source() {
    yield bytes;
  }
  let length = 0;
  for await (const chunk of zstdDecoded(source())) length += chunk.length;
  return length;
}

/** A window of 64 MiB, and blocks of one repeated byte. */
function bomb(blocks: number): Uint8Array {
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80];
  const rle = [(1 << 3) | (1 << 1), 0, 0, 0x41];
  const last = [1 | (1 << 1) | (1 << 3), 0, 0, 0x41];
  return Uint8Array.from([...header, ...Array.from({ length: blocks }, () => rle).flat(), ...last]);
}

test("a few bytes that would keep the decoder busy are refused, with what to do", async () => {
  expect(await decoded(bomb(10))).toBe(11);
  await expect(decoded(bomb(1_000))).rejects.toThrow(/unpack it with zstd -d/);
});

test("an input that fuzzing found, 147 bytes that took two seconds", async () => {
  const found = Buffer.from(
    "28b52ffdb52ffd247e550300d2c6161c508d5a0c9bd92644de4ee810e0b52ffd247e550300d2c6161c508d5a0c9bd92644de4ee810e0d83bd196b22f00960542632639260409ea365f2e24e92e4336990111cc3511ce9c98a3c538fc4a1c393fea185e0acda756f181e250a399297c618afa577c890ae1333ed6666776015bf052031104002e150355589871788127ff8c976f",
    "hex",
  );
  await expect(decoded(found)).rejects.toThrow();
});

test("a table whose states read no bits, for which the decoder would go on for ever, is refused (found by fuzzing)", async () => {
  const section = [0x42, 0xc1, 0x00];
  const tree = [6, 0xf1, 0x07, 0, 0, 0, 0x80];
  const block = [...section, ...tree, 0, 0, 0, 0, 0, 0, 0, 0];
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, (block.length << 3) | 5, 0, 0, ...block];
  await expect(decoded(Uint8Array.from(frame))).rejects.toThrow("weights that never end");
});

test("the cost does not depend on how the stream is cut", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 50 }), (blocks, step) => {
      const bytes = bomb(blocks);
      const refuses = (size: number): boolean => {
        const work = new ZstdWork();
        try {
          for (let at = 0; at < bytes.length; at += size) work.push(bytes.subarray(at, at + size));
          return false;
        } catch {
          return true;
        }
      };
      // More may have come by the time that it is noticed; never less.
      if (!refuses(bytes.length)) return;
      expect(refuses(step)).toBe(true);
    }),
  );
});

const hasZstd = spawnSync("zstd", ["--version"]).error === undefined;
test.skipIf(!hasZstd).each([["-1"], ["-19", "--long=26"]])(
  "logs that zstd %s packed are read whole (skipped without zstd)",
  async (...options) => {
    const line = (i: number): string =>
      `Nov  2 02:14:${10 + (i % 50)} pve1 kernel: usb 1-${i % 7}: reset device ${i}\n`;
    const text = Array.from({ length: 60_000 }, (_, i) => line(i)).join("");
    const packed = spawnSync("zstd", ["-q", "-c", ...options], { input: text, maxBuffer: 2 ** 28 }).stdout;
    expect(await decoded(packed)).toBe(text.length);
  },
  60_000,
);

test("sequences that give more than their block may are refused at once: 79 bytes that took ten seconds (found by fuzzing)", async () => {
  const found = Buffer.from(
    "28b52ffd0028b5000000d3d15428b52ffd0028b5000000d3d154ff6dff79c528b52ffd0028b50023303132000" +
      "0d3d15428b52ffd0028b5000000d3d154ff6dff79c50000000000000000000000000000",
    "hex",
  );
  await expect(decoded(found)).rejects.toThrow("a code that there is not");
});

test("a journal's value is looked at before it is decoded, too", () => {
  const section = [0x42, 0xc1, 0x00];
  const tree = [6, 0xf1, 0x07, 0, 0, 0, 0x80];
  const block = [...section, ...tree, 0, 0, 0, 0, 0, 0, 0, 0];
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, (block.length << 3) | 5, 0, 0, ...block];
  expect(() => decodeZstdFrame(Uint8Array.from(frame), 1000)).toThrow("weights that never end");
});
