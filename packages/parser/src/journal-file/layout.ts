/**
 * The byte layout of systemd journal files, version of systemd 262. Little-endian; every object starts at a multiple
 * of 8. Source: systemd's docs/JOURNAL_FILE_FORMAT.md and src/libsystemd/sd-journal/journal-def.h.
 */

/** `LPKSHHRH`: the first 8 bytes of a journal file. */
export const SIGNATURE: Uint8Array = Uint8Array.of(0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48);

/** Bytes of the oldest header; a shorter one is damage. */
export const HEADER_MIN_BYTES = 208;
/** Bytes of the newest header that is known (systemd 254 on). */
export const HEADER_KNOWN_BYTES = 272;

/** Bits of `incompatible_flags`: a reader that does not know one must not read on. */
export const INCOMPATIBLE = {
  COMPRESSED_XZ: 1,
  COMPRESSED_LZ4: 2,
  KEYED_HASH: 4,
  COMPRESSED_ZSTD: 8,
  COMPACT: 16,
} as const;
/** Names that a refusal can give to bits that are not read. SEGMENTED: only in a design document so far. */
export const UNREAD_INCOMPATIBLE: ReadonlyMap<number, string> = new Map([[32, "SEGMENTED"]]);

/** Bits of `compatible_flags`: reading works without knowing them. */
export const COMPATIBLE = { SEALED: 1, TAIL_ENTRY_BOOT_ID: 2, SEALED_CONTINUOUS: 4 } as const;

export const STATES = ["offline", "online", "archived"] as const;

/** Object types. 0 is no object. */
export const TYPE = {
  DATA: 1,
  FIELD: 2,
  ENTRY: 3,
  DATA_HASH_TABLE: 4,
  FIELD_HASH_TABLE: 5,
  ENTRY_ARRAY: 6,
  TAG: 7,
} as const;
export type ObjectType = (typeof TYPE)[keyof typeof TYPE];

export const TYPE_NAMES: readonly string[] = [
  "UNUSED",
  "DATA",
  "FIELD",
  "ENTRY",
  "DATA_HASH_TABLE",
  "FIELD_HASH_TABLE",
  "ENTRY_ARRAY",
  "TAG",
];

/** Type, flags, six zero bytes, size. */
export const HEAD_BYTES = 16;
const TAG_BYTES = 64;
export const FIELD_PAYLOAD_AT = 40;
export const ENTRY_ITEMS_AT = 64;
export const ARRAY_ITEMS_AT = 24;
/** `{u64 head, u64 tail}`. */
export const BUCKET_BYTES = 16;

/** What differs between the two layouts. */
export interface Layout {
  /** Where the payload of a DATA object starts. */
  readonly dataPayloadAt: number;
  /** Bytes of one item of an ENTRY; the DATA offset comes first. */
  readonly entryItemBytes: number;
  /** Bytes of one item of an ENTRY_ARRAY. */
  readonly arrayItemBytes: number;
}
export const REGULAR: Layout = { dataPayloadAt: 64, entryItemBytes: 16, arrayItemBytes: 8 };
export const COMPACT: Layout = { dataPayloadAt: 72, entryItemBytes: 4, arrayItemBytes: 4 };

/** `flags` of a DATA object: how its payload is compressed, at most one. */
export const DATA_FLAG = { XZ: 1, LZ4: 2, ZSTD: 4 } as const;

/** More values than any writer puts into one entry (systemd: 1024); a larger count is a damaged size. */
export const MAX_ENTRY_ITEMS = 16_384;
/** Realtime, monotonic and epoch stay below this many microseconds. */
export const TIME_LIMIT_US: number = 2 ** 55;
/** Longest field name. */
export const MAX_FIELD_NAME = 64;

/** The least `size` of an object of this type. */
export function minObjectBytes(type: number, layout: Layout): number {
  switch (type) {
    case TYPE.DATA:
      return layout.dataPayloadAt + 1;
    case TYPE.FIELD:
      return FIELD_PAYLOAD_AT + 1;
    case TYPE.ENTRY:
      return ENTRY_ITEMS_AT + layout.entryItemBytes;
    case TYPE.ENTRY_ARRAY:
      return ARRAY_ITEMS_AT + layout.arrayItemBytes;
    case TYPE.TAG:
      return TAG_BYTES;
    default:
      return HEAD_BYTES + BUCKET_BYTES;
  }
}
