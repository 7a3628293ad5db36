import { ENTRY, FIELD_VALUES, FIELDS, RESULTS } from "./memory";
import { isKnownOrigin } from "./origins";
import { holdsNeedle } from "./scan";

/**
 * The fields of a journal entry that count, and what they say together: shared by both forms. The pattern at ENTRY: form
 * (32 bits), earliest stamp (64 bits).
 */

const EARLIEST: usize = ENTRY + 8;
const HOUR_US: u64 = 3600000000;
const MOST_HOST_BYTES: usize = 64;

/**
 * The fields by their numbers in the table that FIELDS holds: 256 bytes of numbers by slot, then 64 a name, its bytes and which
 * of them count. No two names have the same slot.
 */
export const MESSAGE: u32 = 1;
const BOOT_ID: u32 = 2;
const HOSTNAME: u32 = 3;
const TRANSPORT: u32 = 4;
const FACILITY: u32 = 5;
const IDENTIFIER: u32 = 6;
const COMM: u32 = 7;
const REALTIME: u32 = 8;
const MONOTONIC: u32 = 9;
const SOURCE_REALTIME: u32 = 10;
const SOURCE_MONOTONIC: u32 = 11;
const SOURCE_BOOTTIME: u32 = 12;
const MACHINE_ID: u32 = 13;
const NAMES: usize = FIELDS + 256;
const MOST_NAME_BYTES: u32 = 27;
const NEEDED: u32 = (1 << MESSAGE) | (1 << BOOT_ID) | (1 << HOSTNAME) | (1 << REALTIME) | (1 << MONOTONIC);
/** 2^53 - 1. */
export const MOST_US: u64 = 9007199254740991;

/** 1 in each of 8 bytes. */
const ONES: u64 = (0x01010101 as u64) * 0x100000001;

/** Must be read to be known. */
export const UNKNOWN: usize = 0;

/** Fields of the entry at hand that were noted, a bit each; those twice. Bit 0 stands for those that do not count. */
let noted: u32 = 0;
let twiceNoted: u32 = 0;

/** Counts of the call. */
let kernelEntries: u32 = 0;
let firstUs: u64 = 0;
let lastUs: u64 = 0;
/** The hour of the kernel's entries, as of the first; whether the last entry looked at is one of another hour. */
let hourFromUs: u64 = 0;
let isOtherHour: bool = false;

/**
 * The number of a field; 0 for those that do not count. Without a branch: which fields come next is not to be foretold. Reads
 * up to 31 bytes behind the name's begin.
 */
export function fieldAt(name: usize, length: u32): u32 {
  const bytes = min(length, MOST_NAME_BYTES + 1);
  const third: u32 = load<u8>(name + ((bytes * 11) >> 5));
  const field: u32 = load<u8>(FIELDS + ((bytes << 3) | ((third >> 2) & 7)));
  const entry = NAMES + (field << 6);
  const low = v128.and(v128.xor(v128.load(name), v128.load(entry)), v128.load(entry, 32));
  const high = v128.and(v128.xor(v128.load(name, 16), v128.load(entry, 16)), v128.load(entry, 48));
  return select(0, field, v128.any_true(v128.or(low, high)));
}

/** Says where the value of a field stands. */
export function setValue(field: u32, from: usize, to: usize): void {
  store<u64>(FIELD_VALUES + (field << 3), (from as u64) | ((to as u64) << 32));
}

/** Notes a field of the entry at hand, and where its value stands. */
export function note(field: u32, from: usize, to: usize): void {
  const bit: u32 = 1 << field;
  twiceNoted |= noted & bit;
  noted |= bit;
  setValue(field, from, to);
}

function has(seen: u32, field: u32): bool {
  return (seen & (1 << field)) !== 0;
}

function valueFrom(field: u32): usize {
  return load<u32>(FIELD_VALUES + (field << 3));
}

function valueTo(field: u32): usize {
  return load<u32>(FIELD_VALUES + (field << 3), 4);
}

/** Whether [from, to) is `kernel`. */
export function isKernelWord(from: usize, to: usize): bool {
  // "kern" and "el" as little-endian numbers.
  return to - from === 6 && load<u32>(from) === 0x6e72656b && load<u16>(from + 4) === 0x6c65;
}

/** Whether there is the field, and says `kernel`. */
function saysKernel(seen: u32, field: u32): bool {
  return has(seen, field) && isKernelWord(valueFrom(field), valueTo(field));
}

/** A number of 1 to 16 digits; above MOST_US where there is none. */
export function decimal(from: usize, to: usize): u64 {
  if (from === to || to - from > 16) return u64.MAX_VALUE;
  let value: u64 = 0;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    // Eight at once: pairs, fours, then both halves (Lemire 2018, "Quickly parsing eight digits").
    let digits: u64 = load<u64>(at);
    const low = digits - 0x30 * ONES;
    if ((((digits + 0x46 * ONES) | low) & (0x80 * ONES)) !== 0) return u64.MAX_VALUE;
    digits = low * 10 + (low >> 8);
    const odd = (digits & 0x000000ff000000ff) * 0x000f424000000064;
    const even = ((digits >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
    value = value * 100000000 + ((odd + even) >> 32);
  }
  for (; at < to; at++) {
    const digit: u32 = (load<u8>(at) as u32) - 48;
    if (digit > 9) return u64.MAX_VALUE;
    value = value * 10 + (digit as u64);
  }
  return value;
}

/** Begins a call. */
export function beginCounts(): void {
  kernelEntries = 0;
  firstUs = 0;
  lastUs = 0;
  isOtherHour = false;
}

/** Begins an entry whose fields are noted one by one. */
export function beginEntry(): void {
  noted = 0;
  twiceNoted = 0;
}

/** Counts an entry whose fields are all noted; false when it must be read. */
export function finishNoted(): bool {
  return finish(noted, twiceNoted);
}

/** Counts an entry that has such fields, a bit each, and such twice; false when it must be read. */
export function finish(seen: u32, twice: u32): bool {
  if ((seen & NEEDED) !== NEEDED || (twice & ~1) !== 0) return false;
  const boot = valueFrom(BOOT_ID);
  const machine = has(seen, MACHINE_ID) ? valueFrom(MACHINE_ID) : 0;
  if (valueTo(BOOT_ID) - boot !== 32 || (machine !== 0 && valueTo(MACHINE_ID) - machine !== 32)) return false;
  const host = valueFrom(HOSTNAME);
  const hostBytes = valueTo(HOSTNAME) - host;
  if (hostBytes > MOST_HOST_BYTES || !isKnownOrigin(boot, machine, host, hostBytes)) return false;
  const isFromKernel = saysKernel(seen, TRANSPORT);
  const isOtherFacility =
    has(seen, FACILITY) && (valueTo(FACILITY) - valueFrom(FACILITY) !== 1 || load<u8>(valueFrom(FACILITY)) !== 48);
  const isKernel = isFromKernel && !isOtherFacility;
  if (!isKernel && (saysKernel(seen, IDENTIFIER) || saysKernel(seen, COMM))) return false;
  const realtimeUs = stamp(seen, REALTIME);
  const monotonicUs = stamp(seen, MONOTONIC);
  const sentUs = stamp(seen, SOURCE_REALTIME);
  const printedUs = stamp(seen, SOURCE_MONOTONIC);
  const printedBoottimeUs = stamp(seen, SOURCE_BOOTTIME);
  if (max(max(max(realtimeUs, monotonicUs), max(sentUs, printedUs)), printedBoottimeUs) > MOST_US) return false;
  let us = realtimeUs;
  if (isFromKernel) {
    const printed = has(seen, SOURCE_MONOTONIC) ? printedUs : printedBoottimeUs;
    if ((has(seen, SOURCE_MONOTONIC) || has(seen, SOURCE_BOOTTIME)) && printed <= monotonicUs) {
      const lag = monotonicUs - printed;
      if (lag > us) return false;
      us -= lag;
    }
  } else if (has(seen, SOURCE_REALTIME)) us = sentUs;
  if (us < load<u64>(EARLIEST)) return false;
  if (holdsNeedle(valueFrom(MESSAGE), valueTo(MESSAGE))) return false;
  return !isKernel || countKernel(us);
}

/** Counts an entry of the kernel; false where it is from another hour than those before. */
function countKernel(us: u64): bool {
  if (kernelEntries === 0) {
    hourFromUs = us - (us % HOUR_US);
    firstUs = us;
    lastUs = us;
  } else if (us < hourFromUs || us - hourFromUs >= HOUR_US) {
    isOtherHour = true;
    return false;
  }
  firstUs = min(firstUs, us);
  lastUs = max(lastUs, us);
  kernelEntries++;
  return true;
}

/** What a field says in microseconds; 0 where there is none, above MOST_US where it is no number. */
function stamp(seen: u32, field: u32): u64 {
  return has(seen, field) ? decimal(valueFrom(field), valueTo(field)) : 0;
}

/**
 * The counts of the call, behind the results of `pass`: entries, line feeds, entries of the kernel, whether the next is one of
 * another hour; stamps of these.
 */
export function storeCounts(entries: u32, lines: u32): void {
  store<u32>(RESULTS, entries, 32);
  store<u32>(RESULTS, lines, 36);
  store<u32>(RESULTS, kernelEntries, 40);
  store<u32>(RESULTS, isOtherHour ? 1 : 0, 44);
  store<u64>(RESULTS, firstUs, 48);
  store<u64>(RESULTS, lastUs, 56);
}
