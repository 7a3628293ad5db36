import { Analysis } from "@hangproof/analyzer";
import type { Diagnostic, EvidenceSummary } from "@hangproof/parser";
import { openInputs } from "@hangproof/parser/open";
import { DiagnosticSummary, renderHtml, renderJson } from "hangproof/html";
import { type QuestionText, readQuestion, understood } from "hangproof/question";
import { blobInput } from "./blob-input.js";
import { BROWSER } from "./platform.js";
import type { PickedFile } from "./selection.js";

/** What a report is asked for. */
export interface ReportRequest {
  readonly files: readonly PickedFile[];
  /** What the user named; stands in the report. */
  readonly labels: readonly string[];
  /** What was picked and could not be opened. */
  readonly unopened: readonly { readonly label: string; readonly reason: string }[];
  /** The browser's clock, Unix milliseconds. */
  readonly now: number;
  /** The browser's zone, IANA name: assumed where the question names none. */
  readonly timeZone: string;
  /** As it was typed. */
  readonly question: QuestionText;
  /** As the report names it. */
  readonly program: string;
}

export interface MadeReport {
  readonly html: string;
  readonly json: string;
  /** What was damaged, cut or not read, as sentences without hidden characters; empty when nothing was. */
  readonly notes: readonly string[];
  /** How the question was understood, as sentences without hidden characters. */
  readonly understood: readonly string[];
}

/** How far reading has come. */
export interface ReadingProgress {
  readonly evidence: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * Reads all files in bounded memory and judges, as `hangproof report` does. Runs in a worker.
 * @throws Error that says what is wrong with the question
 */
export async function makeReport(
  { files, labels, unopened, now, timeZone: ownZone, question: typed, program }: ReportRequest,
  onProgress: (progress: ReadingProgress) => void,
): Promise<MadeReport> {
  const question = readQuestion(typed, { now, timeZone: ownZone });
  const { timeZone } = question;
  const given = typed.tz === undefined ? null : timeZone;
  const analysis = new Analysis({
    ...question,
    reading: { program, paths: labels, timeZone: given, form: null, windowUnits: [] },
  });
  const faults = new DiagnosticSummary();
  faults.add(unopened.map(({ label, reason }) => unreadable(label, reason)));
  const summaries: EvidenceSummary[] = [];
  const reading = openInputs(files.map(blobInput), BROWSER, {
    ...(given === null ? { assumedTimeZone: timeZone } : { timeZone: given }),
    onProgress,
  });
  for await (const { batch, summary } of reading) {
    for (const event of batch.events) analysis.add(event);
    faults.add(batch.diagnostics);
    if (summary !== null) summaries.push(summary);
  }
  for (const summary of summaries) analysis.addEvidence(summary);
  const report = analysis.finish();
  return { html: renderHtml(report), json: renderJson(report), notes: faults.lines, understood: understood(question) };
}

function unreadable(evidence: string, detail: string): Diagnostic {
  return { code: "input.unreadable", evidence, line: null, byteOffset: null, detail };
}
