import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { HANG, isBuilt, runCli } from "./run-cli.js";

const isLinux = process.platform === "linux";

test.skipIf(!isBuilt || !isLinux)("a named pipe is followed to its end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-follow-"));
  try {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const ended = await runCli(["follow", pipe, "--tz", "UTC"], {
      during: () => {
        execFileSync("sh", ["-c", `printf '%s' "$1" > "$2" &`, "sh", HANG, pipe], { stdio: "ignore" });
      },
    });
    expect([ended.status, ended.stderr]).toEqual([0, ""]);
    expect(ended.stdout).toContain("eno1");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!isBuilt || !isLinux)("a folder and a device without an end are refused with the reason", async () => {
  for (const [path, reason] of [
    ["/", "is a folder: one file can be followed"],
    ["/dev/zero", "is a device"],
  ] as const) {
    const ended = await runCli(["follow", path]);
    expect([ended.status, ended.stdout]).toEqual([74, ""]);
    expect(ended.stderr).toContain(`hangproof: ${path}: ${reason}`);
  }
});

test.skipIf(!isBuilt)("a limit that means nothing to a live log is refused, not ignored", async () => {
  const ended = await runCli(["follow", "-", "--limit", "maxDepth=2"], { input: "" });
  expect([ended.status, ended.stderr]).toEqual([
    2,
    "hangproof: --limit maxDepth: a log that is followed is not unpacked; maxLineBytes is its only limit\n",
  ]);
});
