import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ended, HANG, isBuilt, MAIN, runCli } from "./run-cli.js";
import { inSmallFileSystem } from "./small-file-system.js";

const COMMANDS = ["report", "events", "explain", "formats"] as const;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const hasFull = readdirSync("/dev").includes("full");

let folder = "";
let log = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-faults-"));
  log = join(folder, "kernel.log");
  writeFileSync(log, HANG);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One line on stderr, in words: no trace, no talk of an internal error. */
function expectMessage({ stderr }: Ended, pattern: RegExp): void {
  expect(stderr).toMatch(/^hangproof: [^\n]*\n$/);
  expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/internal error|\n {4}at /);
}

test.skipIf(!isBuilt || !hasFull).each(COMMANDS)(
  "%s says that standard output is full, and ends with 73",
  async (command) => {
    const full = openSync("/dev/full", "w");
    const ended = await runCli([command, log, "--tz", "UTC"], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(ended.status).toBe(73);
    expectMessage(ended, /standard output: cannot be written: .*no space left/);
  },
);

test.skipIf(!isBuilt || !hasFull)("help and version tell a full disk, too", async () => {
  for (const option of ["--help", "--version"]) {
    const full = openSync("/dev/full", "w");
    const ended = await runCli([option], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(ended.status).toBe(73);
    expectMessage(ended, /no space left/);
  }
});

test.skipIf(!isBuilt || !hasFull)("a full disk under the messages does not end the report", async () => {
  const full = openSync("/dev/full", "w");
  const ended = await runCli(["events", log, join(folder, "absent-not.log")], { stdio: ["ignore", "pipe", full] });
  const whole = await runCli(["events", log, "-"], { stdio: ["ignore", "pipe", full] });
  closeSync(full);
  expect([ended.status, whole.status]).toEqual([66, 0]);
  expect(whole.stdout).toMatch(/^\{"kind":"e1000e\.hang"/);
});

test.skipIf(!isBuilt)(
  "a disk that fills up leaves the old report, no part of the new one, and status 73",
  async ({ skip }) => {
    writeFileSync(log, HANG.repeat(2_000));
    const done = await inSmallFileSystem(folder, "size=64k", async (mounted) => {
      const target = join(mounted, "out");
      for (const args of [["events"], ["report", "--format", "html"], ["report", "--format", "json"]]) {
        writeFileSync(target, "old");
        writeFileSync(join(mounted, "filler"), Buffer.alloc(56 * 1024));
        const ended = await runCli([...args, log, "--tz", "UTC", "-o", target]);
        expect(ended.status).toBe(73);
        expectMessage(ended, /cannot be written: .*no space left/);
        expect(readFileSync(target, "utf8")).toBe("old");
        expect(readdirSync(mounted).sort()).toEqual(["filler", "out"]);
      }
    });
    if (!done) skip("no file system can be mounted here");
  },
);

test.skipIf(!isBuilt)("a read-only file system is named, and nothing is read first", async ({ skip }) => {
  const done = await inSmallFileSystem(folder, "ro,size=64k", async (mounted) => {
    for (const command of COMMANDS) {
      const ended = await runCli([command, log, "-o", join(mounted, "out")]);
      expect([ended.status, ended.stdout]).toEqual([73, ""]);
      expectMessage(ended, /cannot be written: .*read-only/);
    }
  });
  if (!done) skip("no file system can be mounted here");
});

test.skipIf(!isBuilt)("a folder that is not there, is a file, or takes no files: 73 with the reason", async () => {
  const cases: [string, RegExp][] = [
    [join(folder, "no", "out"), /no such file or directory/],
    [join(log, "out"), /not a directory/],
    [folder, /it is a directory/],
    ["/proc/out", /no such file|permission|not permitted/],
  ];
  for (const [path, reason] of cases) {
    const ended = await runCli(["report", log, "-o", path]);
    expect(ended.status).toBe(73);
    expectMessage(ended, reason);
  }
  expect(readdirSync(folder)).toEqual(["kernel.log"]);
});

test.skipIf(!isBuilt || !isRoot)("a folder of somebody else is told as such", async () => {
  const ended = await runCli(["report", "-", "-o", join(folder, "out")], { user: NOBODY, input: HANG });
  expect(ended.status).toBe(73);
  expectMessage(ended, /permission denied/);
});

test.skipIf(!isBuilt).each(COMMANDS)("%s ends with 0 and no word when its reader closes the pipe", (command) => {
  writeFileSync(log, HANG.repeat(5_000));
  for (const reader of ["head -c 1 > /dev/null", "true"]) {
    const script = `"$0" "$1" ${command} "$2" | ${reader}; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, MAIN, log], { encoding: "utf8" });
    expect([stdout, stderr]).toEqual(["0\n", ""]);
  }
});

test.skipIf(!isBuilt || !hasFull).each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s ends with %i what waits for the reader of a named pipe, or for the writer of a table",
  async (signal, status) => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const args of [
      ["report", log, "-o", pipe],
      ["report", log, "--windows", pipe],
      ["verify", pipe, log],
    ]) {
      const ended = await runCli([...args, "--quiet"], {
        // It says nothing before it waits; this is longer than it takes to begin.
        during: async (child) => {
          await new Promise((resolve) => setTimeout(resolve, 2_000));
          child.kill(signal);
        },
      });
      expect(ended.status, args.join(" ")).toBe(status);
      expect(readdirSync(folder).sort()).toEqual(["kernel.log", "pipe"]);
    }
  },
);

test.skipIf(!isBuilt)("a reader that does not read keeps nobody from ending it", async () => {
  writeFileSync(log, HANG.repeat(20_000));
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const ended = await runCli(["events", log], {
      during: async (child) => {
        child.stdout?.pause();
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        child.kill(signal);
        await new Promise((resolve) => child.on("exit", resolve));
        child.stdout?.resume();
      },
    });
    expect([ended.status, ended.stderr]).toEqual([
      status,
      `hangproof: ${signal === "SIGINT" ? "interrupted" : "terminated"}\n`,
    ]);
  }
});
