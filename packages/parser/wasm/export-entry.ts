import { beginEntry, fieldAt, finish, MESSAGE, take, UNKNOWN } from "./entry-fields";
import { LINE_FEED, lineEnd } from "./memory";

/** Entries of a journal in export format. */

const EQUALS: u8 = 61;

/** Line feeds of the entry that was counted last. */
export let feeds: u32 = 0;

/** The first `=` or line feed in [at, to), or `to`. */
function nameEnd(at: usize, to: usize): usize {
  const feed = i8x16.splat(LINE_FEED);
  const equals = i8x16.splat(EQUALS);
  while (at < to) {
    const a = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(a, feed), i8x16.eq(a, equals)));
    if (found !== 0) return min(at + ctz(found), to);
    at += 16;
  }
  return to;
}

function isAscii(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) > 127) return false;
  return true;
}

/** Behind a field in binary form whose name does not count, `at` being the line feed behind that; or UNKNOWN. */
function binaryEnd(name: usize, at: usize, to: usize): usize {
  if (at - name > 64) return UNKNOWN;
  for (let place = name; place < at; place++) {
    const byte = load<u8>(place);
    if (!((byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95)) return UNKNOWN;
  }
  if (to - at < 10) return UNKNOWN;
  const size = load<u64>(at + 1);
  if (size > ((to - at - 10) as u64)) return UNKNOWN;
  const end = at + 9 + (size as usize);
  if (load<u8>(end) !== LINE_FEED) return UNKNOWN;
  for (let feed = lineEnd(at + 1, end); feed < end; feed = lineEnd(feed + 1, end)) feeds++;
  feeds += 2;
  return end + 1;
}

/** Behind an entry in export format, its empty line included, that was counted; or UNKNOWN. */
export function exportEntry(from: usize, to: usize): usize {
  beginEntry();
  feeds = 0;
  let at = from;
  while (at < to) {
    if (load<u8>(at) === LINE_FEED) {
      if (at === from || !finish()) return UNKNOWN;
      feeds++;
      return at + 1;
    }
    const name = at;
    at = nameEnd(name, to);
    if (at === to) return UNKNOWN;
    const field = fieldAt(name, (at - name) as u32);
    if (load<u8>(at) === LINE_FEED) {
      at = field === 0 ? binaryEnd(name, at, to) : UNKNOWN;
      if (at === UNKNOWN) return UNKNOWN;
      continue;
    }
    const value = at + 1;
    at = lineEnd(value, to);
    if (at === to || load<u8>(at - 1) === 13) return UNKNOWN;
    if (field !== 0) {
      if (field === MESSAGE && !isAscii(value, at)) return UNKNOWN;
      if (!take(field, value, at)) return UNKNOWN;
    }
    feeds++;
    at++;
  }
  return UNKNOWN;
}
