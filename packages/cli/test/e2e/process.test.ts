import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const built = existsSync(MAIN);
const hangproof = (args: string[], input = "") =>
  spawnSync(process.execPath, [MAIN, ...args], { input, encoding: "utf8", env: { ...process.env, TZ: "UTC" } });

const HANG = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";

test.skipIf(!built)("the built program reads standard input and writes to standard output", () => {
  const { status, stdout, stderr } = hangproof(["report", "-", "--plain", "--tz", "UTC"], HANG);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("eno1 (0000:00:19.0)");
  expect(hangproof(["events", "-", "-k", "e1000e.hang"], HANG).stdout).toMatch(/^\{"kind":"e1000e\.hang",/);
});

test.skipIf(!built)("statuses arrive at the shell, messages on stderr, without a stack trace", () => {
  const usage = hangproof(["report", "--format", "pdf", "x"]);
  const missing = hangproof(["report", "/nowhere/at/all"]);
  const cannot = hangproof(["report", "-", "-o", "/nowhere/at/all"], HANG);
  expect([usage.status, missing.status, cannot.status]).toEqual([2, 66, 73]);
  for (const { stdout, stderr } of [usage, missing, cannot]) {
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^hangproof: .*\n$/);
  }
  expect(hangproof(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.skipIf(!built)("a report that the shell writes among its evidence is no evidence, and holds", () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-"));
  try {
    writeFileSync(join(folder, "kernel.log"), HANG);
    const script = `cd "$2" && for i in 1 2; do "$0" "$1" report . -f json > report.json; done; "$0" "$1" verify report.json .`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, MAIN, folder], {
      encoding: "utf8",
    });
    expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(/^The report holds: /), ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!built)("a reader that closes the pipe ends it quietly with 0", () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-"));
  try {
    const log = join(folder, "kernel.log");
    writeFileSync(log, HANG.repeat(20_000));
    const script = `"$0" "$1" events "$2" | head -n 1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, MAIN, log], { encoding: "utf8" });
    expect([stdout, stderr]).toEqual(["0\n", ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!built).each([
  ["SIGINT", 130, "hangproof: interrupted\n"],
  ["SIGTERM", 143, "hangproof: terminated\n"],
] as const)(
  "%s ends it with %i while it waits for a silent pipe, and no part of the output stays",
  async (signal, status, message) => {
    const folder = mkdtempSync(join(tmpdir(), "hangproof-"));
    try {
      const child = spawn(process.execPath, [MAIN, "report", "-", "-o", join(folder, "report.txt")]);
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      // The unfinished file shows that reading has begun, so the handlers are in place.
      while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect([code, stderr, readdirSync(folder)]).toEqual([status, message, []]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
