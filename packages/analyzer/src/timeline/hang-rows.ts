import type { HangTable } from "./hang-table.js";
import { matchAcross } from "./match.js";

/** Hang reports in the order of time, each once: row numbers of the table, with times of their own. */
export interface HangRows {
  readonly rows: Uint32Array;
  readonly timeMs: Float64Array;
  readonly uncertaintyMs: Float64Array;
  /** 1 where some telling of the report was vouched for. */
  readonly vouched: Uint8Array;
}

/** Columns by table row. */
export interface RowClock {
  readonly timeMs: Float64Array;
  readonly uncertaintyMs: Float64Array;
  /** Rank by evidence number. */
  readonly ranks: readonly number[];
}

/**
 * Merges the tellings of one host's hang reports. Registers identify a report exactly, whatever the clocks say; reports
 * whose registers are not complete are matched by time. O(n log n); a single evidence is only sorted.
 */
export function mergeHangRows(table: HangTable, rows: readonly number[], clock: RowClock): HangRows {
  const evidences = new Set(rows.map((row) => table.evidence[row]!));
  const rankOf = (row: number): number => clock.ranks[table.evidence[row]!]!;
  const byTime = (a: number, b: number): number =>
    clock.timeMs[a]! - clock.timeMs[b]! ||
    rankOf(a) - rankOf(b) ||
    table.line[a]! - table.line[b]! ||
    table.byteOffset[a]! - table.byteOffset[b]!;
  const sureness = (a: number, b: number): number =>
    clock.uncertaintyMs[a]! - clock.uncertaintyMs[b]! || table.vouched[b]! - table.vouched[a]! || byTime(a, b);

  let kept = rows as number[];
  const vouchedBy = new Map<number, true>();
  if (evidences.size > 1) {
    kept = [];
    const choose = (members: readonly number[]): void => {
      let best = members[0]!;
      let vouched = false;
      for (const row of members) {
        if (sureness(row, best) < 0) best = row;
        if (table.vouched[row] === 1) vouched = true;
      }
      kept.push(best);
      if (vouched) vouchedBy.set(best, true);
    };
    const exact = rows.filter((row) => table.isExact(row));
    exact.sort((a, b) => table.compareRegisters(a, b) || rankOf(a) - rankOf(b) || byTime(a, b));
    for (let from = 0; from < exact.length; ) {
      let to = from + 1;
      while (to < exact.length && table.compareRegisters(exact[from]!, exact[to]!) === 0) to++;
      for (const members of tellings(exact.slice(from, to), rankOf)) choose(members);
      from = to;
    }
    const byAdapter = new Map<number, number[]>();
    for (const row of rows) {
      if (table.isExact(row)) continue;
      const adapter = table.pci[row]!;
      const same = byAdapter.get(adapter);
      if (same === undefined) byAdapter.set(adapter, [row]);
      else same.push(row);
    }
    for (const same of byAdapter.values())
      for (const members of matchAcross(same, {
        timeMs: (row) => clock.timeMs[row]!,
        uncertaintyMs: (row) => clock.uncertaintyMs[row]!,
        evidence: rankOf,
        line: (row) => table.line[row]!,
      }))
        choose(members);
  }
  const sorted = Uint32Array.from(inOrder(kept, byTime) ? kept : [...kept].sort(byTime));
  return {
    rows: sorted,
    timeMs: Float64Array.from(sorted, (row) => clock.timeMs[row]!),
    uncertaintyMs: Float64Array.from(sorted, (row) => clock.uncertaintyMs[row]!),
    vouched: Uint8Array.from(sorted, (row) => (table.vouched[row] === 1 || vouchedBy.has(row) ? 1 : 0)),
  };
}

/** Equal reports, sorted by evidence: the i-th telling of each evidence is the i-th fact. */
function tellings(equal: readonly number[], rankOf: (row: number) => number): number[][] {
  const facts: number[][] = [];
  let rank = -1;
  let nth = 0;
  for (const row of equal) {
    if (rankOf(row) !== rank) {
      rank = rankOf(row);
      nth = 0;
    }
    const fact = facts[nth];
    if (fact === undefined) facts.push([row]);
    else fact.push(row);
    nth++;
  }
  return facts;
}

function inOrder(rows: readonly number[], compare: (a: number, b: number) => number): boolean {
  for (let i = 1; i < rows.length; i++) if (compare(rows[i - 1]!, rows[i]!) > 0) return false;
  return true;
}
