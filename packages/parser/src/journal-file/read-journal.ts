import type { PassedRecords } from "../formats/record-reader.js";
import type { Diagnostic } from "../model/diagnostic.js";
import type { LogRecord } from "../model/record.js";
import type { Scanner } from "../scan/scanner.js";
import { incompatibleFlagNames } from "./header.js";
import { type JournalBoot, JournalFile } from "./journal-file.js";
import { journalRecords } from "./journal-records.js";
import { COMPATIBLE } from "./layout.js";
import type { RandomAccess } from "./random-access.js";

/** What one journal file is and covers. Times in µs since 1970 UTC. */
export interface JournalFacts {
  readonly fileId: string;
  /** Of the machine that wrote the file, which for collected journals is the collector. */
  readonly machineId: string;
  readonly state: "offline" | "online" | "archived" | null;
  /** Names of the incompatible flags: compression, hash and layout. */
  readonly flags: readonly string[];
  /** `claimed`: seals were counted, not verified. */
  readonly sealed: { readonly tags: number | null; readonly claimedEpoch: number | null } | null;
  readonly sequence: {
    readonly seqnumId: string;
    readonly first: number;
    readonly last: number;
    /** Numbers between first and last that no entry of this file has; sibling files may hold them. */
    readonly missing: number;
  };
  readonly entries: number;
  /** Entries that came through the kernel's ring buffer. */
  readonly kernelEntries: number;
  /** First and last entry as the header has them; null without entries. */
  readonly firstRealtimeUs: number | null;
  readonly lastRealtimeUs: number | null;
  readonly boots: readonly JournalBoot[];
  readonly truncated: boolean;
  /** Links were damaged: entries were looked for in the whole file. */
  readonly recovered: boolean;
  /** Objects and links found damaged. */
  readonly damaged: number;
  /** Records handed over, or counted. */
  readonly records: number;
}

/** What is read of a journal file. */
export interface ReadJournalOptions {
  /** Label that provenance and diagnostics carry. */
  readonly evidence: string;
  readonly onDiagnostic: (diagnostic: Diagnostic) => void;
  /** Exact `FIELD=value` strings; an entry with one of them becomes a record. Default RECORD_NEEDLES. */
  readonly needles?: readonly string[];
  /** The largest value that is unpacked, bytes. Default 64 MiB. */
  readonly maxPayloadBytes?: number;
}

/**
 * The records of one native journal file, in the order of the file. Cost grows with the records, not with the file,
 * unless its links are damaged. Damage is diagnosed, never thrown.
 * @returns what the file covers; null if it is not read at all, and then a diagnostic says why
 * @throws what `access` throws when the disk fails
 */
export function* readJournal(
  access: RandomAccess,
  options: ReadJournalOptions,
): Generator<LogRecord, JournalFacts | null, void> {
  const reading = readOrPass(access, { ...options, scanner: null });
  for (let next = reading.next(); ; next = reading.next()) {
    if (next.done === true) return next.value;
    // Without a scanner none is passed.
    if (!("records" in next.value)) yield next.value;
  }
}

/** As `readJournal`; with a scanner, records that hold none of its literals are counted instead. */
export function* readOrPass(
  access: RandomAccess,
  options: ReadJournalOptions & { readonly scanner: Scanner | null },
): Generator<LogRecord | PassedRecords, JournalFacts | null, void> {
  const { evidence, onDiagnostic, maxPayloadBytes } = options;
  const limit = maxPayloadBytes === undefined ? {} : { maxPayloadBytes };
  const file = JournalFile.open(access, { evidence, onDiagnostic, ...limit });
  if (!(file instanceof JournalFile)) {
    onDiagnostic(file);
    return null;
  }
  let records = 0;
  for (const record of journalRecords(file, onDiagnostic, options)) {
    yield record;
    records += "records" in record ? record.records : 1;
  }
  return journalFacts(file, records);
}

/** The facts of an open file. Reads two entries a boot. */
function journalFacts(file: JournalFile, records = 0): JournalFacts {
  const { header } = file;
  const isSealed = (header.compatibleFlags & COMPATIBLE.SEALED) !== 0;
  const kernelEntries = file.count("_TRANSPORT=kernel");
  const boots = file.boots();
  const hasEntries = header.headSeqnum > 0 && header.entries > 0;
  return {
    fileId: header.fileId,
    machineId: header.machineId,
    state: header.state,
    flags: incompatibleFlagNames(header.incompatibleFlags),
    sealed: isSealed ? { tags: header.tags, claimedEpoch: file.lastSealEpoch() } : null,
    sequence: {
      seqnumId: header.seqnumId,
      first: header.headSeqnum,
      last: header.tailSeqnum,
      missing: hasEntries ? Math.max(0, header.tailSeqnum - header.headSeqnum + 1 - header.entries) : 0,
    },
    entries: file.entries,
    kernelEntries,
    firstRealtimeUs: hasEntries ? header.headRealtimeUs : null,
    lastRealtimeUs: hasEntries ? header.tailRealtimeUs : null,
    boots,
    truncated: file.truncated,
    recovered: file.recovered,
    damaged: file.damaged,
    records,
  };
}
