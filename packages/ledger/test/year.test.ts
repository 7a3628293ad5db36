import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type CheckResult, check, conditionsOf, type Ledger, levelOf, openLedger } from "../src/index.js";
import { parseText } from "./support/parse-text.js";

/**
 * A year of one host: a backup every night, a hang in about every fifth before the change in the eighth week, none after
 * it until one in month five. The journal keeps five weeks; an export is made every week, but in two of them nobody came.
 */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const T0 = Date.UTC(2025, 0, 6);
const CHANGE = T0 + 8 * WEEK + 12 * HOUR;
const RECURRENCE = T0 + 21 * WEEK + 2 * DAY + 2.5 * HOUR;
const HANGS = [1, 6, 11, 15, 22, 26, 33, 37, 44, 51].map((day) => T0 + day * DAY + 2.5 * HOUR).concat(RECURRENCE);
/** Nobody exported in these weeks, and the journal of the first was gone by the next time. */
const MISSED = new Set([30, 31, 32, 33, 34, 35, 36]);

const folder = mkdtempSync(join(tmpdir(), "hangproof-year-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stamp = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00");

function linesBetween(fromMs: number, toMs: number): string {
  const lines: [number, string][] = [];
  for (let ms = Math.ceil(fromMs / HOUR) * HOUR; ms < toMs; ms += HOUR) {
    lines.push([ms, "kernel: usb 1-2: reset high-speed USB device number 3 using xhci_hcd"]);
    if ((ms - T0) % DAY === 2 * HOUR) {
      lines.push([ms + 1_000, "vzdump[4242]: INFO: starting new backup job: vzdump 103 --mode snapshot --storage nas"]);
      lines.push([ms + HOUR - 1_000, "vzdump[4242]: INFO: Backup job finished successfully"]);
    }
  }
  for (const ms of HANGS) {
    const adapter = "kernel: e1000e 0000:00:19.0 eno1:";
    for (const at of [0, 2_000, 4_000])
      lines.push([
        ms + at,
        `${adapter} Detected Hardware Unit Hang:#012  TDH                  <5>#012  TDT                  <9>`,
      ]);
    lines.push([ms + 6_000, `${adapter} Reset adapter unexpectedly`]);
    lines.push([ms + 9_000, `${adapter} NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None`]);
  }
  return lines
    .filter(([ms]) => ms >= fromMs && ms < toMs)
    .sort(([a], [b]) => a - b)
    .map(([ms, text]) => `${stamp(ms)} pve1 ${text}\n`)
    .join("");
}

/** What the journal holds at the end of a week. */
const exportOf = (week: number) => {
  const endMs = T0 + (week + 1) * WEEK;
  return parseText(linesBetween(Math.max(T0, endMs - 5 * WEEK), endMs), `week-${week}.log`);
};

function checkAt(ledger: Ledger, week: number): CheckResult {
  return check(ledger, { now: T0 + (week + 1) * WEEK + HOUR, timeZone: "UTC" });
}

test("a year of weekly checks: what each one says, and the hang in month five", () => {
  const ledger = openLedger(join(folder, "year.db"));
  ledger.told.addChange({ timeMs: CHANGE, title: "TSO off", note: null, toldMs: CHANGE });
  const said: { week: number; rung: string; level: string; differences: string[] }[] = [];
  for (let week = 0; week < 52; week += 1) {
    if (!MISSED.has(week)) {
      const { summary, events } = exportOf(week);
      ledger.ingest(summary, events);
    }
    const { state, differences } = checkAt(ledger, week);
    const [series] = state.series;
    if (series === undefined) throw new Error(`week ${week}: no adapter`);
    const now = T0 + (week + 1) * WEEK + HOUR;
    said.push({
      week,
      rung: series.rung,
      level: levelOf(conditionsOf(series, { now })),
      differences: differences.map(({ what }) => what),
    });
  }
  const at = (week: number) => said[week]!;
  // Weeks with a hang are critical, those after the change without one are not.
  expect(said.filter(({ level }) => level === "critical").map(({ week }) => week)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 21,
  ]);
  expect(at(12)).toMatchObject({ level: "ok", differences: ["covered"] });
  // Ten hangs in some 58 backup-hours: shown within a few months of silence, and not on the first weeks of it.
  const firstShown = said.find(({ rung }) => rung === "improvement-shown")!.week;
  expect(firstShown).toBeGreaterThan(9);
  expect(firstShown).toBeLessThan(20);
  expect(at(21).differences).toContain("hang");
  expect(at(22)).toMatchObject({ level: "warning" });
  // A missed week is not observed; the next export covers it as long as the journal reached back.
  expect(at(30).differences).toEqual(["not-observed"]);
  expect(at(31)).toMatchObject({ level: "unknown", differences: ["not-observed"] });
  expect(at(37).differences).toContain("covered");
  expect(at(37).differences).toContain("not-observed");
  const gap = checkAt(ledger, 51).report.series[0]!.coverage.gaps.find(({ endMs }) => endMs > T0 + 29 * WEEK);
  expect(gap).toMatchObject({ reason: "no-log" });
  expect(Math.abs(gap!.startMs - (T0 + 30 * WEEK))).toBeLessThan(2 * HOUR);
  expect(Math.abs(gap!.endMs - (T0 + 33 * WEEK))).toBeLessThan(2 * HOUR);
  expect(ledger.verify()).toEqual([]);
  expect([...ledger.checks.all()].length).toBe(53);
  ledger.close();
});

test("a log that comes late changes the answer, and the check says that it was late", () => {
  const ledger = openLedger(join(folder, "late.db"));
  ledger.told.addChange({ timeMs: CHANGE, title: "TSO off", note: null, toldMs: CHANGE });
  const recent = parseText(linesBetween(T0 + 22 * WEEK, T0 + 27 * WEEK), "recent.log");
  const old = parseText(linesBetween(T0, T0 + 9 * WEEK), "old.log");
  const middle = parseText(linesBetween(T0 + 9 * WEEK, T0 + 22 * WEEK), "middle.log");
  for (const { summary, events } of [old, recent]) ledger.ingest(summary, events);
  const first = checkAt(ledger, 26);
  expect(first).toMatchObject({ previous: null, differences: [] });
  ledger.ingest(middle.summary, middle.events);
  const second = checkAt(ledger, 27);
  expect(second.differences).toContainEqual(
    expect.objectContaining({ what: "hang", onsetMs: RECURRENCE, isLate: true }),
  );
  // Forgotten again, it does not count any more.
  const key = ledger.evidence().find(({ labels }) => labels.includes("middle.log"))!.key;
  expect(ledger.forget(key)).toBe(true);
  const third = checkAt(ledger, 28);
  expect(third.differences.map(({ what }) => what)).toContain("hang-gone");
  expect(third.report.series[0]!.verdict.rung).toBe(first.report.series[0]!.verdict.rung);
  ledger.close();
});

test("the answer depends on what was kept, not on when it came", () => {
  const weeks = [0, 3, 7, 12, 17, 21, 26];
  const texts = [weeks, [...weeks].reverse(), [...weeks, ...weeks]].map((order, i) => {
    const ledger = openLedger(join(folder, `order-${i}.db`));
    for (const week of order) {
      const { summary, events } = exportOf(week);
      ledger.ingest(summary, events);
    }
    const { report } = checkAt(ledger, 26);
    const content = [...ledger.export()].filter((line) => !line.startsWith('{"check"')).join("");
    ledger.close();
    return JSON.stringify(report) + content;
  });
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
});
