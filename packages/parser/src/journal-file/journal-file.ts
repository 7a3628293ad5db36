import type { Diagnostic } from "../model/diagnostic.js";
import { EntryFields, type FieldValue } from "./entry-fields.js";
import { EntryList } from "./entry-list.js";
import { type JournalHeader, readHeader } from "./header.js";
import { ENTRY_ITEMS_AT, TYPE } from "./layout.js";
import { mergeAscending } from "./merge-ascending.js";
import { walkEntries } from "./object-walk.js";
import { type JournalEntry, ObjectReader } from "./objects.js";
import type { RandomAccess } from "./random-access.js";
import { ValueIndex } from "./value-index.js";

/** How a journal file is opened. */
export interface JournalFileOptions {
  /** Label that diagnostics carry. */
  readonly evidence: string;
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** The largest value that is unpacked, bytes; a larger one counts as damaged. Default 64 MiB. */
  readonly maxPayloadBytes?: number;
}

/** Entries of one file that have at least one of some values, in order. Can be read any number of times. */
export interface EntrySelection {
  /** Offsets ascending, from `from` (in) to `to` (in). Entries themselves are not read. */
  offsets(from?: number, to?: number): Iterable<number>;
  /**
   * As `offsets`, in parts of at most some thousand.
   * @internal
   */
  parts(from?: number, to?: number): Iterable<readonly number[]>;
  /** The entries; damaged ones are reported and left out. */
  entries(from?: number, to?: number): Iterable<JournalEntry>;
}

/** A boot of which the file holds entries. Times in µs since 1970 UTC, of the first and the last entry. */
export interface JournalBoot {
  readonly bootId: string;
  readonly entries: number;
  readonly firstRealtimeUs: number;
  readonly lastRealtimeUs: number;
}

/** The lists of some values; not whole where damage may hide entries. */
interface Listed {
  readonly lists: readonly EntryList[];
  readonly isWhole: boolean;
}

export const MAX_PAYLOAD_BYTES: number = 64 * 1024 * 1024;
/** Damaged places that are listed one by one; further ones are counted. */
const LISTED_DAMAGE = 1000;

/**
 * A systemd journal file, read where it stands: look-ups go through its own indexes, so that their cost grows with
 * what they find and not with the file. Where links are damaged, one pass over the objects recovers the entries that
 * the links no longer reach; a damaged object costs itself. Nothing in the bytes makes it throw or run for ever: the
 * work of one instance is bounded by a multiple of the file's size, far beyond what reading all of it a few times needs.
 * @see systemd, docs/JOURNAL_FILE_FORMAT.md
 */
export class JournalFile {
  readonly evidence: string;
  readonly header: JournalHeader;
  /** Does the header promise more bytes than the file has? */
  readonly truncated: boolean;
  /** @internal */
  readonly objects: ObjectReader;
  readonly #options: JournalFileOptions;
  readonly #index: ValueIndex;
  readonly #main: EntryList;
  readonly #fields: EntryFields;
  readonly #damagedOffsets = new Set<number>();
  #damaged = 0;
  #walked: readonly number[] | null = null;

  private constructor(access: RandomAccess, header: JournalHeader, options: JournalFileOptions) {
    const onDamage = (byteOffset: number, reason: string): void => this.#reportDamage(byteOffset, reason);
    this.evidence = options.evidence;
    this.header = header;
    this.#options = options;
    this.truncated = header.headerBytes + header.arenaBytes > access.size;
    this.objects = new ObjectReader(access, header, options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES, onDamage);
    this.#index = new ValueIndex(this.objects, onDamage);
    this.#fields = new EntryFields(this.objects, onDamage);
    if (header.entries > access.size / ENTRY_ITEMS_AT) onDamage(152, "impossible count of entries");
    if (header.state === null) onDamage(16, "impossible state of the journal file");
    if (this.truncated) {
      const missing = header.headerBytes + header.arenaBytes - access.size;
      this.#diagnose("input.truncated", access.size, `the journal file lacks its last ${missing} bytes`);
    }
    this.#main = new EntryList(this.objects, {
      first: null,
      arrayOffset: header.entryArrayOffset,
      count: header.entries,
    });
  }

  /** @returns a diagnostic if the file is no journal, of a variant that is not read, or has a damaged header */
  static open(access: RandomAccess, options: JournalFileOptions): JournalFile | Diagnostic {
    const header = readHeader(access);
    if (!("reason" in header)) return new JournalFile(access, header, options);
    const { code, byteOffset, reason } = header;
    return { code, evidence: options.evidence, line: null, byteOffset, detail: reason };
  }

  /** Objects and links found damaged so far. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Entries of the file, as its header says; as they were found when links are damaged. */
  get entries(): number {
    return this.#walked?.length ?? this.header.entries;
  }

  /** Were links damaged, so that entries were looked for in the whole file? */
  get recovered(): boolean {
    return this.#walked !== null;
  }

  /** All entries, in the order of writing, which is that of their sequence numbers. */
  all(): EntrySelection {
    if (this.#main.whole) return this.#selection((from, to) => this.#main.parts(from, to));
    this.#reportShortList("all entries", this.#main, this.header.entries);
    const walked = this.#walk();
    return this.#selection((from, to) => mergeAscending([this.#main.parts(from, to), within(walked, from, to)]));
  }

  /** Entries with at least one of these exact `FIELD=value` strings. */
  matching(needles: readonly string[]): EntrySelection {
    return this.#selectionOf(needles, this.#listed(needles));
  }

  #listed(needles: readonly string[]): Listed {
    const encoder = new TextEncoder();
    const lists: EntryList[] = [];
    let isWhole = true;
    for (const needle of needles) {
      const { found, broken } = this.#index.value(encoder.encode(needle));
      if (broken) isWhole = false;
      if (found === null || found.entries === 0) continue;
      const list = this.#listOf(found);
      if (!list.whole) {
        this.#reportShortList(needle, list, found.entries);
        isWhole = false;
      }
      lists.push(list);
    }
    return { lists, isWhole };
  }

  #selectionOf(needles: readonly string[], { lists, isWhole }: Listed): EntrySelection {
    const listed = (from: number, to: number) => lists.map((list) => list.parts(from, to));
    if (isWhole) return this.#selection((from, to) => mergeAscending(listed(from, to)));
    const isWanted = this.#fields.matcher(needles);
    const walked = this.#walk().filter((offset) => this.objects.entry(offset)?.items.some(isWanted) === true);
    return this.#selection((from, to) => mergeAscending([...listed(from, to), within(walked, from, to)]));
  }

  /** How many entries have this value. Reads its list, not the entries. */
  count(needle: string): number {
    const listed = this.#listed([needle]);
    if (listed.isWhole) return listed.lists[0]?.length ?? 0;
    let count = 0;
    for (const { length } of this.#selectionOf([needle], listed).parts()) count += length;
    return count;
  }

  /** The distinct values of a field as text, newest first, at most 65,536. */
  values(field: string): string[] {
    return this.#index.values(field).values.flatMap((data) => {
      const payload = this.objects.payload(data);
      return payload === null ? [] : [new TextDecoder().decode(payload.subarray(field.length + 1))];
    });
  }

  /** Values of an entry for the wanted fields, in the order of the file; other values are not unpacked. */
  fields(entry: JournalEntry, wanted: ReadonlySet<string>): FieldValue[] {
    return this.#fields.of(entry, wanted);
  }

  /** 1-based place of an entry among all entries of the file. O(log entries) reads. */
  lineOf(entry: JournalEntry): number {
    const rank = this.#walked === null ? this.#main.rank(entry.offset) : countUpTo(this.#walked, entry.offset);
    return Math.max(1, rank);
  }

  /**
   * Boots by the time of their last entry, where the clock is more often right than at the first. Reads two entries a
   * boot; with damaged links the heads of all entries.
   */
  boots(): JournalBoot[] {
    const { values, broken } = this.#index.values("_BOOT_ID");
    const boots: JournalBoot[] = [];
    let isWhole = !broken && !this.recovered;
    for (const data of isWhole ? values : []) {
      const list = this.#listOf(data);
      const last = list.last();
      const ends = [data.entryOffset, last ?? 0].map((offset) => (offset === 0 ? null : this.objects.entry(offset)));
      const [head, tail] = ends;
      if (head && tail && head.bootId === tail.bootId) {
        boots.push({
          bootId: head.bootId,
          entries: data.entries,
          firstRealtimeUs: head.realtimeUs,
          lastRealtimeUs: tail.realtimeUs,
        });
      } else if (data.entries > 0) isWhole = false;
    }
    const all = isWhole && (boots.length > 0 || this.header.entries === 0) ? boots : this.#bootsOfHeads();
    return all.sort((a, b) => a.lastRealtimeUs - b.lastRealtimeUs || (a.bootId < b.bootId ? -1 : 1));
  }

  /** Epoch of the last seal, if the file ends with one: a claim, as it is not verified. */
  lastSealEpoch(): number | null {
    const at = this.header.tailObjectOffset;
    const isTag = this.objects.isPlace(at) && this.objects.access.read(at, 1)[0] === TYPE.TAG;
    return isTag ? this.objects.tagEpoch(at) : null;
  }

  #bootsOfHeads(): JournalBoot[] {
    const boots = new Map<string, JournalBoot>();
    for (const { bootId, realtimeUs } of this.all().entries()) {
      const { entries = 0, firstRealtimeUs = realtimeUs } = boots.get(bootId) ?? {};
      boots.set(bootId, { bootId, entries: entries + 1, firstRealtimeUs, lastRealtimeUs: realtimeUs });
    }
    return [...boots.values()];
  }

  #listOf(data: { entryOffset: number; entryArrayOffset: number; entries: number }): EntryList {
    return new EntryList(this.objects, {
      first: data.entryOffset,
      arrayOffset: data.entryArrayOffset,
      count: data.entries,
    });
  }

  #selection(parts: (from: number, to: number) => Iterable<readonly number[]>): EntrySelection {
    const { objects } = this;
    return {
      *offsets(from = 0, to = Number.POSITIVE_INFINITY) {
        for (const part of parts(from, to)) yield* part;
      },
      parts: (from = 0, to = Number.POSITIVE_INFINITY) => parts(from, to),
      *entries(from = 0, to = Number.POSITIVE_INFINITY) {
        for (const part of parts(from, to)) {
          for (const offset of part) {
            const entry = objects.entry(offset);
            if (entry !== null) yield entry;
          }
        }
      },
    };
  }

  #walk(): readonly number[] {
    this.#walked ??= walkEntries(this.objects);
    return this.#walked;
  }

  #reportShortList(of: string, list: EntryList, count: number): void {
    this.#diagnose(
      "input.corrupt",
      null,
      `the list of ${of} holds ${list.length} and should hold ${count}; the whole file was searched for entries`,
    );
  }

  #reportDamage(byteOffset: number, reason: string): void {
    if (this.#damagedOffsets.has(byteOffset)) return;
    this.#damaged++;
    // Beyond the listed ones an object may count twice: the set must not grow with the file.
    if (this.#damagedOffsets.size > LISTED_DAMAGE) return;
    this.#damagedOffsets.add(byteOffset);
    const isLast = this.#damagedOffsets.size > LISTED_DAMAGE;
    this.#diagnose("input.corrupt", byteOffset, isLast ? "further damage is counted, not listed" : reason);
  }

  #diagnose(code: Diagnostic["code"], byteOffset: number | null, detail: string): void {
    this.#options.onDiagnostic?.({ code, evidence: this.evidence, line: null, byteOffset, detail });
  }
}

function within(offsets: readonly number[], from: number, to: number): readonly (readonly number[])[] {
  return [offsets.slice(countUpTo(offsets, from - 1), countUpTo(offsets, to))];
}

/** How many of these ascending offsets are at most `limit`. */
function countUpTo(offsets: readonly number[], limit: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
