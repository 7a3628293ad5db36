import fc from "fast-check";
import { expect, test } from "vitest";
import { JournalFile } from "../../src/journal-file/journal-file.js";
import { memoryAccess, type RandomAccess } from "../../src/journal-file/random-access.js";
import type { LogRecord } from "../../src/model/record.js";
import { fleetingAccess } from "../support/fleeting-access.js";
import { readWhole } from "../support/journal-reading.js";
import { writeJournal } from "../support/journal-writer.js";
import { haveSamples, sample, WHOLE_SAMPLES } from "./journal-samples.js";

/** Two boots, a third of the entries the kernel's, with the fields that a real entry has. */
const WRITTEN = Array.from({ length: 47 }, (_, n) => {
  const bootId = n < 30 ? "aaaaaaaa11114aaa8aaa000000000001" : "bbbbbbbb22224bbb8bbb000000000002";
  return {
    realtimeUs: 1_700_000_000_000_000 + n * 1000,
    monotonicUs: 5_000_000 + n * 1000,
    bootId,
    fields: [
      `MESSAGE=message ${n} ${"of some length ".repeat(n % 7)}`,
      `_BOOT_ID=${bootId}`,
      "_HOSTNAME=pve1",
      `PRIORITY=${n % 8}`,
      `_SOURCE_MONOTONIC_TIMESTAMP=${4_999_000 + n * 1000}`,
      ...(n % 3 === 0 ? ["_TRANSPORT=kernel", "SYSLOG_FACILITY=0"] : ["_TRANSPORT=syslog", `_PID=${n}`]),
      n % 3 === 0 ? "SYSLOG_IDENTIFIER=kernel" : "SYSLOG_IDENTIFIER=vzdump",
    ],
  };
});

const files = [
  ...[true, false].flatMap((compact) =>
    [true, false].map((keyed) => ({
      name: `written, ${compact ? "compact" : "regular"}, ${keyed ? "keyed" : "Jenkins"}`,
      bytes: writeJournal(WRITTEN, { compact, keyed, buckets: 255 }),
    })),
  ),
  ...(haveSamples ? WHOLE_SAMPLES : []).map((name) => ({ name, bytes: sample(name) })),
];

/** Everything that can be read, with all values unpacked. */
function readAll(bytes: Uint8Array) {
  const { records, diagnostics, facts } = readWhole(memoryAccess(bytes), "damaged");
  const file = JournalFile.open(memoryAccess(bytes), { evidence: "damaged" });
  const entries = file instanceof JournalFile ? [...file.all().entries()] : [];
  return { records, diagnostics: diagnostics.length, facts, entries };
}

/** The same and more, by every way in, as one value that can be compared. */
function everything(access: RandomAccess): unknown {
  const { records, diagnostics, facts } = readWhole(access, "damaged");
  const file = JournalFile.open(access, { evidence: "damaged" });
  if (!(file instanceof JournalFile)) return { records, diagnostics, facts, file };
  const entries = [...file.all().entries()].map((entry) => ({
    entry: { ...entry, xorHash: entry.xorHash },
    line: file.lineOf(entry),
    fields: file.fields(entry, new Set(["MESSAGE", "_HOSTNAME"])).map(({ name, text }) => [name, text]),
  }));
  const found = [...file.matching(["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=vzdump"]).offsets()];
  return { records, diagnostics, facts, entries, found, boots: file.boots(), values: file.values("_BOOT_ID") };
}

const messages = (records: readonly LogRecord[]) => records.map(({ message }) => message);

for (const { name, bytes } of files) {
  const whole = readAll(bytes);
  const known = new Set(messages(whole.records));

  test(`${name}: a flipped bit costs at most a few records and is never thrown`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(bytes.length - 1), fc.nat(271)), fc.nat(7), (at, bit) => {
        const damaged = bytes.slice();
        // These flags say how all of the file is laid out, and nothing in the file contradicts a wrong one.
        fc.pre(at < 12 || at >= 16);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const { records, facts, entries } = readAll(damaged);
        if (facts === null) return;
        // A value is checked against its hash: no message comes out changed.
        for (const message of messages(records)) expect(message === "" || known.has(message)).toBe(true);
        // A size that by accident leads to another object's head hides what stands between the two.
        expect(entries.length).toBeGreaterThanOrEqual(35);
        expect(entries.length).toBeLessThanOrEqual(47);
      }),
      { numRuns: 200 },
    );
  });

  test(`${name}: cut anywhere, the entries before the cut survive`, () => {
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        const { facts, entries, diagnostics } = readAll(bytes.slice(0, length));
        if (facts === null) expect(diagnostics).toBeGreaterThan(0);
        else expect(entries).toEqual(whole.entries.filter(({ offset, size }) => offset + size <= length));
      }),
      { numRuns: 100 },
    );
  });

  test(`${name}: a zeroed page costs what stood on it`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Math.ceil(bytes.length / 4096) - 1 }), (page) => {
        const damaged = bytes.slice();
        damaged.fill(0, page * 4096, (page + 1) * 4096);
        const { entries, facts } = readAll(damaged);
        if (facts === null) return;
        const isOutside = (offset: number, size: number) => offset + size <= page * 4096 || offset >= (page + 1) * 4096;
        const untouched = whole.entries.filter(
          ({ offset, size, items }) => isOutside(offset, size) && items.filter((item) => isOutside(item, 8)).length > 2,
        );
        const found = new Set(entries.map(({ offset }) => offset));
        expect(untouched.filter(({ offset }) => !found.has(offset))).toEqual([]);
        expect(entries.length).toBeLessThanOrEqual(whole.entries.length);
      }),
      { numRuns: 40 },
    );
  });
}

test("random bytes behind the signature are refused or read, never thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 4000 }), (noise) => {
      const bytes = new Uint8Array(8 + noise.length);
      bytes.set(new TextEncoder().encode("LPKSHHRH"));
      bytes.set(noise, 8);
      bytes.fill(0, 12, 16);
      readAll(bytes);
    }),
  );
});

test("a crafted file whose objects overlap comes to an end", () => {
  const bytes = writeJournal(WRITTEN, { keyed: false, compact: true, buckets: 255 });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const crafted = new Uint8Array(1 << 20);
  crafted.set(bytes);
  const out = new DataView(crafted.buffer);
  // From here to the end every 16 bytes begin an object of any type that reaches to the end of the file.
  const from = Math.ceil(bytes.length / 16) * 16;
  for (let at = from; at < crafted.length; at += 16) {
    crafted[at] = 1 + ((at / 16) % 7);
    out.setBigUint64(at + 8, BigInt(Math.max(16, crafted.length - at)), true);
  }
  out.setBigUint64(96, BigInt(crafted.length - 272), true);
  out.setBigUint64(136, BigInt(from), true);
  // All buckets, and the main list, lead there.
  const table = Number(view.getBigUint64(104, true));
  for (let at = table; at < table + 255 * 16; at += 16) out.setBigUint64(at, BigInt(from), true);
  out.setBigUint64(176, BigInt(from), true);
  const { entries, diagnostics } = readAll(crafted);
  expect(entries.length).toBeGreaterThanOrEqual(47);
  expect(diagnostics).toBeGreaterThan(0);
});

/** Entries of more items than are read with their heads. */
const WIDE = WRITTEN.map((entry) => ({
  ...entry,
  fields: [...entry.fields, ...Array.from({ length: 120 }, (_, n) => `X_${n}=${n % 9}`)],
}));

test.each([true, false])("what was read is not looked at behind the next read, compact %s", (compact) => {
  const bytes = writeJournal(WIDE, { compact, keyed: true, buckets: 255 });
  const stretches = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 200 }), fc.nat(255)), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(stretches, (list) => {
      const damaged = bytes.slice();
      for (const [at, length, byte] of list) damaged.fill(byte, at, at + length);
      expect(everything(fleetingAccess(damaged))).toEqual(everything(memoryAccess(damaged)));
    }),
    { numRuns: 100 },
  );
});

test("a search through damage goes on behind an object that looks right and is not", () => {
  const bytes = writeJournal(WRITTEN, { compact: false, keyed: true, buckets: 255 });
  const file = JournalFile.open(memoryAccess(bytes), { evidence: "sound" });
  if (!(file instanceof JournalFile)) throw new Error(file.detail);
  for (const { items } of file.all().entries()) {
    const damaged = bytes.slice();
    damaged.fill(0, file.header.entryArrayOffset, file.header.entryArrayOffset + 16);
    const [first = 0, second = 0] = items.slice(-2);
    damaged.fill(0, first, first + 16);
    const last = second + (damaged[second + 8] ?? 0) - 1;
    damaged[last] = (damaged[last] ?? 0) ^ 1;
    const read = everything(fleetingAccess(damaged));
    expect(read).toEqual(everything(memoryAccess(damaged)));
    expect(read).toMatchObject({ entries: { length: WRITTEN.length } });
  }
});
