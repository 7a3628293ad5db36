import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@hangproof/analyzer";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, LedgerError, openLedger } from "../src/index.js";
import { checkIdentity, MIGRATIONS, migrate } from "../src/schema.js";
import { parseText } from "./support/parse-text.js";
import { CASE, type Reading, readEvidence } from "./support/read-case.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-ledger-"));
let files = 0;
const fresh = () => join(folder, `${files++}.db`);
const text = (ledger: Ledger) => [...ledger.export()].join("");
const OPTIONS = { now: Date.UTC(2025, 10, 24, 12), timeZone: "Europe/Berlin" };
let whole: Reading[];

beforeAll(async () => {
  whole = await readEvidence([CASE]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function feed(readings: readonly Reading[], path: string = fresh()): Ledger {
  const ledger = openLedger(path);
  for (const { summary, events } of readings) ledger.ingest(summary, events);
  return ledger;
}

test("the report from a ledger equals the report on the same evidence at once", () => {
  const ledger = feed([...whole].reverse());
  const kept = ledger.analysisInput();
  const ordered = [...whole].sort((a, b) => (a.summary.evidence < b.summary.evidence ? -1 : 1));
  const atOnce = { evidence: ordered.map(({ summary }) => summary), events: ordered.flatMap(({ events }) => events) };
  expect(whole.flatMap(({ events }) => events).filter(({ kind }) => kind === "e1000e.hang").length).toBeGreaterThan(0);
  expect(kept.evidence).toEqual(atOnce.evidence);
  expect(analyze(kept, OPTIONS)).toEqual(analyze(atOnce, OPTIONS));
  expect(ledger.verify()).toEqual([]);
  ledger.close();
});

test("feeding the same evidence again changes nothing and says so", () => {
  const ledger = feed(whole);
  const before = text(ledger);
  for (const { summary, events } of whole) expect(ledger.ingest(summary, events)).toBe("known");
  expect(text(ledger)).toBe(before);
  ledger.close();
});

const LINES = Array.from({ length: 14 }, (_, i) => {
  const stamp = new Date(Date.UTC(2025, 9, 1 + i, 2, 0, i)).toISOString().replace("Z", "+00:00");
  const message =
    i % 3 === 0 ? "Detected Hardware Unit Hang:" : i % 3 === 1 ? "Reset adapter unexpectedly" : "NIC Link is Down";
  return `${stamp} pve1 kernel: [${1000 + i * 86400}.000000] e1000e 0000:00:19.0 eno1: ${message}\n`;
});

test("overlapping slices in any order, any number of times, give identical content", () => {
  const slice = fc.record({
    from: fc.nat(LINES.length - 1),
    length: fc.integer({ min: 1, max: 6 }),
    label: fc.constantFrom("kern.log", "kern.log.1", "b/kern.log"),
  });
  fc.assert(
    fc.property(
      fc.array(slice, { minLength: 1, maxLength: 5 }).chain((slices) =>
        fc.record({
          slices: fc.constant(slices),
          order: fc.array(fc.nat(slices.length - 1), { maxLength: 8 }),
        }),
      ),
      ({ slices, order }) => {
        const readings = slices.map(({ from, length, label }) =>
          parseText(LINES.slice(from, from + length).join(""), label),
        );
        const once = feed(readings);
        const again = feed([...order.map((i) => readings[i]!), ...[...readings].reverse()]);
        expect(text(again)).toBe(text(once));
        expect(again.verify()).toEqual([]);
        expect(new Set(once.evidence().map(({ name }) => name)).size).toBe(once.evidence().length);
        once.close();
        again.close();
      },
    ),
    { numRuns: 25 },
  );
});

test("another reading of the same bytes wins or loses whatever the order", () => {
  const guessed = parseText(LINES.join(""), "a");
  const sure: Reading = { ...guessed, summary: { ...guessed.summary, year: "log" } };
  const doubtful: Reading = { ...guessed, summary: { ...guessed.summary, year: "file-time" } };
  const forth = feed([sure, doubtful]);
  const back = feed([doubtful, sure]);
  expect(text(back)).toBe(text(forth));
  expect(back.evidence()[0]?.summary.year).toBe("log");
  forth.close();
  back.close();
});

test("forgetting evidence takes its events along, and keeps those that other evidence shows", () => {
  const [a, b] = [parseText(LINES.slice(0, 4).join(""), "a"), parseText(LINES.slice(2, 6).join(""), "b")];
  const ledger = feed([a, b]);
  const [key] = ledger.evidence().map((one) => one.key);
  expect(ledger.forget(key ?? "")).toBe(true);
  expect(ledger.forget(key ?? "")).toBe(false);
  const only = feed([b]);
  expect(text(ledger)).toBe(text(only));
  expect(ledger.verify()).toEqual([]);
  ledger.close();
  only.close();
});

test("an event of other evidence is refused, and nothing of that evidence is kept", () => {
  const [a, b] = [parseText(LINES.slice(0, 4).join(""), "a"), parseText(LINES.slice(2, 6).join(""), "b")];
  const ledger = feed([]);
  expect(() => ledger.ingest(a.summary, [...a.events, ...b.events])).toThrow(LedgerError);
  expect(text(ledger)).toBe("");
  expect(ledger.ingest(a.summary, a.events)).toBe("added");
  ledger.close();
});

test("a changed payload is found by verify", () => {
  const path = fresh();
  feed([parseText(LINES.join(""), "a")], path).close();
  const db = new Database(path);
  db.exec("UPDATE event SET payload = replace(payload, 'pve1', 'pve2') WHERE id = 1");
  db.close();
  const ledger = openLedger(path, { readOnly: true });
  expect(ledger.verify()).toHaveLength(1);
  ledger.close();
});

test("a newer schema and files that are no ledger are refused, untouched", () => {
  const newer = fresh();
  feed([], newer).close();
  const db = new Database(newer);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  db.close();
  expect(() => openLedger(newer)).toThrow(expect.objectContaining({ code: "NEWER_SCHEMA" }));
  const other = fresh();
  const foreign = new Database(other);
  foreign.exec("CREATE TABLE mine (x)");
  foreign.close();
  expect(() => openLedger(other)).toThrow(expect.objectContaining({ code: "NOT_A_LEDGER" }));
  const junk = fresh();
  writeFileSync(junk, "not a database, but long enough to look at".repeat(40));
  const size = statSync(junk).size;
  expect(() => openLedger(junk)).toThrow(expect.objectContaining({ code: "NOT_A_LEDGER" }));
  expect(statSync(junk).size).toBe(size);
});

test("a ledger of every earlier version is brought to this one", () => {
  const steps = [...MIGRATIONS, "CREATE TABLE later (x)"];
  for (let version = 0; version < steps.length; version++) {
    const db = new Database(fresh());
    migrate(db, steps.slice(0, version));
    migrate(db, steps);
    expect(checkIdentity(db, steps.length)).toBe(steps.length);
    db.close();
  }
});

test("a second writer waits, then says that the ledger is busy", () => {
  const path = fresh();
  feed([], path).close();
  const ledger = openLedger(path, { waitMs: 20 });
  const rival = new Database(path);
  rival.exec("BEGIN IMMEDIATE");
  const { summary, events } = parseText(LINES.join(""), "a");
  expect(() => ledger.ingest(summary, events)).toThrow(expect.objectContaining({ code: "BUSY" }));
  rival.exec("ROLLBACK");
  expect(ledger.ingest(summary, events)).toBe("added");
  rival.close();
  ledger.close();
});
