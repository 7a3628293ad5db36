import { LAYOUT } from "./layout.js";

/**
 * Entries of native journal files, passed over in the kernel's memory: parts of the file are read to where the kernel goes
 * from entry to value, so that nothing is made of either. `wasm/file-entries.ts` and `wasm/file-values.ts` are the kernel's
 * side.
 */

/** The file, and how it is read. */
export interface WalkedFile {
  readonly size: number;
  /** Is its layout the compact one? */
  readonly isCompact: boolean;
  /** 16 bytes: of the keyed hash; null where the hash takes no key. */
  readonly key: Uint8Array | null;
  /** Fields whose values are compared with their hash, at most 21, none longer than 27 characters. */
  readonly fields: Iterable<string>;
  /** Fills `target` with the bytes from `offset` on; returns how many it got. */
  readonly readInto: (offset: number, target: Uint8Array) => number;
}

/** Where entries must be from to be counted. */
export interface FileOrigin {
  /** 32 hexadecimal digits, as the machine's id. */
  readonly bootId: string;
  readonly machineId: string | null;
  readonly host: string;
  /** Entries of the kernel are from this hour: microseconds since the epoch, the first in, the last out. */
  readonly hourFromUs: number;
  readonly hourToUs: number;
  /** An earlier stamp is one of a clock that was not set. */
  readonly earliestUs: number;
}

/** What a walk counted. Microseconds are zero where none is the kernel's. */
export interface WalkedEntries {
  /** The first entry of the list that was not counted, or the end of the list. */
  readonly end: number;
  /** Bytes of entries and values that were gone through. */
  readonly work: number;
  readonly kernelEntries: number;
  readonly firstKernelUs: number;
  readonly lastKernelUs: number;
}

/** The fields that count, by their numbers from 1 on, as the kernel knows them. */
const COUNTED_FIELDS: readonly string[] = [
  "MESSAGE",
  "_HOSTNAME",
  "_MACHINE_ID",
  "_TRANSPORT",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "_COMM",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_SOURCE_MONOTONIC_TIMESTAMP",
  "_SOURCE_BOOTTIME_TIMESTAMP",
];
/** Entries that one list holds. */
export const MOST_LISTED = 1024;
const MOST_HOST_BYTES = 128;
/** Blocks of the window: what is read at once, at least. */
const BLOCKS = 512;
/** Blocks that are read at once where one follows the other. */
const MOST_READ_BLOCKS = 64;
/** Offsets are kept in 32 bits, as multiples of 8. */
const MOST_FILE_BYTES = 2 ** 35;
/** Read with a value from before the window: those that the same entry brought stand behind it. */
const LEAST_ASIDE_BYTES = 1024;
/** How often bytes may be asked for on account of one entry: most are known, or stand beside it. */
const MOST_NEEDS = 256;

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly fileEntries: (from: number, to: number) => number;
}

/**
 * Counts the entries of one file that are from one place and hold no needle in their message. Takes two pieces of the
 * kernel's memory, each a power of two: one is a window on the file, which moves on with the entries; the other holds what
 * is known of values, the list of entries, and values from before the window.
 */
export class FileEntries {
  readonly #kernel: Kernel;
  readonly #file: WalkedFile;
  readonly #view: DataView;
  readonly #window: Uint8Array;
  readonly #blocks: Uint8Array;
  readonly #blockBytes: number;
  readonly #aside: Uint8Array;
  readonly #list: Uint32Array;
  #windowFrom = 0;
  /** The block behind the one read last, and how many were read with it. */
  #next = 0;
  #readBlocks = 1;
  #origin: FileOrigin | null = null;
  #originNumber = 0;

  constructor(kernel: Kernel, [window, other]: readonly [Uint8Array, Uint8Array], file: WalkedFile) {
    const { buffer } = kernel.memory;
    const quarter = other.length / 4;
    const table = other.subarray(0, 2 * quarter);
    this.#kernel = kernel;
    this.#file = file;
    this.#window = window;
    this.#blockBytes = window.length / BLOCKS;
    this.#blocks = new Uint8Array(buffer, LAYOUT.fileBlocks, BLOCKS);
    this.#aside = other.subarray(2 * quarter, 3 * quarter);
    this.#list = new Uint32Array(buffer, other.byteOffset + 3 * quarter, MOST_LISTED);
    this.#view = new DataView(buffer, LAYOUT.file);
    table.fill(0);
    this.#blocks.fill(0);
    const view = this.#view;
    view.setBigUint64(0, BigInt(file.size), true);
    new Uint8Array(buffer, LAYOUT.file + 8, 16).set(file.key ?? []);
    view.setUint32(24, file.key === null ? 0 : 1, true);
    view.setUint32(28, file.isCompact ? 1 : 0, true);
    view.setBigUint64(32, 0n, true);
    view.setUint32(40, window.byteOffset, true);
    view.setUint32(44, window.length, true);
    view.setUint32(48, Math.log2(this.#blockBytes), true);
    view.setUint32(52, table.byteOffset, true);
    view.setUint32(56, Math.log2(table.length / 8), true);
    view.setUint32(60, 0, true);
    view.setUint32(64, this.#aside.byteOffset, true);
    view.setUint32(80, this.#list.byteOffset, true);
    writeNames([...COUNTED_FIELDS, ...[...file.fields].filter((name) => !COUNTED_FIELDS.includes(name))], buffer);
  }

  /** Sets the list: offsets of entries, ascending, at most MOST_LISTED; those that no entry can have are left to be read. */
  list(offsets: readonly number[]): void {
    offsets.forEach((offset, index) => {
      this.#list[index] = offset % 8 === 0 ? offset / 8 : 0;
    });
  }

  /** Counts the list's entries from one on that are of an origin, up to the first that is not sure to be like them. */
  walk(origin: FileOrigin, from: number, to: number): WalkedEntries {
    if (this.#origin !== origin) this.#setOrigin(origin);
    let kernelEntries = 0;
    let firstKernelUs = 0;
    let lastKernelUs = 0;
    let work = 0;
    let at = from;
    for (let needs = 0; ; needs += 1) {
      const end = this.#kernel.fileEntries(at, to);
      if (end > at) needs = 0;
      at = end;
      const view = this.#view;
      const counted = view.getUint32(88, true);
      if (counted > 0) {
        const first = Number(view.getBigUint64(120, true));
        firstKernelUs = kernelEntries === 0 ? first : Math.min(firstKernelUs, first);
        lastKernelUs = Math.max(lastKernelUs, Number(view.getBigUint64(128, true)));
        kernelEntries += counted;
      }
      work += Number(view.getBigUint64(112, true));
      const isNeeded = view.getUint32(92, true) === 1;
      if (!isNeeded || needs >= MOST_NEEDS || !this.#bring())
        return { end, work, kernelEntries, firstKernelUs, lastKernelUs };
    }
  }

  /** Reads the bytes that the kernel asked for; false where there is no room for them, or the file has them no more. */
  #bring(): boolean {
    const from = Number(this.#view.getBigUint64(96, true));
    const bytes = Number(this.#view.getBigUint64(104, true));
    if (from < this.#windowFrom) return this.#bringAside(from, bytes);
    if (from + bytes > this.#windowFrom + this.#window.length) this.#moveTo(from);
    const first = Math.floor((from - this.#windowFrom) / this.#blockBytes);
    const last = Math.floor((from + bytes - 1 - this.#windowFrom) / this.#blockBytes);
    if (last >= BLOCKS) return false;
    for (let block = first; block <= last; block += 1) {
      if (this.#blocks[block] === 0 && !this.#readFrom(block, last)) return false;
    }
    return true;
  }

  /** Reads a block, and further ones where that goes on where the last reading ended. */
  #readFrom(block: number, last: number): boolean {
    this.#readBlocks = block === this.#next ? Math.min(2 * this.#readBlocks, MOST_READ_BLOCKS) : 1;
    const most = Math.min(BLOCKS, block + Math.max(this.#readBlocks, last - block + 1));
    let end = block + 1;
    while (end < most && this.#blocks[end] === 0) end += 1;
    const from = this.#windowFrom + block * this.#blockBytes;
    const wanted = Math.min((end - block) * this.#blockBytes, this.#file.size - from);
    const start = block * this.#blockBytes;
    if (this.#file.readInto(from, this.#window.subarray(start, start + wanted)) !== wanted) return false;
    this.#blocks.fill(1, block, end);
    this.#next = end;
    return true;
  }

  /** Moves the window so that a place of the file stands behind its first quarter. */
  #moveTo(offset: number): void {
    const before = this.#windowFrom;
    this.#windowFrom = Math.max(before, (Math.floor(offset / this.#blockBytes) - BLOCKS / 4) * this.#blockBytes);
    const blocks = (this.#windowFrom - before) / this.#blockBytes;
    this.#window.copyWithin(0, blocks * this.#blockBytes);
    this.#blocks.copyWithin(0, blocks);
    this.#blocks.fill(0, Math.max(0, BLOCKS - blocks));
    this.#next -= blocks;
    this.#view.setBigUint64(32, BigInt(this.#windowFrom), true);
  }

  #bringAside(from: number, bytes: number): boolean {
    if (bytes > this.#aside.length) return false;
    const wanted = Math.min(Math.max(bytes, LEAST_ASIDE_BYTES), this.#file.size - from);
    const got = this.#file.readInto(from, this.#aside.subarray(0, wanted));
    this.#view.setUint32(60, got, true);
    this.#view.setBigUint64(72, BigInt(from), true);
    return got >= bytes;
  }

  #setOrigin(origin: FileOrigin): void {
    const before = this.#origin;
    if (before?.host !== origin.host || before.machineId !== origin.machineId) this.#originNumber += 1;
    this.#origin = origin;
    const { buffer } = this.#kernel.memory;
    const view = new DataView(buffer, LAYOUT.fileOrigin);
    const bytes = new Uint8Array(buffer, LAYOUT.fileOrigin);
    const host = new TextEncoder().encode(origin.host);
    view.setUint32(0, this.#originNumber, true);
    // No value is longer than a longer name is said to be.
    view.setUint32(4, host.length > MOST_HOST_BYTES ? 2 ** 32 - 1 : host.length, true);
    view.setUint32(8, origin.machineId === null ? 0 : 1, true);
    view.setBigUint64(16, BigInt(origin.hourFromUs), true);
    view.setBigUint64(24, BigInt(origin.hourToUs), true);
    view.setBigUint64(32, BigInt(origin.earliestUs), true);
    for (let at = 0; at < 16; at += 1) bytes[48 + at] = Number.parseInt(origin.bootId.slice(2 * at, 2 * at + 2), 16);
    for (let at = 0; at < 32; at += 1) bytes[64 + at] = origin.machineId?.charCodeAt(at) ?? 0;
    bytes.set(host.subarray(0, MOST_HOST_BYTES), 96);
  }
}

/** Can a walk take these pieces, and such a file? */
export function canWalk(pieces: readonly [Uint8Array, Uint8Array], { size }: WalkedFile): boolean {
  return (
    size <= MOST_FILE_BYTES &&
    pieces.every(({ length }) => length >= 16 * MOST_LISTED && Number.isInteger(Math.log2(length)))
  );
}

function writeNames(names: readonly string[], buffer: ArrayBuffer): void {
  const bytes = new Uint8Array(buffer, LAYOUT.fileNames, LAYOUT.fileBlocks - LAYOUT.fileNames);
  bytes.fill(0);
  names.forEach((name, index) => {
    const number = index + 1;
    for (let at = 0; at < name.length; at += 1) bytes[32 * number + at] = name.charCodeAt(at);
    bytes[32 * number + 31] = bytes[name.length]!;
    bytes[name.length] = number;
  });
}
