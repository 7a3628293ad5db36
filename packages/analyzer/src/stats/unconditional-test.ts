import { hypergeometricTails, type Urn } from "../math/hypergeometric.js";
import { lnChoose } from "../math/log-gamma.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { type Runs, requireRuns } from "./run-comparison.js";

export interface UnconditionalInput {
  readonly before: Runs;
  readonly after: Runs;
}

export interface Unconditional {
  /** Fewer hits after. */
  readonly pLess: number;
  /** More hits after. */
  readonly pGreater: number;
  /** Barnard: by the size of the pooled Wald statistic. Boschloo: twice the smaller of the two. */
  readonly pTwoSided: number;
}

/** More trials than this on a side are for the conditional test: there the two hardly differ. */
const MOST_RUNS = 20_000;
const GRID = 1000;

/**
 * Did the share of hit runs change? Unconditional: the largest p value over the unknown common share, so it is less
 * conservative than Fisher's test on small tables. Orders the tables by the pooled Wald statistic.
 * Insufficient without a run on a side and above 20,000 runs on one. Cost: 1,000 grid points times the runs.
 * @throws RangeError for impossible counts and more hits than runs
 * @see G. Barnard (1945), A new test for 2 x 2 tables; S. Suissa, J. Shuster (1985)
 */
export function barnardTest(input: UnconditionalInput): Outcome<Unconditional> {
  const refusal = refuse("barnardTest", input);
  if (refusal !== null) return refusal;
  const { before, after } = input;
  const wald = (hitBefore: number, hitAfter: number): number => {
    const pooled = (hitBefore + hitAfter) / (before.runs + after.runs);
    const difference = hitAfter / after.runs - hitBefore / before.runs;
    return difference === 0 ? 0 : difference / Math.sqrt(pooled * (1 - pooled) * (1 / before.runs + 1 / after.runs));
  };
  const seen = wald(before.hit, after.hit);
  const slack = Math.abs(seen) * 1e-12;
  const low = (z: number) => borders(input, (i, j) => wald(i, j) <= z + slack);
  const high = (z: number) => borders(input, (i, j) => wald(i, j) < z - slack).map((last) => last + 1);
  const size = Math.abs(seen);
  return ok({
    pLess: largestChance(input, low(seen), null),
    pGreater: largestChance(input, null, high(seen)),
    pTwoSided: size === 0 ? 1 : largestChance(input, low(-size), high(size)),
  });
}

/**
 * As `barnardTest`, but orders the tables by Fisher's one-sided p value: never less powerful than Fisher's test.
 * @throws RangeError for impossible counts and more hits than runs
 * @see R. Boschloo (1970), Raised conditional level of significance for the 2 x 2 table
 */
export function boschlooTest(input: UnconditionalInput): Outcome<Unconditional> {
  const refusal = refuse("boschlooTest", input);
  if (refusal !== null) return refusal;
  const { before, after } = input;
  const pLess = fewerByFisher(input);
  const fisher = (i: number, j: number): number => hypergeometricTails(j - 1, urnOf(input, i + j)).upper;
  const greater = fisher(before.hit, after.hit) * (1 + 1e-12);
  const high = borders(input, (i, j) => fisher(i, j) > greater).map((last) => last + 1);
  const pGreater = largestChance(input, null, high);
  return ok({ pLess, pGreater, pTwoSided: Math.min(1, 2 * Math.min(pLess, pGreater)) });
}

/**
 * `pLess` of `boschlooTest` alone, at half the cost.
 * @throws RangeError for impossible counts and more hits than runs
 */
export function boschlooLess(input: UnconditionalInput): Outcome<number> {
  return refuse("boschlooLess", input) ?? ok(fewerByFisher(input));
}

function fewerByFisher(input: UnconditionalInput): number {
  const { before, after } = input;
  const fisher = (i: number, j: number): number => hypergeometricTails(j, urnOf(input, i + j)).lower;
  const less = fisher(before.hit, after.hit) * (1 + 1e-12);
  return largestChance(
    input,
    borders(input, (i, j) => fisher(i, j) <= less),
    null,
  );
}

const urnOf = ({ before, after }: UnconditionalInput, drawn: number): Urn => ({
  marked: after.runs,
  plain: before.runs,
  drawn,
});

function refuse(where: string, { before, after }: UnconditionalInput): Outcome<never> | null {
  requireRuns(where, before, after);
  if (before.runs === 0) return insufficient("there is no run before", "runs on both sides");
  if (after.runs === 0) return insufficient("there is no run after", "runs on both sides");
  if (Math.max(before.runs, after.runs) > MOST_RUNS) return insufficient("too many runs", "the conditional test");
  return null;
}

/** For each number of hits before, the last number of hits after that is inside; -1 for none. Inside is closed below. */
function borders({ before, after }: UnconditionalInput, inside: (i: number, j: number) => boolean): number[] {
  const last: number[] = [];
  for (let i = 0; i <= before.runs; i++) {
    let low = -1;
    let high = after.runs + 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (inside(i, middle)) low = middle;
      else high = middle;
    }
    last.push(low);
  }
  return last;
}

/** Largest probability, over the common share, of at most low[i] or at least high[i] hits after; null: of none on that side. */
function largestChance(
  { before, after }: UnconditionalInput,
  low: readonly number[] | null,
  high: readonly number[] | null,
): number {
  const first = lnChooseAll(before.runs);
  const second = lnChooseAll(after.runs);
  const lower = new Float64Array(after.runs + 2);
  const upper = new Float64Array(after.runs + 2);
  const chance = (share: number): number => {
    const hit = Math.log(share);
    const clean = Math.log1p(-share);
    const mass = (j: number): number => Math.exp((second[j] ?? 0) + j * hit + (after.runs - j) * clean);
    if (low !== null) for (let j = 0; j <= after.runs; j++) lower[j + 1] = (lower[j] ?? 0) + mass(j);
    if (high !== null) for (let j = after.runs; j >= 0; j--) upper[j] = (upper[j + 1] ?? 0) + mass(j);
    let sum = 0;
    for (let i = 0; i <= before.runs; i++) {
      const reach = (lower[(low?.[i] ?? -1) + 1] ?? 0) + (upper[high?.[i] ?? after.runs + 1] ?? 0);
      if (reach > 0) sum += reach * Math.exp((first[i] ?? 0) + i * hit + (before.runs - i) * clean);
    }
    return sum;
  };
  return Math.min(1, maximise(chance));
}

/** Grid, then golden section around the three best points: the curve has several humps. */
function maximise(f: (share: number) => number): number {
  const values: { at: number; value: number }[] = [];
  for (let k = 1; k < GRID; k++) values.push({ at: k / GRID, value: f(k / GRID) });
  const humps = values.filter(
    ({ value }, k) => value >= (values[k - 1]?.value ?? 0) && value >= (values[k + 1]?.value ?? 0),
  );
  humps.sort((a, b) => b.value - a.value);
  let best = 0;
  for (const { at, value } of humps.slice(0, 3))
    best = Math.max(best, value, goldenSection(f, at - 1 / GRID, at + 1 / GRID));
  return best;
}

function goldenSection(f: (share: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.max(from, 1e-12), Math.min(to, 1 - 1e-12)];
  let best = 0;
  for (let step = 0; step < 40; step++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    const [atLeft, atRight] = [f(left), f(right)];
    best = Math.max(best, atLeft, atRight);
    if (atLeft >= atRight) high = right;
    else low = left;
  }
  return best;
}

const lnChooseAll = (n: number): Float64Array => Float64Array.from({ length: n + 1 }, (_, k) => lnChoose(n, k));
