import { expect, test } from "vitest";
import { bucketOf, hashHex } from "../../src/journal-file/hash64.js";
import { jenkinsLookup3 } from "../../src/journal-file/jenkins-lookup3.js";
import { sipHash24 } from "../../src/journal-file/siphash24.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const upTo = (count: number) => Uint8Array.from({ length: count }, (_, i) => i);

test.each([
  ["", "deadbeefdeadbeef"],
  ["a", "58d68708582647ac"],
  ["abcdefghijkl", "4012f87b75b50ec0"],
  ["abcdefghijklm", "928128f90f04ab68"],
  ["MESSAGE=x", "d82f8697f127b1ce"],
  ["_TRANSPORT=kernel", "5837fe9dc1c91f32"],
])("lookup3 of %j is what systemd's hash gives", (text, expected) => {
  expect(hashHex(jenkinsLookup3(bytes(text)))).toBe(expected);
});

test("SipHash-2-4 gives the vectors of its paper (appendix A)", () => {
  expect(hashHex(sipHash24(upTo(16), upTo(0)))).toBe("726fdb47dd0e0e31");
  expect(hashHex(sipHash24(upTo(16), upTo(15)))).toBe("a129ca6149be45e5");
});

test.each([
  ["d89f5a866bf740d68a6b0e8fe7f3e8c7", "_TRANSPORT=kernel", "05d28bf1bfe5bbd1", 693],
  ["d89f5a866bf740d68a6b0e8fe7f3e8c7", "SYSLOG_IDENTIFIER=vzdump", "b92d6119b2e288bb", 173],
  ["d89f5a866bf740d68a6b0e8fe7f3e8c7", "_SYSTEMD_UNIT=pvedaemon.service", "42d0e6a3593d1481", 622],
  ["4f9888b48c8d4e4d8140cc60bf277ccd", "_TRANSPORT=kernel", "327e03285ffd3e62", 355],
])("under file id %s the value %s has the hash and bucket that journald gave it", (fileId, value, expected, bucket) => {
  const hash = sipHash24(fromHex(fileId), bytes(value));
  expect(hashHex(hash)).toBe(expected);
  expect(bucketOf(hash, 2047)).toBe(bucket);
});

test("a key of another length is the caller's mistake", () => {
  expect(() => sipHash24(upTo(8), upTo(0))).toThrow(RangeError);
});
