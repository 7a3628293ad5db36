import { align8, u32, u64 } from "./bytes.js";
import { sameHash } from "./hash64.js";
import type { JournalHeader } from "./header.js";
import { DATA_FLAG, HEAD_BYTES, HEADER_MIN_BYTES, MAX_FIELD_NAME, minObjectBytes, TYPE } from "./layout.js";
import { ObjectReader } from "./objects.js";

interface Found {
  readonly offset: number;
  readonly type: number;
  readonly size: number;
}

const SCAN_BYTES = 64 * 1024;
/** Bytes that the strong tests may hash, as a multiple of the file's: a crafted file must not make them quadratic. */
const TEST_BUDGET = 4;
const IGNORE = (): void => undefined;

/**
 * Finds the ENTRY objects of a file whose links are broken: walks from object to object by their sizes, and where an
 * object head is damaged searches for the next object that proves itself (by the hash of its value, or of an
 * entry's values). One pass over the file.
 * Memory: one number for each entry.
 * @returns offsets, ascending
 */
export function walkEntries(objects: ObjectReader): number[] {
  const { header, access } = objects;
  const end = walkEnd(objects);
  const silent = new ObjectReader(access, header, access.size, IGNORE);
  const test = strongTest(silent);
  const entries: number[] = [];
  let before: Found | null = null;
  let at = walkStart(header);
  while (at < access.size) {
    let found = headAt(silent, at);
    if (found === null) {
      if (at >= end) break;
      // The size of the object before may be what is wrong: unless it proves itself, the search begins inside it.
      const from: number = before !== null && !test(before) ? before.offset + 8 : at;
      found = search(silent, from, end, test);
      if (found === null) break;
    }
    if (found.type === TYPE.ENTRY && silent.entry(found.offset) !== null) entries.push(found.offset);
    before = found;
    at = align8(found.offset + found.size);
  }
  return entries;
}

/** The first object: behind the header, or where the first hash table is if the header's size contradicts that. */
function walkStart(header: JournalHeader): number {
  const tables = [header.fieldHashTableOffset, header.dataHashTableOffset].map((offset) => offset - HEAD_BYTES);
  return Math.min(header.headerBytes, ...tables.filter((offset) => offset >= HEADER_MIN_BYTES && offset % 8 === 0));
}

/** Behind the last object: as the header says if that is possible, else the end of the file. */
function walkEnd(objects: ObjectReader): number {
  const { header, access } = objects;
  const tail = headAt(objects, header.tailObjectOffset);
  return tail === null ? access.size : tail.offset + tail.size;
}

function headAt(objects: ObjectReader, offset: number): Found | null {
  if (!objects.isPlace(offset)) return null;
  return plausible(objects, objects.access.read(offset, HEAD_BYTES), 0, offset);
}

/** Is there an object head in `bytes` at `at`? `offset` is where that stands in the file. */
function plausible(objects: ObjectReader, bytes: Uint8Array, at: number, offset: number): Found | null {
  const type = bytes[at] ?? 0;
  if (type < TYPE.DATA || type > TYPE.TAG) return null;
  const flags = bytes[at + 1] ?? 0;
  if (flags > (type === TYPE.DATA ? DATA_FLAG.ZSTD : 0)) return null;
  if (u32(bytes, at) >>> 16 !== 0 || u32(bytes, at + 4) !== 0) return null;
  const size = u64(bytes, at + 8);
  if (size < minObjectBytes(type, objects.header.layout) || offset + size > objects.access.size) return null;
  return { offset, type, size };
}

/** The first object at or behind `from` that passes the strong test. */
function search(objects: ObjectReader, from: number, end: number, test: (found: Found) => boolean): Found | null {
  for (let start = from; start < end; start += SCAN_BYTES) {
    // The test reads, too.
    const bytes = objects.access.read(start, SCAN_BYTES + HEAD_BYTES).slice();
    for (let at = 0; at < SCAN_BYTES && at + HEAD_BYTES <= bytes.length; at += 8) {
      const found = plausible(objects, bytes, at, start + at);
      if (found !== null && test(found)) return found;
    }
  }
  return null;
}

/** A test that no accident passes; only DATA, FIELD and ENTRY objects can. */
function strongTest(objects: ObjectReader): (found: Found) => boolean {
  let budget = objects.access.size * TEST_BUDGET;
  const spend = (bytes: number): boolean => {
    budget -= bytes;
    return budget >= 0;
  };
  return ({ offset, type, size }) => {
    if (!spend(size)) return false;
    switch (type) {
      case TYPE.DATA: {
        const data = objects.data(offset);
        if (data === null || (data.flags === 0 && !startsWithName(objects.payloadStart(data)))) return false;
        return objects.payload(data) !== null;
      }
      case TYPE.FIELD: {
        const field = objects.field(offset);
        return field !== null && sameHash(objects.hash(field.name), field.hash);
      }
      case TYPE.ENTRY:
        return entryProvesItself(objects, offset, spend);
      default:
        return false;
    }
  };
}

function startsWithName(start: Uint8Array): boolean {
  const equals = start.indexOf(0x3d);
  if (equals < 1 || equals > MAX_FIELD_NAME) return false;
  return start.subarray(0, equals).every((byte) => (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || isDigit(byte));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Values that an entry must reach to be one: two hashes do not match by accident. */
const PROVING_VALUES = 2;

/** Do its values prove this entry? All of them need not: a damaged page takes values of the entry behind it along. */
function entryProvesItself(objects: ObjectReader, offset: number, spend: (bytes: number) => boolean): boolean {
  const entry = objects.entry(offset);
  if (entry === null || entry.items.some((item) => item >= offset)) return false;
  const sound = entry.items.filter((item) => {
    const data = objects.data(item);
    return data !== null && spend(data.size) && objects.payload(data) !== null;
  });
  return sound.length >= Math.min(PROVING_VALUES, entry.items.length);
}
