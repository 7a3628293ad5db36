import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EvidenceParser, type KernelEvent } from "../../src/index.js";
import { openEvidence } from "../../src/node/open-evidence.js";
import { readEvidence } from "../../src/node/read-evidence.js";

/*
 * Files of many pieces, whose memory the reader of a plain file uses again: each line has another number, so that bytes of
 * another piece, or a piece that was overwritten before it was read, would show.
 */
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-large-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LINES = 90_000;
const EVERY = 9;

function line(index: number): string {
  const clock = new Date(Date.UTC(2025, 10, 2) + index * 1000).toISOString().replace(".000Z", "+00:00");
  const message =
    index % EVERY === 0 ? `e1000e 0000:00:19.0 eno${index}: NIC Link is Down` : `usb 1-${index}: USB disconnect`;
  return `${clock} pve1 kernel: ${message} `.padEnd(120, "x");
}

const log = Buffer.from(`${Array.from({ length: LINES }, (_, index) => line(index)).join("\n")}\n`);

const told = (events: readonly KernelEvent[]) =>
  events.map((event) => [event.kind, event.time, "interface" in event ? event.interface : null, event.provenance.line]);

async function ofFile(name: string, bytes: Uint8Array) {
  writeFileSync(join(folder, name), bytes);
  return readEvidence([join(folder, name)], { timeZone: "UTC" });
}

/** The same messages as a journal: an entry is a line of JSON, or of export format. */
function entry(index: number, form: "json" | "export"): string {
  const us = String((Date.UTC(2025, 10, 2) + index * 1000) * 1000);
  const fields = Object.entries({
    __CURSOR: `s=0;i=${index}`,
    __REALTIME_TIMESTAMP: us,
    __MONOTONIC_TIMESTAMP: String(index * 1_000_000),
    _BOOT_ID: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c",
    _HOSTNAME: "pve1",
    _TRANSPORT: "kernel",
    SYSLOG_IDENTIFIER: "kernel",
    MESSAGE: line(index).slice(line(index).indexOf("kernel: ") + 8),
  });
  return form === "json"
    ? `${JSON.stringify(Object.fromEntries(fields))}\n`
    : `${fields.map(([name, value]) => `${name}=${value}\n`).join("")}\n`;
}

const journal = (form: "json" | "export") =>
  Buffer.from(Array.from({ length: LINES }, (_, index) => entry(index, form)).join(""));
const FORMS: Readonly<Record<string, Buffer>> = {
  "kern.log": log,
  "journal.json": journal("json"),
  "journal.export": journal("export"),
};

test.each(Object.entries(FORMS))(
  "%s of many pieces is read as its bytes in memory are, and hashed as such",
  async (name, bytes) => {
    const parser = new EvidenceParser({ timeZone: "UTC" });
    const expected = [...parser.push(bytes).events, ...parser.end().events];
    expect(expected).toHaveLength(LINES / EVERY);
    const plain = await ofFile(name, bytes);
    expect(told(plain.events)).toEqual(told(expected));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { lines, records } = parser.summary();
    expect(plain.evidence[0]).toMatchObject({ lines, records, bytes: bytes.length, storedBytes: bytes.length, sha256 });
  },
);

test("files that are read at the same time, and after one that was left early, do not share a piece of memory", async () => {
  const paths = Object.entries(FORMS).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
  for await (const { batch } of openEvidence(paths.slice(0, 1), { timeZone: "UTC" }))
    if (batch.events.length > 0) break;
  const alone = await Promise.all(paths.map((path) => readEvidence([path], { timeZone: "UTC" })));
  // A batch of one, then a batch of the next.
  const together = paths.map((path) => ({
    opened: openEvidence([path], { timeZone: "UTC" }),
    events: [] as KernelEvent[],
  }));
  for (let open = together; open.length > 0; ) {
    const going: typeof open = [];
    for (const one of open) {
      const step = await one.opened.next();
      if (step.done === true) continue;
      one.events.push(...step.value.batch.events);
      going.push(one);
    }
    open = going;
  }
  expect(together.map(({ events }) => told(events))).toEqual(alone.map(({ events }) => told(events)));
  expect(alone.map(({ events }) => events.length)).toEqual(paths.map(() => LINES / EVERY));
});

/** One frame of Zstandard, its blocks stored as they are (RFC 8878, 3.1.1), over the ends of pieces. */
function zstdStored(bytes: Uint8Array): Buffer {
  const size = 100_003;
  const parts = [Buffer.from("28b52ffd0070", "hex")];
  for (let at = 0; at < bytes.length; at += size) {
    const block = bytes.subarray(at, at + size);
    const isLast = at + size >= bytes.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, Buffer.from(block));
  }
  return Buffer.concat(parts);
}

test("a packed file of many pieces gives the same, packed once or twice", async () => {
  const plain = await ofFile("kern.log", log);
  const gzip = gzipSync(log, { level: 0 });
  for (const packed of [gzip, gzipSync(gzip, { level: 0 }), zstdStored(log), gzipSync(zstdStored(log))]) {
    const { events, evidence, diagnostics } = await ofFile("kern.log.packed", packed);
    expect(told(events)).toEqual(told(plain.events));
    expect(diagnostics).toEqual([]);
    expect(evidence[0]).toMatchObject({ lines: LINES, bytes: log.length, storedBytes: packed.length });
  }
});
