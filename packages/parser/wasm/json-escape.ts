/** An escape of JSON that may stand for a character which a needle holds. */
export const PRINTABLE: u32 = 1;
/** One that stands for `"`, `\`, `/` or a control character: no needle that JSON is searched for holds these. */
export const OTHER: u32 = 2;

function isHex(byte: u32): bool {
  return byte - 48 <= 9 || (byte | 32) - 97 <= 5;
}

/** What the escape is whose backslash stands at `at`; 0: none. Reads up to 5 bytes behind it. */
export function escapeAt(at: usize): u32 {
  const kind: u32 = load<u8>(at, 1);
  if (kind === 110 || kind === 34 || kind === 92 || kind === 116 || kind === 114) return OTHER;
  if (kind === 47 || kind === 98 || kind === 102) return OTHER;
  if (kind !== 117) return 0;
  for (let place: usize = 2; place < 6; place++) if (!isHex(load<u8>(at + place))) return 0;
  // "00" and "0" or "1": control characters.
  return load<u16>(at, 2) === 0x3030 && (load<u8>(at, 4) & 0xfe) === 48 ? OTHER : PRINTABLE;
}
