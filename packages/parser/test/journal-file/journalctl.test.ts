import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { JournalExportReader } from "../../src/formats/journal-export.js";
import { JournalFile } from "../../src/journal-file/journal-file.js";
import { recordOfEntry } from "../../src/journal-file/journal-records.js";
import { mergeJournalFiles } from "../../src/journal-file/merge-journal-files.js";
import type { LogRecord } from "../../src/model/record.js";
import { openFileAccess } from "../../src/node/journal-file-access.js";
import { writeJournal } from "../support/journal-writer.js";
import { haveSamples, sample, samplePath, WHOLE_SAMPLES } from "./journal-samples.js";

const REMOTE = "/usr/lib/systemd/systemd-journal-remote";
const haveJournalctl = spawnSync("journalctl", ["--version"]).status === 0;
const haveRemote = spawnSync(REMOTE, ["--version"]).status === 0;
if (!haveJournalctl) console.warn("journalctl is not here: the tests against it are skipped");
if (!haveRemote) console.warn("systemd-journal-remote is not here: the tests against it are skipped");

const folder = mkdtempSync(join(tmpdir(), "hangproof-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

function stored(name: string, bytes: Uint8Array): string {
  const path = join(folder, name.replaceAll("/", "_").replace(/\.gz$/, ""));
  writeFileSync(path, bytes);
  return path;
}

/** What journalctl reads from the files, by the reader of its export form; less the provenance, which differs. */
function journalctl(...paths: readonly string[]): Omit<LogRecord, "provenance">[] {
  const output = execFileSync("journalctl", [...paths.map((path) => `--file=${path}`), "-o", "export", "--no-pager"], {
    maxBuffer: 1 << 30,
  });
  const records: LogRecord[] = [];
  const reader = new JournalExportReader(
    { evidence: "journalctl" },
    { record: (record) => void records.push(record), diagnostic: () => undefined },
  );
  reader.push(new Uint8Array(output));
  reader.end();
  return records.map(plain);
}

function plain({ provenance: _, ...record }: LogRecord): Omit<LogRecord, "provenance"> {
  return record;
}

function opened(path: string): JournalFile {
  const file = JournalFile.open(openFileAccess(path), { evidence: path });
  if (!(file instanceof JournalFile)) throw new Error(file.detail);
  return file;
}

const own = (files: readonly JournalFile[]) =>
  [...mergeJournalFiles(files)].map(({ file, entry }) => plain(recordOfEntry(file, entry, () => undefined)));

test.skipIf(!haveSamples || !haveJournalctl).each(WHOLE_SAMPLES)("%s: the records are those of journalctl", (name) => {
  const path = stored(name, sample(name));
  expect(own([opened(path)])).toEqual(journalctl(path));
});

test.skipIf(!haveSamples || !haveJournalctl).each(["rotated", "interleaved"])(
  "%s files merge as in journalctl",
  (pair) => {
    const paths = readdirSync(samplePath(pair)).map((name) => samplePath(`${pair}/${name}`));
    expect(paths).toHaveLength(2);
    const expected = journalctl(...paths);
    expect(own(paths.map(opened))).toEqual(expected);
    expect(own(paths.toReversed().map(opened))).toEqual(expected);
  },
);

test.skipIf(!haveJournalctl)("journalctl finds nothing wrong with the files of the tests' own writer", () => {
  for (const compact of [true, false]) {
    for (const keyed of [true, false]) {
      const entries = Array.from({ length: 300 }, (_, n) => ({
        realtimeUs: 1_700_000_000_000_000 + n,
        monotonicUs: 1000 + n,
        bootId: "aaaaaaaa11114aaa8aaa000000000001",
        fields: [`MESSAGE=${n}`, `PRIORITY=${n % 8}`, "_BOOT_ID=aaaaaaaa11114aaa8aaa000000000001"],
      }));
      const path = stored(`own-${compact}-${keyed}.journal`, writeJournal(entries, { compact, keyed }));
      const verified = spawnSync("journalctl", ["--verify", `--file=${path}`], { encoding: "utf8" });
      expect(verified.stderr).toContain("PASS");
      expect(own([opened(path)])).toEqual(journalctl(path));
    }
  }
});

test.skipIf(!haveRemote)("what systemd writes is read back, long values and binary ones too", () => {
  const fields = fc.record({
    MESSAGE: fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 100 }),
      fc
        .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 4000 }))
        .map(([s, n]) => s.repeat(n)),
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    ),
    SYSLOG_IDENTIFIER: fc.constantFrom("kernel", "vzdump", "cron"),
  });
  let run = 0;
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 80 }), (entries) => {
      const path = join(folder, `remote-${run++}.journal`);
      const parts = entries.flatMap(({ MESSAGE, SYSLOG_IDENTIFIER }, n) => {
        const message = Buffer.from(MESSAGE);
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(message.length));
        const head = `__REALTIME_TIMESTAMP=${1_700_000_000_000_000 + n}\n__MONOTONIC_TIMESTAMP=${1000 + n}\n_BOOT_ID=aaaaaaaa11114aaa8aaa000000000001\nSYSLOG_IDENTIFIER=${SYSLOG_IDENTIFIER}\nMESSAGE\n`;
        return [Buffer.from(head), length, message, Buffer.from("\n\n")];
      });
      execFileSync(REMOTE, [`--output=${path}`, "-"], { input: Buffer.concat(parts), stdio: ["pipe", "pipe", "pipe"] });
      const file = opened(path);
      const read = [...file.all().entries()].map((entry) => {
        const values = new Map(
          file
            .fields(entry, new Set(["MESSAGE", "SYSLOG_IDENTIFIER"]))
            .map(({ name, value }) => [name, Buffer.from(value).toString()]),
        );
        return { MESSAGE: values.get("MESSAGE") ?? "", SYSLOG_IDENTIFIER: values.get("SYSLOG_IDENTIFIER") };
      });
      expect(read).toEqual(entries.map((entry) => ({ ...entry, MESSAGE: Buffer.from(entry.MESSAGE).toString() })));
      const vzdump = entries.flatMap(({ SYSLOG_IDENTIFIER }, n) => (SYSLOG_IDENTIFIER === "vzdump" ? [n + 1] : []));
      expect([...file.matching(["SYSLOG_IDENTIFIER=vzdump"]).entries()].map(({ seqnum }) => seqnum)).toEqual(vzdump);
      expect([file.damaged, file.recovered]).toEqual([0, false]);
    }),
    { numRuns: 15 },
  );
});
