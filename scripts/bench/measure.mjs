import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * One whole process: seconds, peak resident MiB (the highest VmHWM seen, sampled), standard output. Output that is only to
 * be counted or thrown away is read here and not kept.
 */
export function measure(command, args, { keep = true } = {}) {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let peakKib = 0;
    const sampler = setInterval(() => {
      try {
        const kib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0);
        peakKib = Math.max(peakKib, kib);
      } catch {
        // Between exit and reaping the process has no status file.
      }
    }, 5);
    let output = "";
    let bytes = 0;
    child.stdout.on("data", (chunk) => {
      bytes += chunk.length;
      if (keep) output += chunk;
    });
    child.on("error", fail);
    child.on("close", () => {
      clearInterval(sampler);
      done({ seconds: (performance.now() - start) / 1000, peakMib: peakKib / 1024, output: output.trim(), bytes });
    });
  });
}

/** Whether a program is there. */
export const has = (command) => spawnSync(command, ["--version"]).error === undefined;

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** First line of what a program says of its version. */
export function versionOf(command) {
  const { stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return stdout?.split("\n", 1)[0] ?? command;
}
