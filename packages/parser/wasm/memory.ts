/**
 * Where everything stands in the kernel's one linear memory, which `src/scan/layout.ts` divides; the addresses here are
 * those there.
 */

/** Two nibble tables of 16 bytes for each of three fingerprint bytes: low 0, high 0, low 1, high 1, low 2, high 2. */
export const NIBBLES: usize = 0x0000;
/** Results of a call: candidate lines, line feeds. */
export const RESULTS: usize = 0x0080;
/** 256 bytes: what each byte counts as; the identity unless ASCII case is ignored. */
export const FOLD: usize = 0x0100;
/** 1024 bytes: first needle (from 1) of each hash of a fingerprint; 0: none. */
export const HEADS: usize = 0x0200;
/** 8 bytes a needle: address, then one byte each: length, place of the fingerprint's last byte, next needle. */
export const NEEDLES: usize = 0x0600;
/** The journal fields that an entry is known by; `src/scan/like-entries.ts` writes them. */
export const FIELDS: usize = 0x9100;
/** The head of alike lines: its length, where `MM:SS` stands, digits of a second; 16 bytes on, its bytes; 80 on, masks. */
export const HEAD: usize = 0x3e00;
export const HEAD_BYTES: usize = HEAD + 16;
export const HEAD_MASKS: usize = HEAD_BYTES + 80;
/** What entries have in common: see `entry-fields.ts`. */
export const ENTRY: usize = 0x3ec0;
/** 12 bytes a candidate line: start, end, line feeds before it. */
export const LINES: usize = 0x4000;
export const MOST_LINES: u32 = 1024;
/** A message that is split: its lines behind the first, 64 bytes each from 16 on. */
export const SPLIT: usize = 0x7000;
/** The numbers of a split message that was found, 64-bit floats. */
export const VALUES: usize = 0x7900;
/** 4 KiB: where the strings of an entry end: see `json-dense.ts`. */
export const PLACES: usize = 0x8000;
/** Where the values of the fields that count stand: begin and end of each, by its number. */
export const FIELD_VALUES: usize = 0x9000;
/** Where entries may be from, 160 bytes each; and the first of each hash, 16 bits each: see `origins.ts`. */
export const ORIGINS: usize = 0x10000;
export const ORIGIN_HEADS: usize = 0x1a000;
/** Whose lines may be alike, 80 bytes a host; and the first of each hash, as of origins: see `hosts.ts`. */
export const HOSTS: usize = 0x1b000;
export const HOST_HEADS: usize = 0x1a400;
/** A native journal file, 256 bytes: see `file-values.ts`; then where its entries are from. */
export const FILE: usize = 0xc000;
export const FILE_ORIGIN: usize = 0xc100;
/** Names of fields whose values are read: as FIELDS. */
export const FILE_NAMES: usize = 0xc200;
/** A byte for each block of the file's window: whether it is there. */
export const FILE_BLOCKS: usize = 0xc800;
/** Text begins here; at least 64 bytes follow its end. */
export const TEXT: usize = 0x20000;

export const LINE_FEED: u8 = 10;

/** The first line feed in [at, to), or `to`. Reads up to 31 bytes behind it. */
export function lineEnd(at: usize, to: usize): usize {
  const feed = i8x16.splat(LINE_FEED);
  while (at < to) {
    const a = i8x16.eq(v128.load(at), feed);
    const b = i8x16.eq(v128.load(at, 16), feed);
    if (v128.any_true(v128.or(a, b))) {
      const found: u32 = (i8x16.bitmask(a) as u32) | ((i8x16.bitmask(b) as u32) << 16);
      return min(at + ctz(found), to);
    }
    at += 32;
  }
  return to;
}
