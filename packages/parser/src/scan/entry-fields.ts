/** The fields that count, by their numbers from 1 on, as the kernel knows them. */
export const COUNTED_FIELDS: readonly string[] = [
  "MESSAGE",
  "_BOOT_ID",
  "_HOSTNAME",
  "_TRANSPORT",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "_COMM",
  "__REALTIME_TIMESTAMP",
  "__MONOTONIC_TIMESTAMP",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_SOURCE_MONOTONIC_TIMESTAMP",
  "_SOURCE_BOOTTIME_TIMESTAMP",
  "_MACHINE_ID",
];

/** Fields that count, of MESSAGE where it stands, and the place behind the entry. */
export interface TwinEntry {
  readonly fields: ReadonlyMap<string, string>;
  readonly message: { readonly from: number; readonly end: number } | null;
  readonly lines: number;
  readonly end: number;
}

/** Bytes as characters of the same number. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
