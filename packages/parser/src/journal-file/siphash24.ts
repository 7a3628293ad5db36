import { u32 } from "./bytes.js";
import type { Hash64 } from "./hash64.js";

/**
 * SipHash-2-4 of `data` under a 16-byte key: the hash of journal files with the KEYED_HASH flag, whose key is the
 * file id. O(length), no allocation that grows with it.
 * @throws RangeError if the key is not 16 bytes
 * @see J.-P. Aumasson, D. J. Bernstein (2012), SipHash: a fast short-input PRF, section 2
 */
export function sipHash24(key: Uint8Array, data: Uint8Array): Hash64 {
  if (key.length !== 16) throw new RangeError(`sipHash24: the key must have 16 bytes, got ${key.length}`);
  const k0lo = u32(key, 0);
  const k0hi = u32(key, 4);
  const k1lo = u32(key, 8);
  const k1hi = u32(key, 12);
  // v0 to v3, each as low half, high half.
  const v = new Uint32Array([
    k0lo ^ 0x70736575,
    k0hi ^ 0x736f6d65,
    k1lo ^ 0x6e646f6d,
    k1hi ^ 0x646f7261,
    k0lo ^ 0x6e657261,
    k0hi ^ 0x6c796765,
    k1lo ^ 0x79746573,
    k1hi ^ 0x74656462,
  ]);
  const whole = data.length - (data.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(v, u32(data, at), u32(data, at + 4));
  const tail = new Uint8Array(8);
  tail.set(data.subarray(whole));
  tail[7] = data.length;
  absorb(v, u32(tail, 0), u32(tail, 4));
  v[4] = (v[4] ?? 0) ^ 0xff;
  for (let i = 0; i < 4; i++) round(v);
  return {
    lo: ((v[0] ?? 0) ^ (v[2] ?? 0) ^ (v[4] ?? 0) ^ (v[6] ?? 0)) >>> 0,
    hi: ((v[1] ?? 0) ^ (v[3] ?? 0) ^ (v[5] ?? 0) ^ (v[7] ?? 0)) >>> 0,
  };
}

function absorb(v: Uint32Array, lo: number, hi: number): void {
  v[6] = (v[6] ?? 0) ^ lo;
  v[7] = (v[7] ?? 0) ^ hi;
  round(v);
  round(v);
  v[0] = (v[0] ?? 0) ^ lo;
  v[1] = (v[1] ?? 0) ^ hi;
}

/** One SipRound (figure 2.1 of the paper). */
function round(v: Uint32Array): void {
  add(v, 0, 2);
  rotateXor(v, 2, 13, 0);
  swapHalves(v, 0);
  add(v, 4, 6);
  rotateXor(v, 6, 16, 4);
  add(v, 0, 6);
  rotateXor(v, 6, 21, 0);
  add(v, 4, 2);
  rotateXor(v, 2, 17, 4);
  swapHalves(v, 4);
}

/** v[a] += v[b], 64 bits wide. */
function add(v: Uint32Array, a: number, b: number): void {
  const lo = (v[a] ?? 0) + (v[b] ?? 0);
  v[a] = lo;
  v[a + 1] = (v[a + 1] ?? 0) + (v[b + 1] ?? 0) + (lo > 0xffff_ffff ? 1 : 0);
}

/** v[a] = rotl(v[a], bits) ^ v[b], for 0 < bits < 32. */
function rotateXor(v: Uint32Array, a: number, bits: number, b: number): void {
  const lo = v[a] ?? 0;
  const hi = v[a + 1] ?? 0;
  v[a] = ((lo << bits) | (hi >>> (32 - bits))) ^ (v[b] ?? 0);
  v[a + 1] = ((hi << bits) | (lo >>> (32 - bits))) ^ (v[b + 1] ?? 0);
}

/** v[a] = rotl(v[a], 32). */
function swapHalves(v: Uint32Array, a: number): void {
  const lo = v[a] ?? 0;
  v[a] = v[a + 1] ?? 0;
  v[a + 1] = lo;
}
