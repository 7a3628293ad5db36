import { type MadeReport, makeReport, type ReadingProgress, type ReportRequest } from "./make-report.js";
import { reasonOf } from "./platform.js";

/** What the worker tells the page. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly progress: ReadingProgress }
  | { readonly kind: "made"; readonly made: MadeReport }
  | { readonly kind: "failed"; readonly reason: string };

const EVERY_MS = 100;

const tell = (message: WorkerMessage): void => globalThis.postMessage(message);

globalThis.addEventListener("message", async ({ data }: MessageEvent<ReportRequest>) => {
  let lastMs = Number.NEGATIVE_INFINITY;
  try {
    const made = await makeReport(data, (progress) => {
      const nowMs = performance.now();
      if (nowMs - lastMs < EVERY_MS) return;
      lastMs = nowMs;
      tell({ kind: "progress", progress });
    });
    tell({ kind: "made", made });
  } catch (error) {
    tell({ kind: "failed", reason: reasonOf(error) });
  }
});
