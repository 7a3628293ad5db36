import { expect, test } from "vitest";
import { JournalFile } from "../../src/journal-file/journal-file.js";
import type { JournalEntry } from "../../src/journal-file/objects.js";
import { memoryAccess, pagedAccess } from "../../src/journal-file/random-access.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import type { LogRecord } from "../../src/model/record.js";
import { parseJournal } from "../../src/read/parse-journal.js";
import { readWhole } from "../support/journal-reading.js";
import { haveSamples, messageBytes, sample, trueEvents, WHOLE_SAMPLES } from "./journal-samples.js";

function open(name: string): { file: JournalFile; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const onDiagnostic = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic);
  const file = JournalFile.open(memoryAccess(sample(name)), { evidence: name, onDiagnostic });
  if (!(file instanceof JournalFile)) throw new Error(file.detail);
  return { file, diagnostics };
}

const WANTED = new Set(["MESSAGE", "SYSLOG_IDENTIFIER", "PRIORITY", "_TRANSPORT"]);

function facts(file: JournalFile, entry: JournalEntry) {
  const fields = new Map(file.fields(entry, WANTED).map(({ name, value }) => [name, value]));
  const text = (name: string) => {
    const value = fields.get(name);
    return value === undefined ? null : new TextDecoder().decode(value);
  };
  const message = fields.get("MESSAGE");
  return {
    realtimeUs: entry.realtimeUs,
    monotonicUs: entry.monotonicUs,
    bootId: entry.bootId,
    message: message === undefined ? null : Buffer.from(message).toString("latin1"),
    identifier: text("SYSLOG_IDENTIFIER"),
    priority: text("PRIORITY"),
    transport: text("_TRANSPORT"),
  };
}

function truth() {
  return trueEvents().map((event) => {
    const message = messageBytes(event);
    return {
      realtimeUs: event.realtime_usec,
      monotonicUs: event.monotonic_usec,
      bootId: event.boot_id,
      message: message === null ? null : Buffer.from(message).toString("latin1"),
      identifier: event.identifier ?? null,
      priority: event.priority === null || event.priority === undefined ? null : String(event.priority),
      transport: event.transport ?? null,
    };
  });
}

test.skipIf(!haveSamples).each(WHOLE_SAMPLES)("%s holds the 47 true events, byte for byte", (name) => {
  const { file, diagnostics } = open(name);
  expect([...file.all().entries()].map((entry) => facts(file, entry))).toEqual(truth());
  expect(diagnostics).toEqual([]);
  expect(file.recovered).toBe(false);
});

test.skipIf(!haveSamples).each(WHOLE_SAMPLES)("%s: a look-up finds what a full scan finds", (name) => {
  const { file, diagnostics } = open(name);
  const all = [...file.all().entries()];
  for (const needles of [["_TRANSPORT=kernel"], ["SYSLOG_IDENTIFIER=vzdump", "SYSLOG_IDENTIFIER=pvedaemon"], ["X=y"]]) {
    const scanned = all.filter((entry) =>
      file
        .fields(entry, new Set(needles.map((needle) => needle.slice(0, needle.indexOf("=")))))
        .some(({ name: field, value }) => needles.includes(`${field}=${new TextDecoder().decode(value)}`)),
    );
    expect([...file.matching(needles).entries()]).toEqual(scanned);
  }
  expect(file.count("_TRANSPORT=kernel")).toBe(25);
  expect(diagnostics).toEqual([]);
});

test.skipIf(!haveSamples)("every container of the same events gives the same records", () => {
  const plain = ({ provenance, ...rest }: LogRecord) => ({ ...rest, line: provenance.line });
  const [first, ...others] = WHOLE_SAMPLES.map((name) => readWhole(memoryAccess(sample(name))).records.map(plain));
  expect(first?.length).toBeGreaterThan(25);
  for (const other of others) expect(other).toEqual(first);
});

test.skipIf(!haveSamples)(
  "facts: clocks, boots, sequence and flags are those of journalctl --header and --list-boots",
  () => {
    const { facts } = readWhole(memoryAccess(sample("v252-zstd-compact-keyed.journal")));
    const events = trueEvents();
    expect(facts).toMatchObject({
      fileId: "d89f5a866bf740d68a6b0e8fe7f3e8c7",
      state: "archived",
      flags: ["KEYED_HASH", "COMPRESSED_ZSTD", "COMPACT"],
      sealed: null,
      sequence: { first: 1, last: 47, missing: 0 },
      entries: 47,
      kernelEntries: 25,
      firstRealtimeUs: events[0]?.realtime_usec,
      lastRealtimeUs: events.at(-1)?.realtime_usec,
      truncated: false,
      recovered: false,
      damaged: 0,
    });
    const ids = [...new Set(events.map((event) => event.boot_id))];
    expect(facts?.boots).toEqual(
      ids.map((bootId) => {
        const own = events.filter((event) => event.boot_id === bootId);
        return {
          bootId,
          entries: own.length,
          firstRealtimeUs: own[0]?.realtime_usec,
          lastRealtimeUs: own.at(-1)?.realtime_usec,
        };
      }),
    );
  },
);

test.skipIf(!haveSamples)("a sealed file says so and how many seals it claims", () => {
  expect(readWhole(memoryAccess(sample("sealed/v252-sealed.journal"))).facts?.sealed).toMatchObject({ tags: 7 });
});

test.skipIf(!haveSamples)("a damaged entry costs itself", () => {
  const { file, diagnostics } = open("damaged/entry-20-header-zeroed.journal");
  const expected = truth().filter((_, index) => index !== 20);
  expect([...file.all().entries()].map((entry) => facts(file, entry))).toEqual(expected);
  expect(diagnostics).toMatchObject([{ code: "input.corrupt", detail: "ENTRY object expected, UNUSED found" }]);
});

test.skipIf(!haveSamples)("a damaged value costs itself", () => {
  const { file, diagnostics } = open("damaged/data-of-entry-10-header-zeroed.journal");
  const expected = truth().map((event, index) => (index === 10 ? { ...event, message: null } : event));
  expect([...file.all().entries()].map((entry) => facts(file, entry))).toEqual(expected);
  expect(diagnostics).toMatchObject([{ code: "input.corrupt", detail: "DATA object expected, UNUSED found" }]);
});

test.skipIf(!haveSamples)("a truncated file, which journalctl refuses, gives what is there", () => {
  const { file, diagnostics } = open("damaged/cut-at-60000.journal");
  const found = [...file.all().entries()].map((entry) => facts(file, entry));
  expect(found.length).toBeGreaterThan(20);
  expect(found).toEqual(truth().slice(0, found.length));
  expect(diagnostics[0]).toMatchObject({ code: "input.truncated", byteOffset: 60_000 });
});

test.skipIf(!haveSamples)("the file of a writer that was killed holds what was written", () => {
  const { file } = open("damaged/online-killed-after-21.journal.gz");
  expect(file.header.state).toBe("online");
  expect([...file.all().entries()].map((entry) => facts(file, entry))).toEqual(truth().slice(0, 21));
});

test.skipIf(!haveSamples)("an unknown incompatible flag is refused by name", () => {
  const { facts: none, diagnostics } = readWhole(memoryAccess(sample("damaged/unknown-incompatible-flag.journal")));
  expect(none).toBeNull();
  expect(diagnostics).toMatchObject([{ code: "input.unsupported", byteOffset: 12 }]);
  expect(diagnostics[0]?.detail).toContain("bit 6 (64)");
});

test.skipIf(!haveSamples)("small pages give the same as memory", () => {
  const bytes = sample("v254-xz-regular-jenkins.journal");
  const access = pagedAccess(
    bytes.length,
    (offset, target) => {
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
    { pageBytes: 64, pages: 8 },
  );
  expect(readWhole(access)).toEqual(readWhole(memoryAccess(bytes)));
});

test.skipIf(!haveSamples)("a journal in memory is parsed like any input, and says its variant and its seals", () => {
  const parsed = (name: string) => {
    const steps = parseJournal(memoryAccess(sample(name)), { evidence: name });
    let events = 0;
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done === true) return { events, summary: next.value };
      events += next.value.events.length;
    }
  };
  const { events, summary } = parsed("v252-zstd-compact-keyed.journal");
  expect(events).toBeGreaterThan(10);
  expect(summary.formReason).toMatch(/compact.*; not sealed$/);
  expect(parsed("sealed/v252-sealed.journal").summary.formReason).toMatch(/; 7 seals, not verified$/);
});
