import type { JournalHeader } from "./header.js";

/** Entries that no file of a set holds, between two of its files. */
export interface JournalHole {
  /** How many sequence numbers are missing. */
  readonly count: number;
  /** Last entry before them, Unix milliseconds. */
  readonly sinceMs: number;
  /** First entry after them, Unix milliseconds. */
  readonly untilMs: number;
}

/**
 * Holes between the files of each sequence, by the label of the file after the hole. Entries of all users share one
 * sequence, so a file alone may lack numbers that stand in another user's file: only numbers between files are judged,
 * and only those that no file of the set spans.
 * @see systemd, docs/JOURNAL_FILE_FORMAT.md (seqnum_id, head_entry_seqnum, tail_entry_seqnum)
 */
export function journalHoles(
  journals: readonly { readonly label: string; readonly header: JournalHeader }[],
): Map<string, JournalHole> {
  const sequences = new Map<string, { label: string; header: JournalHeader }[]>();
  for (const journal of journals) {
    const { seqnumId, headSeqnum, entries } = journal.header;
    if (headSeqnum === 0 || entries === 0) continue;
    sequences.set(seqnumId, [...(sequences.get(seqnumId) ?? []), journal]);
  }
  const holes = new Map<string, JournalHole>();
  for (const files of sequences.values()) {
    files.sort((a, b) => a.header.headSeqnum - b.header.headSeqnum || (a.label < b.label ? -1 : 1));
    let before: JournalHeader | null = null;
    for (const { label, header } of files) {
      const count = before === null ? 0 : header.headSeqnum - before.tailSeqnum - 1;
      if (before !== null && count > 0) {
        holes.set(label, {
          count,
          sinceMs: before.tailRealtimeUs / 1000,
          untilMs: header.headRealtimeUs / 1000,
        });
      }
      if (before === null || header.tailSeqnum > before.tailSeqnum) before = header;
    }
  }
  return holes;
}
