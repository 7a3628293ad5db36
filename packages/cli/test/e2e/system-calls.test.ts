import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HANG, isBuilt, MAIN } from "./run-cli.js";

const canTrace = isBuilt && spawnSync("strace", ["-V"]).status === 0;
const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));

/** What Node itself reads to start. */
const OF_NODE =
  /^(?:\/etc\/(?:ld\.so|ssl\/|localtime|timezone)|\/(?:usr\/)?lib|\/usr\/share\/|\/proc\/(?:self|version|meminfo|stat|cpuinfo|sys\/vm|\d+)\b|\/sys\/(?:fs\/cgroup|devices\/system)|\/dev\/(?:null|urandom)$)/;

interface Call {
  readonly name: string;
  readonly path: string | null;
  readonly text: string;
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-calls-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the built program under strace: what it opened, changed or connected with success. */
async function calls(args: readonly string[]): Promise<readonly Call[]> {
  // One file for each thread: in a common one their lines break into one another.
  const traces = join(folder, "traces");
  mkdirSync(traces);
  const traced = "open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,";
  const options = ["-ff", "-qq", "-s", "4096", "-e", `trace=${traced}symlink,symlinkat,%net`, "-o", join(traces, "of")];
  const child = spawn("strace", [...options, process.execPath, MAIN, ...args], { cwd: folder, stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
  return readdirSync(traces)
    .flatMap((name) => readFileSync(join(traces, name), "utf8").split("\n"))
    .map((line) => /^(\w+)\((.*)\) = \d/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = "", text = ""]) => ({ name, path: /"([^"]*)"/.exec(text)?.[1] ?? null, text }));
}

const opens = (call: Call): boolean => /^(?:open|creat)/.test(call.name);
const writes = (call: Call): boolean =>
  !opens(call) || call.name === "creat" || /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(call.text);
const isSocket = ({ name }: Call): boolean => /^(?:socket|connect|bind|listen|accept4?|send\w*|recv\w*)$/.test(name);
const isOfProgram = ({ path }: Call): boolean =>
  path !== null && (path.startsWith(REPOSITORY) || path.startsWith(dirname(dirname(process.execPath))));

test.skipIf(!canTrace)(
  "report opens nothing but the folder that is named, writes nothing but its output, and has no socket",
  async () => {
    const evidence = join(folder, "evidence");
    mkdirSync(join(evidence, "inner"), { recursive: true });
    writeFileSync(join(evidence, "kernel.log"), HANG);
    writeFileSync(join(evidence, "inner", "more.log"), HANG);
    writeFileSync(join(folder, "secret.log"), HANG);
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets", "kern.log"), HANG);
    symlinkSync("../secret.log", join(evidence, "link.log"));
    symlinkSync("../secrets", join(evidence, "folder-link"));
    symlinkSync("/etc/shadow", join(evidence, "shadow.log"));
    symlinkSync("/proc/kmsg", join(evidence, "kmsg"));
    symlinkSync(".", join(evidence, "loop"));
    symlinkSync("/dev/zero", join(evidence, "zero.log"));
    execFileSync("mkfifo", [join(evidence, "pipe.log")]);
    spawnSync("mknod", [join(evidence, "device.log"), "c", "1", "5"]);
    const server = createServer().listen(join(evidence, "socket.log"));
    await new Promise((resolve) => server.once("listening", resolve));
    const out = join(folder, "out.html");
    const made = await calls(["report", evidence, "--format", "html", "-o", out, "--tz", "UTC"]);
    server.close();
    const ours = made.filter((call) => !isOfProgram(call) && !(call.path !== null && OF_NODE.test(call.path)));
    const within = ["kernel.log", "inner", "inner/more.log"].map((name) => join(evidence, name));
    const read = new Set(ours.filter((call) => opens(call) && !writes(call)).map(({ path }) => path));
    expect([...read].sort()).toEqual([evidence, ...within].sort());
    const written = ours.filter((call) => writes(call) && !isSocket(call) && call.path !== null);
    expect(written.length).toBeGreaterThan(0);
    for (const { text } of written)
      for (const [, path] of text.matchAll(/"([^"]*)"/g))
        expect(path).toMatch(new RegExp(`^${out}|^${folder}/\\.?out`));
    expect(made.filter(isSocket)).toEqual([]);
  },
  60_000,
);
