import type { PassedRecords } from "../formats/record-reader.js";
import type { JournalHole } from "../journal-file/journal-holes.js";
import { CRON_NEEDLES, RECORD_NEEDLES } from "../journal-file/journal-records.js";
import type { RandomAccess } from "../journal-file/random-access.js";
import { type JournalFacts, readOrPass } from "../journal-file/read-journal.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { LogLossEvent } from "../model/event.js";
import type { EvidenceSummary } from "../model/evidence.js";
import type { Pack } from "../model/pack.js";
import type { LogRecord } from "../model/record.js";
import { readyPacks } from "../packs/compile.js";
import { type Batch, EvidenceParser } from "./parse.js";
import { scannerFor } from "./scanner-for.js";

/** How a journal file is parsed. */
export interface ParseJournalOptions {
  /** Label that events, diagnostics and the summary carry; default `input`. */
  readonly evidence?: string;
  /** Entries that are missing before the file's first, where other files of its sequence tell. */
  readonly hole?: JournalHole | null;
  /** As in `ParseOptions`. */
  readonly windowUnits?: readonly string[];
  /** As in `ParseOptions`. */
  readonly packs?: readonly Pack[];
  /** Makes a record of every entry, as in `ParseOptions`. Default false. */
  readonly everyLine?: boolean;
}

/** Few enough that most die young: a larger batch is copied by the garbage collector, and costs memory. */
const BATCH_RECORDS = 1024;
/** Smaller files, as journald makes the first of them, are read sooner than a scanner is planned. */
const LEAST_SCANNED_BYTES = 9 * 2 ** 20;
/** In the head of a journal whose machine had no id yet. */
const NO_MACHINE = "0".repeat(32);

/**
 * Reads a native journal file by its index, in batches: cost and memory grow with the records that matter, not with the
 * file. Bytes in memory are read through `memoryAccess`. The summary, as the generator's return value, has no hash, and
 * the size of the whole file.
 * @throws what `access` throws when the disk fails; ParserError BAD_OPTION when a pack is not in order
 */
export function* parseJournal(
  access: RandomAccess,
  { evidence = "input", hole = null, windowUnits = [], packs = [], everyLine = false }: ParseJournalOptions = {},
): Generator<Batch, EvidenceSummary, void> {
  const parser = new EvidenceParser({ evidence, form: "journal-file", windowUnits, packs });
  let records: (LogRecord | PassedRecords)[] = [];
  let faults: Diagnostic[] = [];
  const flush = (): Batch => {
    const batch = parser.pushRecords(records, faults);
    records = [];
    faults = [];
    return batch;
  };
  if (hole !== null) yield parser.pushRecords([], [], [lossBefore(evidence, hole)]);
  const onDiagnostic = (diagnostic: Diagnostic): void => void faults.push(diagnostic);
  const needles = [
    ...RECORD_NEEDLES,
    ...(windowUnits.length === 0 ? [] : CRON_NEEDLES),
    ...(readyPacks(packs)?.tags ?? []).map((tag) => `SYSLOG_IDENTIFIER=${tag}`),
  ];
  const scanner = everyLine || access.size < LEAST_SCANNED_BYTES ? null : scannerFor(windowUnits, packs);
  const reading = readOrPass(access, { evidence, onDiagnostic, needles, scanner });
  let next = reading.next();
  for (; next.done !== true; next = reading.next()) {
    records.push(next.value);
    if (records.length >= BATCH_RECORDS) yield flush();
  }
  yield flush();
  yield parser.end();
  const summary = parser.summary();
  return { ...summary, ...machinesOf(summary, next.value), formReason: reasonOf(next.value), bytes: access.size };
}

/** The head of a journal names the machine that wrote the file, which counts where no entry names the one it is from. */
function machinesOf(
  { machines, hosts }: EvidenceSummary,
  facts: JournalFacts | null,
): Pick<EvidenceSummary, "machines"> {
  const id = facts?.machineId ?? NO_MACHINE;
  return machines !== undefined || id === NO_MACHINE || hosts.length > 1
    ? {}
    : { machines: [{ id, host: hosts[0] ?? null }] };
}

/** What the header says of the file: its variant, its state, and its seals, which are counted and not verified. */
function reasonOf(facts: JournalFacts | null): string {
  const parts = ["begins with LPKSHHRH"];
  if (facts !== null) {
    const { flags, state, sealed } = facts;
    parts.push([...flags.map((flag) => flag.toLowerCase()), state ?? "state unknown"].join(", "));
    parts.push(sealed === null ? "not sealed" : `${sealed.tags ?? "some"} seals, not verified`);
  }
  return parts.join("; ");
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
