import fc from "fast-check";
import { expect, test } from "vitest";
import { JournalFile } from "../../src/journal-file/journal-file.js";
import { mergeJournalFiles } from "../../src/journal-file/merge-journal-files.js";
import { memoryAccess, type RandomAccess } from "../../src/journal-file/random-access.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import { readWhole } from "../support/journal-reading.js";
import { type WriterOptions, type WrittenEntry, writeJournal } from "../support/journal-writer.js";

const BOOT = "aaaaaaaa11114aaa8aaa000000000001";
const LAYOUTS: readonly (readonly [string, WriterOptions])[] = [
  ["compact, keyed", { compact: true, keyed: true }],
  ["compact, Jenkins", { compact: true, keyed: false }],
  ["regular, keyed", { compact: false, keyed: true }],
  ["regular, Jenkins", { compact: false, keyed: false }],
];

function openBytes(bytes: Uint8Array, diagnostics: Diagnostic[] = []): JournalFile {
  const onDiagnostic = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
  const file = JournalFile.open(memoryAccess(bytes), { evidence: "test.journal", onDiagnostic });
  if (!(file instanceof JournalFile)) throw new Error(file.detail);
  return file;
}

function readBytes(bytes: Uint8Array, access: RandomAccess = memoryAccess(bytes)) {
  return readWhole(access);
}

/** Entry number `n`: one in `every` is the kernel's. */
function entry(n: number, every: number): WrittenEntry {
  const isKernel = n % every === 0;
  return {
    realtimeUs: 1_700_000_000_000_000 + n * 1000,
    monotonicUs: 5_000_000 + n * 1000,
    bootId: BOOT,
    fields: [
      `MESSAGE=message ${n}`,
      `_BOOT_ID=${BOOT}`,
      "_HOSTNAME=pve1",
      ...(isKernel
        ? ["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", "SYSLOG_FACILITY=0", "PRIORITY=3"]
        : ["_TRANSPORT=syslog", "SYSLOG_IDENTIFIER=cron", `_PID=${n}`, "PRIORITY=6"]),
    ],
  };
}

const many = (count: number, every: number) => Array.from({ length: count }, (_, n) => entry(n, every));

test.each(LAYOUTS)("%s: a journal gives back what was written into it", (_, layout) => {
  const field = fc.tuple(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/), fc.uint8Array({ maxLength: 40 }));
  const written = fc.record({
    realtimeUs: fc.integer({ min: 1, max: 2 ** 52 }),
    fields: fc.array(field, { minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(written, { maxLength: 60 }), (list) => {
      const bytesOf = ([name, value]: readonly [string, Uint8Array]) =>
        Buffer.concat([Buffer.from(`${name}=`), Buffer.from(value)]);
      const entries = list.map(({ realtimeUs, fields }, n) => ({
        realtimeUs,
        monotonicUs: n,
        bootId: BOOT,
        fields: fields.map((one) => new Uint8Array(bytesOf(one))),
      }));
      const diagnostics: Diagnostic[] = [];
      const file = openBytes(writeJournal(entries, { ...layout, buckets: 3 }), diagnostics);
      const names = new Set(list.flatMap(({ fields }) => fields.map(([name]) => name)));
      const found = [...file.all().entries()].map((one) => ({
        realtimeUs: one.realtimeUs,
        fields: new Set(file.fields(one, names).map(({ name, value }) => bytesOf([name, value]).toString("latin1"))),
      }));
      expect(found).toEqual(
        list.map(({ realtimeUs, fields }) => ({
          realtimeUs,
          fields: new Set(fields.map((one) => bytesOf(one).toString("latin1"))),
        })),
      );
      expect(diagnostics).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test.each(LAYOUTS)("%s: a look-up gives what a scan gives, in order", (_, layout) => {
  const file = openBytes(writeJournal(many(500, 7), layout));
  const scanned = [...file.all().entries()].filter((one) => (one.seqnum - 1) % 7 === 0);
  expect([...file.matching(["_TRANSPORT=kernel"]).entries()]).toEqual(scanned);
  expect([...file.matching(["_TRANSPORT=kernel", "_TRANSPORT=syslog", "PRIORITY=3"]).offsets()]).toEqual([
    ...file.all().offsets(),
  ]);
  expect([...file.matching(["_TRANSPORT=audit"]).offsets()]).toEqual([]);
  expect(file.count("_TRANSPORT=kernel")).toBe(72);
  expect(file.values("_TRANSPORT")).toEqual(["syslog", "kernel"]);
});

test("the cost of reading grows with the matching entries, not with the file", () => {
  const cost = (count: number) => {
    const bytes = writeJournal(many(count, count / 20), { buckets: 65_521 });
    const inner = memoryAccess(bytes);
    let read = 0;
    const counting: RandomAccess = {
      size: inner.size,
      read(offset, length) {
        read += length;
        return inner.read(offset, length);
      },
    };
    expect(readBytes(bytes, counting).records).toHaveLength(20);
    return { read, size: bytes.length };
  };
  const [small, large] = [cost(1000), cost(20_000)];
  expect(large.size / small.size).toBeGreaterThan(5);
  expect(large.read / small.read).toBeLessThan(1.5);
});

test("a record names the place of its entry among all, and the bytes of the entry", () => {
  const bytes = writeJournal(many(100, 10));
  const { records, facts, diagnostics } = readBytes(bytes);
  expect(records.map(({ provenance }) => provenance.line)).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
  for (const { provenance } of records) expect(bytes[provenance.byteOffset]).toBe(3);
  expect(records[1]).toMatchObject({ message: "message 10", host: "pve1", bootId: BOOT, trust: "kernel", priority: 3 });
  expect(facts).toMatchObject({ entries: 100, kernelEntries: 10, records: 10, recovered: false, damaged: 0 });
  expect(diagnostics).toEqual([]);
});

test("a line that user space wrote to /dev/kmsg is not the kernel's word", () => {
  const fields = ["MESSAGE=e1000e: hello", "_TRANSPORT=kernel", "SYSLOG_FACILITY=3", "SYSLOG_IDENTIFIER=systemd"];
  const { records } = readBytes(writeJournal([{ realtimeUs: 1, monotonicUs: 1, bootId: BOOT, fields }]));
  expect(records).toMatchObject([{ trust: "claimed", identifier: "systemd" }]);
});

test("a kernel message that waited for journald gets the time at which it was printed", () => {
  const fields = ["MESSAGE=early", "_TRANSPORT=kernel", "_SOURCE_MONOTONIC_TIMESTAMP=1200000"];
  const one = { realtimeUs: 1_700_000_010_000_000, monotonicUs: 3_200_000, bootId: BOOT, fields };
  const { records } = readBytes(writeJournal([one]));
  expect(records[0]?.time).toMatchObject({ unixMs: 1_700_000_008_000, bootMs: 1200, source: "utc" });
});

test("a message that is not UTF-8 is kept with replacement characters and diagnosed", () => {
  const message = new Uint8Array([...new TextEncoder().encode("MESSAGE=Ger"), 0xe4, 0x74]);
  const fields = [message, "_TRANSPORT=kernel"];
  const { records, diagnostics } = readBytes(writeJournal([{ realtimeUs: 9, monotonicUs: 9, bootId: BOOT, fields }]));
  expect(records[0]?.message).toBe("Ger\uFFFDt");
  expect(diagnostics).toMatchObject([{ code: "utf8.invalid", line: 1 }]);
});

test("sequence numbers that the file lacks are counted", () => {
  const entries = [1, 2, 5, 9].map((seqnum, n) => ({ ...entry(n, 1), seqnum }));
  expect(readBytes(writeJournal(entries)).facts?.sequence).toMatchObject({ first: 1, last: 9, missing: 5 });
});

test.each([
  [32, "SEGMENTED, bit 5 (32)"],
  [64, "bit 6 (64)"],
  [2 ** 31, "bit 31 (2147483648)"],
])("incompatible flag %i is refused by name", (flag, name) => {
  const { facts, diagnostics } = readBytes(writeJournal([], { incompatibleFlags: 20 + flag }));
  expect(facts).toBeNull();
  expect(diagnostics).toMatchObject([{ code: "input.unsupported", byteOffset: 12 }]);
  expect(diagnostics[0]?.detail).toContain(name);
});

test("an empty journal has no entries and no times", () => {
  const { facts, records, diagnostics } = readBytes(writeJournal([]));
  expect(facts).toMatchObject({ entries: 0, kernelEntries: 0, firstRealtimeUs: null, boots: [] });
  expect([records, diagnostics]).toEqual([[], []]);
});

test.each([
  ["nothing", new Uint8Array(0), "input.unsupported"],
  ["text", new TextEncoder().encode("Oct 25 23:49:26 pve1 kernel: e1000e"), "input.unsupported"],
  ["a cut header", writeJournal([]).slice(0, 100), "input.truncated"],
])("%s is refused with a diagnostic", (_, bytes, code) => {
  const { facts, diagnostics } = readBytes(bytes);
  expect(facts).toBeNull();
  expect(diagnostics).toMatchObject([{ code }]);
});

/** Sets a u64 at an offset. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(at, BigInt(value), true);
  return copy;
}

test("a chain of arrays that leads back ends there; the entries behind it are found by walking", () => {
  const bytes = writeJournal(many(200, 5));
  const view = new DataView(bytes.buffer);
  const first = Number(view.getBigUint64(176, true));
  const diagnostics: Diagnostic[] = [];
  const file = openBytes(patched(bytes, first + 16, first), diagnostics);
  expect([...file.all().entries()].map(({ seqnum }) => seqnum)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  expect(file.recovered).toBe(true);
  expect(diagnostics.map(({ code }) => code)).toContain("input.corrupt");
});

test("a hash table that is gone does not hide the kernel's entries", () => {
  const bytes = writeJournal(many(200, 5));
  const table = Number(new DataView(bytes.buffer).getBigUint64(104, true));
  const zeroed = bytes.slice();
  zeroed.fill(0, table - 16, table + 61 * 16);
  expect(readBytes(zeroed).records).toEqual(readBytes(bytes).records);
  const emptied = bytes.slice();
  emptied.fill(0, table, table + 61 * 16);
  const { records, diagnostics } = readBytes(emptied);
  expect(records).toEqual(readBytes(bytes).records);
  expect(diagnostics.map(({ code }) => code)).toContain("input.corrupt");
});

test("a counter that is too low does not hide entries", () => {
  const file = openBytes(patched(writeJournal(many(200, 5)), 152, 100));
  expect([...file.all().offsets()]).toHaveLength(200);
});

test("a value that does not match its hash is diagnosed and never shown", () => {
  const bytes = writeJournal(many(20, 2));
  const at = Buffer.from(bytes).indexOf("message 4");
  const damaged = bytes.slice();
  damaged[at] = 0x58;
  const { records, diagnostics } = readBytes(damaged);
  expect(records.map(({ message }) => message)).toEqual(
    readBytes(bytes).records.map(({ message }) => (message === "message 4" ? "" : message)),
  );
  expect(diagnostics).toMatchObject([{ code: "input.corrupt", detail: "value does not match its hash" }]);
});

const sequenceOf = (files: readonly JournalFile[]) =>
  [...mergeJournalFiles(files)]
    .map(({ file, entry: one }) => file.fields(one, new Set(["MESSAGE"]))[0]?.value)
    .map((value) => new TextDecoder().decode(value));

test("files of one rotation and of several writers merge into the one stream they were", () => {
  const second = (one: WrittenEntry): WrittenEntry => ({ ...one, bootId: "bbbbbbbb22224bbb8bbb000000000002" });
  const all = many(90, 3).map((one, n) => ({ ...(n < 50 ? one : second(one)), seqnum: n + 1 }));
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 90, maxLength: 90 }), fc.boolean(), (which, compact) => {
      const files = [0, 1, 2].map((k) =>
        openBytes(
          writeJournal(
            all.filter((_, n) => which[n] === k),
            { compact },
          ),
        ),
      );
      expect(sequenceOf(files)).toEqual(all.map((_, n) => `message ${n}`));
      expect(sequenceOf(files.toReversed())).toEqual(sequenceOf(files));
    }),
    { numRuns: 30 },
  );
});

test("an entry that stands in a file and in its copy comes once", () => {
  const whole = many(30, 3);
  const files = [openBytes(writeJournal(whole)), openBytes(writeJournal(whole.slice(0, 20), { compact: false }))];
  expect(sequenceOf(files)).toEqual(whole.map((_, n) => `message ${n}`));
});

test("boots come in the order of their ends, whatever the clock said when they began", () => {
  const boot = (id: string, times: readonly number[], text: string) =>
    times.map((realtimeUs, n) => ({ realtimeUs, monotonicUs: n, bootId: id, fields: [`MESSAGE=${text}${n}`] }));
  const file = (entries: WrittenEntry[], seqnumId: string) => openBytes(writeJournal(entries, { seqnumId }));
  // The clock of the later boot starts at 1970 and is set afterwards.
  const early = file(boot("11".repeat(16), [100, 200], "a"), "01".repeat(16));
  const late = file(boot("22".repeat(16), [5, 900], "b"), "02".repeat(16));
  expect(sequenceOf([late, early])).toEqual(["a0", "a1", "b0", "b1"]);
});
