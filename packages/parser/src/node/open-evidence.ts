import { type Diagnostic, ParserError } from "../model/diagnostic.js";
import type { EvidenceSummary } from "../model/evidence.js";
import { type Batch, EvidenceParser } from "../read/parse.js";
import { chunksOf, type Stored } from "./chunks.js";
import { findInputs, type Input } from "./find-inputs.js";
import { readJournalEvidence } from "./journal-evidence.js";
import { resolveYears } from "./resolve-years.js";

export interface OpenOptions {
  /** Zone of stamps that name none, IANA name or offset; absent: this machine's, and the summaries say so. */
  readonly timeZone?: string;
  /** Told while an input is read; bytes as stored. */
  readonly onProgress?: (progress: {
    readonly evidence: string;
    readonly bytes: number;
    readonly totalBytes: number;
  }) => void;
  readonly signal?: AbortSignal;
}

/** What one step of reading gave. The last of each input carries its summary. */
export interface Opened {
  readonly evidence: string;
  readonly batch: Batch;
  readonly summary: EvidenceSummary | null;
}

/**
 * Reads files, folders and standard input (`-`), one after the other, in bounded memory.
 *
 * Yearless logs are looked at beforehand, so that each gets its year from the log itself, from other evidence of the
 * same host, or from its file's time, in this order.
 * @throws ParserError READ_FAILED when a path that was named cannot be read, BAD_OPTION when the zone is unknown
 */
export async function* openEvidence(
  paths: readonly string[],
  options: OpenOptions = {},
): AsyncGenerator<Opened, void, void> {
  const early: Diagnostic[] = [];
  const inputs = findInputs(paths, (diagnostic) => early.push(diagnostic));
  for (const diagnostic of early) {
    yield { evidence: diagnostic.evidence, batch: { events: [], diagnostics: [diagnostic] }, summary: null };
  }
  if (inputs.length === 0) throw new ParserError("NOTHING_TO_READ", `${paths.join(", ")}: no file to read`);
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const years = await resolveYears(inputs);
  const totalBytes = inputs.reduce((sum, input) => sum + input.size, 0);
  let before = 0;
  for (const input of inputs) {
    const onBytes = (bytes: number): void =>
      options.onProgress?.({ evidence: input.label, bytes: before + bytes, totalBytes });
    const journal = await readJournalEvidence(input);
    if (journal !== null) {
      onBytes(input.size);
      yield journal;
    } else {
      const year = years.get(input.label);
      const parser = new EvidenceParser({
        evidence: input.label,
        timeZone,
        timeZoneAssumed: options.timeZone === undefined,
        ...(year === undefined ? {} : { firstYear: year.firstYear, yearSource: year.source }),
      });
      yield* readOne(input, parser, onBytes, options.signal);
    }
    before += input.size;
  }
}

async function* readOne(
  input: Input,
  parser: EvidenceParser,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Opened, void, void> {
  const stored: Stored = { sha256: "", bytes: 0, fault: null };
  const evidence = input.label;
  for await (const chunk of chunksOf(input, stored, onBytes, signal)) {
    const batch = parser.push(chunk);
    if (batch.events.length > 0 || batch.diagnostics.length > 0) yield { evidence, batch, summary: null };
  }
  const last = parser.end();
  const summary = parser.summary();
  const faults: Diagnostic[] = [];
  if (stored.fault !== null) {
    const code = stored.fault.kind === "corrupt" ? "input.corrupt" : "input.unreadable";
    faults.push({ code, evidence, line: null, byteOffset: null, detail: stored.fault.detail });
  }
  const diagnostics = { ...summary.diagnostics };
  for (const { code } of faults) diagnostics[code] = (diagnostics[code] ?? 0) + 1;
  yield {
    evidence,
    batch: { events: last.events, diagnostics: [...last.diagnostics, ...faults] },
    summary: { ...summary, diagnostics, sha256: stored.sha256, storedBytes: stored.bytes },
  };
}
