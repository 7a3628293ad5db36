import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bzip2, lz4, tar, xz, zstd } from "./packed.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const MOST_BYTES = 4096;
const bytesOf = (text) => new Uint8Array(Buffer.from(text));

const FIELDS = {
  __REALTIME_TIMESTAMP: "1759631400000000",
  __MONOTONIC_TIMESTAMP: "9000000",
  _BOOT_ID: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
  _HOSTNAME: "pve1",
  _TRANSPORT: "kernel",
  SYSLOG_FACILITY: "0",
  SYSLOG_IDENTIFIER: "kernel",
  _SOURCE_MONOTONIC_TIMESTAMP: "8999000",
};
const MESSAGES = [
  "usb 1-5: USB disconnect",
  "e1000e 0000:00:1f.6 eno1: NIC Link is Down",
  "Linux version 6.8.12-15-pve",
];

function entryOf(message, at) {
  return { ...FIELDS, __REALTIME_TIMESTAMP: String(1_759_631_400_000_000 + at), MESSAGE: message };
}

const LINES = [
  "Oct  5 02:00:01 pve kernel: e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:\n",
  "Oct  5 02:00:02 pve kernel: vmbr0: port 1(eno1) entered disabled state\n",
  "2025-10-05T02:00:01.123456+02:00 pve kernel: [   12.000000] e1000e: Intel(R) PRO/1000 Network Driver\n",
  "[   12.000000] e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly\n",
  "6,812,5123250000,-;e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None\n",
  "Sun 2025-10-05 02:00:01 CEST pve vzdump[12]: INFO: Starting Backup of VM 103 (qemu)\n",
];

/** What a target begins with: whole small inputs, and the heads of the bundled case's files. */
export function seedsOf({ writeJournal }) {
  const folder = join(root, "fixtures/cases");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .slice(0, 60)
    .map((path) => new Uint8Array(readFileSync(path).subarray(0, MOST_BYTES)));
  const entries = MESSAGES.map(entryOf);
  const json = bytesOf(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const plain = entries.map(
    (entry) =>
      `${Object.entries(entry)
        .map(([name, value]) => `${name}=${value}\n`)
        .join("")}\n`,
  );
  const structured = [
    json,
    bytesOf(plain.join("")),
    bytesOf(JSON.stringify({ dmesg: [{ pri: 6, time: 1, msg: "x" }] })),
  ];
  const written = entries.map(
    ({ __REALTIME_TIMESTAMP: us, __MONOTONIC_TIMESTAMP: _, _BOOT_ID: bootId, ...fields }) => ({
      realtimeUs: Number(us),
      monotonicUs: 9_000_000,
      bootId,
      fields: Object.entries(fields).map(([name, value]) => `${name}=${value}`),
    }),
  );
  const journals = [{}, { compact: true }, { keyed: false, buckets: 3 }].map((how) => writeJournal(written, how));
  for (const keyed of [true, false]) {
    const short = written.slice(0, 1).map((entry) => ({ ...entry, fields: entry.fields.slice(-2) }));
    journals.push(writeJournal(short, { keyed, buckets: 1 }));
  }
  const text = [...files, ...LINES.map((line) => bytesOf(line.repeat(3))), ...structured];
  const packed = [new Uint8Array(gzipSync(LINES.join(""))), tar, xz, bzip2, zstd, lz4];
  return { text, journals, packed };
}
