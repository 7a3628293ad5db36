import { readFileSync } from "node:fs";

/** A number as the reference files hold it; null stands for an infinite limit or an undefined value. */
export type Cell = number | null;

/** A table of fixtures/reference, made by make.py there with R, SciPy and mpmath. */
export function referenceTable<Row = readonly number[]>(file: string, table: string): readonly Row[] {
  const path = new URL(`../../../fixtures/reference/${file}`, import.meta.url);
  const rows = (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>)[table];
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(`${file} has no table ${table}`);
  return rows as Row[];
}

/** Below it a double has few digits left, the reference's too. */
const NEAR_UNDERFLOW = 1e-305;

/** Largest relative error over all pairs; equal pairs, infinite ones too, and pairs that underflow count as 0. */
export function largestError(pairs: Iterable<readonly [got: number, want: number]>): number {
  let largest = 0;
  for (const [got, want] of pairs) {
    if (got === want || Math.max(Math.abs(got), Math.abs(want)) < NEAR_UNDERFLOW) continue;
    const error = Math.abs(got - want) / Math.abs(want);
    if (!(error <= largest)) largest = error;
  }
  return largest;
}
