import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The program as it is shipped. */
export const MAIN: string = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
export const isBuilt: boolean = existsSync(MAIN);

export const HANG =
  "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n" as const;

export interface Ended {
  /** As a shell tells it: 128 and the number of the signal, for a process that a signal ended. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdio?: SpawnOptions["stdio"];
  /** Runs as this user and group; only root may. */
  readonly user?: number;
  readonly input?: string;
  /** Called once the process has been started. */
  readonly during?: (child: ChildProcess) => void | Promise<void>;
}

/** A process that hangs is a fault of its own, told by the status 137. */
const KILL_AFTER_MS = 20_000;

/** Runs the built program to its end, without a shell. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, TZ: "UTC" },
    stdio: options.stdio ?? "pipe",
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
  const killer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  child.stdin?.on("error", () => {});
  if (options.input !== undefined) child.stdin?.end(options.input);
  const closed = new Promise<number>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"])),
  );
  await options.during?.(child);
  const status = await closed;
  clearTimeout(killer);
  return { status, ...output };
}
