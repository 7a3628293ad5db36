const LF = 10;

/** Fewer bytes are read sooner than a scanner is planned. */
export const LEAST_SCANNED_BYTES = 16_384;

/** As many whole lines from `from` on as `most` bytes hold; one line where it is longer. `bytes` end with a line feed. */
export function wholeLines(bytes: Uint8Array, from: number, most: number): Uint8Array {
  if (bytes.length - from <= most) return bytes.subarray(from);
  const last = bytes.subarray(from, from + most).lastIndexOf(LF);
  return bytes.subarray(from, last === -1 ? bytes.indexOf(LF, from + most) + 1 : from + last + 1);
}
