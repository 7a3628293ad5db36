import { HOST_HEADS, HOSTS } from "./memory";
import { isSame } from "./origins";

/**
 * Hosts whose lines may be alike, each with its name (64 bytes), the name's length (32 bits), and the next of its hash,
 * counted from 1 (16 bits); `src/scan/hosts.ts` writes them.
 */

const HOST_BYTES: usize = 80;
const MOST_NAME_BYTES: usize = 64;
const BLANK: u8 = 32;
/** FNV-1a, 32 bits. */
const BASIS: u32 = 0x811c9dc5;
const PRIME: u32 = 0x01000193;

/** Length of the name of a known host that stands at a place before a blank; 0 where none does. */
export function hostAt(from: usize, to: usize): usize {
  const most = min(to - from, MOST_NAME_BYTES + 1);
  let hash = BASIS;
  let length: usize = 0;
  while (length < most && load<u8>(from + length) !== BLANK) {
    hash = (hash ^ (load<u8>(from + length) as u32)) * PRIME;
    length++;
  }
  if (length === most) return 0;
  let number: u32 = load<u16>(HOST_HEADS + ((hash >>> 23) << 1));
  while (number !== 0) {
    const host = HOSTS + HOST_BYTES * ((number - 1) as usize);
    if (load<u32>(host, 64) === (length as u32) && isSame(from, host, length)) return length;
    number = load<u16>(host, 68);
  }
  return 0;
}
