const NUL: u8 = 0;
const ESC: u8 = 0x1b;
/** A no-break space in UTF-8. */
const SPACE_LEAD: u8 = 0xc2;
const SPACE_TAIL: u8 = 0xa0;

/**
 * Where the first byte in [from, to) stands that hides literals: NUL, ESC, or a no-break space; `to` where there is none.
 * Reads up to 63 bytes behind `to`.
 */
export function hidingAt(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 64) {
    let found = mayHide(v128.load(at));
    found = v128.or(found, mayHide(v128.load(at, 16)));
    found = v128.or(found, mayHide(v128.load(at, 32)));
    found = v128.or(found, mayHide(v128.load(at, 48)));
    if (!v128.any_true(found)) continue;
    const end = min(at + 64, to);
    for (let place = at; place < end; place++) {
      const byte = load<u8>(place);
      if (byte === NUL || byte === ESC) return place;
      if (byte === SPACE_LEAD && place + 1 < to && load<u8>(place, 1) === SPACE_TAIL) return place;
    }
  }
  return to;
}

function mayHide(bytes: v128): v128 {
  const controls = v128.or(i8x16.eq(bytes, i8x16.splat(NUL)), i8x16.eq(bytes, i8x16.splat(ESC)));
  return v128.or(controls, i8x16.eq(bytes, i8x16.splat(SPACE_LEAD)));
}
