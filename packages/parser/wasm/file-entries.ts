import { MOST_US } from "./entry-fields";
import {
  COMM,
  FACILITY,
  FILE_BYTES,
  HAS_MACHINE,
  HOSTNAME,
  IDENTIFIER,
  IS_COMPACT,
  known,
  MACHINE_ID,
  MESSAGE,
  NEED,
  ORIGIN_NUMBER,
  placeOf,
  READ,
  readValue,
  SOURCE_BOOTTIME,
  SOURCE_MONOTONIC,
  SOURCE_REALTIME,
  stampUs,
  TRANSPORT,
  WORK,
  work,
} from "./file-values";
import { FILE, FILE_ORIGIN } from "./memory";

/**
 * Passes over the entries of a native journal file that cannot matter, parts of the file standing in memory. What is not
 * sure, damage above all, is left to be read; `src/journal-file/passed-entries.ts` reads the same.
 */

/** Address of the list of entries: their places in the file, in units of 8 bytes (32 bits each). */
const LIST: usize = FILE + 80;
/** Results: entries of the kernel (32 bits), the first and the last stamp of these, microseconds (64 bits). */
const KERNEL_ENTRIES: usize = FILE + 88;
const IS_NEEDED: usize = FILE + 92;
const FIRST_US: usize = FILE + 120;
const LAST_US: usize = FILE + 128;

const HOUR_FROM: usize = FILE_ORIGIN + 16;
const HOUR_TO: usize = FILE_ORIGIN + 24;
const EARLIEST: usize = FILE_ORIGIN + 32;
const BOOT: usize = FILE_ORIGIN + 48;

const ENTRY: u8 = 3;
const LEAST_OFFSET: u64 = 208;
const ITEMS_AT: u64 = 64;
const MOST_ITEMS: u64 = 16384;
const COUNTED: u32 = 1;
const NEEDED_FIELDS: u32 = (1 << MESSAGE) | (1 << HOSTNAME);

/** Fields of the entry at hand, a bit each, and what they say. */
let seen: u32 = 0;
let isKernelTransport: bool = false;
let isOtherFacility: bool = false;
let isKernelIdentifier: bool = false;
let isKernelCommand: bool = false;
let sourceRealtimeUs: u64 = 0;
let sourceMonotonicUs: u64 = 0;
let sourceBoottimeUs: u64 = 0;

function isSeen(field: u32): bool {
  return (seen & (1 << field)) !== 0;
}

/** Takes what a value means: the first of each field counts. */
function take(meaning: u32): void {
  const field = meaning & 255;
  if (isSeen(field)) return;
  seen |= 1 << field;
  const isSaid = meaning > 255;
  if (field === TRANSPORT) isKernelTransport = isSaid;
  else if (field === FACILITY) isOtherFacility = isSaid;
  else if (field === IDENTIFIER) isKernelIdentifier = isSaid;
  else if (field === COMM) isKernelCommand = isSaid;
  else if (field === SOURCE_REALTIME) sourceRealtimeUs = stampUs;
  else if (field === SOURCE_MONOTONIC) sourceMonotonicUs = stampUs;
  else if (field === SOURCE_BOOTTIME) sourceBoottimeUs = stampUs;
}

/** Counts an entry whose values are all taken; false when it must be read. */
function finish(realtimeUs: u64, monotonicUs: u64): bool {
  if ((seen & NEEDED_FIELDS) !== NEEDED_FIELDS) return false;
  if ((isSeen(MACHINE_ID) ? 1 : 0) !== load<u32>(HAS_MACHINE)) return false;
  const isFromKernel = isSeen(TRANSPORT) && isKernelTransport;
  const isKernel = isFromKernel && !(isSeen(FACILITY) && isOtherFacility);
  const isNamedKernel = isSeen(IDENTIFIER) ? isKernelIdentifier : isSeen(COMM) && isKernelCommand;
  if (!isKernel && isNamedKernel) return false;
  let us = realtimeUs;
  if (isFromKernel) {
    const hasMonotonic = isSeen(SOURCE_MONOTONIC);
    const printed = hasMonotonic ? sourceMonotonicUs : sourceBoottimeUs;
    if ((hasMonotonic || isSeen(SOURCE_BOOTTIME)) && printed <= monotonicUs) {
      const lag = monotonicUs - printed;
      if (lag > us) return false;
      us -= lag;
    }
  } else if (isSeen(SOURCE_REALTIME)) us = sourceRealtimeUs;
  if (us < load<u64>(EARLIEST)) return false;
  if (isKernel) {
    if (us < load<u64>(HOUR_FROM) || us >= load<u64>(HOUR_TO)) return false;
    const before = load<u32>(KERNEL_ENTRIES);
    store<u64>(FIRST_US, before === 0 ? us : min(load<u64>(FIRST_US), us));
    store<u64>(LAST_US, before === 0 ? us : max(load<u64>(LAST_US), us));
    store<u32>(KERNEL_ENTRIES, before + 1);
  }
  return true;
}

/** What the value at an offset means; what was known for another origin is read again. */
function meaningOf(offset: u64): u32 {
  const meaning = known(offset);
  const field = meaning & 255;
  const isStale = (field === HOSTNAME || field === MACHINE_ID) && meaning >>> 8 !== load<u32>(ORIGIN_NUMBER);
  return meaning === 0 || isStale ? readValue(offset) : meaning;
}

/** COUNTED, or READ, or NEED. */
function count(offset: u64): u32 {
  const fileBytes = load<u64>(FILE_BYTES);
  if (offset < LEAST_OFFSET || offset > fileBytes || fileBytes - offset < ITEMS_AT) return READ;
  let entry = placeOf(offset, ITEMS_AT);
  if (entry === 0) return NEED;
  const bytes = load<u64>(entry, 8);
  const itemBits: u64 = load<u32>(IS_COMPACT) !== 0 ? 2 : 4;
  const items = (bytes - ITEMS_AT) >> itemBits;
  if (load<u8>(entry) !== ENTRY || bytes <= ITEMS_AT || bytes > fileBytes - offset) return READ;
  if (items > MOST_ITEMS || ITEMS_AT + (items << itemBits) !== bytes) return READ;
  entry = placeOf(offset, bytes);
  if (entry === 0) return NEED;
  work(bytes);
  const realtimeUs = load<u64>(entry, 24);
  const monotonicUs = load<u64>(entry, 32);
  if (load<u64>(entry, 16) === 0 || realtimeUs === 0 || realtimeUs > MOST_US || monotonicUs > MOST_US) return READ;
  if (load<u64>(entry, 40) !== load<u64>(BOOT) || load<u64>(entry, 48) !== load<u64>(BOOT, 8)) return READ;
  seen = 0;
  let last: u64 = 0;
  let at = entry + (ITEMS_AT as usize);
  const end = entry + (bytes as usize);
  for (; at < end; at += 1 << (itemBits as usize)) {
    const item: u64 = itemBits === 2 ? (load<u32>(at) as u64) : load<u64>(at);
    // Before systemd 250 an entry could name a value twice.
    if (item === last) continue;
    if (item < last || item < LEAST_OFFSET || item >= offset || (item & 7) !== 0) return READ;
    last = item;
    const meaning = meaningOf(item);
    if (meaning === READ || meaning === NEED) return meaning;
    take(meaning);
  }
  return finish(realtimeUs, monotonicUs) ? COUNTED : READ;
}

/**
 * Counts the entries of the list from one on, up to the first that must be read, or of which bytes are needed. Returns its
 * number, or `to`.
 */
export function fileEntries(from: u32, to: u32): u32 {
  store<u32>(KERNEL_ENTRIES, 0);
  store<u32>(IS_NEEDED, 0);
  store<u64>(WORK, 0);
  for (let index = from; index < to; index++) {
    const place = load<u32>((load<u32>(LIST) as usize) + ((index as usize) << 2));
    const found = count((place as u64) << 3);
    if (found === COUNTED) continue;
    if (found === NEED) store<u32>(IS_NEEDED, 1);
    return index;
  }
  return to;
}
