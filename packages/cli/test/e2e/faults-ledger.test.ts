import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Ended, HANG, isBuilt, runCli } from "./run-cli.js";

/** Where a file of SQLite has its `user_version`. */
const USER_VERSION_AT = 60;
let made = "";
let folder = "";
let ledger = "";
let log = "";

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), "hangproof-ledger-"));
  writeFileSync(join(made, "kernel.log"), HANG);
  if (isBuilt) await runCli(["check", "--ledger", join(made, "ledger.db"), join(made, "kernel.log"), "--tz", "UTC"]);
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-faults-"));
  ledger = join(folder, "ledger.db");
  log = join(folder, "kernel.log");
  if (isBuilt) copyFileSync(join(made, "ledger.db"), ledger);
  writeFileSync(log, HANG.replace("02:14", "03:14"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every command on a ledger; those that write to it first. */
const WRITERS = {
  check: () => ["check", log, "--tz", "UTC"],
  "change add": () => ["change", "add", "2025-10-05 14:30", "cable replaced", "--tz", "UTC"],
  "window add": () => ["window", "add", "every sunday 02:00 for 90 minutes", "--tz", "UTC"],
  "ledger forget": () => ["ledger", "forget", ""],
} as const;
const READERS = {
  "change list": () => ["change", "list"],
  "window list": () => ["window", "list"],
  plan: () => ["plan"],
  "ledger show": () => ["ledger", "show"],
  "ledger export": () => ["ledger", "export"],
  "ledger verify": () => ["ledger", "verify"],
} as const;
const ALL = { ...WRITERS, ...READERS };
type Name = keyof typeof ALL;
const names = <Table extends object>(table: Table): (keyof Table)[] => Object.keys(table) as (keyof Table)[];

const runOn = (name: Name, path: string = ledger, options: Parameters<typeof runCli>[1] = {}): Promise<Ended> => {
  return runCli([...ALL[name](), "--ledger", path], options);
};

/** Words, no trace, no talk of an internal error. */
function expectMessage(ended: Ended, pattern: RegExp, told: string = ended.stderr + ended.stdout): void {
  expect(told).toMatch(pattern);
  expect(told).not.toMatch(/internal error|\n {4}at |SqliteError|undefined/);
}

test.skipIf(!isBuilt).each(names(ALL))("%s refuses what is no ledger, and leaves it as it is", async (name) => {
  for (const content of ["not a database, but long enough to hold a head of one\n".repeat(40), "x"]) {
    writeFileSync(ledger, content);
    const ended = await runOn(name);
    expect(ended.status).toBe(name === "check" ? 3 : 65);
    expectMessage(ended, /ledger/);
    expect(readFileSync(ledger, "utf8")).toBe(content);
  }
});

test.skipIf(!isBuilt).each(names(ALL))("%s refuses a ledger of a later hangproof", async (name) => {
  const bytes = readFileSync(ledger);
  bytes.writeUInt32BE(9_999, USER_VERSION_AT);
  writeFileSync(ledger, bytes);
  const ended = await runOn(name);
  expect(ended.status).toBe(name === "check" ? 3 : 65);
  expectMessage(ended, /schema 9999/);
});

test.skipIf(!isBuilt).each(names(ALL))("%s says in words that pages of the ledger are broken", async (name) => {
  const bytes = readFileSync(ledger);
  bytes.fill(0xa5, 4096);
  writeFileSync(ledger, bytes);
  const ended = await runOn(name);
  expect(ended.status).not.toBe(70);
  expect(ended.status).toBeGreaterThan(0);
  expectMessage(ended, /ledger|damaged|malformed/);
});
