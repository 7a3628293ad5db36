import { sameBytes, u64 } from "./bytes.js";
import { bucketOf, type Hash64, sameHash } from "./hash64.js";
import { BUCKET_BYTES, HEAD_BYTES, TYPE, TYPE_NAMES } from "./layout.js";
import type { DamageListener, DataObject, FieldObject, ObjectReader } from "./objects.js";

/** What a look-up found. `broken`: a link on the way is damaged, so that "not there" cannot be said. */
export interface LookUp<Found> {
  readonly found: Found | null;
  readonly broken: boolean;
}

/** Links of one hash chain that are followed; journald starts a new file at a depth of 100. */
const MAX_CHAIN = 65_536;
/** Distinct values of one field that are listed. */
const MAX_VALUES = 65_536;

/** Values of a field, newest first. */
export interface FieldValues {
  readonly values: readonly DataObject[];
  /** Damaged, or more values than are listed. */
  readonly broken: boolean;
}

/**
 * The two hash tables of a journal file: from the bytes of a value or a field name to its object. A look-up reads one
 * bucket and the heads on one chain, whatever the size of the file.
 */
export class ValueIndex {
  readonly #objects: ObjectReader;
  readonly #onDamage: DamageListener;
  readonly #valuesByField = new Map<string, FieldValues>();

  constructor(objects: ObjectReader, onDamage: DamageListener) {
    this.#objects = objects;
    this.#onDamage = onDamage;
  }

  /**
   * The object of one exact `FIELD=value`. That a value is absent is confirmed by the chain of its field's values,
   * which other links hold together, because a zeroed bucket looks like absence.
   */
  value(needle: Uint8Array): LookUp<DataObject> {
    const hash = this.#objects.hash(needle);
    const { dataHashTableOffset: table, dataHashTableBytes } = this.#objects.header;
    const place = this.#bucket(table, dataHashTableBytes, TYPE.DATA_HASH_TABLE, hash);
    if (place === null) return { found: null, broken: true };
    let last = 0;
    let links = 0;
    for (let offset = place; offset !== 0; ) {
      const data = offset > last && links++ < MAX_CHAIN ? this.#objects.data(offset) : null;
      if (data === null) return this.#chainBroken(offset);
      if (sameHash(data.hash, hash)) {
        const payload = this.#objects.payload(data);
        if (payload === null) return { found: null, broken: true };
        if (sameBytes(payload, needle)) return { found: data, broken: false };
      }
      last = offset;
      offset = data.nextHashOffset;
    }
    return this.#confirmAbsent(needle, hash);
  }

  /** The distinct values of a field, at most 65,536. Cost grows with their number, not with the file. */
  values(field: string): FieldValues {
    const known = this.#valuesByField.get(field);
    if (known !== undefined) return known;
    const name = new TextEncoder().encode(field);
    const { found, broken } = this.#field(name);
    const values: DataObject[] = [];
    let isBroken = broken;
    let last = Number.POSITIVE_INFINITY;
    for (let offset = found?.headDataOffset ?? 0; offset !== 0; ) {
      // Every link must point to an older value, or the chain would be endless.
      const data = offset < last && values.length < MAX_VALUES ? this.#objects.data(offset) : null;
      if (data === null) {
        isBroken = this.#chainBroken(offset).broken;
        break;
      }
      values.push(data);
      last = offset;
      offset = data.nextFieldOffset;
    }
    const result = { values, broken: isBroken };
    this.#valuesByField.set(field, result);
    return result;
  }

  #field(name: Uint8Array): LookUp<FieldObject> {
    const hash = this.#objects.hash(name);
    const { fieldHashTableOffset: table, fieldHashTableBytes } = this.#objects.header;
    const place = this.#bucket(table, fieldHashTableBytes, TYPE.FIELD_HASH_TABLE, hash);
    if (place === null) return { found: null, broken: true };
    let last = 0;
    let links = 0;
    for (let offset = place; offset !== 0; ) {
      const field = offset > last && links++ < MAX_CHAIN ? this.#objects.field(offset) : null;
      if (field === null) return this.#chainBroken(offset);
      if (sameBytes(field.name, name)) return { found: field, broken: false };
      last = offset;
      offset = field.nextHashOffset;
    }
    return { found: null, broken: false };
  }

  #confirmAbsent(needle: Uint8Array, hash: Hash64): LookUp<DataObject> {
    const field = new TextDecoder().decode(needle.subarray(0, needle.indexOf(0x3d)));
    const { values, broken } = this.values(field);
    for (const data of values) {
      if (!sameHash(data.hash, hash)) continue;
      const payload = this.#objects.payload(data);
      if (payload === null || !sameBytes(payload, needle)) continue;
      this.#onDamage(data.offset, "value that the hash table does not list");
      return { found: data, broken: false };
    }
    return { found: null, broken };
  }

  /** Head of the chain for this hash: 0 for an empty one, null if the table is damaged. */
  #bucket(table: number, bytes: number, type: number, hash: Hash64): number | null {
    const { access } = this.#objects;
    const start = table - HEAD_BYTES;
    const head = this.#objects.isPlace(start) ? access.read(start, HEAD_BYTES) : new Uint8Array(0);
    const buckets = bytes / BUCKET_BYTES;
    const isSound =
      head[0] === type &&
      u64(head, 8) === bytes + HEAD_BYTES &&
      Number.isInteger(buckets) &&
      buckets > 0 &&
      table + bytes <= access.size;
    if (!isSound) {
      this.#onDamage(table, `${TYPE_NAMES[type]} object is damaged`);
      return null;
    }
    const bucket = access.read(table + bucketOf(hash, buckets) * BUCKET_BYTES, BUCKET_BYTES);
    return u64(bucket, 0);
  }

  #chainBroken(offset: number): { readonly found: null; readonly broken: true } {
    this.#onDamage(offset, "a chain of values ends at a damaged link");
    return { found: null, broken: true };
  }
}
