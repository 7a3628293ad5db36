/**
 * How the kernel's linear memory is divided; `packages/parser/wasm/memory.ts` has the same addresses. The scalar twin
 * keeps to the same tables and limits, so that both give the same results in the same calls.
 */
export const LAYOUT = {
  /** Six tables of 16 bytes: low and high nibbles of the first, second and third fingerprint byte. */
  nibbles: 0x0000,
  /**
   * Results, 32 bits each: candidate lines, line feeds; then those of `pass`: whether the first line is like the head,
   * lines, the kernel's among them, microseconds of the first and the last of these; then those of `entries`: entries,
   * line feeds, the kernel's among the entries, whether the next is of another hour, and, 64 bits each, microseconds of the
   * first and the last of these.
   */
  results: 0x0080,
  /** What each byte counts as. */
  fold: 0x0100,
  /** First needle of each hash, counted from 1; 0: none. */
  heads: 0x0200,
  /** 8 bytes a needle, counted from 1: address (32 bits), length, place of the fingerprint's last byte, next needle. */
  needles: 0x0600,
  /** Bytes of the needles, one after the other. */
  needleBytes: 0x0e00,
  /** Head of alike lines: its length, where `MM:SS` stands, digits of a second; then its bytes, then masks. */
  head: 0x3e00,
  /** What alike entries have in common: form, and at 8 the earliest stamp (64 bits). */
  entry: 0x3ec0,
  /** 12 bytes a candidate line. */
  lines: 0x4000,
  /** A message that is split: how many lines; from 16 on, 64 bytes a line: length, whether a number follows, from 16 on its start. */
  split: 0x7000,
  /** 64-bit floats: the numbers of a split message that was found. */
  values: 0x7900,
  /** 4 KiB: where the strings of an entry end, the kernel's own; behind it, where its values stand. */
  places: 0x8000,
  /** Names of the journal fields that count: 256 bytes of numbers by slot, then 64 a name. */
  fields: 0x9100,
  /** A native journal file: what it is, and what of it stands where (see `file-entries.ts`); results from 88 on. */
  file: 0xc000,
  /** Where its entries are from: number, length of the host's name, whether there is a machine; stamps, boot, machine, host. */
  fileOrigin: 0xc100,
  /** Names of the fields whose values are read, as `fields`. */
  fileNames: 0xc200,
  /** A byte for each block of the window: whether it was read. */
  fileBlocks: 0xc800,
  /** Where alike entries may be from, and by hash the first of them; the same of hosts of alike lines. */
  origins: 0x10000,
  originHeads: 0x1a000,
  hostHeads: 0x1a400,
  hosts: 0x1b000,
  /** The caller's text. */
  text: 0x20000,
} as const;

/** Needles of one scanner. */
export const MOST_NEEDLES = 255;

/** Bytes of all needles together. */
export const MOST_NEEDLE_BYTES: number = LAYOUT.head - LAYOUT.needleBytes;

/** A needle's bytes: fewer than three let nearly every line through, and have no fingerprint. */
export const NEEDLE_BYTES: { readonly least: number; readonly most: number } = { least: 3, most: 255 };

/** Candidate lines that one call lists. */
export const MOST_LINES = 1024;

/** Numbers of one candidate line: start, end, line feeds before it. */
export const LINE_FIELDS = 3;

/** Bytes behind the text that the kernel may read, and never heeds. */
export const SLACK_BYTES = 64;

/** Slots of the table from fingerprints to needles. */
export const HASH_SLOTS = 1024;

/** Slot of a fingerprint, a 24 bit number with the first byte lowest (Fibonacci hashing: Knuth, TAOCP 3, 6.4). */
export function fingerprintSlot(fingerprint: number): number {
  return Math.imul(fingerprint, 0x9e3779b1) >>> 22;
}

/** Slot of a journal field's name of at most 27 bytes: its length, and of the byte that a third of it precedes three bits. */
export function fieldSlot(name: string): number {
  return (name.length << 3) | ((name.charCodeAt((name.length * 11) >> 5) >> 2) & 7);
}
