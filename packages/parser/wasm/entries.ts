import { beginCounts, storeCounts, UNKNOWN } from "./entry-fields";
import { exportEntry, feeds } from "./export-entry";
import { jsonEntry } from "./json-entry";
import { ENTRY } from "./memory";

/**
 * Passes over journal entries that cannot matter, in export format or as JSON lines; `src/scan/like-entries.ts` says what
 * they must be like, and its twin reads the same.
 */

const JSON_LINES: u32 = 1;

/**
 * Counts the entries from `from` on, where one begins, up to the first that must be read. Results, behind those of `pass`:
 * entries, line feeds, entries of the kernel (32 bits each); from 0xb0, microseconds of the first and the last of these (64).
 * Returns behind the last entry counted.
 */
export function entries(from: usize, to: usize): usize {
  const isJson = load<u32>(ENTRY) === JSON_LINES;
  let at = from;
  let count: u32 = 0;
  let lines: u32 = 0;
  beginCounts();
  while (at < to) {
    const end = isJson ? jsonEntry(at, to) : exportEntry(at, to);
    if (end === UNKNOWN) break;
    at = end;
    count++;
    lines += isJson ? 1 : feeds;
  }
  storeCounts(count, lines);
  return at;
}
