import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { packTar } from "modern-tar";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import type { KernelEvent } from "../../src/model/event.js";
import type { EvidenceSummary } from "../../src/model/evidence.js";
import { LEAST_HASHED_BESIDE_BYTES } from "../../src/node/containers/hash-beside.js";
import { readEvidence } from "../../src/node.js";
import type { UnpackLimits } from "../../src/open/containers/limits.js";
import { writeJournal } from "../support/journal-writer.js";
import { PACKED_TEXT as LINE, PACKED_LINE as PACKED } from "../support/packed-line.js";

const BOOT = "00112233445566778899aabbccddeeff";

const packed = (name: string): Buffer => Buffer.from(PACKED[name] ?? "", "base64");

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-containers-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(bytes: Uint8Array, name = `file-${files++}`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const kinds = (events: readonly KernelEvent[]) => events.map(({ kind }) => kind);
const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);
const read = (path: string, limits: Partial<UnpackLimits> = {}) => readEvidence([path], { timeZone: "UTC", limits });
const formOf = (evidence: readonly EvidenceSummary[], end: string) =>
  evidence.find((one) => one.evidence.endsWith(end))?.form;

for (const name of Object.keys(PACKED)) {
  test(`${name}: a packed log gives the events of the log, and the hash is that of the stored bytes`, async () => {
    const bytes = packed(name);
    const { events, evidence, diagnostics } = await read(write(bytes));
    expect(kinds(events)).toEqual(["e1000e.link_up"]);
    expect(diagnostics).toEqual([]);
    expect(evidence).toMatchObject([
      { sha256: createHash("sha256").update(bytes).digest("hex"), storedBytes: bytes.length, bytes: LINE.length },
    ]);
  });

  test(`${name}: several members one after the other are all read`, async () => {
    const { evidence } = await read(write(Buffer.concat([packed(name), packed(name), packed(name)])));
    expect(evidence).toMatchObject([{ bytes: 3 * LINE.length, events: { "e1000e.link_up": 3 } }]);
  });

  test(`${name}: cut at any byte it is diagnosed or whole, never thrown`, async () => {
    const bytes = packed(name);
    for (let length = 8; length < bytes.length; length++) {
      const { evidence, diagnostics } = await read(write(bytes.subarray(0, length), "cut"));
      expect(evidence).toHaveLength(1);
      if (evidence[0]?.bytes !== LINE.length) expect(codes(diagnostics), `${length} bytes`).toContain("input.corrupt");
    }
  });

  test(`${name}: a changed byte never throws and never hangs`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, mask) => {
        const bytes = Buffer.from(packed(name));
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        const { evidence } = await read(write(bytes, "changed"));
        expect(evidence).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });
}

const ANSWERS: readonly (readonly [string, readonly string[]])[] = [
  ["xz", ["-c", "--check=crc32", "--block-size=100000"]],
  ["xz", ["-c", "-9e"]],
  ["bzip2", ["-c"]],
  ["zstd", ["-q", "-c", "-19", "--long=24"]],
  ["lz4", ["-q", "-c", "-BD", "-B4", "-9"]],
  ["lz4", ["-q", "-c", "-B7", "--content-size"]],
];
for (const [tool, options] of ANSWERS) {
  const isThere = spawnSync(tool, ["--version"]).status === 0;
  test.skipIf(!isThere)(`${tool} ${options.join(" ")}: a large log is read to the byte`, async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => LINE.replace("1.000000", `${n}.${(n * 7919) % 999_983}`));
    const text = lines.join("");
    const out = execFileSync(tool, options, { input: text, maxBuffer: 2 ** 26 });
    const { evidence, diagnostics } = await read(write(out));
    expect(diagnostics).toEqual([]);
    expect(evidence).toMatchObject([{ bytes: Buffer.byteLength(text), lines: 5_000 }]);
  });
}

const file = (name: string, body: Uint8Array | string) => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { header: { name, size: bytes.length, type: "file" as const, mtime: new Date("2025-10-06") }, body: bytes };
};

test("files of an archive are evidence of their own, whatever they are packed in", async () => {
  const journal = writeJournal(
    [
      {
        realtimeUs: 1_700_000_000_000_000,
        monotonicUs: 1_000_000,
        bootId: BOOT,
        fields: ["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", `MESSAGE=${LINE.slice(43).trim()}`],
      },
    ],
    {},
  );
  const inner = await packTar([file("deep/kern.log", LINE), file("deep/readme", "nothing to see\n")]);
  const tar = await packTar([
    file("./var/log/kern.log", LINE),
    file("var/log/kern.log.2.gz", packed("gz")),
    file("var/log/system.journal", journal),
    file("var/log/system.journal.gz", gzipSync(journal)),
    file("inner.tar.gz", gzipSync(inner)),
    file("etc/passwd", "root:x:0:0::/root:/bin/sh\n"),
  ]);
  for (const bytes of [tar, gzipSync(tar)]) {
    const path = write(bytes);
    const { events, evidence, diagnostics } = await read(path);
    expect(diagnostics).toEqual([]);
    expect(kinds(events)).toEqual(Array.from({ length: 5 }, () => "e1000e.link_up"));
    expect(events.map(({ provenance }) => provenance.evidence.slice(path.length))).toEqual([
      "/var/log/kern.log",
      "/var/log/kern.log.2.gz",
      "/var/log/system.journal",
      "/var/log/system.journal.gz",
      "/inner.tar.gz/deep/kern.log",
    ]);
    expect(formOf(evidence, "system.journal.gz")).toBe("journal-file");
    const archive = evidence.find(({ evidence }) => evidence === path);
    expect(archive).toMatchObject({
      form: "archive",
      sha256: createHash("sha256").update(bytes).digest("hex"),
      storedBytes: bytes.length,
      lines: 2,
    });
    expect(archive?.formReason).toContain("tar of 6 files, 2 without a kernel record or event");
  }
});

test("an archive that breaks off gives the files before the break, and says where", async () => {
  const tar = await packTar([file("a.log", LINE), file("b.log", LINE.repeat(40)), file("c.log", LINE)]);
  const path = write(tar.subarray(0, 512 + 512 + 512 + 1000));
  const { events, diagnostics } = await read(path);
  expect(events.length).toBeGreaterThan(1);
  expect(new Set(codes(diagnostics))).toEqual(new Set(["input.corrupt"]));
  expect(diagnostics.map(({ evidence }) => evidence)).toContain(path);
});

test("limits: files, layers and unpacked bytes beyond them are refused and said", async () => {
  const tar = await packTar([file("a", LINE), file("b", LINE), file("c", LINE)]);
  const many = await read(write(tar), { maxMembers: 2 });
  expect(kinds(many.events)).toEqual(["e1000e.link_up", "e1000e.link_up"]);
  expect(codes(many.diagnostics)).toEqual(["input.unsupported"]);

  const layers = await read(write(gzipSync(gzipSync(gzipSync(LINE)))), { maxDepth: 2 });
  expect(layers.events).toEqual([]);
  expect(codes(layers.diagnostics)).toEqual(["input.unsupported"]);

  const bomb = write(gzipSync(LINE.repeat(20_000)));
  expect(codes((await read(bomb, { maxUnpackedBytes: 1_000_000 })).diagnostics)).toContain("input.unsupported");
  expect(codes((await read(bomb, { freeBytes: 1_000_000, maxRatio: 50 })).diagnostics)).toContain("input.unsupported");
  expect((await read(bomb)).diagnostics).toEqual([]);

  const journal = writeJournal(
    [{ realtimeUs: 1_700_000_000_000_000, monotonicUs: 1, bootId: BOOT, fields: ["MESSAGE=x"] }],
    {},
  );
  const large = await read(write(gzipSync(journal)), { maxJournalBytes: 1000 });
  expect(codes(large.diagnostics)).toEqual(["input.unsupported"]);
});

test("a file that is named twice, or named and found in a folder, is read once", async () => {
  const inside = join(folder, "folder");
  mkdirSync(inside);
  const path = join(inside, "kern.log");
  writeFileSync(path, LINE);
  writeFileSync(join(inside, "notes.txt"), "nothing\n");
  const { events, evidence } = await readEvidence([path, inside, path], { timeZone: "UTC" });
  expect(kinds(events)).toEqual(["e1000e.link_up"]);
  expect(evidence.map(({ evidence, form }) => [evidence, form])).toEqual([
    [path, "syslog-traditional"],
    [inside, "folder"],
  ]);
});

test("a large file is hashed beside the reading, to the same hash", async () => {
  const quiet = "Oct  5 02:00:00 pve kernel: [    1.000000] usb 1-5: USB disconnect, device number 11\n";
  const lines = Buffer.from(quiet.repeat(4_000));
  const times = Math.ceil(LEAST_HASHED_BESIDE_BYTES / lines.length);
  const bytes = Buffer.concat(Array.from({ length: times }, () => lines));
  const { evidence } = await read(write(bytes));
  expect(evidence).toMatchObject([
    { sha256: createHash("sha256").update(bytes).digest("hex"), storedBytes: bytes.length, lines: 4_000 * times },
  ]);
});

test("entries that lie between two journal files and are in neither are a loss with its span", async () => {
  const inside = join(folder, "journals");
  mkdirSync(inside);
  const entry = (n: number) => ({
    realtimeUs: 1_700_000_000_000_000 + n * 60_000_000,
    monotonicUs: n * 60_000_000,
    seqnum: n,
    bootId: BOOT,
    fields: ["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", `MESSAGE=line ${n}`],
  });
  const part = (from: number, to: number) =>
    writeJournal(
      Array.from({ length: to - from + 1 }, (_, n) => entry(from + n)),
      { seqnumId: "0123456789abcdef0123456789abcdef" },
    );
  writeFileSync(join(inside, "b.journal"), part(1, 10));
  writeFileSync(join(inside, "a.journal"), part(31, 40));
  writeFileSync(join(inside, "c.journal"), part(11, 20));
  const { events } = await readEvidence([inside], { timeZone: "UTC" });
  expect(events).toMatchObject([
    {
      kind: "log.loss",
      what: "sequence-gap",
      count: 10,
      sinceMs: 1_700_000_000_000 + 20 * 60_000,
      time: { unixMs: 1_700_000_000_000 + 31 * 60_000 },
      provenance: { evidence: join(inside, "a.journal") },
    },
  ]);
});

test("a gzip file that is waited for many times makes Node warn of nothing", async () => {
  const warnings: string[] = [];
  const warned = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", warned);
  try {
    const path = write(gzipSync(Buffer.alloc(64 * 2 ** 20, "no line of the kernel\n"), { level: 0 }));
    const { evidence } = await read(path);
    expect(evidence).toMatchObject([{ bytes: 64 * 2 ** 20 }]);
  } finally {
    process.off("warning", warned);
  }
  expect(warnings).toEqual([]);
});
