/**
 * Writes journal files the way journald does, uncompressed: an implementation of the format of its own, which shares
 * nothing with the reader, so that neither can hide the other's mistakes.
 */

export interface WrittenEntry {
  readonly realtimeUs: number;
  readonly monotonicUs: number;
  /** 32 hex digits. */
  readonly bootId: string;
  /** `FIELD=value`, each as text or bytes. */
  readonly fields: readonly (string | Uint8Array)[];
  /** Default: one more than the entry before. */
  readonly seqnum?: number;
}

export interface WriterOptions {
  readonly compact?: boolean;
  readonly keyed?: boolean;
  readonly fileId?: string;
  readonly seqnumId?: string;
  readonly state?: 0 | 1 | 2;
  /** Buckets of the data hash table; few make long chains. */
  readonly buckets?: number;
  readonly incompatibleFlags?: number;
}

interface List {
  count: number;
  firstArray: number;
  lastArray: number;
  capacity: number;
  used: number;
}

const emptyList = (): List => ({ count: 0, firstArray: 0, lastArray: 0, capacity: 0, used: 0 });
const HEADER_BYTES = 272;
const FIELD_BUCKETS = 31;
const M = (1n << 64n) - 1n;

export function writeJournal(entries: readonly WrittenEntry[], options: WriterOptions = {}): Uint8Array {
  return new Writer(options).write(entries);
}

class Writer {
  readonly #options: WriterOptions;
  readonly #compact: boolean;
  readonly #fileId: Uint8Array;
  readonly #buckets: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 20);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = HEADER_BYTES;
  #objects = 0;
  #lastObject = 0;
  #lastEntry = 0;
  #arrays = 0;
  readonly #main = emptyList();
  readonly #data = new Map<string, { offset: number; list: List }>();
  readonly #fields = new Map<string, number>();
  #fieldTable = 0;
  #dataTable = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#compact = options.compact ?? true;
    this.#fileId = fromHex(options.fileId ?? "00112233445566778899aabbccddeeff");
    this.#buckets = options.buckets ?? 61;
  }

  write(entries: readonly WrittenEntry[]): Uint8Array {
    this.#fieldTable = this.#object(5, 16 + FIELD_BUCKETS * 16) + 16;
    this.#dataTable = this.#object(4, 16 + this.#buckets * 16) + 16;
    let seqnum = 0;
    const seqnums = entries.map((entry) => {
      seqnum = entry.seqnum ?? seqnum + 1;
      this.#entry(entry, seqnum);
      return seqnum;
    });
    this.#header(entries, seqnums);
    return this.#bytes.slice(0, this.#end);
  }

  #header(entries: readonly WrittenEntry[], seqnums: readonly number[]): void {
    const keyed = this.#options.keyed ?? true;
    this.#bytes.set(new TextEncoder().encode("LPKSHHRH"), 0);
    const flags = this.#options.incompatibleFlags ?? (keyed ? 4 : 0) + (this.#compact ? 16 : 0);
    this.#view.setUint32(12, flags, true);
    this.#bytes[16] = this.#options.state ?? 2;
    this.#bytes.set(this.#fileId, 24);
    this.#bytes.set(fromHex("c0ffee00c0ffee00c0ffee00c0ffee01"), 40);
    this.#bytes.set(fromHex(entries.at(-1)?.bootId ?? "00".repeat(16)), 56);
    this.#bytes.set(fromHex(this.#options.seqnumId ?? "5eed5eed5eed5eed5eed5eed5eed5eed"), 72);
    const words: readonly (readonly [number, number])[] = [
      [88, HEADER_BYTES],
      [96, this.#end - HEADER_BYTES],
      [104, this.#dataTable],
      [112, this.#buckets * 16],
      [120, this.#fieldTable],
      [128, FIELD_BUCKETS * 16],
      [136, this.#lastObject],
      [144, this.#objects],
      [152, entries.length],
      [160, seqnums.at(-1) ?? 0],
      [168, seqnums[0] ?? 0],
      [176, this.#main.firstArray],
      [184, entries[0]?.realtimeUs ?? 0],
      [192, entries.at(-1)?.realtimeUs ?? 0],
      [200, entries.at(-1)?.monotonicUs ?? 0],
      [208, this.#data.size],
      [216, this.#fields.size],
      [232, this.#arrays],
      [264, this.#lastEntry],
    ];
    for (const [at, value] of words) this.#put(at, value);
    this.#view.setUint32(256, this.#main.lastArray, true);
    this.#view.setUint32(260, this.#main.used, true);
  }

  #entry(entry: WrittenEntry, seqnum: number): void {
    const payloads = entry.fields.map((field) => (typeof field === "string" ? new TextEncoder().encode(field) : field));
    const values = [...new Set(payloads.map((payload) => this.#value(payload)))].sort((a, b) => a.offset - b.offset);
    const itemBytes = this.#compact ? 4 : 16;
    const at = this.#object(3, 64 + values.length * itemBytes);
    this.#put(at + 16, seqnum);
    this.#put(at + 24, entry.realtimeUs);
    this.#put(at + 32, entry.monotonicUs);
    this.#bytes.set(fromHex(entry.bootId), at + 40);
    this.#putHash(
      at + 56,
      payloads.reduce((all, payload) => all ^ jenkins(payload), 0n),
    );
    for (const [i, { offset }] of values.entries()) {
      if (this.#compact) this.#view.setUint32(at + 64 + i * 4, offset, true);
      else {
        this.#put(at + 64 + i * 16, offset);
        this.#putHash(at + 72 + i * 16, this.#view.getBigUint64(offset + 16, true));
      }
    }
    this.#lastEntry = at;
    this.#append(this.#main, at);
    for (const { offset, list } of values) this.#link(offset, list, at);
  }

  #link(data: number, list: List, entry: number): void {
    const count = this.#get(data + 56);
    if (count === 0) this.#put(data + 40, entry);
    else this.#append(list, entry);
    this.#put(data + 48, list.firstArray);
    this.#put(data + 56, count + 1);
    if (this.#compact) {
      this.#view.setUint32(data + 64, list.lastArray, true);
      this.#view.setUint32(data + 68, list.used, true);
    }
  }

  #append(list: List, entry: number): void {
    const itemBytes = this.#compact ? 4 : 8;
    if (list.used === list.capacity) {
      const capacity = list.capacity === 0 ? 4 : list.capacity * 2;
      this.#arrays++;
      const array = this.#object(6, 24 + capacity * itemBytes);
      if (list.lastArray === 0) list.firstArray = array;
      else this.#put(list.lastArray + 16, array);
      Object.assign(list, { lastArray: array, capacity, used: 0 });
    }
    const at = list.lastArray + 24 + list.used * itemBytes;
    if (this.#compact) this.#view.setUint32(at, entry, true);
    else this.#put(at, entry);
    list.used++;
    list.count++;
  }

  #value(payload: Uint8Array): { offset: number; list: List } {
    const key = Buffer.from(payload).toString("latin1");
    const known = this.#data.get(key);
    if (known !== undefined) return known;
    const payloadAt = this.#compact ? 72 : 64;
    const at = this.#object(1, payloadAt + payload.length);
    this.#bytes.set(payload, at + payloadAt);
    this.#hang(at, payload, this.#dataTable, this.#buckets);
    const field = this.#field(key.slice(0, key.indexOf("=")));
    this.#put(at + 32, this.#get(field + 32));
    this.#put(field + 32, at);
    const made = { offset: at, list: emptyList() };
    this.#data.set(key, made);
    return made;
  }

  #field(name: string): number {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const at = this.#object(2, 40 + name.length);
    const bytes = new TextEncoder().encode(name);
    this.#bytes.set(bytes, at + 40);
    this.#hang(at, bytes, this.#fieldTable, FIELD_BUCKETS);
    this.#fields.set(name, at);
    return at;
  }

  /** Puts an object at the end of its hash chain. */
  #hang(at: number, payload: Uint8Array, table: number, buckets: number): void {
    const hash = (this.#options.keyed ?? true) ? sipHash(this.#fileId, payload) : jenkins(payload);
    this.#putHash(at + 16, hash);
    const bucket = table + Number(hash % BigInt(buckets)) * 16;
    const tail = this.#get(bucket + 8);
    this.#put(tail === 0 ? bucket : tail + 24, at);
    this.#put(bucket + 8, at);
  }

  #object(type: number, size: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + size) / 8) * 8;
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(this.#end * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#bytes[at] = type;
    this.#put(at + 8, size);
    this.#objects++;
    this.#lastObject = at;
    return at;
  }

  #put(at: number, value: number): void {
    this.#putHash(at, BigInt(value));
  }

  #putHash(at: number, value: bigint): void {
    this.#view.setBigUint64(at, value, true);
  }

  #get(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function sipHash(key: Uint8Array, data: Uint8Array): bigint {
  const padded = new Uint8Array(Math.floor(data.length / 8) * 8 + 8);
  padded.set(data);
  padded[padded.length - 1] = data.length & 0xff;
  const word = (bytes: Uint8Array, at: number) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true);
  const [k0, k1] = [word(key, 0), word(key, 8)];
  let a = k0 ^ 0x736f6d6570736575n;
  let b = k1 ^ 0x646f72616e646f6dn;
  let c = k0 ^ 0x6c7967656e657261n;
  let d = k1 ^ 0x7465646279746573n;
  const rotl = (value: bigint, bits: bigint) => ((value << bits) | (value >> (64n - bits))) & M;
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      a = (a + b) & M;
      b = rotl(b, 13n) ^ a;
      a = rotl(a, 32n);
      c = (c + d) & M;
      d = rotl(d, 16n) ^ c;
      a = (a + d) & M;
      d = rotl(d, 21n) ^ a;
      c = (c + b) & M;
      b = rotl(b, 17n) ^ c;
      c = rotl(c, 32n);
    }
  };
  for (let at = 0; at < padded.length; at += 8) {
    const m = word(padded, at);
    d ^= m;
    rounds(2);
    a ^= m;
  }
  c ^= 0xffn;
  rounds(4);
  return a ^ b ^ c ^ d;
}

function jenkins(data: Uint8Array): bigint {
  const state = new Uint32Array(3).fill(0xdeadbeef + data.length);
  const [A, B, C] = [0, 1, 2];
  const at = (i: number) => state[i] ?? 0;
  const rot = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
  const take = (from: number) => {
    for (let i = 0; i < 12 && from + i < data.length; i++) {
      state[i >> 2] = at(i >> 2) + (((data[from + i] ?? 0) << (8 * (i & 3))) >>> 0);
    }
  };
  let from = 0;
  for (; data.length - from > 12; from += 12) {
    take(from);
    for (const [x, y, z, bits] of [
      [A, C, B, 4],
      [B, A, C, 6],
      [C, B, A, 8],
      [A, C, B, 16],
      [B, A, C, 19],
      [C, B, A, 4],
    ] as const) {
      state[x] = (at(x) - at(y)) ^ rot(at(y), bits);
      state[y] = at(y) + at(z);
    }
  }
  if (from < data.length) {
    take(from);
    for (const [x, y, bits] of [
      [C, B, 14],
      [A, C, 11],
      [B, A, 25],
      [C, B, 16],
      [A, C, 4],
      [B, A, 14],
      [C, B, 24],
    ] as const) {
      state[x] = (at(x) ^ at(y)) - rot(at(y), bits);
    }
  }
  return (BigInt(at(C)) << 32n) | BigInt(at(B));
}
