import { u32 } from "./bytes.js";
import type { Hash64 } from "./hash64.js";

/**
 * Bob Jenkins' lookup3 `hashlittle2` with both seeds 0, first result in the high half: the hash of journal files
 * without KEYED_HASH, and of `xor_hash` in all of them. O(length).
 * @see B. Jenkins (2006), lookup3.c, public domain, burtleburtle.net/bob/c/lookup3.c
 */
export function jenkinsLookup3(data: Uint8Array): Hash64 {
  let a = (0xdeadbeef + data.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = data.length;
  while (left > 12) {
    a = (a + u32(data, at)) | 0;
    b = (b + u32(data, at + 4)) | 0;
    c = (c + u32(data, at + 8)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left > 0) {
    // Reading behind the end gives 0, which is what the reference adds for the missing bytes of the last block.
    a = (a + u32(data, at)) | 0;
    b = (b + u32(data, at + 4)) | 0;
    c = (c + u32(data, at + 8)) | 0;
    c = ((c ^ b) - rotate(b, 14)) | 0;
    a = ((a ^ c) - rotate(c, 11)) | 0;
    b = ((b ^ a) - rotate(a, 25)) | 0;
    c = ((c ^ b) - rotate(b, 16)) | 0;
    a = ((a ^ c) - rotate(c, 4)) | 0;
    b = ((b ^ a) - rotate(a, 14)) | 0;
    c = ((c ^ b) - rotate(b, 24)) | 0;
  }
  return { hi: c >>> 0, lo: b >>> 0 };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
