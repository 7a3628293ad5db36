/** Whether the byte at a place is within a range. */
function isBetween(at: usize, least: u32, most: u32): bool {
  const byte: u32 = load<u8>(at);
  return byte >= least && byte <= most;
}

/** Whether [from, to) is well-formed UTF-8 (Unicode 17, table 3-7). Reads no byte behind it. */
export function isUtf8(from: usize, to: usize): bool {
  let at = from;
  while (at < to) {
    if (at + 16 <= to && i8x16.bitmask(v128.load(at)) === 0) {
      at += 16;
      continue;
    }
    const lead: u32 = load<u8>(at);
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length: usize = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || to - at < length) return false;
    // What would be longer than need be, a surrogate, or beyond the last character.
    const least: u32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most: u32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (!isBetween(at + 1, least, most)) return false;
    if (length > 2 && !isBetween(at + 2, 0x80, 0xbf)) return false;
    if (length > 3 && !isBetween(at + 3, 0x80, 0xbf)) return false;
    at += length;
  }
  return true;
}
