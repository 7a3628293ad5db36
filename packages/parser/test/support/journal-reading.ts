import type { RandomAccess } from "../../src/journal-file/random-access.js";
import { type JournalFacts, readJournal } from "../../src/journal-file/read-journal.js";
import type { Diagnostic } from "../../src/model/diagnostic.js";
import type { LogRecord } from "../../src/model/record.js";

/** Reads a journal to its end: what comes out one by one, and what is returned at last. */
export function readWhole(
  access: RandomAccess,
  evidence = "test.journal",
): { records: LogRecord[]; diagnostics: Diagnostic[]; facts: JournalFacts | null } {
  const records: LogRecord[] = [];
  const diagnostics: Diagnostic[] = [];
  const reading = readJournal(access, { evidence, onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic) });
  for (let next = reading.next(); ; next = reading.next()) {
    if (next.done === true) return { records, diagnostics, facts: next.value };
    if (!("records" in next.value)) records.push(next.value);
  }
}
