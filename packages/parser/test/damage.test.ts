/**
 * Damage everywhere. As part of the tests, each input is damaged at places spread over it; with HANGPROOF_EXHAUSTIVE=1
 * at every byte, which takes hours.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { EvidenceParser, type EvidenceSummary, type KernelEvent } from "../src/index.js";
import { hasJournalSignature } from "../src/journal-file/header.js";
import { JournalFile } from "../src/journal-file/journal-file.js";
import { memoryAccess } from "../src/journal-file/random-access.js";
import type { Diagnostic } from "../src/model/diagnostic.js";
import { readWhole } from "./support/journal-reading.js";
import { writeJournal } from "./support/journal-writer.js";

const IS_EXHAUSTIVE = process.env.HANGPROOF_EXHAUSTIVE === "1";
const CUTS = 6;
/** Longer logs repeat what their heads have. */
const HEAD_BYTES = 48 * 1024;

const folderOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FIXTURES = folderOf("../../../fixtures/cases");
const SAMPLES = folderOf("../../../../shared/samples");

interface Damaged {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function filesBelow(folder: string): Damaged[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => ({ name, path: resolve(folder, name) }))
    .filter(({ path }) => statSync(path).isFile())
    .map(({ name, path }) => {
      const bytes = readFileSync(path);
      return { name, bytes: new Uint8Array(name.endsWith(".gz") ? gunzipSync(bytes) : bytes) };
    });
}

/** The places at which bytes are damaged: all of them, or some that move from file to file. */
function placesIn(length: number, seed: number, some: number): number[] {
  if (IS_EXHAUSTIVE) return Array.from({ length }, (_, at) => at);
  return Array.from({ length: Math.min(some, length) }, (_, n) =>
    Math.floor(((n + ((seed * 0.618) % 1)) * length) / some),
  );
}

interface Parsed {
  readonly events: KernelEvent[];
  readonly diagnostics: Diagnostic[];
  readonly summary: EvidenceSummary;
}

function parsed(bytes: Uint8Array, name: string): Parsed {
  const parser = new EvidenceParser({
    evidence: name,
    timeZone: "Europe/Berlin",
    firstYear: 2025,
    yearSource: "caller",
  });
  const batches = [parser.push(bytes), parser.end()];
  return {
    events: batches.flatMap(({ events }) => events),
    diagnostics: batches.flatMap(({ diagnostics }) => diagnostics),
    summary: parser.summary(),
  };
}

/** Forms whose records have an end of their own, so that a cut inside one can be seen. */
const STRUCTURED: ReadonlySet<string> = new Set(["journal-json", "journal-export", "dmesg-json"]);

/** What stood wholly before a place and did not come; the last of it may have had lines behind that place. */
function missing(events: readonly KernelEvent[], end: number, found: readonly KernelEvent[]): string[] {
  const before = events.filter(({ provenance: { byteOffset, byteLength } }) => byteOffset + byteLength <= end);
  const places = new Set(found.map(placeOf));
  return before
    .slice(0, -1)
    .map(placeOf)
    .filter((place) => !places.has(place));
}

const placeOf = ({ kind, provenance }: KernelEvent): string => `${kind} at ${provenance.byteOffset}`;

for (const [title, folder] of [
  ["fixture", FIXTURES],
  ["sample", SAMPLES],
] as const) {
  const texts = filesBelow(folder).filter(({ bytes }) => !hasJournalSignature(bytes));

  test.skipIf(texts.length === 0)(`every ${title}, cut anywhere, gives what stood wholly before the cut`, () => {
    let seen = 0;
    for (const [index, { name, bytes: all }] of texts.entries()) {
      const bytes = all.subarray(0, HEAD_BYTES);
      const { events } = parsed(bytes, basename(name));
      seen += events.length;
      for (const cut of placesIn(bytes.length, index, CUTS)) {
        const found = parsed(bytes.subarray(0, cut), basename(name));
        expect(missing(events, cut, found.events), `${name} cut at ${cut}`).toEqual([]);
        const { form, bytes: read } = found.summary;
        expect(read, `${name} cut at ${cut}`).toBe(cut);
        const last = bytes[cut - 1];
        if (!STRUCTURED.has(form) || last === 0x0a || last === 0x7d || last === 0x5d) continue;
        expect(found.diagnostics.length, `${name} cut at ${cut}: ${form}`).toBeGreaterThan(0);
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  test.skipIf(texts.length === 0)(
    `every ${title}, with a changed byte or a zeroed page, keeps what stood before it`,
    () => {
      for (const [index, { name, bytes: all }] of texts.entries()) {
        const bytes = all.subarray(0, HEAD_BYTES);
        const { events } = parsed(bytes, basename(name));
        for (const at of placesIn(bytes.length, index, CUTS / 2)) {
          const flipped = bytes.slice();
          flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
          for (const damaged of [flipped, bytes.slice().fill(0, at, at + 4096)]) {
            const found = parsed(damaged, basename(name));
            const lineStart = bytes.subarray(0, at).lastIndexOf(0x0a) + 1;
            expect(found.summary.bytes).toBe(bytes.length);
            expect(missing(events, lineStart, found.events), `${name} damaged at ${at}`).toEqual([]);
          }
        }
      }
    },
  );
}

const ENTRIES = Array.from({ length: 7 }, (_, n) => ({
  realtimeUs: 1_700_000_000_000_000 + n * 1000,
  monotonicUs: 5_000_000 + n * 1000,
  bootId: "aaaaaaaa11114aaa8aaa000000000001",
  fields: [`MESSAGE=message ${n}`, "_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", `PRIORITY=${n % 3}`],
}));

interface Read {
  readonly offsets: ReadonlySet<number>;
  readonly messages: readonly string[];
  readonly isOpen: boolean;
  readonly diagnostics: number;
}

function readJournal(bytes: Uint8Array): Read {
  const { records, diagnostics } = readWhole(memoryAccess(bytes), "damaged");
  const file = JournalFile.open(memoryAccess(bytes), { evidence: "damaged" });
  const isOpen = file instanceof JournalFile;
  return {
    offsets: new Set(isOpen ? [...file.all().entries()].map(({ offset }) => offset) : []),
    messages: records.map(({ message }) => message),
    isOpen,
    diagnostics: diagnostics.length,
  };
}

for (const compact of [false, true]) {
  const bytes = writeJournal(ENTRIES, { compact, keyed: compact, buckets: 7 });
  const whole = readJournal(bytes);
  const known = new Set(whole.messages);

  test(`native journal, ${compact ? "compact" : "regular"}: a bit flipped in any byte costs one entry at most`, () => {
    expect(whole.messages).toHaveLength(ENTRIES.length);
    for (let at = 0; at < bytes.length; at += 1) {
      // The compatibility flags say how all of the file is laid out, and nothing in the file contradicts a wrong one.
      if (at >= 12 && at < 16) continue;
      for (const bit of IS_EXHAUSTIVE ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const { offsets, messages, isOpen, diagnostics } = readJournal(damaged);
        const place = `bit ${bit} of byte ${at}`;
        if (!isOpen) {
          expect(diagnostics, place).toBeGreaterThan(0);
          continue;
        }
        expect(offsets.size, place).toBeGreaterThanOrEqual(ENTRIES.length - 1);
        expect(
          messages.filter((message) => message !== "" && !known.has(message)),
          place,
        ).toEqual([]);
      }
    }
  });

  test(`native journal, ${compact ? "compact" : "regular"}: cut at any byte, or zeroed from any on, it ends`, () => {
    const count = IS_EXHAUSTIVE ? bytes.length : 600;
    for (const at of placesIn(bytes.length, 1, count)) {
      for (const damaged of [bytes.slice(0, at), bytes.slice().fill(0, at, at + 512)]) {
        const { offsets, isOpen, diagnostics } = readJournal(damaged);
        if (!isOpen) expect(diagnostics, `at ${at}`).toBeGreaterThan(0);
        else
          expect(
            [...offsets].filter((offset) => !whole.offsets.has(offset)),
            `at ${at}`,
          ).toEqual([]);
      }
    }
  });
}
