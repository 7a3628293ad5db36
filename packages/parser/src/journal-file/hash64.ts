/** A 64-bit hash as two unsigned halves: faster than BigInt, and a JS number cannot hold it. */
export interface Hash64 {
  readonly hi: number;
  readonly lo: number;
}

export function sameHash(a: Hash64, b: Hash64): boolean {
  return a.hi === b.hi && a.lo === b.lo;
}

/** The hash as an unsigned 64-bit number, modulo a bucket count (1 or more). */
export function bucketOf(hash: Hash64, buckets: number): number {
  return Number(((BigInt(hash.hi) << 32n) | BigInt(hash.lo)) % BigInt(buckets));
}

/** 16 lower-case hex digits. */
export function hashHex(hash: Hash64): string {
  return hash.hi.toString(16).padStart(8, "0") + hash.lo.toString(16).padStart(8, "0");
}
