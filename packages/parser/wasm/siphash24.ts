/** SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein, 2012), as `src/journal-file/siphash24.ts` has it. */

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

function words(high: u64, low: u64): u64 {
  return (high << 32) | low;
}

function round(): void {
  v0 += v1;
  v1 = rotl<u64>(v1, 13) ^ v0;
  v0 = rotl<u64>(v0, 32);
  v2 += v3;
  v3 = rotl<u64>(v3, 16) ^ v2;
  v0 += v3;
  v3 = rotl<u64>(v3, 21) ^ v0;
  v2 += v1;
  v1 = rotl<u64>(v1, 17) ^ v2;
  v2 = rotl<u64>(v2, 32);
}

function word(bytes: u64): void {
  v3 ^= bytes;
  round();
  round();
  v0 ^= bytes;
}

/** Of [from, to), under the 16 bytes at `key`. Reads up to 7 bytes behind it. */
export function sipHash24(key: usize, from: usize, to: usize): u64 {
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  v0 = k0 ^ words(0x736f6d65, 0x70736575);
  v1 = k1 ^ words(0x646f7261, 0x6e646f6d);
  v2 = k0 ^ words(0x6c796765, 0x6e657261);
  v3 = k1 ^ words(0x74656462, 0x79746573);
  let at = from;
  for (; at + 8 <= to; at += 8) word(load<u64>(at));
  const rest: u64 = (to - at) << 3;
  const last = rest === 0 ? 0 : load<u64>(at) & ((1 << rest) - 1);
  word(last | (((to - from) as u64) << 56));
  v2 ^= 0xff;
  round();
  round();
  round();
  round();
  return v0 ^ v1 ^ v2 ^ v3;
}
