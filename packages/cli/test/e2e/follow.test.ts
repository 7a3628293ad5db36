import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isBuilt, runCli } from "./run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-follow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (second: number, text: string): string =>
  `2025-11-02T02:14:${String(second).padStart(2, "0")}+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: ${text}\n`;
const HANG = (second: number): string => line(second, "Detected Hardware Unit Hang:#012  TDH <5>#012  TDT <9>");
const UP = (second: number): string => line(second, "NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None");

/** Until a condition holds; a follower has its own pace. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await new Promise((next) => setTimeout(next, 50));
  expect(holds()).toBe(true);
}

test.skipIf(!isBuilt)("a pipe: lines as they come, and its end is the end", async () => {
  const input =
    Array.from({ length: 400 }, (_, i) => HANG(i % 60)).join("") + line(59, "Reset adapter unexpectedly") + UP(59);
  const { status, stdout, stderr } = await runCli(["follow", "-", "--tz", "UTC"], { input });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe(
    "2025-11-02 01:14:00 +00:00  pve1 eno1: HANG; 4 descriptors with the hardware; no backup known to run",
  );
  expect(lines.at(-1)).toMatch(/hang over .*driver reset; \d+ reports$/);
});

test.skipIf(!isBuilt)("a hang is told before the next line is written", async () => {
  let seen = "";
  const { status } = await runCli(["follow", "-", "--tz", "UTC"], {
    during: async (child) => {
      child.stdout?.on("data", (text: string) => {
        seen += text;
      });
      child.stdin?.write(HANG(1));
      await until(() => seen.includes("HANG;"));
      child.stdin?.end(UP(9));
    },
  });
  expect(status).toBe(0);
  expect(seen).toContain("hang over after 8 s: link down/up; 1 report\n");
});

test.skipIf(!isBuilt)(
  "a growing file is followed from its end, through rotation and truncation, and ends by the signal",
  async () => {
    const path = join(folder, "kern.log");
    writeFileSync(path, HANG(1) + UP(2));
    let seen = "";
    const { status } = await runCli(["follow", path, "--tz", "UTC"], {
      during: async (child) => {
        child.stdout?.on("data", (text: string) => {
          seen += text;
        });
        await new Promise((next) => setTimeout(next, 1_500));
        appendFileSync(path, HANG(10).slice(0, 40));
        appendFileSync(path, HANG(10).slice(40) + UP(12));
        await until(() => seen.includes("hang over after 2 s"));
        renameSync(path, `${path}.1`);
        appendFileSync(`${path}.1`, HANG(20));
        writeFileSync(path, UP(23));
        await until(() => seen.includes("hang over after 3 s"));
        truncateSync(path);
        appendFileSync(path, HANG(30));
        await until(() => seen.includes("01:14:30"));
        child.kill("SIGINT");
      },
    });
    expect(status).toBe(130);
    expect(seen.match(/HANG;/g)?.length).toBe(3);
    expect(seen).not.toContain("01:14:01");
  },
);

test.skipIf(!isBuilt)("--exec passes arguments as arguments: no shell sees what a log says", async () => {
  const out = join(folder, "args");
  const bad = join(folder, "bad");
  const host = `$(touch${"$IFS"}${bad});'"\``;
  const script = join(folder, "keep.mjs");
  writeFileSync(
    script,
    `import fs from "node:fs"; fs.appendFileSync(process.argv[2], JSON.stringify(process.argv.slice(3)) + "\\n");`,
  );
  const input = (HANG(1) + UP(4)).replaceAll("pve1", host);
  const command = [process.execPath, script, out, "{event}", "{host}", "at {time}", "{end}", "{unknown}"];
  const { status, stderr } = await runCli(["follow", "-", "--exec", ...command], { input });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const calls = readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
  expect(calls).toEqual([
    ["begin", host, "at 2025-11-02T01:14:01.000Z", "", "{unknown}"],
    ["end", host, "at 2025-11-02T01:14:04.000Z", "link-cycle", "{unknown}"],
  ]);
});

test.skipIf(!isBuilt)("a program that fails is told, and following goes on", async () => {
  const { status, stdout, stderr } = await runCli(["follow", "-", "--exec", "/nonexistent/program"], {
    input: HANG(1) + UP(4),
  });
  expect(status).toBe(0);
  expect(stdout.split("\n").length).toBe(3);
  expect(stderr).toMatch(/^hangproof: --exec \/nonexistent\/program: .*ENOENT\n/);
});

test.skipIf(!isBuilt)("no such file is no input", async () => {
  expect((await runCli(["follow", join(folder, "none.log")])).status).toBe(66);
});
