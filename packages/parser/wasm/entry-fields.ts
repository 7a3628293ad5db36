import { ENTRY, FIELDS, RESULTS } from "./memory";
import { holdsNeedle } from "./scan";

/**
 * The fields of a journal entry that count, and what they say together: shared by both forms. The pattern at ENTRY: form,
 * length of the host name (32 bits each), hour from and to, earliest stamp (64 bits each), boot (32 bytes), host name (64),
 * machine (32), whether there is one (32 bits).
 */

const HOUR_FROM: usize = ENTRY + 8;
const HOUR_TO: usize = ENTRY + 16;
const EARLIEST: usize = ENTRY + 24;
const BOOT: usize = ENTRY + 32;
const HOST: usize = ENTRY + 64;
const MACHINE: usize = ENTRY + 128;

/** The fields by their numbers in the table that FIELDS holds: 32 bytes of first numbers by length, then 32 a name. */
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
const MOST_NAME_BYTES: u32 = 27;
const NEEDED: u32 = (1 << MESSAGE) | (1 << BOOT_ID) | (1 << HOSTNAME) | (1 << REALTIME) | (1 << MONOTONIC);
/** 2^53 - 1. */
const MOST_US: u64 = 9007199254740991;

/** 1 in each of 8 bytes. */
const ONES: u64 = (0x01010101 as u64) * 0x100000001;

/** Must be read to be known. */
export const UNKNOWN: usize = 0;

/** Fields of the entry at hand, a bit each. */
let seen: u32 = 0;
/** What they say: only of those that were seen, the others say what an entry before said. */
let isKernelTransport: bool = false;
let isOtherFacility: bool = false;
let isKernelIdentifier: bool = false;
let isKernelCommand: bool = false;
let realtimeUs: u64 = 0;
let monotonicUs: u64 = 0;
let sourceRealtimeUs: u64 = 0;
let sourceMonotonicUs: u64 = 0;
let sourceBoottimeUs: u64 = 0;

/** Counts of the call. */
let kernelEntries: u32 = 0;
let firstUs: u64 = 0;
let lastUs: u64 = 0;

/** The number of a field; 0 for those that do not count. */
export function fieldAt(name: usize, length: u32): u32 {
  if (length > MOST_NAME_BYTES) return 0;
  const whole: u32 = ((1 as u32) << length) - 1;
  let field: u32 = load<u8>(FIELDS + length);
  while (field !== 0) {
    const entry = FIELDS + (field << 5);
    const low: u32 = i8x16.bitmask(i8x16.eq(v128.load(name), v128.load(entry)));
    const high: u32 = i8x16.bitmask(i8x16.eq(v128.load(name, 16), v128.load(entry, 16)));
    if (((low | (high << 16)) & whole) === whole) return field;
    field = load<u8>(entry, 31);
  }
  return 0;
}

/** Whether two places have the same bytes, at most 64. Reads up to 15 behind them. */
function isSame(a: usize, b: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) if (!i8x16.all_true(i8x16.eq(v128.load(a + at), v128.load(b + at)))) return false;
  const rest: u32 = ((1 as u32) << ((length - at) as u32)) - 1;
  const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
  return (same & rest) === rest;
}

function isKernelWord(from: usize, to: usize): bool {
  // "kern" and "el" as little-endian numbers.
  return to - from === 6 && load<u32>(from) === 0x6e72656b && load<u16>(from + 4) === 0x6c65;
}

/** A number of 1 to 16 digits; above MOST_US where there is none. */
function decimal(from: usize, to: usize): u64 {
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
}

/** Begins an entry. */
export function beginEntry(): void {
  seen = 0;
}

function see(field: u32): bool {
  const bit: u32 = 1 << field;
  const isFirst = (seen & bit) === 0;
  seen |= bit;
  return isFirst;
}

function isSeen(field: u32): bool {
  return (seen & (1 << field)) !== 0;
}

/** Takes a field that counts, with the value that the entry before had; false when this one has it twice. */
export function takeAgain(field: u32): bool {
  return see(field);
}

/** Takes the value of a field that counts; false when the entry must be read. */
export function take(field: u32, from: usize, to: usize): bool {
  if (!see(field)) return false;
  if (field === MESSAGE) return !holdsNeedle(from, to);
  if (field === BOOT_ID) return to - from === 32 && isSame(from, BOOT, 32);
  if (field === MACHINE_ID) return to - from === 32 && isSame(from, MACHINE, 32);
  if (field === HOSTNAME) {
    const length: usize = load<u32>(ENTRY, 4);
    return to - from === length && isSame(from, HOST, length);
  }
  if (field === TRANSPORT) {
    isKernelTransport = isKernelWord(from, to);
    return true;
  }
  if (field === FACILITY) {
    isOtherFacility = to - from !== 1 || load<u8>(from) !== 48;
    return true;
  }
  if (field === IDENTIFIER) {
    isKernelIdentifier = isKernelWord(from, to);
    return true;
  }
  if (field === COMM) {
    isKernelCommand = isKernelWord(from, to);
    return true;
  }
  const us = decimal(from, to);
  if (us > MOST_US) return false;
  if (field === REALTIME) realtimeUs = us;
  else if (field === MONOTONIC) monotonicUs = us;
  else if (field === SOURCE_REALTIME) sourceRealtimeUs = us;
  else if (field === SOURCE_MONOTONIC) sourceMonotonicUs = us;
  else sourceBoottimeUs = us;
  return true;
}

/** Counts an entry whose fields are all taken; false when it must be read. */
export function finish(): bool {
  if ((seen & NEEDED) !== NEEDED) return false;
  if ((isSeen(MACHINE_ID) ? 1 : 0) !== load<u32>(MACHINE, 32)) return false;
  const isFromKernel = isSeen(TRANSPORT) && isKernelTransport;
  const isKernel = isFromKernel && !(isSeen(FACILITY) && isOtherFacility);
  const isNamedKernel = (isSeen(IDENTIFIER) && isKernelIdentifier) || (isSeen(COMM) && isKernelCommand);
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
    firstUs = kernelEntries === 0 ? us : min(firstUs, us);
    lastUs = kernelEntries === 0 ? us : max(lastUs, us);
    kernelEntries++;
  }
  return true;
}

/** The counts of the call, behind the results of `pass`: entries, line feeds, entries of the kernel; stamps of these. */
export function storeCounts(entries: u32, lines: u32): void {
  store<u32>(RESULTS, entries, 32);
  store<u32>(RESULTS, lines, 36);
  store<u32>(RESULTS, kernelEntries, 40);
  store<u64>(RESULTS, firstUs, 48);
  store<u64>(RESULTS, lastUs, 56);
}
