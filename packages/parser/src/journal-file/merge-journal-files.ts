import type { JournalFile } from "./journal-file.js";
import type { JournalEntry } from "./objects.js";

/** An entry and the file it was read from. */
export interface MergedEntry {
  readonly file: JournalFile;
  readonly entry: JournalEntry;
}

/** Where in one file the selected entries of a boot stand, and when the last of them was. */
interface BootSpan {
  readonly file: JournalFile;
  first: number;
  last: number;
  lastRealtimeUs: number;
}

/**
 * The entries of several files as one stream: boots in the order of their last entry (the wall clock is more often
 * right at the end of a boot than at its start), inside a boot by the monotonic clock, then by sequence number where
 * both entries have the same sequence. An entry that stands in two files comes once. Two passes over the heads of the
 * entries; memory grows with files × boots.
 *
 * systemd's own pairwise rule (sequence numbers first, then boot, then wall clock) is not transitive over unrelated
 * files, so its result depends on which files are there; this order does not.
 * @param needles - `FIELD=value` strings of which an entry must have one; null takes all entries
 */
export function* mergeJournalFiles(
  files: readonly JournalFile[],
  needles: readonly string[] | null = null,
): Generator<MergedEntry> {
  const selections = new Map(files.map((file) => [file, needles === null ? file.all() : file.matching(needles)]));
  const boots = new Map<string, BootSpan[]>();
  for (const [file, selection] of selections) {
    const own = new Map<string, BootSpan>();
    for (const { bootId, offset, realtimeUs } of selection.entries()) {
      const span = own.get(bootId);
      if (span === undefined) own.set(bootId, { file, first: offset, last: offset, lastRealtimeUs: realtimeUs });
      else Object.assign(span, { last: offset, lastRealtimeUs: realtimeUs });
    }
    for (const [bootId, span] of own) boots.set(bootId, [...(boots.get(bootId) ?? []), span]);
  }

  const end = (spans: readonly BootSpan[]): number => Math.max(...spans.map((span) => span.lastRealtimeUs));
  const inOrder = [...boots].sort(([idA, a], [idB, b]) => end(a) - end(b) || (idA < idB ? -1 : 1));
  for (const [bootId, spans] of inOrder) {
    yield* mergeBoot(
      spans.map(({ file, first, last }) => ofBoot(file, bootId, selections.get(file)?.entries(first, last) ?? [])),
    );
  }
}

function* ofBoot(file: JournalFile, bootId: string, entries: Iterable<JournalEntry>): Generator<MergedEntry> {
  for (const entry of entries) if (entry.bootId === bootId) yield { file, entry };
}

function* mergeBoot(streams: readonly Generator<MergedEntry>[]): Generator<MergedEntry> {
  const heads = streams.map((stream) => stream.next());
  for (;;) {
    let least: MergedEntry | null = null;
    for (const { done, value } of heads) {
      if (done !== true && (least === null || compare(value, least) < 0)) least = value;
    }
    if (least === null) return;
    yield least;
    for (const [i, stream] of streams.entries()) {
      const head = heads[i];
      if (head !== undefined && head.done !== true && (head.value === least || isSame(head.value, least))) {
        heads[i] = stream.next();
      }
    }
  }
}

function compare(a: MergedEntry, b: MergedEntry): number {
  const bySequence = a.file.header.seqnumId === b.file.header.seqnumId ? a.entry.seqnum - b.entry.seqnum : 0;
  return (
    a.entry.monotonicUs - b.entry.monotonicUs ||
    bySequence ||
    a.entry.realtimeUs - b.entry.realtimeUs ||
    (a.entry.xorHash < b.entry.xorHash ? -1 : a.entry.xorHash > b.entry.xorHash ? 1 : 0)
  );
}

/** The same entry stored twice: a file and its copy, or a file that was archived while it was copied. */
function isSame(a: MergedEntry, b: MergedEntry): boolean {
  return a.file !== b.file && a.file.header.seqnumId === b.file.header.seqnumId && compare(a, b) === 0;
}
