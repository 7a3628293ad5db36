import { closeSync, mkdtempSync, openSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EvidenceParser } from "../../src/index.js";
import { openEvidence } from "../../src/node/open-evidence.js";
import { FileWalkers } from "../../src/node/walkers.js";
import { NEEDLES } from "../../src/read/needles.js";
import { createScanner } from "../../src/scan/create-scanner.js";
import { WalkAhead } from "../../src/scan/walk-ahead.js";
import { WALK_SIZES } from "../../src/scan/walk-pieces.js";

let folder = "";
let log = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-walkers-"));
  log = join(folder, "journal");
});
afterEach(() => rmSync(folder, { recursive: true }));

const ORIGIN = { bootId: "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c", machineId: null, host: "pve1" };
const EVERY = 997;

/** One entry in some is a link that went down, the others say nothing. */
function entry(index: number, form: "json" | "export"): string {
  const fields = Object.entries({
    __CURSOR: `s=0;i=${index}`,
    __REALTIME_TIMESTAMP: String((Date.UTC(2025, 10, 2) + index * 1000) * 1000),
    __MONOTONIC_TIMESTAMP: String(index * 1_000_000),
    _BOOT_ID: ORIGIN.bootId,
    _HOSTNAME: ORIGIN.host,
    _TRANSPORT: "kernel",
    SYSLOG_IDENTIFIER: "kernel",
    MESSAGE: index % EVERY === 0 ? `e1000e 0000:00:19.0 eno${index}: NIC Link is Down` : `usb 1-${index}: disconnect`,
    _CMDLINE: "x".repeat(600),
  });
  return form === "json"
    ? `${JSON.stringify(Object.fromEntries(fields))}\n`
    : `${fields.map(([name, value]) => `${name}=${value}\n`).join("")}\n`;
}

const journal = (count: number, form: "json" | "export"): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => entry(index, form)).join(""));

/** Enough that threads walk. */
const MANY = 90_000;

test.each(["json", "export"] as const)("threads count ahead of the reader what he would count (%s)", async (form) => {
  writeFileSync(log, journal(40_000, form));
  const file = openSync(log, "r");
  const { piece } = WALK_SIZES;
  const walkers = FileWalkers.of(file, 64 * piece, availableParallelism() - 2);
  expect(walkers?.count).toBe(1);
  if (walkers === null) return;
  const start = vi.spyOn(walkers, "start");
  const scanner = createScanner(NEEDLES, { capacity: 40 * piece });
  const bytes = scanner.buffer.subarray(0, readSync(file, scanner.buffer));
  if (scanner.kernel === null) throw new Error("no kernel");
  const walk = new WalkAhead(walkers, scanner.kernel, [scanner.buffer]);
  scanner.ahead = walk;
  walk.stands(0, 0);
  const pattern = { form: `journal-${form}`, origins: [ORIGIN], earliestUs: 0 } as const;
  // The first is what nobody walks; it says what is looked for.
  expect(scanner.countEntries(pattern, 0, bytes.length).entries).toBe(0);
  const heads = start.mock.calls[0]?.[0][0]?.heads ?? new Int32Array(1);
  // The first number of a slot is the piece that was walked.
  while (Atomics.load(heads, 0) === -1) await setTimeout(5);
  const from = walk.knownBehind((Atomics.load(heads, 0) - 1) * piece, bytes.length);
  expect(from).toBeGreaterThan(piece);
  expect(from).toBeLessThan(bytes.length);
  const known = scanner.countEntries(pattern, from, bytes.length);
  scanner.ahead = null;
  await walkers.end();
  closeSync(file);
  expect(known.entries).toBeGreaterThan(100);
  expect(scanner.countEntries(pattern, from, known.end)).toEqual({ ...known, goesOn: false });
});

test.each(["json", "export"] as const)("a large file is read as its bytes in memory are (%s)", async (form) => {
  const bytes = journal(MANY, form);
  expect(bytes.length).toBeGreaterThan(64 * WALK_SIZES.piece);
  writeFileSync(log, bytes);
  const parser = new EvidenceParser({ evidence: log, timeZone: "UTC" });
  const expected = [...parser.push(bytes).events, ...parser.end().events];
  const opened = await all(openEvidence([log], { timeZone: "UTC", hash: false }));
  expect(opened.flatMap(({ batch }) => batch.events)).toEqual(expected);
  expect(opened.at(-1)?.summary).toEqual({ ...parser.summary(), storedBytes: bytes.length });
  expect(opened.flatMap(({ batch }) => batch.diagnostics)).toEqual([]);
});

test("a large file whose name goes to another while it is read is read as the file that it was", async () => {
  writeFileSync(log, journal(MANY, "json"));
  let isOther = false;
  const onProgress = (): void => {
    if (isOther) return;
    isOther = true;
    renameSync(log, `${log}.1`);
    writeFileSync(log, Buffer.alloc(80e6, "y"));
  };
  const events = (await all(openEvidence([log], { timeZone: "UTC", hash: false, onProgress }))).flatMap(
    ({ batch }) => batch.events,
  );
  expect(isOther).toBe(true);
  expect(events).toHaveLength(Math.ceil(MANY / EVERY));
});

test("a large file that is left early can be read again at once, and an abort ends the reading", async () => {
  writeFileSync(log, journal(MANY, "json"));
  for await (const { batch } of openEvidence([log], { timeZone: "UTC", hash: false }))
    if (batch.events.length > 0) break;
  const abort = new AbortController();
  let isAborted = false;
  const reading = async (): Promise<void> => {
    for await (const { batch } of openEvidence([log], { timeZone: "UTC", hash: false, signal: abort.signal }))
      if (batch.events.length > 0 && !isAborted) {
        isAborted = true;
        abort.abort(new Error("enough"));
      }
  };
  await expect(reading()).rejects.toThrow("enough");
  const again = await all(openEvidence([log], { timeZone: "UTC", hash: false }));
  expect(again.flatMap(({ batch }) => batch.events)).toHaveLength(Math.ceil(MANY / EVERY));
});

async function all<One>(source: AsyncIterable<One>): Promise<One[]> {
  const gathered: One[] = [];
  for await (const one of source) gathered.push(one);
  return gathered;
}
