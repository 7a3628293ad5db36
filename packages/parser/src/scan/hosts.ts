import { LAYOUT } from "./layout.js";

const HOST_BYTES = 80;
const HEADS_BYTES = 1024;

/** Writes the table by which the kernel knows hosts: at most MOST_ORIGINS, of 1 to MOST_HOST_BYTES characters of one byte. */
export function writeHosts(hosts: readonly string[], memory: ArrayBuffer): void {
  const view = new DataView(memory);
  new Uint8Array(memory).fill(0, LAYOUT.hostHeads, LAYOUT.hostHeads + HEADS_BYTES);
  hosts.forEach((name, index) => {
    const at = LAYOUT.hosts + HOST_BYTES * index;
    // FNV-1a, 32 bits.
    let hash = 0x811c9dc5;
    for (let place = 0; place < name.length; place += 1) {
      const byte = name.charCodeAt(place);
      view.setUint8(at + place, byte);
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    view.setUint32(at + 64, name.length, true);
    const head = LAYOUT.hostHeads + 2 * (hash >>> 23);
    view.setUint16(at + 68, view.getUint16(head, true), true);
    view.setUint16(head, index + 1, true);
  });
}
