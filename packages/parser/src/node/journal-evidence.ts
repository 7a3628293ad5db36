import type { RandomAccess } from "../journal-file/random-access.js";
import { readJournal } from "../journal-file/read-journal.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { LogLossEvent } from "../model/event.js";
import type { LogRecord } from "../model/record.js";
import { type Batch, EvidenceParser } from "../read/parse.js";
import type { JournalHole } from "./journal-holes.js";

const BATCH_RECORDS = 4096;

/**
 * Reads a native journal by its index, in batches.
 * @param hole - entries that are missing before the file's first
 * @returns the parser, for its summary; size and hash are the caller's to add
 */
export function* readJournalEvidence(
  evidence: string,
  access: RandomAccess,
  hole: JournalHole | null,
): Generator<Batch, EvidenceParser, void> {
  const parser = new EvidenceParser({ evidence, form: "journal-file" });
  let records: LogRecord[] = [];
  let faults: Diagnostic[] = [];
  const flush = (): Batch => {
    const batch = parser.pushRecords(records, faults);
    records = [];
    faults = [];
    return batch;
  };
  if (hole !== null) yield parser.pushRecords([], [], [lossBefore(evidence, hole)]);
  for (const record of readJournal(access, { evidence, onDiagnostic: (diagnostic) => faults.push(diagnostic) })) {
    records.push(record);
    if (records.length >= BATCH_RECORDS) yield flush();
  }
  yield flush();
  yield parser.end();
  return parser;
}

function lossBefore(evidence: string, { count, sinceMs, untilMs }: JournalHole): LogLossEvent {
  return {
    kind: "log.loss",
    time: { unixMs: untilMs, bootMs: null, source: "utc", uncertaintyMs: 0, year: null },
    host: null,
    bootId: null,
    trust: "kernel",
    provenance: { evidence, line: 1, byteOffset: 0, byteLength: 0 },
    what: "sequence-gap",
    count,
    sinceMs,
  };
}
