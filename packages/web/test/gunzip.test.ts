import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gunzipped as gunzippedByNode } from "../../parser/src/node/containers/gzip.js";
import { gunzipped } from "../src/gunzip.js";

type Gunzip = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** What came out before the end or the damage, and whether it was damage. */
async function outcome(
  gunzip: Gunzip,
  bytes: Uint8Array,
  piece: number,
): Promise<{ text: string; isDamaged: boolean }> {
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  })();
  const pieces: Uint8Array[] = [];
  let isDamaged = false;
  try {
    for await (const one of gunzip(source)) pieces.push(one);
  } catch {
    isDamaged = true;
  }
  return { text: Buffer.concat(pieces).toString("latin1"), isDamaged };
}

const member = fc.string({ maxLength: 2000 }).map((text) => gzipSync(text));
const behind = fc.constantFrom(Buffer.alloc(0), Buffer.alloc(700), Buffer.from("junk"), Buffer.from([0x1f, 0x8b]));
const piece = fc.constantFrom(1, 7, 512, 65_536);

test("members, zeros and junk behind them are read as Node reads them, however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 4 }), behind, piece, async (members, rest, size) => {
      const bytes = Buffer.concat([...members, rest]);
      const [own, node] = [await outcome(gunzipped, bytes, size), await outcome(gunzippedByNode, bytes, size)];
      expect(own.isDamaged).toBe(node.isDamaged);
      // Node keeps back what it inflated last before damage.
      expect(own.isDamaged ? own.text.slice(0, node.text.length) : own.text).toBe(node.text);
    }),
    { numRuns: 200 },
  );
});

test("a file that is cut or changed is damage for both, and what came before it is out", async () => {
  const whole = gzipSync(Buffer.from("a line of a log, and another one\n".repeat(200)));
  for (let end = 1; end < whole.length; end += 1)
    expect((await outcome(gunzipped, whole.subarray(0, end), 4096)).isDamaged).toBe(true);
  // The checksum of the content stands in the last eight bytes.
  for (let at = whole.length - 8; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await outcome(gunzipped, changed, 4096)).toMatchObject({ isDamaged: true });
  }
});

test("four megabytes out of four kilobytes come in pieces, not at once", async () => {
  const bytes = gzipSync(Buffer.alloc(2 ** 22));
  let most = 0;
  let all = 0;
  for await (const one of gunzipped(
    (async function* () {
      yield bytes;
    })(),
  )) {
    most = Math.max(most, one.length);
    all += one.length;
  }
  expect([most, all]).toEqual([256 * 1024, 2 ** 22]);
});
