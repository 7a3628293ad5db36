import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { readJournal } from "../journal-file/read-journal.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { LogRecord } from "../model/record.js";
import { EvidenceParser } from "../read/parse.js";
import type { Input } from "./find-inputs.js";
import { openFileAccess } from "./journal-file-access.js";
import type { Opened } from "./open-evidence.js";

const MAGIC = "LPKSHHRH";

/** Whether a file begins as a native journal does. */
function isJournal(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(MAGIC.length);
    return readSync(file, head, 0, head.length, 0) === head.length && head.toString("latin1") === MAGIC;
  } finally {
    closeSync(file);
  }
}

/** Reads a native journal file by its index; null when the input is none. */
export async function readJournalEvidence(input: Input): Promise<Opened | null> {
  if (input.path === null) return null;
  try {
    if (!isJournal(input.path)) return null;
  } catch {
    // The stream reader tells why it cannot be opened.
    return null;
  }
  const evidence = input.label;
  const parser = new EvidenceParser({ evidence, form: "journal-file" });
  const records: LogRecord[] = [];
  const faults: Diagnostic[] = [];
  const access = openFileAccess(input.path);
  try {
    readJournal(access, {
      evidence,
      onRecord: (record) => records.push(record),
      onDiagnostic: (diagnostic) => faults.push(diagnostic),
    });
  } finally {
    access.close();
  }
  const found = parser.pushRecords(records, faults);
  const last = parser.end();
  return {
    evidence,
    batch: { events: [...found.events, ...last.events], diagnostics: [...found.diagnostics, ...last.diagnostics] },
    summary: { ...parser.summary(), bytes: input.size, storedBytes: input.size, sha256: await hashOf(input.path) },
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
