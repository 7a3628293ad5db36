#!/usr/bin/env node
/** The process edge: the only file that knows streams, signals and the exit status. */
import { access, stat as lookUp, readFile } from "node:fs/promises";
import process from "node:process";
import type { Context } from "./context.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { hostEvidence } from "./host-evidence.js";
import { visible } from "./layout/escape.js";
import { library } from "./library.js";
import { createFile } from "./pending-file.js";
import { run } from "./program.js";
import { readAt } from "./read-at.js";
import { runProgram } from "./run-program.js";
import { BrokenPipe, streamWriter } from "./stdio.js";
import { packageVersion } from "./version.js";
import { isWaiting, waiting } from "./waiting.js";

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** The status, and whether to leave at once, whatever is still open. */
async function main(): Promise<{ readonly code: ExitCode; readonly now: boolean }> {
  const controller = new AbortController();
  let stopped: ExitCode | null = null;
  const stop = (code: ExitCode) => {
    stopped ??= code;
    controller.abort();
  };
  for (const [signal, code] of Object.entries(SIGNALS))
    process.once(signal, () => {
      process.stderr.write(`hangproof: ${code === EXIT.interrupted ? "interrupted" : "terminated"}\n`);
      stop(code);
      // Nothing of a file is half written then: what waits is no file.
      if (isWaiting()) process.kill(process.pid, signal);
    });
  // A closed stderr must not end the report.
  process.stderr.on("error", () => {});
  try {
    const code = await run(
      process.argv.slice(2),
      processContext(controller.signal, () => stop(EXIT.written)),
    );
    return { code: stopped ?? code, now: stopped !== null };
  } catch (error) {
    if (stopped !== null || error instanceof BrokenPipe) return { code: stopped ?? EXIT.written, now: true };
    process.stderr.write(`hangproof: internal error: ${visible(String(error))}\n`);
    return { code: EXIT.internal, now: false };
  }
}

function processContext(signal: AbortSignal, onBroken: () => void): Context {
  const { stdout, stderr, env } = process;
  const columns = Number(env.COLUMNS);
  const write = streamWriter(stdout, onBroken);
  return {
    out: (text) => waiting(write(text)),
    err: (text) => void (text === "" || stderr.write(text)),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    width: stdout.isTTY === true ? stdout.columns : columns > 0 ? columns : null,
    env,
    now: () => Date.now(),
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    command: [process.execPath, process.argv[1] ?? "hangproof"],
    hostEvidence,
    runProgram,
    // Whether it can be read is told by the reading.
    exists: (path) =>
      access(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
      ),
    readText: async (path) => (await readWhole(path, MOST_BYTES.text)).toString("utf8"),
    readBytes: (path) => readWhole(path, MOST_BYTES.report),
    readAt,
    createFile,
    signal,
    version: packageVersion(),
    library,
  };
}

/** More than a calendar of backups ever has, and more than a report. */
const MOST_BYTES = { text: 64 * 2 ** 20, report: 512 * 2 ** 20 } as const;

async function readWhole(path: string, mostBytes: number): Promise<Buffer> {
  const stat = await lookUp(path);
  if (!stat.isFile() && !stat.isFIFO()) throw new Error("it is no file");
  if (stat.size > mostBytes) throw new Error(`it has more than ${mostBytes / 2 ** 20} MiB`);
  return stat.isFIFO() ? waiting(readFile(path)) : readFile(path);
}

const { code, now } = await main();
process.exitCode = code;
// A read that still waits for a silent pipe would keep the process alive.
if (now) process.exit();
