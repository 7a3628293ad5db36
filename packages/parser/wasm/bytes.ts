/** Whether any of three bytes stands in [from, to). Reads up to 63 bytes behind it. */
export function holdsByte(one: u32, other: u32, third: u32, from: usize, to: usize): bool {
  const a = i8x16.splat(one as u8);
  const b = i8x16.splat(other as u8);
  const c = i8x16.splat(third as u8);
  let at = from;
  while (at < to) {
    let found = anyOf(v128.load(at), a, b, c);
    found = v128.or(found, anyOf(v128.load(at, 16), a, b, c));
    found = v128.or(found, anyOf(v128.load(at, 32), a, b, c));
    found = v128.or(found, anyOf(v128.load(at, 48), a, b, c));
    if (v128.any_true(found)) {
      const end = min(at + 64, to);
      for (; at < end; at++) {
        const byte: u32 = load<u8>(at);
        if (byte === one || byte === other || byte === third) return true;
      }
      // It stood behind the end.
      return false;
    }
    at += 64;
  }
  return false;
}

function anyOf(bytes: v128, a: v128, b: v128, c: v128): v128 {
  return v128.or(v128.or(i8x16.eq(bytes, a), i8x16.eq(bytes, b)), i8x16.eq(bytes, c));
}
