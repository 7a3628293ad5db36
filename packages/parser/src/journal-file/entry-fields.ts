import { decodeUtf8, JOURNAL_FIELDS } from "../formats/journal-fields.js";
import { sameBytes } from "./bytes.js";
import { MAX_FIELD_NAME } from "./layout.js";
import type { DamageListener, DataObject, JournalEntry, ObjectReader } from "./objects.js";

/** One `FIELD=value` of an entry. */
export interface FieldValue {
  readonly name: string;
  /** Any bytes: text is usual, not certain. */
  readonly value: Uint8Array;
  /** The value as text; bytes that are not UTF-8 become U+FFFD. */
  readonly text: string;
}

/** Entries share most of their values: a text that was decoded once is kept. */
class Value implements FieldValue {
  readonly name: string;
  readonly value: Uint8Array;
  #text: string | null = null;

  constructor(name: string, value: Uint8Array) {
    this.name = name;
    this.value = value;
  }

  get text(): string {
    this.#text ??= decodeUtf8(this.value);
    return this.#text;
  }
}

/** What is kept of a shared value: its name, and the value itself once it was wanted. */
interface Known {
  readonly name: string;
  readonly field: FieldValue | null;
}

const CACHED_VALUES = 8192;
const CACHED_VALUE_BYTES = 1024;
const EQUALS = 0x3d;

/** Field names that were met, by their bytes; those of JOURNAL_FIELDS are the very same strings. */
class FieldNames {
  readonly #names = new Map<number, { readonly name: string; readonly bytes: Uint8Array }>();
  readonly #usual = new Map([...JOURNAL_FIELDS].map((name) => [name, name]));

  of(bytes: Uint8Array): string {
    let key = bytes.length;
    for (let at = 0; at < bytes.length; at += 1) key = Math.imul(key, 31) + (bytes[at] ?? 0);
    const known = this.#names.get(key);
    if (known !== undefined && sameBytes(known.bytes, bytes)) return known.name;
    const text = String.fromCharCode(...bytes);
    const name = this.#usual.get(text) ?? text;
    if (this.#names.size < CACHED_VALUES) this.#names.set(key, { name, bytes: bytes.slice() });
    return name;
  }
}

/**
 * From an entry to its values. Reads only as much of a value as is needed to see that its field is not wanted, and
 * remembers values that several entries share: at most 8192 of at most 1 KiB.
 */
export class EntryFields {
  readonly #objects: ObjectReader;
  readonly #onDamage: DamageListener;
  readonly #known = new Map<number, Known>();
  readonly #names = new FieldNames();

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
    return (offset) => {
      const field = this.#read(offset, names);
      return field !== null && wanted.has(`${field.name}=${field.text}`);
    };
  }

  #read(offset: number, wanted: ReadonlySet<string>): FieldValue | null {
    const known = this.#known.get(offset);
    if (known !== undefined) {
      if (known.field !== null) return wanted.has(known.name) ? known.field : null;
      if (!wanted.has(known.name)) return null;
    }
    const data = this.#objects.data(offset);
    if (data === null) return null;
    let name: string | null = null;
    if (data.flags === 0) {
      name = this.#name(data, this.#objects.payloadStart(data));
      if (name === null) return null;
      if (!wanted.has(name)) {
        this.#keep(data, { name, field: null });
        return null;
      }
    }
    const payload = this.#objects.payload(data);
    if (payload === null) return null;
    name ??= this.#name(data, payload);
    if (name === null) return null;
    // A copy: what was read holds until the next read.
    const field = new Value(name, payload.slice(name.length + 1));
    this.#keep(data, { name, field: wanted.has(name) && field.value.length <= CACHED_VALUE_BYTES ? field : null });
    return wanted.has(name) ? field : null;
  }

  #name(data: DataObject, bytes: Uint8Array): string | null {
    const equals = bytes.subarray(0, MAX_FIELD_NAME + 1).indexOf(EQUALS);
    if (equals > 0) return this.#names.of(bytes.subarray(0, equals));
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
