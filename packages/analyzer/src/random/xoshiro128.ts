import type { RandomSource } from "./random-source.js";

/**
 * A seeded generator, xoshiro128**: period 2^128 - 1, the same numbers on every machine. Not for secrets.
 * @param seed - whole, 0 to 2^53 - 1; spread over the state by splitmix32
 * @throws RangeError when the seed is not such a number
 * @see D. Blackman, S. Vigna (2021), Scrambled linear pseudorandom number generators
 */
export function xoshiro128(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`xoshiro128: seed must be a whole number from 0 to 2^53 - 1, got ${seed}`);
  }
  let mixed = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b);
  const spread = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [spread(), spread(), spread(), spread()];
  if ((a | b | c | d) === 0) d = 1; // the all-zero state is the one that never moves

  const next = (): number => {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return { uniform: () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53 };
}
