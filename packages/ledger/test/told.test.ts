import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TimeZone } from "@hangproof/parser";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import {
  CONDITIONS,
  conditionsOf,
  levelOf,
  openLedger,
  type SeriesState,
  type WindowRule,
  windowsOf,
  worstLevel,
} from "../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-told-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test("what was told stays, once, and goes when it is taken back", () => {
  const path = join(folder, "told.db");
  let ledger = openLedger(path);
  const change = { timeMs: 1_000, title: "cable", note: null, toldMs: 5_000 };
  const first = ledger.told.addChange(change);
  expect(ledger.told.addChange({ ...change, note: "the blue one", toldMs: 9_000 })).toEqual({
    ...first,
    note: "the blue one",
  });
  const rule: WindowRule = { kind: "once", startMs: 10, endMs: 20 };
  const window = ledger.told.addWindow({ rule, text: "then", note: null, toldMs: 5_000 });
  ledger.close();
  ledger = openLedger(path);
  expect(ledger.told.changes()).toMatchObject([{ id: first.id, title: "cable" }]);
  expect(ledger.told.windows()).toEqual([window]);
  expect(ledger.told.removeChange(first.id)).toBe(true);
  expect(ledger.told.removeChange(first.id)).toBe(false);
  expect(ledger.told.removeWindow(window.id)).toBe(true);
  // A number is never given twice: a script that removes by number removes nothing else.
  expect(ledger.told.addChange(change).id).toBeGreaterThan(first.id);
  ledger.close();
});

test("a weekly rule gives the windows of its days, at the wall clock of its zone, whatever range is asked for", () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata");
  fc.assert(
    fc.property(
      zones,
      fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 23 }),
      fc.oneof(
        fc.integer({ min: 1, max: 30 }).map((hours) => ({ lengthMs: hours * HOUR })),
        fc.integer({ min: 0, max: 23 }).map((hour) => ({ untilOfDayMs: hour * HOUR })),
      ),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 60 }),
      (timeZone, days, hour, lasts, from, length) => {
        const rule: WindowRule = { kind: "weekly", days: days.sort(), startOfDayMs: hour * HOUR, lasts, timeZone };
        const sinceMs = Date.UTC(2025, 0, 1) + from * DAY;
        const untilMs = sinceMs + length * DAY;
        const zone = new TimeZone(timeZone);
        const found = windowsOf(rule, { sinceMs, untilMs });
        for (const { startMs, endMs } of found) {
          expect(endMs > sinceMs && startMs < untilMs).toBe(true);
          const local = startMs + zone.offsetMs(startMs);
          expect(days).toContain(new Date(local).getUTCDay());
          expect(local % DAY).toBe(hour * HOUR);
        }
        // Any part of the range gives the same windows as the whole, as far as they reach into it.
        const cut = sinceMs + Math.floor(length / 2) * DAY;
        const parts = [
          ...windowsOf(rule, { sinceMs, untilMs: cut }),
          ...windowsOf(rule, { sinceMs: cut, untilMs }),
        ].map((span) => JSON.stringify(span));
        expect(new Set(parts)).toEqual(new Set(found.map((span) => JSON.stringify(span))));
      },
    ),
    { numRuns: 60 },
  );
});

test("an hour that spring leaves out has no window; one that autumn has twice begins at its first", () => {
  const rule: WindowRule = {
    kind: "weekly",
    days: [0],
    startOfDayMs: 2.5 * HOUR,
    lasts: { lengthMs: HOUR },
    timeZone: "Europe/Berlin",
  };
  const on = (day: number) => windowsOf(rule, { sinceMs: day, untilMs: day + DAY });
  expect(on(Date.UTC(2025, 2, 30))).toEqual([]);
  const first = Date.UTC(2025, 9, 26, 0, 30);
  expect(on(Date.UTC(2025, 9, 26))).toEqual([{ startMs: first, endMs: first + HOUR }]);
});

const NOW = Date.UTC(2026, 0, 31);
const QUIET: SeriesState = {
  host: "pve1",
  pci: "0000:00:19.0",
  interface: "eno1",
  rung: "improvement-shown",
  headline: "",
  judged: { timeMs: NOW - 90 * DAY, title: "TSO off" },
  hangs: 5,
  onsets: [NOW - 100 * DAY],
  hangsSince: 0,
  isOngoing: false,
  coveredUntilMs: NOW - HOUR,
  coveredHours: 2_000,
  runs: 80,
  runsHit: 5,
  changes: [],
};

test.each([
  ["ok", {}],
  ["critical", { onsets: [NOW - 100 * DAY, NOW - 2 * DAY], hangsSince: 1 }],
  ["critical", { isOngoing: true }],
  ["critical", { rung: "worse" as const }],
  ["warning", { onsets: [NOW - 30 * DAY], hangsSince: 1 }],
  ["warning", { rung: "no-effect-shown" as const }],
  ["unknown", { coveredUntilMs: NOW - 9 * DAY }],
  ["unknown", { coveredUntilMs: null }],
  // A hang that was seen is known, however old the evidence.
  ["critical", { coveredUntilMs: NOW - 9 * DAY, onsets: [NOW - 6.9 * DAY] }],
] as const)("%s: %j", (level, state) => {
  expect(levelOf(conditionsOf({ ...QUIET, ...state }, { now: NOW }))).toBe(level);
});

test("levels: the worst decides, nothing at all is unknown, and a policy of the caller is kept", () => {
  expect(worstLevel([])).toBe("unknown");
  expect(worstLevel(["ok", "warning", "unknown"])).toBe("unknown");
  expect(worstLevel(["ok", "critical", "unknown"])).toBe("critical");
  for (const condition of CONDITIONS)
    expect(levelOf([condition], { critical: [], warning: [condition], unknown: [] })).toBe("warning");
});

test("of two that write at once one waits, and both are kept", async () => {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
  execFileSync(join(root, "node_modules/.bin/tsc"), ["-b", "packages/ledger"], { cwd: root });
  const library = pathToFileURL(join(root, "packages/ledger/dist/index.js")).href;
  const path = join(folder, "both.db");
  openLedger(path).close();
  const program = `
    import { openLedger } from ${JSON.stringify(library)};
    const ledger = openLedger(${JSON.stringify(path)});
    for (let i = 0; i < 40; i++)
      ledger.told.addChange({ timeMs: i, title: process.argv[1], note: null, toldMs: 0 });
    ledger.close();`;
  const write = (title: string): Promise<number | null> =>
    new Promise((done) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, title], { stdio: "inherit" });
      child.on("close", done);
    });
  expect(await Promise.all([write("one"), write("other")])).toEqual([0, 0]);
  const ledger = openLedger(path);
  expect(ledger.told.changes().length).toBe(80);
  ledger.close();
}, 60_000);

test("who does not want to wait for a writer is told so", () => {
  const path = join(folder, "busy.db");
  const writer = openLedger(path);
  const intake = writer.begin("a.log");
  const other = openLedger(path, { waitMs: 50 });
  expect(() => other.told.addChange({ timeMs: 1, title: "x", note: null, toldMs: 1 })).toThrow(
    expect.objectContaining({ code: "BUSY" }),
  );
  intake.abandon();
  expect(other.told.addChange({ timeMs: 1, title: "x", note: null, toldMs: 1 }).title).toBe("x");
  expect(writer.evidence()).toEqual([]);
  other.close();
  writer.close();
});
