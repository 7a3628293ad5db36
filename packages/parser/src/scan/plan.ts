import { BYTE_WEIGHTS } from "./byte-weights.js";
import { fingerprintSlot, HASH_SLOTS, MOST_NEEDLE_BYTES, MOST_NEEDLES, NEEDLE_BYTES } from "./layout.js";
import { type Followers, usualTrigrams } from "./usual-text.js";

/** What a scanner looks for. */
export interface NeedleOptions {
  /** Whether `A` to `Z` equal `a` to `z`; default false. */
  readonly ignoreCase?: boolean;
  /**
   * By needle, in the order of the plan: place and bucket of its fingerprint, as planning chose them before. Default: they
   * are chosen now, which takes as long as to read a hundred MB. Only speed depends on them.
   * @throws RangeError when they are not of these needles
   */
  readonly places?: readonly (readonly [at: number, bucket: number])[];
}

/** A needle and the three neighbouring bytes by which it is found. */
export interface PlannedNeedle {
  /** Folded. */
  readonly bytes: Uint8Array;
  /** Place in `bytes` of the fingerprint's first byte. */
  readonly at: number;
  /** 0 to 7: whose bit stands for it in the nibble tables. */
  readonly bucket: number;
}

/** Everything about the needles that scanning needs, made once. */
export interface ScanPlan {
  /** Without those that hold another one: a line with them is found by the other. */
  readonly needles: readonly PlannedNeedle[];
  /** What each byte counts as, 256 entries. */
  readonly fold: Uint8Array;
  /** First needle of each slot, counted from 1; 0: none. */
  readonly heads: Uint8Array;
  /** By needle, counted from 1: the next of its slot; 0: none. */
  readonly next: Uint8Array;
  /** Six tables of 16: low and high nibbles of the first, second and third fingerprint byte; a bit a bucket. */
  readonly nibbles: Uint8Array;
}

const BUCKETS = 8;

/**
 * Chooses each needle's fingerprint and bucket so that few bytes of a usual log look like one. Cost: needles x their
 * length x 8; some 10 ms for the parser's 78 needles, so make a plan once a process.
 * @throws RangeError for needles that are not 3 to 255 ASCII bytes, hold a NUL or a line feed, or are too many
 */
export function planScan(needles: readonly string[], options: NeedleOptions = {}): ScanPlan {
  const fold = foldTable(options.ignoreCase ?? false);
  const wanted = shortestOf(needles.map((needle) => folded(needle, fold)));
  if (wanted.length > MOST_NEEDLES || wanted.reduce((sum, one) => sum + one.length, 0) > MOST_NEEDLE_BYTES) {
    throw new RangeError(`scan: more than ${MOST_NEEDLES} needles, or than ${MOST_NEEDLE_BYTES} bytes of them`);
  }
  const texts = wanted.map((text) => Uint8Array.from(text, (one) => one.charCodeAt(0)));
  const planned = options.places === undefined ? place(texts, fold) : placed(texts, options.places);
  const heads = new Uint8Array(HASH_SLOTS);
  const next = new Uint8Array(planned.length + 1);
  const nibbles = new Uint8Array(6 * 16);
  planned.forEach(({ bytes, at, bucket }, index) => {
    const slot = fingerprintSlot(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16));
    next[index + 1] = heads[slot]!;
    heads[slot] = index + 1;
    for (const [place, byte] of variants(bytes, at, fold)) {
      nibbles[place * 32 + (byte & 15)]! |= 1 << bucket;
      nibbles[place * 32 + 16 + (byte >> 4)]! |= 1 << bucket;
    }
  });
  return { needles: planned, fold, heads, next, nibbles };
}

function foldTable(ignoreCase: boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (ignoreCase && byte >= 65 && byte <= 90 ? byte + 32 : byte));
}

function folded(needle: string, fold: Uint8Array): string {
  if (
    needle.length < NEEDLE_BYTES.least ||
    needle.length > NEEDLE_BYTES.most ||
    !/^[\x01-\x09\x0b-\x7f]*$/.test(needle)
  ) {
    throw new RangeError(
      `scan: not ${NEEDLE_BYTES.least} to ${NEEDLE_BYTES.most} ASCII bytes: ${JSON.stringify(needle)}`,
    );
  }
  return Array.from(needle, (one) => String.fromCharCode(fold[one.charCodeAt(0)]!)).join("");
}

function shortestOf(needles: readonly string[]): string[] {
  const distinct = [...new Set(needles)];
  return distinct.filter((one) => !distinct.some((other) => other !== one && one.includes(other)));
}

/** Each byte that a fingerprint may show, with its place 0 to 2. */
function variants(bytes: Uint8Array, at: number, fold: Uint8Array): (readonly [place: number, byte: number])[] {
  const shown: (readonly [number, number])[] = [];
  for (let place = 0; place < 3; place += 1) {
    const byte = bytes[at + place]!;
    shown.push([place, byte]);
    if (byte >= 97 && byte <= 122 && fold[byte - 32] === byte) shown.push([place, byte - 32]);
  }
  return shown;
}

/** Nibbles that a bucket lets pass: low and high sets of three places, 16 bits each. */
type Sets = Uint16Array;

interface Bucket {
  readonly sets: Sets;
  readonly share: number;
}

/**
 * Expected share of bytes at which a bucket's three places all pass: in the usual text, and if bytes were independent. Infinite
 * where it comes to `most` or more.
 */
function share(sets: Sets, trigrams: readonly Followers[], most: number): number {
  const [low0 = 0, high0 = 0, low1 = 0, high1 = 0, low2 = 0, high2 = 0] = sets;
  const chance = passing(low0, high0) * passing(low1, high1) * passing(low2, high2);
  let seen = 0;
  for (const { first, seconds, thirds, shares } of trigrams) {
    if (((low0 >> (first & 15)) & (high0 >> (first >> 4)) & 1) === 0) continue;
    if (seen + chance >= most) return Number.POSITIVE_INFINITY;
    for (let index = 0; index < shares.length; index += 1) {
      const second = seconds[index]!;
      const third = thirds[index]!;
      const passes =
        (low1 >> (second & 15)) & (high1 >> (second >> 4)) & (low2 >> (third & 15)) & (high2 >> (third >> 4));
      if ((passes & 1) === 1) seen += shares[index]!;
    }
  }
  return seen + chance;
}

/** Share of bytes whose nibbles are in both sets. */
function passing(low: number, high: number): number {
  let sum = 0;
  for (let tops = high; tops !== 0; tops &= tops - 1) {
    const row = (31 - Math.clz32(tops & -tops)) * 16;
    for (let bottoms = low; bottoms !== 0; bottoms &= bottoms - 1)
      sum += BYTE_WEIGHTS[row + 31 - Math.clz32(bottoms & -bottoms)]!;
  }
  return sum;
}

/** The sets of a bucket that takes one more fingerprint, put into `wider`. */
function widen(
  wider: Sets,
  sets: Sets,
  { bytes, at }: { readonly bytes: Uint8Array; readonly at: number },
  fold: Uint8Array,
): Sets {
  wider.set(sets);
  for (const [place, byte] of variants(bytes, at, fold)) {
    wider[place * 2]! |= 1 << (byte & 15);
    wider[place * 2 + 1]! |= 1 << (byte >> 4);
  }
  return wider;
}

/** Where planning placed them before. */
function placed(needles: readonly Uint8Array[], places: readonly (readonly [number, number])[]): PlannedNeedle[] {
  if (places.length !== needles.length) throw new RangeError("scan: the places are those of other needles");
  return needles.map((bytes, index) => {
    const [at, bucket] = places[index]!;
    if (at + 3 > bytes.length || bucket >= BUCKETS) throw new RangeError("scan: the places are those of other needles");
    return { bytes, at, bucket };
  });
}

/** Greedy, the needles with the least choice first. Going round again was tried: twice the time, and no fewer passed. */
function place(needles: readonly Uint8Array[], fold: Uint8Array): PlannedNeedle[] {
  const order = [...needles.keys()].sort((a, b) => needles[a]!.length - needles[b]!.length || a - b);
  const trigrams = usualTrigrams();
  const buckets = Array.from({ length: BUCKETS }, (): Bucket => ({ sets: new Uint16Array(6), share: 0 }));
  const places = new Map<number, PlannedNeedle>();
  const tried = new Uint16Array(6);
  for (const index of order) {
    const bytes = needles[index]!;
    let least = Number.POSITIVE_INFINITY;
    let best = { bytes, at: 0, bucket: 0 };
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const now = buckets[bucket]!;
      for (let at = 0; at + 3 <= bytes.length; at += 1) {
        const most = now.share + least;
        const more = share(widen(tried, now.sets, { bytes, at }, fold), trigrams, most) - now.share;
        if (more < least) [least, best] = [more, { bytes, at, bucket }];
      }
    }
    const sets = widen(new Uint16Array(6), buckets[best.bucket]!.sets, best, fold);
    buckets[best.bucket] = { sets, share: share(sets, trigrams, Number.POSITIVE_INFINITY) };
    places.set(index, best);
  }
  return needles.map((_, index) => places.get(index)!);
}
