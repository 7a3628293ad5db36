import type { Context, Progress } from "../context.js";
import { bytes, duration } from "../layout/format.js";

const EVERY_MS = 200;
const QUIET_MS = 500;

/** The line on stderr while a long input is read. */
export interface ProgressLine {
  readonly report: ((progress: Progress) => void) | undefined;
  /** Takes the line away again. */
  erase(): void;
}

/** Shown only on a terminal and only once reading takes longer than half a second; at most five times a second. */
export function progressLine(ctx: Context, quiet: boolean): ProgressLine {
  if (quiet || !ctx.errIsTerminal) return { report: undefined, erase: () => {} };
  const startMs = ctx.now();
  let lastMs = startMs + QUIET_MS - EVERY_MS;
  let shown = false;
  return {
    report: (progress) => {
      const nowMs = ctx.now();
      if (nowMs - lastMs < EVERY_MS) return;
      lastMs = nowMs;
      shown = true;
      ctx.err(`\r\x1b[K${progressText(progress, (nowMs - startMs) / 1000)}`);
    },
    erase: () => {
      if (shown) ctx.err("\r\x1b[K");
      shown = false;
    },
  };
}

/** `reading 1.2 GB of 3.0 GB, 210 MB/s, 9 s left`. */
function progressText({ bytesRead, bytesTotal }: Progress, seconds: number): string {
  const rate = seconds > 0 ? bytesRead / seconds : 0;
  const total = bytesTotal === null ? "" : ` of ${bytes(bytesTotal)}`;
  const left =
    bytesTotal === null || rate === 0 ? "" : `, ${duration(Math.max(0, bytesTotal - bytesRead) / rate / 3600)} left`;
  return `reading ${bytes(bytesRead)}${total}, ${bytes(rate)}/s${left}`;
}
