import { decimal, isKernelWord, MOST_US } from "./entry-fields";
import { jenkinsLookup3 } from "./jenkins-lookup3";
import { FILE, FILE_BLOCKS, FILE_NAMES, FILE_ORIGIN } from "./memory";
import { isSame } from "./origins";
import { holdsNeedle } from "./scan";
import { sipHash24 } from "./siphash24";
import { isUtf8 } from "./utf8";

/**
 * The values of a journal file, where parts of the file stand in memory: what one says, and which are known. `FILE` holds
 * what `src/scan/file-entries.ts` writes there.
 */

export const FILE_BYTES: usize = FILE;
/** 16 bytes; whether the file's hash takes it, and whether its layout is the compact one (32 bits each). */
const KEY: usize = FILE + 8;
const IS_KEYED: usize = FILE + 24;
export const IS_COMPACT: usize = FILE + 28;
/** The window: its first byte in the file (64 bits), its address, its length, and the bits of a block's (32 each). */
const WINDOW_FROM: usize = FILE + 32;
const WINDOW: usize = FILE + 40;
const WINDOW_BYTES: usize = FILE + 44;
const BLOCK_BITS: usize = FILE + 48;
/** Known values: address of the table and its length in bits (32 each). */
const TABLE: usize = FILE + 52;
const TABLE_BITS: usize = FILE + 56;
/** Bytes from before the window: how many stand there, and their address (32 bits each), their first in the file (64). */
const ASIDE_BYTES: usize = FILE + 60;
const ASIDE: usize = FILE + 64;
const ASIDE_FROM: usize = FILE + 72;
/** Results: bytes of the file that are needed, first and how many; bytes gone through (64 bits each). */
const NEEDED_FROM: usize = FILE + 96;
const NEEDED_BYTES: usize = FILE + 104;
export const WORK: usize = FILE + 112;

/** The origin: number, length of the host's name, whether there is a machine (32 bits each); the names behind the stamps. */
export const ORIGIN_NUMBER: usize = FILE_ORIGIN;
const HOST_BYTES: usize = FILE_ORIGIN + 4;
export const HAS_MACHINE: usize = FILE_ORIGIN + 8;
const MACHINE: usize = FILE_ORIGIN + 64;
const HOST: usize = FILE_ORIGIN + 96;

/** Fields that count, by their numbers; a value of any other field that is read has its hash checked, and no more. */
export const MESSAGE: u32 = 1;
export const HOSTNAME: u32 = 2;
export const MACHINE_ID: u32 = 3;
export const TRANSPORT: u32 = 4;
export const FACILITY: u32 = 5;
export const IDENTIFIER: u32 = 6;
export const COMM: u32 = 7;
export const SOURCE_REALTIME: u32 = 8;
export const SOURCE_MONOTONIC: u32 = 9;
export const SOURCE_BOOTTIME: u32 = 10;
const NO_FIELD: u32 = 31;

const DATA: u8 = 1;
const EQUALS: u8 = 61;
const MOST_NAME_BYTES: u64 = 64;
const MOST_WANTED_NAME_BYTES: u32 = 27;
const MOST_MESSAGE_BYTES: usize = 1 << 20;
/** Places of the table at which a value may stand. */
const PROBES: u32 = 4;

/** What is said instead of a meaning: the entry must be read; bytes of the file are needed. */
export const READ: u32 = 0;
export const NEED: u32 = 0xffffffff;

/** The last stamp that was read, microseconds. */
export let stampUs: u64 = 0;

/** Counts bytes that were gone through. */
export function work(bytes: u64): void {
  store<u64>(WORK, load<u64>(WORK) + bytes);
}

/** Where bytes of the file stand in memory; 0 where they do not, and then they are needed. */
export function placeOf(offset: u64, bytes: u64): usize {
  const at = offset - load<u64>(WINDOW_FROM);
  const windowBytes: u64 = load<u32>(WINDOW_BYTES);
  if (at < windowBytes && bytes <= windowBytes - at) {
    const bits: u64 = load<u32>(BLOCK_BITS);
    const last = (FILE_BLOCKS + ((at + bytes - 1) >> bits)) as usize;
    let block = (FILE_BLOCKS + (at >> bits)) as usize;
    while (block <= last && load<u8>(block) !== 0) block++;
    if (block > last) return (load<u32>(WINDOW) as usize) + (at as usize);
  } else {
    const aside = offset - load<u64>(ASIDE_FROM);
    const asideBytes: u64 = load<u32>(ASIDE_BYTES);
    if (aside < asideBytes && bytes <= asideBytes - aside) return (load<u32>(ASIDE) as usize) + (aside as usize);
  }
  store<u64>(NEEDED_FROM, offset);
  store<u64>(NEEDED_BYTES, bytes);
  return 0;
}

function tablePlace(key: u32, probe: u32): usize {
  const bits = load<u32>(TABLE_BITS);
  const slot = ((key * 0x9e3779b1) >>> (32 - bits)) + probe;
  return (load<u32>(TABLE) as usize) + (((slot & (((1 as u32) << bits) - 1)) as usize) << 3);
}

/** What is known of the value at an offset; 0: nothing. */
export function known(offset: u64): u32 {
  const key = (offset >> 3) as u32;
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    const place = tablePlace(key, probe);
    const found = load<u32>(place);
    if (found === key) return load<u32>(place, 4);
    if (found === 0) return 0;
  }
  return 0;
}

/** A new value takes the place of another where there is no free one. */
function remember(offset: u64, meaning: u32): void {
  const key = (offset >> 3) as u32;
  let place: usize = 0;
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    place = tablePlace(key, probe);
    const found = load<u32>(place);
    if (found === 0 || found === key) break;
  }
  store<u32>(place, key);
  store<u32>(place, meaning, 4);
}

/** The number of a field of which values are read; NO_FIELD for others. Reads up to 31 bytes behind its name. */
function fieldAt(name: usize, length: u32): u32 {
  if (length > MOST_WANTED_NAME_BYTES) return NO_FIELD;
  const whole: u32 = ((1 as u32) << length) - 1;
  let field: u32 = load<u8>(FILE_NAMES + length);
  while (field !== 0) {
    const entry = FILE_NAMES + ((field as usize) << 5);
    const low: u32 = i8x16.bitmask(i8x16.eq(v128.load(name), v128.load(entry)));
    const high: u32 = i8x16.bitmask(i8x16.eq(v128.load(name, 16), v128.load(entry, 16)));
    if (((low | (high << 16)) & whole) === whole) return field;
    field = load<u8>(entry, 31);
  }
  return NO_FIELD;
}

/** The first `=` in [at, to), or `to`. */
function nameEnd(from: usize, to: usize): usize {
  const equals = i8x16.splat(EQUALS);
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), equals));
    if (found !== 0) return min(at + ctz(found), to);
  }
  return to;
}

/** Reads a number into `stampUs`; false where there is none. */
function readStamp(from: usize, to: usize): bool {
  stampUs = decimal(from, to);
  return stampUs <= MOST_US;
}

/** What the value [from, to) of a field means: its number and, from bit 8 on, what it says; or READ. */
function meaningOf(field: u32, from: usize, to: usize): u32 {
  switch (field) {
    case MESSAGE: {
      if (from === to || to - from > MOST_MESSAGE_BYTES) return READ;
      return holdsNeedle(from, to) || !isUtf8(from, to) ? READ : MESSAGE;
    }
    case HOSTNAME: {
      const length: usize = load<u32>(HOST_BYTES);
      return to - from === length && isSame(from, HOST, length) ? field | (load<u32>(ORIGIN_NUMBER) << 8) : READ;
    }
    case MACHINE_ID: {
      const isIt = load<u32>(HAS_MACHINE) !== 0 && to - from === 32 && isSame(from, MACHINE, 32);
      return isIt ? field | (load<u32>(ORIGIN_NUMBER) << 8) : READ;
    }
    case TRANSPORT:
    case IDENTIFIER:
    case COMM:
      return isKernelWord(from, to) ? field | 256 : field;
    case FACILITY:
      return to - from !== 1 || load<u8>(from) !== 48 ? field | 256 : field;
    case SOURCE_REALTIME:
    case SOURCE_MONOTONIC:
    case SOURCE_BOOTTIME:
      return readStamp(from, to) ? field : READ;
    default:
      return NO_FIELD;
  }
}

/** What the value at an offset means, checked as `ObjectReader` and `EntryFields` check it; or READ, or NEED. */
export function readValue(offset: u64): u32 {
  const payloadAt: u64 = load<u32>(IS_COMPACT) !== 0 ? 72 : 64;
  const left = load<u64>(FILE_BYTES) - offset;
  if (left <= payloadAt) return READ;
  let data = placeOf(offset, payloadAt);
  if (data === 0) return NEED;
  const bytes = load<u64>(data, 8);
  if (load<u8>(data) !== DATA || load<u8>(data, 1) !== 0 || bytes <= payloadAt || bytes > left) return READ;
  const entries = load<u64>(data, 56);
  if ((load<u64>(data, 40) === 0) !== (entries === 0)) return READ;
  const hash = load<u64>(data, 16);
  const startBytes = min(bytes, payloadAt + MOST_NAME_BYTES + 1);
  data = placeOf(offset, startBytes);
  if (data === 0) return NEED;
  const name = data + (payloadAt as usize);
  const equals = nameEnd(name, data + (startBytes as usize));
  if (equals === name || equals === data + (startBytes as usize)) return READ;
  const length = (equals - name) as u32;
  const field = fieldAt(name, length);
  let meaning = field;
  if (field !== NO_FIELD) {
    data = placeOf(offset, bytes);
    if (data === 0) return NEED;
    work(bytes);
    const from = data + (payloadAt as usize);
    const to = data + (bytes as usize);
    const found = load<u32>(IS_KEYED) !== 0 ? sipHash24(KEY, from, to) : jenkinsLookup3(from, to);
    if (found !== hash) return READ;
    meaning = meaningOf(field, from + (length as usize) + 1, to);
    if (meaning === READ) return READ;
  }
  // Stamps are read each time: what is known has no room for them.
  if (entries > 1 && (field < SOURCE_REALTIME || field > SOURCE_BOOTTIME)) remember(offset, meaning);
  return meaning;
}
