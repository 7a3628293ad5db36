import { LAYOUT } from "./layout.js";

/** Where a journal's entries are from. */
export interface Origin {
  /** 32 small hexadecimal digits. */
  readonly bootId: string;
  /** As the boot; null where the entries name none. */
  readonly machineId: string | null;
  /** 1 to MOST_HOST_BYTES characters, printable ASCII without blanks, quotes and backslashes: JSON writes it as it is. */
  readonly host: string;
}

/** The longest host name that is compared. */
export const MOST_HOST_BYTES = 64;
/** Origins, or hosts, that are known at once. */
export const MOST_ORIGINS = 256;

const ORIGIN_BYTES = 160;
const HEADS_BYTES = 1024;

/** Writes the table by which the kernel knows origins. At most MOST_ORIGINS. */
export function writeOrigins(origins: readonly Origin[], memory: ArrayBuffer): void {
  const view = new DataView(memory);
  const bytes = new Uint8Array(memory);
  bytes.fill(0, LAYOUT.originHeads, LAYOUT.originHeads + HEADS_BYTES);
  origins.forEach(({ bootId, machineId, host }, index) => {
    const at = LAYOUT.origins + ORIGIN_BYTES * index;
    writeText(bytes, at, bootId);
    writeText(bytes, at + 32, machineId ?? "");
    writeText(bytes, at + 64, host);
    view.setUint32(at + 128, host.length, true);
    view.setUint32(at + 132, machineId === null ? 0 : 1, true);
    const key = view.getUint32(at, true) ^ view.getUint32(at + 4, true);
    const head = LAYOUT.originHeads + 2 * (Math.imul(key, 0x9e3779b1) >>> 23);
    view.setUint16(at + 136, view.getUint16(head, true), true);
    view.setUint16(head, index + 1, true);
  });
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let place = 0; place < text.length; place += 1) bytes[at + place] = text.charCodeAt(place);
}
