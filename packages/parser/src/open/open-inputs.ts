import { hasJournalSignature } from "../journal-file/header.js";
import { memoryAccess, type RandomAccess } from "../journal-file/random-access.js";
import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.js";
import type { EvidenceSummary, FormName } from "../model/evidence.js";
import type { Pack } from "../model/pack.js";
import { type Batch, EvidenceParser } from "../read/parse.js";
import { parseJournal } from "../read/parse-journal.js";
import { scannerFor } from "../read/scanner-for.js";
import { lendMemory } from "../scan/lent-memory.js";
import { concatenated } from "./containers/byte-stream.js";
import { HashedStream, type Stored } from "./containers/hashed-stream.js";
import { UNPACK_LIMITS, type UnpackLimits } from "./containers/limits.js";
import { type Unpacked, unpack } from "./containers/unpack.js";
import type { Input, Platform } from "./input.js";
import { Quiet } from "./quiet.js";
import { type Survey, survey } from "./survey.js";

/** How inputs are read, wherever they come from. */
export interface ReadingOptions {
  /** Zone of stamps that name none, IANA name or offset; absent: this machine's, and the summaries say so. */
  readonly timeZone?: string;
  /** The zone to assume where `timeZone` is absent; default: this machine's. */
  readonly assumedTimeZone?: string;
  /** Reads every text as this form instead of telling each by its content; native journals are read as what they are. */
  readonly form?: FormName;
  /** Units and commands whose runs are backups; as in `ParseOptions`. */
  readonly windowUnits?: readonly string[];
  /** What others add; as in `ParseOptions`. */
  readonly packs?: readonly Pack[];
  /**
   * Reads each input as if it were the only one: the year of a log comes from itself or its file's time, never from other
   * evidence. What is read of an input is then the same, whatever else is read with it. Default false.
   */
  readonly separately?: boolean;
  /**
   * Whether the summaries carry the SHA-256 of the evidence. Default true; without it only what holds events is read of a
   * native journal, and a large file is read at the pace of the parser.
   */
  readonly hash?: boolean;
  /** Told while an input is read; bytes as stored. */
  readonly onProgress?: (progress: {
    readonly evidence: string;
    readonly bytes: number;
    readonly totalBytes: number;
  }) => void;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<UnpackLimits>;
  /** Bytes of one line of text, or of one object or field, that are kept; as in `ParseOptions`. */
  readonly maxLineBytes?: number;
}

/** What one step of reading gave. The last of each evidence carries its summary. */
export interface Opened {
  readonly evidence: string;
  readonly batch: Batch;
  readonly summary: EvidenceSummary | null;
}

const NOTHING: Batch = { events: [], diagnostics: [] };
const JOURNAL_SIGNATURE_BYTES = 8;

/**
 * Reads inputs one after the other, in bounded memory. Compressed files (gzip, zstd, xz, bzip2, lz4) and tar archives
 * are taken apart while they are read, nested ones too; each file of an archive is an evidence of its own, named by
 * archive and path, and the archive is one without records. Files that were found in a folder or an archive and hold
 * neither a kernel record nor an event are told together, as one evidence for each.
 *
 * All inputs are looked at beforehand, so that each yearless log gets its year from the log itself, from other evidence
 * of the same host, or from its file's time, in this order. What cannot be read is told as a diagnostic.
 * @throws ParserError BAD_OPTION when the zone is unknown, or a pack is not in order
 */
export async function* openInputs(
  inputs: readonly Input[],
  platform: Platform,
  options: ReadingOptions = {},
): AsyncGenerator<Opened, void, void> {
  const limits = { ...UNPACK_LIMITS, ...options.limits };
  const together = options.separately === true ? null : await survey(inputs, limits, platform);
  const reading: Omit<Reading, "surveyed"> = {
    timeZone: options.timeZone ?? options.assumedTimeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    options,
    platform,
    limits,
    quiet: new Map(),
  };
  const totalBytes = inputs.reduce((sum, input) => sum + input.size, 0);
  let before = 0;
  for (const input of inputs) {
    const onBytes = (bytes: number): void =>
      options.onProgress?.({ evidence: input.label, bytes: before + bytes, totalBytes });
    const surveyed = together ?? (await survey([input], limits, platform));
    yield* readInput(input, onBytes, { ...reading, surveyed });
    before += input.size;
  }
  for (const quiet of reading.quiet.values())
    if (quiet.files > 0) yield { evidence: quiet.label, batch: NOTHING, summary: quiet.summary() };
}

/** What stays the same for all inputs of one run. */
interface Reading {
  readonly timeZone: string;
  readonly options: ReadingOptions;
  readonly platform: Platform;
  readonly limits: UnpackLimits;
  readonly surveyed: Survey;
  /** By folder: its files that tell nothing. */
  readonly quiet: Map<string, Quiet>;
}

/** One evidence while it is read: its batches, then its summary. */
type Steps = AsyncGenerator<Batch, EvidenceSummary, void> | Generator<Batch, EvidenceSummary, void>;

async function* readInput(
  input: Input,
  onBytes: (bytes: number) => void,
  reading: Reading,
): AsyncGenerator<Opened, void, void> {
  const { signal, hash = true } = reading.options;
  const { reasonOf, createHash } = reading.platform;
  const quiet = input.folder === null ? null : quietOf(input.folder, reading);
  const faults = new Map<string, Diagnostic[]>();
  const fault = (evidence: string, code: DiagnosticCode, detail: string): void => {
    faults.set(evidence, [...(faults.get(evidence) ?? []), { code, evidence, line: null, byteOffset: null, detail }]);
  };
  const unreadable = (reason: string): void => {
    if (!faults.has(input.label)) fault(input.label, "input.unreadable", reason);
  };
  const access = startsAsJournal(input) ? input.openAccess?.({ onReadError: unreadable }) : undefined;
  if (access !== undefined) {
    try {
      const steps = journalSteps(input.label, access, reading);
      const stored = async (): Promise<Stored> => {
        if (!hash) return { sha256: null, bytes: input.size };
        const whole = new HashedStream(input.open({ signal }), { hash: await createHash(), onBytes });
        try {
          return await whole.finish();
        } catch (error) {
          if (signal?.aborted === true) throw error;
          unreadable(reasonOf(error));
          return { sha256: null, bytes: whole.bytes };
        }
      };
      yield* readSteps(input.label, steps, { stored, quiet, faults });
    } finally {
      access.close();
    }
    return;
  }
  const { size, label, modifiedMs } = input;
  const beside = hash ? (input.hashBeside?.() ?? null) : null;
  // A decoder may hold pieces back, the parser keeps none, and finds those of its scanner where it needs them.
  let isPlain = false;
  const { windowUnits, packs } = reading.options;
  const memory = () => (isPlain ? lendMemory(scannerFor(windowUnits, packs)) : null);
  // Hashed and read are the same bytes, though the file may grow meanwhile.
  const bytes = input.open({ signal, memory, ...(beside === null ? {} : { bytes: size, hashed: true }) });
  const unpacked = unpack(
    { label, modifiedMs, bytes, beside },
    {
      ...reading.platform,
      createHash: hash ? createHash : null,
      limits: reading.limits,
      onFault: fault,
      onBytes,
      isFatal: () => signal?.aborted === true,
    },
  );
  const within = new Quiet(`${input.label}/`, "archive");
  for await (const one of unpacked) {
    if (one.kind === "file") {
      isPlain = one.layers.length === 0 && !one.isMember && !hasJournalSignature(one.head);
      yield* readUnpacked(one, { quiet: one.isMember ? within : quiet, faults, fault, reading });
    } else yield archiveEnd(one, one.label === input.label ? within : null, faults.get(one.label) ?? []);
  }
}

/** Whether it begins as a native journal does; false when it cannot be read, and reading it as a stream tells why. */
function startsAsJournal({ openAccess }: Input): boolean {
  if (openAccess === null) return false;
  try {
    const access = openAccess();
    try {
      return hasJournalSignature(access.read(0, JOURNAL_SIGNATURE_BYTES));
    } finally {
      access.close();
    }
  } catch {
    return false;
  }
}

async function* readUnpacked(
  file: Extract<Unpacked, { kind: "file" }>,
  to: {
    readonly quiet: Quiet | null;
    readonly faults: ReadonlyMap<string, Diagnostic[]>;
    readonly fault: (evidence: string, code: DiagnosticCode, detail: string) => void;
    readonly reading: Reading;
  },
): AsyncGenerator<Opened, void, void> {
  const { label, bytes, stored } = file;
  const { quiet, faults, reading } = to;
  if (!hasJournalSignature(file.head)) {
    yield* readSteps(label, textSteps(label, bytes, reading), { stored, quiet, faults });
    return;
  }
  const journal = await collect(bytes, reading.limits.maxJournalBytes);
  if (journal === null) {
    const limit = `${reading.limits.maxJournalBytes / 2 ** 20} MiB`;
    to.fault(
      label,
      "input.unsupported",
      `a journal file of more than ${limit} in a container (limit maxJournalBytes); unpack it and read that`,
    );
  }
  const access = memoryAccess(journal ?? new Uint8Array(0));
  const steps = journal === null ? textSteps(label, bytes, reading) : journalSteps(label, access, reading);
  yield* readSteps(label, steps, { stored, quiet, faults });
}

/** Events in one batch after which fewer bytes are read for the next, and how many then. */
const MANY_EVENTS = 128;
const FEW_BYTES = 2 ** 18;

async function* textSteps(
  label: string,
  bytes: AsyncIterable<Uint8Array>,
  { timeZone, options, surveyed }: Reading,
): AsyncGenerator<Batch, EvidenceSummary, void> {
  const year = surveyed.years.get(label);
  const parser = new EvidenceParser({
    evidence: label,
    timeZone,
    timeZoneAssumed: options.timeZone === undefined,
    ...(options.form === undefined ? {} : { form: options.form }),
    ...(options.windowUnits === undefined ? {} : { windowUnits: options.windowUnits }),
    ...(options.packs === undefined ? {} : { packs: options.packs }),
    ...(options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }),
    ...(year === undefined ? {} : { firstYear: year.firstYear, yearSource: year.source }),
  });
  // Where many events are, few bytes are read at once: what is handed over is held until the next is there.
  let most = Number.POSITIVE_INFINITY;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + most);
      at += part.length;
      const batch = parser.push(part);
      most = batch.events.length > MANY_EVENTS ? FEW_BYTES : Number.POSITIVE_INFINITY;
      yield batch;
    }
  }
  yield parser.end();
  return parser.summary();
}

function journalSteps(label: string, access: RandomAccess, { options, surveyed }: Reading): Steps {
  const hole = surveyed.holes.get(label) ?? null;
  return parseJournal(access, {
    evidence: label,
    hole,
    windowUnits: options.windowUnits ?? [],
    packs: options.packs ?? [],
  });
}

/** Runs one evidence to its end. Diagnostics of one that may turn out to tell nothing are held until it tells something. */
async function* readSteps(
  evidence: string,
  steps: Steps,
  to: {
    readonly stored: () => Promise<Stored>;
    readonly quiet: Quiet | null;
    readonly faults: ReadonlyMap<string, readonly Diagnostic[]>;
  },
): AsyncGenerator<Opened, void, void> {
  const held: Diagnostic[] = [];
  let isHeld = to.quiet !== null;
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next()) {
    const { events, diagnostics } = step.value;
    if (isHeld && events.length === 0) {
      held.push(...diagnostics);
      continue;
    }
    if (held.length > 0) yield { evidence, batch: { events: [], diagnostics: held.splice(0) }, summary: null };
    isHeld = false;
    if (events.length > 0 || diagnostics.length > 0) yield { evidence, batch: step.value, summary: null };
  }
  const { sha256, bytes } = await to.stored();
  const faults = to.faults.get(evidence) ?? [];
  const summary = withFaults({ ...step.value, sha256, storedBytes: bytes }, faults);
  if (isHeld && to.quiet?.takes(summary) === true) return;
  yield { evidence, batch: { events: [], diagnostics: [...held, ...faults] }, summary };
}

function archiveEnd(
  { label, layers, files, stored }: Extract<Unpacked, { kind: "archive" }>,
  quiet: Quiet | null,
  faults: readonly Diagnostic[],
): Opened {
  const packing = layers.length === 0 ? "" : `${layers.join(", ")}, `;
  const counted = quiet ?? new Quiet(label, "archive");
  const reason = `${packing}tar of ${files} ${files === 1 ? "file" : "files"}${counted.files === 0 ? "" : `, ${counted.reason}`}`;
  const summary = { ...counted.summary(), evidence: label, formReason: reason, sha256: stored.sha256 };
  return {
    evidence: label,
    batch: { events: [], diagnostics: faults },
    summary: withFaults({ ...summary, storedBytes: stored.bytes }, faults),
  };
}

function withFaults(summary: EvidenceSummary, faults: readonly Diagnostic[]): EvidenceSummary {
  const diagnostics = { ...summary.diagnostics };
  for (const { code } of faults) diagnostics[code] = (diagnostics[code] ?? 0) + 1;
  return { ...summary, diagnostics };
}

function quietOf(folder: string, { quiet }: Reading): Quiet {
  let found = quiet.get(folder);
  if (found === undefined) {
    found = new Quiet(folder, "folder");
    quiet.set(folder, found);
  }
  return found;
}

/** All bytes; null when there are more than the limit, and the rest is read and left. */
async function collect(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length <= limit) pieces.push(piece);
    else pieces.length = 0;
  }
  return length <= limit ? concatenated(pieces) : null;
}
