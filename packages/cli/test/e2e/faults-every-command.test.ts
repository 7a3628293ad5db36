import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Ended, HANG, isBuilt, MAIN, runCli } from "./run-cli.js";
import { inSmallFileSystem } from "./small-file-system.js";

const isLinux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const READ_MS = 2_000;

/** What a command line needs: paths that the test chooses. */
interface Paths {
  readonly log: string;
  readonly ledger: string;
  readonly lake: string;
  readonly report: string;
}

interface Row {
  /** A command line that prints something. */
  readonly args: (paths: Paths) => readonly string[];
  /** Takes -o. */
  readonly output?: true;
  /** Reads `log`, so that a named pipe there makes it wait. */
  readonly waits?: true;
  readonly ledger?: "reads" | "writes";
}

const AT = "2025-10-05 14:30";
const UTC = ["--tz", "UTC"];

/** Every command. One that is not here fails the first test. */
const COMMANDS: Readonly<Record<string, Row>> = {
  report: { args: ({ log }) => ["report", log, ...UTC], output: true, waits: true },
  events: { args: ({ log }) => ["events", log], output: true, waits: true },
  formats: { args: ({ log }) => ["formats", log, ...UTC], output: true, waits: true },
  explain: { args: ({ log }) => ["explain", log], output: true, waits: true },
  compare: { args: ({ log }) => ["compare", log, "--split", AT, ...UTC], output: true, waits: true },
  check: { args: ({ log, ledger }) => ["check", log, "--ledger", ledger, ...UTC], waits: true, ledger: "writes" },
  plan: { args: ({ ledger }) => ["plan", "--ledger", ledger, ...UTC], ledger: "reads" },
  "change add": {
    args: ({ ledger }) => ["change", "add", AT, "cable", "--ledger", ledger, ...UTC],
    ledger: "writes",
  },
  "change list": { args: ({ ledger }) => ["change", "list", "--ledger", ledger], ledger: "reads" },
  "change remove": { args: ({ ledger }) => ["change", "remove", "1", "--ledger", ledger], ledger: "writes" },
  "window add": {
    args: ({ ledger }) => ["window", "add", "every sunday 02:00 for 90 minutes", "--ledger", ledger, ...UTC],
    ledger: "writes",
  },
  "window list": { args: ({ ledger }) => ["window", "list", "--ledger", ledger], ledger: "reads" },
  "window remove": { args: ({ ledger }) => ["window", "remove", "1", "--ledger", ledger], ledger: "writes" },
  "ledger show": { args: ({ ledger }) => ["ledger", "show", "--ledger", ledger], ledger: "reads" },
  "ledger export": { args: ({ ledger }) => ["ledger", "export", "--ledger", ledger], output: true, ledger: "reads" },
  "ledger verify": { args: ({ ledger }) => ["ledger", "verify", "--ledger", ledger], ledger: "reads" },
  "ledger forget": { args: ({ ledger }) => ["ledger", "forget", "", "--ledger", ledger], ledger: "writes" },
  "fleet ingest": { args: ({ log, lake }) => ["fleet", "ingest", log, "-o", lake, ...UTC], waits: true },
  "fleet rows": { args: ({ log }) => ["fleet", "rows", log, ...UTC], waits: true },
  "fleet report": { args: ({ lake }) => ["fleet", "report", lake], output: true },
  "timer print": { args: () => ["timer", "print"] },
  follow: { args: ({ log }) => ["follow", log, "--from-start"], waits: true },
  completion: { args: () => ["completion", "bash"] },
  manual: { args: () => ["manual"] },
  verify: { args: ({ report, log }) => ["verify", report, log], waits: true },
};
const named = (is: (row: Row) => boolean): string[] =>
  Object.entries(COMMANDS)
    .filter(([, row]) => is(row))
    .map(([name]) => name);
const ALL = named(() => true);
/** Goes on for ever with a file. */
const ENDING = ALL.filter((name) => name !== "follow");

let made = "";
let folder = "";
let paths: Paths;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), "hangproof-every-"));
  if (!isBuilt) return;
  writeFileSync(join(made, "kernel.log"), HANG);
  await runCli(["report", join(made, "kernel.log"), ...UTC, "-f", "json", "-o", join(made, "report.json")]);
  for (const name of ["check", "change add", "window add", "fleet ingest"]) await runCli(argsOf(name, pathsIn(made)));
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-every-"));
  chmodSync(folder, 0o755);
  paths = pathsIn(folder);
  if (isBuilt) execFileSync("cp", ["-r", `${made}/.`, folder]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pathsIn(at: string): Paths {
  return {
    log: join(at, "kernel.log"),
    ledger: join(at, "ledger.db"),
    lake: join(at, "lake"),
    report: join(at, "report.json"),
  };
}

function argsOf(name: string, given: Paths): string[] {
  return [...(COMMANDS[name]?.args(given) ?? [])];
}

/** Words, no trace, no talk of an internal error. */
function expectWords({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/internal error|\n {4}at |SqliteError|undefined|\[object/);
}

/** What check answers to a monitoring system instead of each status of its own. */
const statusOf = (name: string, status: number): number => (name === "check" ? 3 : status);

function commandsIn(help: string): string[] {
  const section = /\nCommands:\n((?: +[^\n]*\n)+)/.exec(help)?.[1] ?? "";
  return [...section.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name ?? "").filter((name) => name !== "help");
}

test.skipIf(!isBuilt)("every command is in the table of this file", async () => {
  const found: string[] = [];
  for (const name of commandsIn((await runCli(["--help"])).stdout)) {
    const parts = commandsIn((await runCli([name, "--help"])).stdout);
    found.push(...(parts.length === 0 ? [name] : parts.map((part) => `${name} ${part}`)));
  }
  expect(found.sort()).toEqual([...ALL].sort());
});

test.skipIf(!isBuilt || !isLinux).each(ALL)("%s names standard output when that is full", async (name) => {
  const full = openSync("/dev/full", "w");
  const ended = await runCli(argsOf(name, paths), { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  expect(ended.status).toBe(statusOf(name, 73));
  expect(ended.stderr).toMatch(/hangproof: standard output: cannot be written: [^\n]*no space left/);
  expectWords(ended);
});

test.skipIf(!isBuilt || !isLinux).each(ENDING)("%s ends with 0 and no word when nobody reads it", (name) => {
  const script = `"$0" "$@" | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, MAIN, ...argsOf(name, paths)], {
    encoding: "utf8",
  });
  // A command that ends before the reader has gone answers as if it were read.
  expect(["0\n", name === "check" ? "2\n" : "0\n"]).toContain(stdout);
  expect(stderr).toBe("");
});

test.skipIf(!isBuilt)("a full disk under -o leaves no file of any command, and the old one", async ({ skip }) => {
  const done = await inSmallFileSystem(folder, "size=64k", async (mounted) => {
    const target = join(mounted, "out");
    writeFileSync(target, "old");
    writeFileSync(join(mounted, "filler"), Buffer.alloc(60 * 1024));
    for (const name of named(({ output }) => output === true)) {
      const ended = await runCli([...argsOf(name, paths), "-o", target]);
      expect([name, ended.status]).toEqual([name, 73]);
      expect(ended.stderr).toContain(`${target}: cannot be written: `);
      expect(ended.stderr).toContain("no space left");
      expectWords(ended);
      expect([readFileSync(target, "utf8"), readdirSync(mounted).sort()]).toEqual(["old", ["filler", "out"]]);
    }
  });
  if (!done) skip("no file system can be mounted here");
});

const WAITING = named(({ waits }) => waits === true).flatMap((name) =>
  (["SIGINT", "SIGTERM"] as const).map((signal) => ({ name, signal })),
);
test.skipIf(!isBuilt || !isLinux).each(WAITING)(
  "$signal ends $name while it waits for a silent pipe, and leaves what was there",
  async ({ name, signal }) => {
    rmSync(paths.log);
    execFileSync("mkfifo", [paths.log]);
    const before = readdirSync(folder).sort();
    const ended = await runCli(argsOf(name, paths), {
      // It says nothing before it waits; this is longer than it takes to begin.
      during: async (child) => {
        await new Promise((resolve) => setTimeout(resolve, READ_MS));
        child.kill(signal);
      },
    });
    expect(ended.status).toBe(signal === "SIGINT" ? 130 : 143);
    expectWords(ended);
    expect(
      readdirSync(folder)
        .filter((file) => !file.endsWith("-journal"))
        .sort(),
    ).toEqual(before);
  },
);

test.skipIf(!isBuilt || !isRoot).each(named(({ ledger }) => ledger !== undefined))(
  "%s names a ledger that may not be read, and the reason",
  async (name) => {
    chmodSync(paths.ledger, 0o600);
    const ended = await runCli(argsOf(name, paths), { user: NOBODY });
    expect(ended.status).toBeGreaterThan(1);
    expect(ended.stderr).toContain(paths.ledger);
    expect(ended.stderr).toMatch(/permission denied|not accessible|read-only/);
    expectWords(ended);
  },
);

test.skipIf(!isBuilt)("a ledger on a read-only file system is read, and named by what writes", async ({ skip }) => {
  const done = await inSmallFileSystem(folder, "size=1m", async (mounted) => {
    const ledger = join(mounted, "ledger.db");
    copyFileSync(paths.ledger, ledger);
    execFileSync("mount", ["-o", "remount,ro", mounted]);
    for (const [name, row] of Object.entries(COMMANDS)) {
      if (row.ledger === undefined) continue;
      const ended = await runCli(argsOf(name, { ...paths, ledger }));
      expectWords(ended);
      if (row.ledger === "reads") expect([name, ended.status, ended.stderr]).toEqual([name, 0, ""]);
      else {
        expect([name, ended.status]).toEqual([name, statusOf(name, 73)]);
        expect(ended.stderr).toContain(`${ledger}: the ledger cannot be written: its file or folder is read-only`);
      }
    }
  });
  if (!done) skip("no file system can be mounted here");
});

test.skipIf(!isBuilt || !isLinux)(
  "a ledger that another process holds is named, with status 75",
  async () => {
    const script = `const db = new (require("libsql"))(process.argv[1]); db.exec("BEGIN EXCLUSIVE"); console.log("held"); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["-e", script, paths.ledger], {
      cwd: join(import.meta.dirname, "../../../ledger"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await new Promise((resolve) => holder.stdout.once("data", resolve));
      const writers = named(({ ledger }) => ledger !== undefined);
      const all = await Promise.all(
        writers.map((name) => runCli(argsOf(name, paths)).then((ended) => ({ name, ended }))),
      );
      for (const { name, ended } of all) {
        expect([name, ended.status]).toEqual([name, statusOf(name, 75)]);
        expect(ended.stderr).toContain(`${paths.ledger}: another process is writing to the ledger`);
        expectWords(ended);
      }
    } finally {
      holder.kill();
    }
  },
  60_000,
);
