import { MAX_FIELD_NAME } from "./layout.js";
import type { DamageListener, DataObject, JournalEntry, ObjectReader } from "./objects.js";

/** One `FIELD=value` of an entry. */
export interface FieldValue {
  readonly name: string;
  /** Any bytes: text is usual, not certain. */
  readonly value: Uint8Array;
}

/** What is kept of a shared value: its name, and the value itself once it was wanted. */
interface Known {
  readonly name: string;
  readonly value: Uint8Array | null;
}

const CACHED_VALUES = 8192;
const CACHED_VALUE_BYTES = 1024;
const EQUALS = 0x3d;

/**
 * From an entry to its values. Reads only as much of a value as is needed to see that its field is not wanted, and
 * remembers values that several entries share: at most 8192 of at most 1 KiB.
 */
export class EntryFields {
  readonly #objects: ObjectReader;
  readonly #onDamage: DamageListener;
  readonly #known = new Map<number, Known>();

  constructor(objects: ObjectReader, onDamage: DamageListener) {
    this.#objects = objects;
    this.#onDamage = onDamage;
  }

  of(entry: JournalEntry, wanted: ReadonlySet<string>): FieldValue[] {
    const fields: FieldValue[] = [];
    for (const offset of entry.items) {
      const field = this.#read(offset, wanted);
      if (field !== null) fields.push(field);
    }
    return fields;
  }

  /** A test whether the value at an offset is one of these `FIELD=value` strings. */
  matcher(needles: readonly string[]): (offset: number) => boolean {
    const wanted = new Set(needles);
    const names = new Set(needles.map((needle) => needle.slice(0, Math.max(0, needle.indexOf("=")))));
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return (offset) => {
      const field = this.#read(offset, names);
      return field !== null && wanted.has(`${field.name}=${decoder.decode(field.value)}`);
    };
  }

  #read(offset: number, wanted: ReadonlySet<string>): FieldValue | null {
    const known = this.#known.get(offset);
    if (known !== undefined) {
      if (!wanted.has(known.name)) return null;
      if (known.value !== null) return { name: known.name, value: known.value };
    }
    const data = this.#objects.data(offset);
    if (data === null) return null;
    if (data.flags === 0) {
      const name = this.#name(data, this.#objects.payloadStart(data));
      if (name === null) return null;
      if (!wanted.has(name)) {
        this.#keep(data, { name, value: null });
        return null;
      }
    }
    const payload = this.#objects.payload(data);
    const name = payload === null ? null : this.#name(data, payload);
    if (payload === null || name === null) return null;
    // A copy: a view would keep a whole page of the file in memory.
    const value = payload.slice(name.length + 1);
    this.#keep(data, { name, value: wanted.has(name) && value.length <= CACHED_VALUE_BYTES ? value : null });
    return wanted.has(name) ? { name, value } : null;
  }

  #name(data: DataObject, bytes: Uint8Array): string | null {
    const equals = bytes.subarray(0, MAX_FIELD_NAME + 1).indexOf(EQUALS);
    if (equals > 0) {
      let name = "";
      for (let at = 0; at < equals; at++) name += String.fromCharCode(bytes[at] ?? 0);
      return name;
    }
    this.#onDamage(data.offset, "value without a field name");
    return null;
  }

  #keep(data: DataObject, known: Known): void {
    if (data.entries <= 1) return;
    this.#known.delete(data.offset);
    this.#known.set(data.offset, known);
    for (const oldest of this.#known.size > CACHED_VALUES ? this.#known.keys() : []) {
      this.#known.delete(oldest);
      break;
    }
  }
}
