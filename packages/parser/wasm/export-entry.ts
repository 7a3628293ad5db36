import { beginEntry, fieldAt, finishNoted, MESSAGE, note, UNKNOWN } from "./entry-fields";
import { LINE_FEED, lineEnd } from "./memory";
import { isUtf8 } from "./utf8";

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

/** Bytes of a binary field between its name and its value: a line feed and the length; behind it is one more line feed. */
const LENGTH_BYTES: usize = 9;

/** Where the value of a binary field ends, `at` being the line feed behind its name; or UNKNOWN. */
function binaryEnd(name: usize, at: usize, to: usize): usize {
  if (at - name > 64) return UNKNOWN;
  for (let place = name; place < at; place++) {
    const byte = load<u8>(place);
    if (!((byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95)) return UNKNOWN;
  }
  if (to - at <= LENGTH_BYTES) return UNKNOWN;
  const size = load<u64>(at + 1);
  if (size >= ((to - at - LENGTH_BYTES) as u64)) return UNKNOWN;
  const end = at + LENGTH_BYTES + (size as usize);
  if (load<u8>(end) !== LINE_FEED) return UNKNOWN;
  for (let feed = at; feed < end; feed = lineEnd(feed + 1, end)) feeds++;
  return end;
}

/** Behind an entry in export format, its empty line included, that was counted; or UNKNOWN. */
export function exportEntry(from: usize, to: usize): usize {
  beginEntry();
  feeds = 0;
  let at = from;
  while (at < to) {
    if (load<u8>(at) === LINE_FEED) {
      if (at === from || !finishNoted()) return UNKNOWN;
      feeds++;
      return at + 1;
    }
    const name = at;
    at = nameEnd(name, to);
    if (at === to) return UNKNOWN;
    const field = fieldAt(name, (at - name) as u32);
    const isBinary = load<u8>(at) === LINE_FEED;
    const value = at + (isBinary ? LENGTH_BYTES : 1);
    if (isBinary) {
      // Only of messages it is known what else is in them.
      at = field === 0 || field === MESSAGE ? binaryEnd(name, at, to) : UNKNOWN;
      if (at === UNKNOWN) return UNKNOWN;
    } else {
      at = lineEnd(value, to);
      if (at === to || load<u8>(at - 1) === 13) return UNKNOWN;
    }
    if (field === MESSAGE && !isUtf8(value, at)) return UNKNOWN;
    if (field !== 0) note(field, value, at);
    feeds++;
    at++;
  }
  return UNKNOWN;
}
