import { appendFileSync, mkdtempSync, readSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFileAccess } from "../../src/node/journal-file-access.js";
import { openEvidence } from "../../src/node/open-evidence.js";
import { readWhole } from "../support/journal-reading.js";
import { writeJournal } from "../support/journal-writer.js";

let folder = "";
let log = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-changing-"));
  log = join(folder, "kernel.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const LINE = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: NIC Link is Down\n";
/** More than is read ahead of the first step. */
const LINES = 100_000;

/** Reads the log and does something to it once the first of it was read. */
async function readWhile(change: () => void): Promise<{ events: number; codes: string[]; details: string[] }> {
  const seen = { events: 0, codes: [] as string[], details: [] as string[] };
  let isChanged = false;
  const onProgress = (): void => {
    if (!isChanged) change();
    isChanged = true;
  };
  for await (const { batch } of openEvidence([log], { timeZone: "UTC", onProgress })) {
    seen.events += batch.events.length;
    for (const { code, detail } of batch.diagnostics) {
      seen.codes.push(code);
      seen.details.push(detail);
    }
  }
  return seen;
}

test("a log that is cut while it is read is told to be; what was read of it counts", async () => {
  writeFileSync(log, LINE.repeat(LINES));
  const { events, codes, details } = await readWhile(() => truncateSync(log, 10));
  expect(events).toBeGreaterThan(1000);
  expect(events).toBeLessThan(LINES);
  expect(codes).toContain("input.unreadable");
  expect(details.join()).toMatch(/cut while it was read: 8200000 bytes at first, \d+ were there/);
});

test("a log that grows, or whose name goes to a new file, is read as the file that it was", async () => {
  writeFileSync(log, LINE.repeat(LINES));
  const grown = await readWhile(() => appendFileSync(log, LINE));
  expect(grown.events).toBeGreaterThanOrEqual(LINES);
  expect(grown.codes).toEqual([]);
  writeFileSync(log, LINE.repeat(LINES));
  const rotated = await readWhile(() => {
    renameSync(log, `${log}.1`);
    writeFileSync(log, "");
  });
  expect(rotated).toEqual({ events: LINES, codes: [], details: [] });
});

/** Two logs of a few lines; does something once events of the first came, and says what the second gave. */
async function readSecondAfter(change: (second: string) => void, options: { readonly signal?: AbortSignal } = {}) {
  const second = join(folder, "second.log");
  for (const path of [log, second]) writeFileSync(path, LINE.repeat(20));
  const seen = { events: 0, details: [] as string[] };
  for await (const { evidence, batch } of openEvidence([log, second], { timeZone: "UTC", ...options })) {
    if (evidence === log && batch.events.length > 0) change(second);
    if (evidence !== second) continue;
    seen.events += batch.events.length;
    for (const { detail } of batch.diagnostics) seen.details.push(detail);
  }
  return seen;
}

test("a small log that changed since it was found is read as it is, and told where bytes are missing", async () => {
  const cut = await readSecondAfter((second) => truncateSync(second, 2 * LINE.length));
  const missing = `it was cut while it was read: ${20 * LINE.length} bytes at first, ${2 * LINE.length} were there`;
  expect(cut).toEqual({ events: 2, details: [expect.stringContaining(missing)] });
  const grown = await readSecondAfter((second) => appendFileSync(second, LINE.repeat(3)));
  expect(grown).toEqual({ events: 23, details: [] });
  const gone = await readSecondAfter((second) => rmSync(second));
  expect(gone).toEqual({ events: 0, details: [expect.stringMatching(/no such file/i)] });
});

test("who wants to end the reading, or waits for a timer, is heard between small logs", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await expect(readSecondAfter(() => controller.abort(reason), { signal: controller.signal })).rejects.toBe(reason);
  for (let n = 0; n < 200; n += 1) writeFileSync(join(folder, `${n}.log`), LINE);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  for await (const _ of openEvidence([folder], { timeZone: "UTC" }));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

test("a disk that fails under a native journal costs what stood there, and says so", () => {
  const entries = Array.from({ length: 400 }, (_, n) => ({
    realtimeUs: 1_700_000_000_000_000 + n * 1000,
    monotonicUs: 5_000_000 + n * 1000,
    bootId: "aaaaaaaa11114aaa8aaa000000000001",
    fields: [`MESSAGE=message ${n}`, "_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", "PRIORITY=6"],
  }));
  const path = join(folder, "system.journal");
  const bytes = writeJournal(entries);
  writeFileSync(path, bytes);
  const reasons: string[] = [];
  const badFrom = Math.floor(bytes.length * 0.6);
  const readSome = (file: number, target: Uint8Array, start: number, length: number, offset: number): number => {
    if (offset >= badFrom) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
    return readSync(file, target, start, length, offset);
  };
  const access = openFileAccess(path, { pageBytes: 4096, readSome, onReadError: (reason) => reasons.push(reason) });
  const { records, diagnostics } = readWhole(access, path);
  access.close();
  expect(records.length).toBeGreaterThan(50);
  expect(records.length).toBeLessThan(400);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(new Set(reasons)).toEqual(new Set(["input/output error"]));
});

test("the longest line that is kept is the caller's to set", async () => {
  writeFileSync(log, `${"x".repeat(5000)}\n${LINE}`);
  const codes: string[] = [];
  for await (const { batch } of openEvidence([log], { timeZone: "UTC", maxLineBytes: 1000 }))
    codes.push(...batch.diagnostics.map(({ code }) => code));
  expect(codes).toEqual(["line.too_long"]);
});
