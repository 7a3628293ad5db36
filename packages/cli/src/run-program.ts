import { spawn } from "node:child_process";

/** A program that does not end would keep all that follow from being run. */
const MOST_MS = 60_000;

/** Runs a program to its end, at most a minute; no shell, no standard input. Null, or why it failed. */
export function runProgram([program = "", ...args]: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(program, args, { shell: false, stdio: ["ignore", "ignore", "inherit"] });
    const killer = setTimeout(() => child.kill("SIGKILL"), MOST_MS);
    const end = (failure: string | null): void => {
      clearTimeout(killer);
      done(failure);
    };
    child.on("error", (error) => end(error.message));
    child.on("close", (code, signal) => {
      if (code === 0) end(null);
      else end(signal === null ? `it answered ${code}` : `it was ended by ${signal}`);
    });
  });
}
