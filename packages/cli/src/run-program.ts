import { spawn } from "node:child_process";

/** A program that does not end would keep all that follow from being run. */
const MOST_MS = 60_000;

/** Runs a program to its end, at most a minute; no shell, no standard input. Null, or why it failed. */
export function runProgram([program = "", ...args]: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(program, args, {
      shell: false,
      stdio: ["ignore", "ignore", "inherit"],
      timeout: MOST_MS,
      killSignal: "SIGKILL",
    });
    child.on("error", (error) => done(error.message));
    child.on("close", (code, signal) => {
      if (code === 0) done(null);
      else done(signal === null ? `it answered ${code}` : `it was ended by ${signal}`);
    });
  });
}
