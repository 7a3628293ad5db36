/** Where the first byte in [from, to) stands that is not ASCII, or `to`. Reads up to 15 bytes behind it. */
export function asciiEnd(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(v128.load(at));
    if (found !== 0) return min(at + ctz(found), to);
  }
  return to;
}

/** Whether [from, to) is UTF-8, well-formed as of table 3-7 of the Unicode Standard. */
export function isUtf8(from: usize, to: usize): bool {
  for (let at = asciiEnd(from, to); at < to; at = asciiEnd(at, to)) {
    const lead: u32 = load<u8>(at);
    const length: usize = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || at + length > to) return false;
    const second: u32 = load<u8>(at, 1);
    // No longer form than needed, no surrogates, nothing beyond U+10FFFF.
    const least: u32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most: u32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
    for (let place: usize = 2; place < length; place++) if ((load<u8>(at + place) & 0xc0) !== 0x80) return false;
    at += length;
  }
  return true;
}
