import { u32 } from "./bytes.js";
import type { Hash64 } from "./hash64.js";

const TAIL = new Uint8Array(8);

/**
 * SipHash-2-4 of `data` under a 16-byte key: the hash of journal files with the KEYED_HASH flag, whose key is the
 * file id. O(length), no allocation that grows with it. Each 64-bit word is two halves, low and high, in variables of
 * their own: every value that is read is hashed, and an array of them takes three times as long.
 * @throws RangeError if the key is not 16 bytes
 * @see J.-P. Aumasson, D. J. Bernstein (2012), SipHash: a fast short-input PRF, section 2
 */
export function sipHash24(key: Uint8Array, data: Uint8Array): Hash64 {
  if (key.length !== 16) throw new RangeError(`sipHash24: the key must have 16 bytes, got ${key.length}`);
  let v0lo = u32(key, 0) ^ 0x70736575;
  let v0hi = u32(key, 4) ^ 0x736f6d65;
  let v1lo = u32(key, 8) ^ 0x6e646f6d;
  let v1hi = u32(key, 12) ^ 0x646f7261;
  let v2lo = u32(key, 0) ^ 0x6e657261;
  let v2hi = u32(key, 4) ^ 0x6c796765;
  let v3lo = u32(key, 8) ^ 0x79746573;
  let v3hi = u32(key, 12) ^ 0x74656462;

  const whole = data.length - (data.length % 8);
  TAIL.fill(0);
  TAIL.set(data.subarray(whole));
  TAIL[7] = data.length;
  // The words, the last of them with the length; then one more step of four rounds that takes no word.
  for (let at = 0; at <= whole + 8; at += 8) {
    const isEnd = at > whole;
    const bytes = at === whole ? TAIL : data;
    const from = at === whole ? 0 : at;
    const lo = isEnd ? 0 : u32(bytes, from);
    const hi = isEnd ? 0 : u32(bytes, from + 4);
    if (isEnd) v2lo ^= 0xff;
    v3lo ^= lo;
    v3hi ^= hi;
    for (let rounds = isEnd ? 4 : 2; rounds > 0; rounds -= 1) {
      // One SipRound (figure 2.1 of the paper).
      let sum = (v0lo >>> 0) + (v1lo >>> 0);
      v0lo = sum | 0;
      v0hi = (v0hi + v1hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      let low = v1lo;
      v1lo = ((low << 13) | (v1hi >>> 19)) ^ v0lo;
      v1hi = ((v1hi << 13) | (low >>> 19)) ^ v0hi;
      low = v0lo;
      v0lo = v0hi;
      v0hi = low;

      sum = (v2lo >>> 0) + (v3lo >>> 0);
      v2lo = sum | 0;
      v2hi = (v2hi + v3hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      low = v3lo;
      v3lo = ((low << 16) | (v3hi >>> 16)) ^ v2lo;
      v3hi = ((v3hi << 16) | (low >>> 16)) ^ v2hi;

      sum = (v0lo >>> 0) + (v3lo >>> 0);
      v0lo = sum | 0;
      v0hi = (v0hi + v3hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      low = v3lo;
      v3lo = ((low << 21) | (v3hi >>> 11)) ^ v0lo;
      v3hi = ((v3hi << 21) | (low >>> 11)) ^ v0hi;

      sum = (v2lo >>> 0) + (v1lo >>> 0);
      v2lo = sum | 0;
      v2hi = (v2hi + v1hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      low = v1lo;
      v1lo = ((low << 17) | (v1hi >>> 15)) ^ v2lo;
      v1hi = ((v1hi << 17) | (low >>> 15)) ^ v2hi;
      low = v2lo;
      v2lo = v2hi;
      v2hi = low;
    }
    v0lo ^= lo;
    v0hi ^= hi;
  }
  return { lo: (v0lo ^ v1lo ^ v2lo ^ v3lo) >>> 0, hi: (v0hi ^ v1hi ^ v2hi ^ v3hi) >>> 0 };
}
