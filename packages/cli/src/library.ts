import { Analysis, HangExplainer } from "@hangproof/analyzer";
import { openLake, reportLake } from "@hangproof/fleet";
import { openLedger } from "@hangproof/ledger";
import type { EvidenceSummary } from "@hangproof/parser";
import { followEvents, openEvidence } from "@hangproof/parser/node";
import type { EventBatch, Library, ReadOptions } from "./context.js";

/** The real libraries behind the commands. */
export const library: Library = {
  streamEvidence,
  startAnalysis: (options) => new Analysis(options),
  startExplanation: () => new HangExplainer(),
  followEvents,
  openLake,
  reportLake: async (lake, options) => reportLake(await lake.read(), options),
  openLedger,
};

async function* streamEvidence(
  paths: readonly string[],
  { onProgress, limits: { maxLineBytes, ...limits } = {}, ...options }: ReadOptions,
): AsyncGenerator<EventBatch, readonly EvidenceSummary[], void> {
  const sizesKnown = !paths.includes("-");
  const opened = openEvidence(paths, {
    ...options,
    limits,
    ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: ({ bytes, totalBytes }) =>
            onProgress({ bytesRead: bytes, bytesTotal: sizesKnown && totalBytes >= bytes ? totalBytes : null }),
        }),
  });
  const summaries: EvidenceSummary[] = [];
  for await (const { batch, summary } of opened) {
    yield { ...batch, summary };
    if (summary !== null) summaries.push(summary);
  }
  return summaries;
}
