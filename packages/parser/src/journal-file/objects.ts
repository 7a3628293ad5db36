import { id128, sameBytes, u32, u64 } from "./bytes.js";
import { DamagedPayload } from "./damaged-payload.js";
import { type Hash64, hashHex, sameHash } from "./hash64.js";
import type { JournalHeader } from "./header.js";
import { jenkinsLookup3 } from "./jenkins-lookup3.js";
import {
  ARRAY_ITEMS_AT,
  DATA_FLAG,
  ENTRY_ITEMS_AT,
  FIELD_PAYLOAD_AT,
  HEAD_BYTES,
  HEADER_MIN_BYTES,
  MAX_ENTRY_ITEMS,
  MAX_FIELD_NAME,
  minObjectBytes,
  type ObjectType,
  TIME_LIMIT_US,
  TYPE,
  TYPE_NAMES,
} from "./layout.js";
import { unpackPayload } from "./payload.js";
import type { RandomAccess } from "./random-access.js";
import { sipHash24 } from "./siphash24.js";

/** One distinct `FIELD=value` of the file. */
export interface DataObject {
  readonly offset: number;
  readonly size: number;
  readonly flags: number;
  /** Of the whole payload, unpacked. */
  readonly hash: Hash64;
  readonly nextHashOffset: number;
  readonly nextFieldOffset: number;
  /** First entry with this value; 0 when the writer died before it linked one. */
  readonly entryOffset: number;
  /** Array chain with the further entries; 0 if there is only one. */
  readonly entryArrayOffset: number;
  /** Entries with this value, the first included. */
  readonly entries: number;
}

/** A field name; its values hang on a chain of DATA objects, newest first. */
export interface FieldObject {
  readonly offset: number;
  readonly hash: Hash64;
  readonly nextHashOffset: number;
  readonly headDataOffset: number;
  readonly name: Uint8Array;
}

/** One log entry: its clocks and where its values are. */
export interface JournalEntry {
  readonly offset: number;
  readonly size: number;
  readonly seqnum: number;
  /** Reception by the journal, µs since 1970 UTC. */
  readonly realtimeUs: number;
  /** Reception by the journal, µs since boot (CLOCK_MONOTONIC). */
  readonly monotonicUs: number;
  readonly bootId: string;
  /** XOR of the Jenkins hashes of all values, 16 hex digits: equal for copies of an entry in any file. */
  readonly xorHash: string;
  /** Offsets of its DATA objects, ascending. */
  readonly items: readonly number[];
}

/** The hash in digits only where somebody asks for it, which reading in order never does. */
class Entry implements JournalEntry {
  readonly offset: number;
  readonly size: number;
  readonly seqnum: number;
  readonly realtimeUs: number;
  readonly monotonicUs: number;
  readonly bootId: string;
  readonly items: readonly number[];
  readonly #hash: Hash64;

  constructor(entry: Omit<JournalEntry, "xorHash">, hash: Hash64) {
    this.offset = entry.offset;
    this.size = entry.size;
    this.seqnum = entry.seqnum;
    this.realtimeUs = entry.realtimeUs;
    this.monotonicUs = entry.monotonicUs;
    this.bootId = entry.bootId;
    this.items = entry.items;
    this.#hash = hash;
  }

  get xorHash(): string {
    return hashHex(this.#hash);
  }
}

/** The head of an ENTRY_ARRAY. */
export interface EntryArray {
  readonly offset: number;
  readonly nextOffset: number;
  /** Items it has room for. */
  readonly capacity: number;
}

/**
 * Bytes of entries and values, packed and unpacked, that one reader goes through in all: this much, and so many times
 * the file. Far beyond any use; a crafted file whose objects overlap, or unpack to huge ones, comes to an end by it.
 */
const WORK_MIN_BYTES = 1024 * 1024 * 1024;
const WORK_RATIO = 64;

/** Read at once with an object's head: most entries and values end in them. */
const MOST_HEAD_BYTES = 512;

/** Hears of an object that cannot be used. */
export type DamageListener = (byteOffset: number, reason: string) => void;

/**
 * Reads single objects and checks each before use: position, type, size, and whatever the type allows to check. An
 * object that fails is reported and read as null.
 */
export class ObjectReader {
  readonly access: RandomAccess;
  readonly header: JournalHeader;
  readonly #maxPayloadBytes: number;
  readonly #onDamage: DamageListener;
  #workLeft: number;
  #lastBoot: { readonly bytes: Uint8Array; readonly id: string } = { bytes: new Uint8Array(0), id: "" };

  constructor(access: RandomAccess, header: JournalHeader, maxPayloadBytes: number, onDamage: DamageListener) {
    this.access = access;
    this.header = header;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#onDamage = onDamage;
    this.#workLeft = WORK_MIN_BYTES + access.size * WORK_RATIO;
  }

  /** The file's own hash, over unpacked bytes. */
  hash(bytes: Uint8Array): Hash64 {
    return this.header.keyedHash ? sipHash24(this.header.fileIdBytes, bytes) : jenkinsLookup3(bytes);
  }

  /** Can an object be here at all? The least header is the bound, as the size that the header names may be damaged. */
  isPlace(offset: number): boolean {
    return (offset & 7) === 0 && offset >= HEADER_MIN_BYTES && offset <= this.access.size - HEAD_BYTES;
  }

  data(offset: number): DataObject | null {
    const bytes = this.#head(offset, TYPE.DATA, this.header.layout.dataPayloadAt);
    if (bytes === null) return null;
    const flags = bytes[1] ?? 0;
    const entryOffset = u64(bytes, 40);
    const entries = u64(bytes, 56);
    if (flags !== 0 && flags !== DATA_FLAG.XZ && flags !== DATA_FLAG.LZ4 && flags !== DATA_FLAG.ZSTD) {
      return this.#damaged(offset, `impossible compression flags ${flags} of a DATA object`);
    }
    if ((entryOffset === 0) !== (entries === 0)) {
      return this.#damaged(offset, "DATA object whose count of entries contradicts its first entry");
    }
    return {
      offset,
      size: u64(bytes, 8),
      flags,
      hash: { lo: u32(bytes, 16), hi: u32(bytes, 20) },
      nextHashOffset: u64(bytes, 24),
      nextFieldOffset: u64(bytes, 32),
      entryOffset,
      entryArrayOffset: u64(bytes, 48),
      entries,
    };
  }

  /** All bytes of a value, unpacked and checked against the hash, until the next read; null and reported if they are damaged. */
  payload(data: DataObject): Uint8Array | null {
    const at = this.header.layout.dataPayloadAt;
    if (!this.#mayWork(data.offset, data.size)) return null;
    const stored = this.access.read(data.offset + at, data.size - at);
    let bytes: Uint8Array;
    try {
      bytes = unpackPayload(stored, data.flags, this.#maxPayloadBytes);
      this.#workLeft -= bytes.length;
    } catch (error) {
      if (!(error instanceof DamagedPayload)) throw error;
      return this.#damaged(data.offset, `value cannot be unpacked: ${error.message}`);
    }
    if (!sameHash(this.hash(bytes), data.hash)) return this.#damaged(data.offset, "value does not match its hash");
    return bytes;
  }

  /** As `payload`, the first bytes of a value that is not packed: enough for its field name. */
  payloadStart(data: DataObject): Uint8Array {
    const at = this.header.layout.dataPayloadAt;
    return this.access.read(data.offset + at, Math.min(data.size - at, MAX_FIELD_NAME + 1));
  }

  field(offset: number): FieldObject | null {
    const bytes = this.#head(offset, TYPE.FIELD, FIELD_PAYLOAD_AT);
    if (bytes === null) return null;
    const length = u64(bytes, 8) - FIELD_PAYLOAD_AT;
    if (length > MAX_FIELD_NAME) return this.#damaged(offset, `field name of ${length} bytes`);
    return {
      offset,
      hash: { lo: u32(bytes, 16), hi: u32(bytes, 20) },
      nextHashOffset: u64(bytes, 24),
      headDataOffset: u64(bytes, 32),
      name: this.access.read(offset + FIELD_PAYLOAD_AT, length).slice(),
    };
  }

  entry(offset: number): JournalEntry | null {
    const head = this.#head(offset, TYPE.ENTRY, ENTRY_ITEMS_AT, MOST_HEAD_BYTES);
    if (head === null) return null;
    const itemBytes = this.header.layout.entryItemBytes;
    const size = u64(head, 8);
    const count = (size - ENTRY_ITEMS_AT) / itemBytes;
    if (!Number.isInteger(count) || count > MAX_ENTRY_ITEMS) {
      return this.#damaged(offset, `impossible size ${size} of an ENTRY object`);
    }
    if (!this.#mayWork(offset, size)) return null;
    const seqnum = u64(head, 16);
    const realtimeUs = u64(head, 24);
    const monotonicUs = u64(head, 32);
    if (seqnum === 0 || realtimeUs === 0 || realtimeUs >= TIME_LIMIT_US || monotonicUs >= TIME_LIMIT_US) {
      return this.#damaged(offset, "ENTRY object with an impossible sequence number or clock");
    }
    const hash = { lo: u32(head, 56), hi: u32(head, 60) };
    const bootId = this.#bootId(head);
    const bytes =
      size <= head.length
        ? head.subarray(ENTRY_ITEMS_AT)
        : this.access.read(offset + ENTRY_ITEMS_AT, count * itemBytes);
    const items: number[] = [];
    let impossible: number | null = null;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const item = itemBytes === 4 ? u32(bytes, i * itemBytes) : u64(bytes, i * itemBytes);
      // Before systemd 250 an entry could name a value twice.
      if (item === last) continue;
      // One bad item costs its value, not the entry.
      if (item < last || !this.isPlace(item)) impossible ??= item;
      else items.push(item);
      last = Math.max(last, Math.min(item, this.access.size));
    }
    if (impossible !== null) this.#damaged(offset, `ENTRY object with impossible item ${impossible}`);
    return new Entry({ offset, size, seqnum, realtimeUs, monotonicUs, bootId, items }, hash);
  }

  /** Of the head of an entry: most have the boot of the one before. */
  #bootId(head: Uint8Array): string {
    const bytes = head.subarray(40, 56);
    if (!sameBytes(bytes, this.#lastBoot.bytes)) this.#lastBoot = { bytes: bytes.slice(), id: id128(head, 40) };
    return this.#lastBoot.id;
  }

  entryArray(offset: number): EntryArray | null {
    const bytes = this.#head(offset, TYPE.ENTRY_ARRAY, ARRAY_ITEMS_AT);
    if (bytes === null) return null;
    const capacity = (u64(bytes, 8) - ARRAY_ITEMS_AT) / this.header.layout.arrayItemBytes;
    if (!Number.isInteger(capacity)) return this.#damaged(offset, "impossible size of an ENTRY_ARRAY object");
    return { offset, nextOffset: u64(bytes, 16), capacity };
  }

  /** Items `from` (in) to `to` (out) of an array; unused ones are 0. */
  arrayItems(array: EntryArray, from: number, to: number): number[] {
    const itemBytes = this.header.layout.arrayItemBytes;
    const bytes = this.access.read(array.offset + ARRAY_ITEMS_AT + from * itemBytes, (to - from) * itemBytes);
    const items: number[] = [];
    for (let at = 0; at + itemBytes <= bytes.length; at += itemBytes) {
      items.push(itemBytes === 4 ? u32(bytes, at) : u64(bytes, at));
    }
    return items;
  }

  /** Time up to which a TAG object claims that its file is sealed, in units of the sealing interval. */
  tagEpoch(offset: number): number | null {
    const bytes = this.#head(offset, TYPE.TAG, 32);
    return bytes === null ? null : u64(bytes, 24);
  }

  /** The first `length` bytes of an object that is of this type and lies in the file, and up to `more` where they are there. */
  #head(offset: number, type: ObjectType, length: number, more: number = length): Uint8Array | null {
    if (!this.isPlace(offset)) return this.#damaged(offset, "a link points outside of the file or between objects");
    const bytes = this.access.read(offset, more);
    if (bytes.length < length) return this.#damaged(offset, "the file ends inside an object");
    if (bytes[0] !== type) {
      const found = TYPE_NAMES[bytes[0] ?? 0] ?? `type ${bytes[0]}`;
      return this.#damaged(offset, `${TYPE_NAMES[type]} object expected, ${found} found`);
    }
    const size = u64(bytes, 8);
    if (size < minObjectBytes(type, this.header.layout) || offset + size > this.access.size) {
      return this.#damaged(offset, `impossible size ${size} of a ${TYPE_NAMES[type]} object`);
    }
    return bytes;
  }

  /** Counts bytes that were gone through elsewhere; false when too many were, which the next that is read here reports. */
  spend(bytes: number): boolean {
    this.#workLeft -= bytes;
    return this.#workLeft >= 0;
  }

  #mayWork(offset: number, bytes: number): boolean {
    const isLeft = this.spend(bytes);
    if (!isLeft) this.#damaged(offset, "reading stopped: the objects of this file overlap or unpack without end");
    return isLeft;
  }

  #damaged(byteOffset: number, reason: string): null {
    this.#onDamage(byteOffset, reason);
    return null;
  }
}
