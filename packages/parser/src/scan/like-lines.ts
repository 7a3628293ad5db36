import { latin1 } from "./entry-fields.js";
import { MOST_HOST_BYTES } from "./origins.js";

/** What the first bytes of alike lines are: date and hour as they stand, digits that may differ, and one of some hosts. */
export interface HeadPattern {
  /** A byte each, or DIGIT or SIXTIETH; 1 to MOST_HEAD_BYTES. The host follows, or the tag. */
  readonly prefix: Int16Array;
  /**
   * Hosts one of which follows before a blank, at most MOST_ORIGINS, of 1 to MOST_HOST_BYTES characters that are printable ASCII
   * and no blank; null: none does. The same array means the same hosts.
   */
  readonly hosts: readonly string[] | null;
  /** Where `MM:SS` stands in it. */
  readonly clockAt: number;
  /** Digits behind the second's point, 0 to 6; the point and they follow the clock. */
  readonly decimals: number;
}

/** Any digit. */
export const DIGIT = -1;
/** The tens of a minute or a second: 0 to 5. */
export const SIXTIETH = -2;
/** The longest head that is looked at. */
export const MOST_HEAD_BYTES = 80;

/**
 * Lines from one place on that are alike, less the last of them: lines that belong to it may follow, so it has to be
 * read. Microseconds are from the full hour; where no line is the kernel's, the first is more than the last.
 */
export interface LikeLines {
  /** Whether the first line is like the pattern at all. */
  isLike: boolean;
  lines: number;
  /** Those among them whose tag is `kernel:`. */
  kernelLines: number;
  /** Behind the last one counted. */
  end: number;
  firstKernelUs: number;
  lastKernelUs: number;
}

const LF = 10;
const SPACE = 32;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const ZERO = 48;
const MOST_TAG_BYTES = 64;
const MOST_PID_DIGITS = 9;
const KERNEL = [...new TextEncoder().encode("kernel")];

const NO_TAG = 0;
const OTHER_TAG = 1;
const KERNEL_TAG = 2;

/** The scalar twin of the kernel's `pass`. Cost: the heads' bytes, and a search for each line's end. */
export function countLike(bytes: Uint8Array, pattern: HeadPattern, from: number, to: number): LikeLines {
  const { prefix, clockAt, decimals } = pattern;
  const found = { isLike: false, lines: 0, kernelLines: 0, end: from, firstKernelUs: 0xffff_ffff, lastKernelUs: 0 };
  let before = NO_TAG;
  for (let start = from; start + prefix.length < to; ) {
    if (!hasHead(bytes, start, prefix)) break;
    const host = pattern.hosts === null ? 0 : hostAt(bytes, pattern.hosts, start + prefix.length, to);
    if (host === null) break;
    const tag = tagAt(bytes, start + prefix.length + host, to);
    if (tag === NO_TAG) break;
    if (before !== NO_TAG) found.lines += 1;
    if (before === KERNEL_TAG) {
      const us = withinHourUs(bytes, found.end + clockAt, decimals);
      found.kernelLines += 1;
      found.firstKernelUs = Math.min(found.firstKernelUs, us);
      found.lastKernelUs = Math.max(found.lastKernelUs, us);
    }
    before = tag;
    found.end = start;
    const feed = bytes.indexOf(LF, start + prefix.length);
    start = feed === -1 || feed >= to ? to : feed + 1;
  }
  found.isLike = before !== NO_TAG;
  return found;
}

/** Microseconds from the full hour to `MM:SS` with decimals. */
export function withinHourUs(bytes: Uint8Array, at: number, decimals: number): number {
  const digit = (place: number): number => bytes[at + place]! - ZERO;
  let us = ((digit(0) * 10 + digit(1)) * 60 + digit(3) * 10 + digit(4)) * 1_000_000;
  let share = 100_000;
  for (let place = 0; place < decimals; place += 1, share /= 10) us += digit(6 + place) * share;
  return us;
}

function hasHead(bytes: Uint8Array, start: number, prefix: Int16Array): boolean {
  for (let at = 0; at < prefix.length; at += 1) {
    const wanted = prefix[at]!;
    const byte = bytes[start + at]!;
    if (wanted >= 0 ? byte !== wanted : byte < ZERO || byte > ZERO + (wanted === DIGIT ? 9 : 5)) return false;
  }
  return true;
}

/** Bytes of the host's name and the blank behind it; null where none of the hosts stands there. */
function hostAt(bytes: Uint8Array, hosts: readonly string[], from: number, to: number): number | null {
  const blank = bytes.subarray(from, Math.min(to, from + MOST_HOST_BYTES + 1)).indexOf(SPACE);
  if (blank < 1) return null;
  return hosts.includes(latin1(bytes.subarray(from, from + blank))) ? blank + 1 : null;
}

/** What stands at a place where a tag may: the kernel's, another's, or something that must be read to be known. */
function tagAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isTagByte(bytes[at]!)) at += 1;
  const length = at - from;
  if (length === 0 || length > MOST_TAG_BYTES) return NO_TAG;
  let hasPid = false;
  if (at < to && bytes[at] === OPEN) {
    const digits = at + 1;
    for (at = digits; at < to && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9; at += 1);
    if (at === digits || at - digits > MOST_PID_DIGITS || at >= to || bytes[at] !== CLOSE) return NO_TAG;
    at += 1;
    hasPid = true;
  }
  if (at + 1 >= to || bytes[at] !== COLON || (bytes[at + 1] !== SPACE && bytes[at + 1] !== LF)) return NO_TAG;
  const isKernel = length === KERNEL.length && KERNEL.every((byte, place) => bytes[from + place] === byte);
  return isKernel && !hasPid ? KERNEL_TAG : OTHER_TAG;
}

/** Printable, one byte, and none of `: [ ] ( ) < >`. */
function isTagByte(byte: number): boolean {
  return (
    byte > SPACE &&
    byte < 127 &&
    byte !== COLON &&
    byte !== OPEN &&
    byte !== CLOSE &&
    byte !== 40 &&
    byte !== 41 &&
    byte !== 60 &&
    byte !== 62
  );
}
