import type { RandomAccess } from "../../src/journal-file/random-access.js";

/** Bytes of which each read spoils what the one before gave: the worst that `RandomAccess` allows. */
export function fleetingAccess(bytes: Uint8Array): RandomAccess {
  let last = new Uint8Array(0);
  return {
    size: bytes.length,
    read: (offset, length) => {
      last.fill(0xaa);
      last = bytes.slice(offset, offset + length);
      return last;
    },
  };
}
