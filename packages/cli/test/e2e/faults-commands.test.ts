import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { HANG, isBuilt, MAIN, runCli } from "./run-cli.js";

/*
 * What goes wrong around a command, for every command there is: one that is added must be added here.
 */
const hasFull = readdirSync("/dev").includes("full");
let made = "";
let folder = "";
const at = (name: string): string => join(folder, name);

/** By command: arguments with which it has something to say. `folder` holds a log, a report, a ledger and a lake. */
const CASES: Readonly<Record<string, () => readonly string[]>> = {
  report: () => [at("kernel.log"), "--tz", "UTC"],
  events: () => [at("kernel.log"), "--tz", "UTC"],
  formats: () => [at("kernel.log")],
  explain: () => [at("kernel.log"), "--tz", "UTC"],
  compare: () => [at("kernel.log"), "--split", "2025-11-02 02:20", "--tz", "UTC"],
  check: () => [at("kernel.log"), "--ledger", at("ledger.db"), "--tz", "UTC"],
  plan: () => ["--ledger", at("ledger.db")],
  "change add": () => ["2025-10-05 14:30", "cable replaced", "--tz", "UTC", "--ledger", at("ledger.db")],
  "change list": () => ["--ledger", at("ledger.db")],
  "change remove": () => ["1", "--ledger", at("ledger.db")],
  "window add": () => ["every sunday 02:00 for 90 minutes", "--tz", "UTC", "--ledger", at("ledger.db")],
  "window list": () => ["--ledger", at("ledger.db")],
  "window remove": () => ["1", "--ledger", at("ledger.db")],
  "ledger show": () => ["--ledger", at("ledger.db")],
  "ledger export": () => ["--ledger", at("ledger.db")],
  "ledger verify": () => ["--ledger", at("ledger.db")],
  "ledger forget": () => [key, "--ledger", at("ledger.db")],
  "fleet ingest": () => [at("kernel.log"), "--out", at("lake-2"), "--tz", "UTC"],
  "fleet rows": () => [at("kernel.log"), "--tz", "UTC"],
  "fleet report": () => [at("lake")],
  "timer print": () => [],
  follow: () => [at("kernel.log"), "--tz", "UTC", "--from-start"],
  completion: () => ["bash"],
  manual: () => [],
  verify: () => [at("report.json"), at("kernel.log")],
};
const names = Object.keys(CASES);
/** Of the evidence that the ledger holds. */
let key = "";
/** Those that go on until they are told to end. */
const ENDLESS: ReadonlySet<string> = new Set(["follow"]);
const argsOf = (name: string): string[] => [...name.split(" "), ...(CASES[name]?.() ?? [])];

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), "hangproof-commands-"));
  if (!isBuilt) return;
  const inMade = (name: string): string => join(made, name);
  writeFileSync(inMade("kernel.log"), HANG);
  const ledger = ["--ledger", inMade("ledger.db")];
  const steps = [
    ["check", inMade("kernel.log"), "--tz", "UTC", ...ledger],
    ["change", "add", "2025-10-04 14:30", "another cable", "--tz", "UTC", ...ledger],
    ["window", "add", "every monday 02:00 for 90 minutes", "--tz", "UTC", ...ledger],
    ["report", inMade("kernel.log"), "--tz", "UTC", "--format", "json", "-o", inMade("report.json")],
    ["fleet", "ingest", inMade("kernel.log"), "--out", inMade("lake"), "--tz", "UTC"],
  ];
  for (const step of steps) {
    const { status, stderr } = await runCli(step);
    if (status > 2) throw new Error(`${step.join(" ")}: ${stderr}`);
  }
  const shown = await runCli(["ledger", "export", ...ledger]);
  key = /"sha256":"([0-9a-f]{12})/.exec(shown.stdout)?.[1] ?? "";
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-faults-"));
  cpSync(made, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names of all commands, as help tells them. */
async function commandsOf(parents: readonly string[]): Promise<string[]> {
  const { stdout } = await runCli([...parents, "--help"]);
  const list = /\nCommands:\n(.*?)(?:\n\n|$)/s.exec(stdout)?.[1] ?? "";
  const found = [...list.matchAll(/^ {2}([a-z]+)(.*)/gm)].filter(([, name]) => name !== "help");
  const all = await Promise.all(
    found.map(async ([, name = "", rest = ""]) => {
      const below = /^(?: {2,}|$)/.test(rest) && parents.length === 0 ? await commandsOf([...parents, name]) : [];
      return below.length > 0 ? below : [[...parents, name].join(" ")];
    }),
  );
  return all.flat();
}

test.skipIf(!isBuilt)("every command is in this table", async () => {
  expect((await commandsOf([])).sort()).toEqual([...names].sort());
});

test.skipIf(!isBuilt || !hasFull).each(names)("%s says that standard output is full, in one line", async (name) => {
  const full = openSync("/dev/full", "w");
  const ended = await runCli(argsOf(name), { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  // A monitoring system knows four answers only.
  expect(ended.status).toBe(name === "check" ? 3 : 73);
  const lines = ended.stderr.split("\n").filter((line) => /no space left/.test(line));
  expect(lines, ended.stderr).toEqual([expect.stringMatching(/^hangproof: standard output: cannot be written: /)]);
  expect(ended.stderr).not.toMatch(/internal error|\n {4}at /);
});

test.skipIf(!isBuilt).each(names)("%s says nothing when its reader closes the pipe", async (name) => {
  const script = `"$@" | true; echo "\${PIPESTATUS[0]}"`;
  const args = ["-c", script, "bash", process.execPath, MAIN, ...argsOf(name)];
  const { stdout, stderr } = spawnSync("bash", args, { encoding: "utf8", timeout: 20_000 });
  expect(Number(stdout), stderr).toBeLessThanOrEqual(2);
  expect(stderr).not.toMatch(/EPIPE|internal error|\n {4}at /);
});

test.skipIf(!isBuilt).each(names.filter((name) => ENDLESS.has(name)))(
  "%s ends at SIGINT and SIGTERM with their status",
  async (name) => {
    for (const [signal, status] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const ended = await runCli(argsOf(name), {
        during: async (child) => {
          await new Promise((resolve) => child.stdout?.once("data", resolve));
          child.kill(signal);
        },
      });
      expect([ended.status, ended.stderr]).toEqual([status, expect.stringMatching(/(?:interrupted|terminated)\n$/)]);
    }
  },
);

/** Commands that read evidence from a path. */
const READERS = ["report", "events", "explain", "check", "fleet ingest", "fleet rows", "compare"];

test.skipIf(!isBuilt).each(READERS)("%s names evidence that is not there, or is a device", async (name) => {
  const args = argsOf(name).map((arg) => (arg === at("kernel.log") ? at("absent.log") : arg));
  const ended = await runCli(args);
  expect(ended.status).toBe(name === "check" ? 3 : 66);
  expect(ended.stderr).toMatch(/absent\.log/);
  expect(ended.stderr).not.toMatch(/internal error|\n {4}at /);
  const device = await runCli(args.map((arg) => (arg === at("absent.log") ? "/dev/zero" : arg)));
  expect(device.status).toBeGreaterThan(2);
  expect(device.stderr).toMatch(/\/dev\/zero: is a device/);
});

test.skipIf(!isBuilt).each(READERS)("%s survives a log that is cut while it is read", async (name) => {
  writeFileSync(at("kernel.log"), HANG.repeat(200_000));
  const ended = await runCli(argsOf(name), {
    during: async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      execFileSync("truncate", ["-s", "1000", at("kernel.log")]);
    },
  });
  expect(ended.stderr + ended.stdout).not.toMatch(/internal error|\n {4}at /);
  expect([0, 1, 2, 3]).toContain(ended.status);
  expect(readFileSync(at("kernel.log")).length).toBe(1000);
});
