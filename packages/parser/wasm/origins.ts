import { ORIGIN_HEADS, ORIGINS } from "./memory";

/**
 * Where entries of a journal may be from, each with boot (32 bytes), machine (32), host (64), length of the host's name,
 * whether there is a machine (32 bits each), and the next of its hash, counted from 1 (16 bits); `src/scan/origins.ts`
 * writes them.
 */

const ORIGIN_BYTES: usize = 160;
const MULTIPLIER: u32 = 0x9e3779b1;

/** Whether two places have the same bytes. Reads up to 15 behind them. */
export function isSame(a: usize, b: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) if (!i8x16.all_true(i8x16.eq(v128.load(a + at), v128.load(b + at)))) return false;
  const rest: u32 = ((1 as u32) << ((length - at) as u32)) - 1;
  const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
  return (same & rest) === rest;
}

/** Whether an entry of this boot, machine (0: it names none) and host is from one of the origins. */
export function isKnownOrigin(boot: usize, machine: usize, host: usize, hostBytes: usize): bool {
  const key = load<u32>(boot) ^ load<u32>(boot, 4);
  let number: u32 = load<u16>(ORIGIN_HEADS + (((key * MULTIPLIER) >>> 23) << 1));
  while (number !== 0) {
    const origin = ORIGINS + ORIGIN_BYTES * ((number - 1) as usize);
    const isSameHost = load<u32>(origin, 128) === (hostBytes as u32) && isSame(host, origin + 64, hostBytes);
    if (isSameHost && isSame(boot, origin, 32) && load<u32>(origin, 132) === (machine === 0 ? 0 : 1)) {
      if (machine === 0 || isSame(machine, origin + 32, 32)) return true;
    }
    number = load<u16>(origin, 136);
  }
  return false;
}
