import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ended, HANG, isBuilt, runCli } from "./run-cli.js";

const COMMANDS = ["report", "events", "explain", "formats"] as const;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-faults-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);

function write(name: string, text: string = HANG): string {
  writeFileSync(path(name), text);
  return path(name);
}

function expectNoTrace({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/internal error|\n {4}at /);
}

const countOf = ({ stdout }: Ended): number => stdout.split("\n").length - 1;

test.skipIf(!isBuilt || !isLinux)("a read error is told with the file, and the other files are read", async () => {
  const log = write("kernel.log");
  for (const bad of ["/proc/self/mem", path("proc.gz")]) {
    if (bad !== "/proc/self/mem") symlinkSync("/proc/self/mem", bad);
    const ended = await runCli(["events", bad, log]);
    expect([ended.status, countOf(ended)]).toEqual([3, 1]);
    expect(ended.stderr).toBe(`hangproof: 1 input.unreadable, first at ${bad}: input/output error\n`);
  }
});

test.skipIf(!isBuilt || !isLinux)("a read error or a folder as standard input is told", async () => {
  for (const [source, status, message] of [
    ["/proc/self/mem", 3, /input\.unreadable, first at -: input\/output error/],
    ["/", 74, /standard input is a folder/],
  ] as const) {
    const input = openSync(source, "r");
    const ended = await runCli(["events", "-"], { stdio: [input, "pipe", "pipe"] });
    closeSync(input);
    expect(ended.status).toBe(status);
    expect(ended.stderr).toMatch(message);
    expectNoTrace(ended);
  }
});

test.skipIf(!isBuilt)("standard input that is closed early, or empty, is read to where it ends", async () => {
  const cut = await runCli(["events", "-"], { input: HANG + HANG.slice(0, 50) });
  expect([cut.status, countOf(cut)]).toEqual([0, 1]);
  for (const command of COMMANDS) {
    const none = await runCli([command, "-"], { stdio: ["ignore", "pipe", "pipe"] });
    expect(none.status).toBe(1);
    expectNoTrace(none);
  }
});

test.skipIf(!isBuilt || !isRoot)(
  "permission denied on one of several files: the others are read, status 3",
  async () => {
    write("a.log");
    chmodSync(write("b.log"), 0o600);
    write("c.log");
    mkdirSync(path("closed"), { mode: 0o700 });
    for (const paths of [[path("a.log"), path("b.log"), path("c.log")], [folder]]) {
      const ended = await runCli(["events", ...paths], { user: NOBODY });
      expect([ended.status, countOf(ended)]).toEqual([3, 2]);
      expect(ended.stderr).toContain(`first at ${path("b.log")}: permission denied`.slice(0, 9));
      expect(ended.stderr).toContain("permission denied");
      expectNoTrace(ended);
    }
    const named = await runCli(["events", join(path("closed"), "x.log")], { user: NOBODY });
    expect([named.status, named.stderr]).toEqual([74, `hangproof: ${path("closed")}/x.log: permission denied\n`]);
  },
);

test.skipIf(!isBuilt || !isLinux)(
  "links, sockets and devices that were named: followed, or refused with the reason",
  async () => {
    symlinkSync("kernel.log", path("good"));
    symlinkSync("circle", path("circle"));
    symlinkSync("nowhere", path("dangling"));
    write("kernel.log");
    expect((await runCli(["events", path("good")])).status).toBe(0);
    expect((await runCli(["events", "/dev/null"])).status).toBe(1);
    const server = createServer().listen(path("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const cases: [string, number, RegExp][] = [
      [path("circle"), 74, /too many symbolic links/],
      [path("dangling"), 66, /no such file/],
      [path("socket"), 74, /is a socket/],
      ["/dev/zero", 74, /is a device/],
    ];
    for (const [name, status, reason] of cases) {
      const ended = await runCli(["events", name]);
      expect([ended.status, ended.stdout]).toEqual([status, ""]);
      expect(ended.stderr).toMatch(/^hangproof: [^\n]*\n$/);
      expect(ended.stderr).toMatch(reason);
      expectNoTrace(ended);
    }
    await new Promise((resolve) => server.close(resolve));
  },
);

test.skipIf(!isBuilt || !isLinux)("in a folder, what is no regular file is told and not opened", async () => {
  write("kernel.log");
  symlinkSync("kernel.log", path("link"));
  symlinkSync("circle", path("circle"));
  symlinkSync(".", path("self"));
  execFileSync("mkfifo", [path("pipe")]);
  const ended = await runCli(["events", folder]);
  expect([ended.status, countOf(ended)]).toEqual([0, 1]);
  expect(ended.stderr).toBe(
    `hangproof: 4 input.skipped, first at ${path("circle")}: a symbolic link in a folder is not opened\n`,
  );
});

test.skipIf(!isBuilt || !isLinux)("a pipe that was named is read to its end, by every command", async () => {
  execFileSync("mkfifo", [path("pipe")]);
  for (const command of COMMANDS) {
    const ended = await runCli([command, path("pipe"), "--tz", "UTC"], {
      during: () => writePipe(path("pipe"), HANG),
    });
    expect(ended.status).toBe(0);
    expect(ended.stdout).not.toBe("");
  }
});

test.skipIf(!isBuilt || !isLinux)(
  "a table of windows or a report that is no file, or cannot be read, is told",
  async () => {
    const log = write("kernel.log");
    for (const name of [folder, "/dev/zero", "/proc/self/mem"])
      for (const args of [
        ["report", log, "--windows", name],
        ["verify", name, log],
      ]) {
        const ended = await runCli(args);
        expect([ended.status, ended.stdout], args.join(" ")).toEqual([74, ""]);
        expect(ended.stderr).toMatch(/^hangproof: [^\n]*: cannot be read: [^\n]*\n$/);
        expectNoTrace(ended);
      }
  },
);

test.skipIf(!isBuilt)("an output that would take the place of an input is refused", async () => {
  const log = write("kernel.log");
  for (const command of COMMANDS) {
    const ended = await runCli([command, log, "-o", join(folder, ".", "kernel.log")]);
    expect([ended.status, readFileSync(log, "utf8")]).toEqual([2, HANG]);
    expect(ended.stderr).toMatch(/^hangproof: -o \S+: is an input, and evidence is not overwritten\n$/);
  }
});

test.skipIf(!isBuilt || !isLinux)("a file of /proc, whose size says 0, is read", async () => {
  const ended = await runCli(["formats", "/proc/self/status", "--format", "json"]);
  expect(ended.status).toBe(1);
  expect(JSON.parse(ended.stdout).bytes).toBeGreaterThan(100);
});

const WAITING = COMMANDS.flatMap((command) =>
  (["SIGINT", "SIGTERM"] as const).flatMap((signal) =>
    (["pipe", "-"] as const).map((from) => ({ command, signal, from })),
  ),
);

test.skipIf(!isBuilt || !isLinux).each(WAITING)(
  "$signal ends $command while it waits for $from, with no part of the output",
  async ({ command, signal, from }) => {
    execFileSync("mkfifo", [path("pipe")]);
    mkdirSync(path("out"));
    const source = from === "-" ? "-" : path("pipe");
    const ended = await runCli([command, source, "-o", join(path("out"), "result")], {
      during: async (child) => {
        // The unfinished file shows that the handlers are in place.
        while (readdirSync(path("out")).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        child.kill(signal);
      },
    });
    const isInterrupt = signal === "SIGINT";
    expect(ended).toEqual({
      status: isInterrupt ? 130 : 143,
      stdout: "",
      stderr: `hangproof: ${isInterrupt ? "interrupted" : "terminated"}\n`,
    });
    expect(readdirSync(path("out"))).toEqual([]);
  },
);

/** Opens for writing in another process, since the opening waits for the reader. */
function writePipe(pipe: string, text: string): void {
  execFileSync("sh", ["-c", `printf '%s' "$1" > "$2" &`, "sh", text, pipe], { stdio: "ignore" });
}

test.skipIf(!isBuilt || !isLinux)(
  "what is no file, ledger or lake is named where one is wanted, with its status",
  async () => {
    const log = write("kernel.log");
    mkdirSync(path("folder"));
    symlinkSync("circle", path("circle"));
    const refused = async (what: RegExp, status: number, ...args: string[]): Promise<void> => {
      const ended = await runCli(args);
      expect([args.join(" "), ended.status]).toEqual([args.join(" "), status]);
      expect(ended.stderr).toMatch(what);
      expectNoTrace(ended);
    };
    for (const device of ["/dev/zero", path("folder")]) {
      await refused(/: is no regular file\n$/, 65, "plan", "--ledger", device);
      await refused(/: is no regular file\n$/, 65, "change", "add", "2025-10-05", "cable", "--ledger", device);
      await refused(/: is no regular file\n$/, 3, "check", log, "--ledger", device);
    }
    for (const lake of [log, "/dev/null"]) {
      await refused(/: is no folder\n$/, 65, "fleet", "ingest", log, "-o", lake);
      await refused(/: is no folder\n$/, 65, "fleet", "report", lake);
    }
    await refused(/circle/, 74, "fleet", "report", path("circle"));
    await refused(/circle/, 74, "fleet", "ingest", log, "-o", path("circle"));
    await refused(/no columns start and end/, 2, "report", log, "--windows", "/proc/version");
    await refused(/it is no file/, 74, "report", log, "--windows", path("folder"));
  },
);
