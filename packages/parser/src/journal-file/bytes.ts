/** Little-endian numbers and ids out of byte arrays. Offsets must lie inside; behind the end a byte counts as 0. */

/** @returns 0 to 2^32 - 1 */
export function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}

/** @returns exact up to 2^53; beyond it the nearest double, which every range check refuses as too large. */
export function u64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at + 4) * 0x1_0000_0000 + u32(bytes, at);
}

/** Each byte as two digits. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The 16 bytes of an id as 32 lower-case hex digits in file order, the way systemd prints them. */
export function id128(bytes: Uint8Array, at: number): string {
  let text = "";
  for (let i = at; i < at + 16; i++) text += HEX[bytes[i] ?? 0];
  return text;
}

/** The next multiple of 8: where the object behind one that ends at `offset` starts. */
export function align8(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
