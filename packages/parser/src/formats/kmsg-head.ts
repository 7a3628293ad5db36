import { decodeUtf8 } from "./journal-fields.js";

/** The comma fields before the `;` of a /dev/kmsg record (kernel/printk/printk.c, info_print_ext_header). */
export interface KmsgHead {
  /** Kernel release that newer netconsole puts first, with its comma; empty when there is none. */
  readonly release: string;
  /** 0: the kernel's. */
  readonly facility: number;
  /** 0 to 7. */
  readonly level: number;
  readonly sequence: number;
  /** Microseconds since boot. */
  readonly bootUs: number;
  /** `-`, `c` or `+`. */
  readonly flags: string;
  /** `T123` or `C0`; null on kernels without CONFIG_PRINTK_CALLER. */
  readonly caller: string | null;
  /** `ncfrag=offset/total` of extended netconsole, bytes; null for a whole record. */
  readonly fragment: { readonly offset: number; readonly total: number } | null;
  /** Index of the first byte after the `;`. */
  readonly textStart: number;
}

/** A head is short: what has no `;` by here is none. */
const MAX_HEAD_BYTES = 512;
const HEAD = /^(\d{1,4}\.[\w.+~-]{1,128},)?(\d{1,5}),(\d{1,16}),(\d{1,16}),([^,;]{1,8})((?:,[^,;]{1,128}){0,16});/;
const CALLER = /,caller=([TC]\d{1,10})(?:,|$)/;
const FRAGMENT = /,ncfrag=(\d{1,9})\/(\d{1,9})(?:,|$)/;

/** Reads the head at the start of `bytes`; null when there is none. Unknown comma fields are passed over. */
export function readKmsgHead(bytes: Uint8Array): KmsgHead | null {
  const semicolon = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(59);
  const match = semicolon === -1 ? null : HEAD.exec(decodeUtf8(bytes.subarray(0, semicolon + 1)));
  if (match === null) return null;
  const [, release = "", pri, sequence, bootUs, flags = "-", more = ""] = match;
  const numbers = { sequence: Number(sequence), bootUs: Number(bootUs) };
  if (!Number.isSafeInteger(numbers.sequence) || !Number.isSafeInteger(numbers.bootUs)) return null;
  const fragment = FRAGMENT.exec(more);
  return {
    release,
    facility: Math.floor(Number(pri) / 8),
    level: Number(pri) % 8,
    ...numbers,
    flags,
    caller: CALLER.exec(more)?.[1] ?? null,
    fragment: fragment === null ? null : { offset: Number(fragment[1]), total: Number(fragment[2]) },
    textStart: semicolon + 1,
  };
}

/** Undoes `\xHH`, as which the kernel writes control bytes, bytes from 0x7f on and the backslash. Returns a copy. */
export function unescapeKmsg(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes[at] ?? 0;
    if (byte === 92 && bytes[at + 1] === 120) {
      const high = hexDigit(bytes[at + 2]);
      const low = hexDigit(bytes[at + 3]);
      if (high !== -1 && low !== -1) {
        byte = high * 16 + low;
        at += 3;
      }
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.slice(0, length);
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
