import { chiSquareTails } from "../math/chi-square.js";
import { invertPositive } from "../math/linear-solve.js";
import { normalQuantile } from "../math/normal.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { requireFraction, requireSide } from "./arguments.js";
import { DEFAULT_LEVEL, type Interval } from "./interval.js";

/** A piece of a unit's (boot's, day's, host's) observed time in which window and group do not change. */
export interface CaseCell {
  readonly unit: string | number;
  readonly inWindow: boolean;
  /** Level of the second factor: clock hour, uptime, epoch. */
  readonly group: string | number;
  readonly exposure: number;
  readonly events: number;
}

export interface CaseSeries {
  /** Rate in windows over rate outside, within units and groups. */
  readonly ratio: number;
  /** Wald, on the logarithm. */
  readonly interval: Interval;
  readonly standardErrorOfLn: number;
  /** Each group against the first one seen. */
  readonly groups: readonly {
    readonly group: string | number;
    readonly ratio: number;
    readonly standardErrorOfLn: number;
  }[];
  readonly logLikelihood: number;
  /** Likelihood ratio of the window term, chi-square with one degree of freedom. */
  readonly likelihoodRatio: number;
  readonly p: number;
}

/** Cells of one unit that has events. */
interface Unit {
  readonly events: number;
  readonly cells: readonly { readonly exposure: number; readonly events: number; readonly z: readonly number[] }[];
}

const MOST_STEPS = 100;
const SETTLED = 1e-10;

/**
 * Are events tied to windows, when a second factor varies within units? Self-controlled case series: conditional
 * Poisson regression by Newton's method; whatever is constant within a unit cancels.
 * Assumes that an event does not change the exposure that follows. Insufficient without events, when all or none of
 * them lie in windows (use the stratified comparison), or when window and group cannot be told apart.
 * Cost: some 10 passes over the cells, groups squared each.
 * @throws RangeError for impossible counts and exposures, and for events without exposure
 * @see C. Farrington (1995); H. Whitaker, C. Farrington, B. Spiessens, P. Musonda (2006), The self-controlled case series method
 */
export function caseSeries(cells: readonly CaseCell[], level: number = DEFAULT_LEVEL): Outcome<CaseSeries> {
  cells.forEach(({ events, exposure }, i) => {
    requireSide("caseSeries", [`cells[${i}].events`, `cells[${i}].exposure`], events, exposure);
  });
  requireFraction("caseSeries", "level", level);
  const useful = cells.filter(({ exposure }) => exposure > 0);
  const events = useful.reduce((sum, cell) => sum + cell.events, 0);
  const inside = useful.reduce((sum, cell) => sum + (cell.inWindow ? cell.events : 0), 0);
  if (events === 0) return insufficient("there is no event", "one event");
  if (inside === 0 || inside === events) {
    return insufficient(
      inside === 0 ? "no event lies in a window" : "all events lie in windows",
      "the stratified comparison",
    );
  }
  const [, ...groups] = [...new Set(useful.map(({ group }) => group))];
  const units = toUnits(useful, groups);
  const full = fit(units, 1 + groups.length);
  const without = fit(units.map(dropWindow), groups.length);
  if (full === null || without === null) {
    return insufficient("windows and groups cannot be told apart", "units with both inside and outside in one group");
  }
  const errors = full.covariance.map((row, i) => Math.sqrt(row[i] ?? 0));
  const [lnRatio = 0, ...lnGroups] = full.coefficients;
  const [error = 0, ...groupErrors] = errors;
  const reach = normalQuantile((1 + level) / 2) * error;
  const likelihoodRatio = Math.max(0, 2 * (full.logLikelihood - without.logLikelihood));
  return ok({
    ratio: Math.exp(lnRatio),
    interval: { level, lower: Math.exp(lnRatio - reach), upper: Math.exp(lnRatio + reach) },
    standardErrorOfLn: error,
    groups: groups.map((group, i) => ({
      group,
      ratio: Math.exp(lnGroups[i] ?? 0),
      standardErrorOfLn: groupErrors[i] ?? 0,
    })),
    logLikelihood: full.logLikelihood,
    likelihoodRatio,
    p: chiSquareTails(likelihoodRatio, 1).upper,
  });
}

function toUnits(cells: readonly CaseCell[], groups: readonly (string | number)[]): Unit[] {
  const byUnit = new Map<string | number, CaseCell[]>();
  for (const cell of cells) {
    const list = byUnit.get(cell.unit);
    if (list === undefined) byUnit.set(cell.unit, [cell]);
    else list.push(cell);
  }
  return [...byUnit.values()]
    .map((list) => ({
      events: list.reduce((sum, cell) => sum + cell.events, 0),
      cells: list.map(({ exposure, events, inWindow, group }) => ({
        exposure,
        events,
        z: [inWindow ? 1 : 0, ...groups.map((other) => (other === group ? 1 : 0))],
      })),
    }))
    .filter((unit) => unit.events > 0 && unit.cells.length > 1);
}

const dropWindow = ({ events, cells }: Unit): Unit => ({
  events,
  cells: cells.map((cell) => ({ ...cell, z: cell.z.slice(1) })),
});

interface Fit {
  readonly coefficients: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly logLikelihood: number;
}

/** Null when the information is singular or the estimate runs off to infinity. */
function fit(units: readonly Unit[], terms: number): Fit | null {
  let coefficients = new Array<number>(terms).fill(0);
  let here = derivatives(units, coefficients);
  for (let step = 0; step < MOST_STEPS; step++) {
    const covariance = invertPositive(here.information);
    if (covariance === null) return null;
    const move = covariance.map((row) => row.reduce((sum, entry, j) => sum + entry * (here.score[j] ?? 0), 0));
    let size = 1;
    let next = here;
    let tried = coefficients;
    do {
      tried = coefficients.map((b, i) => b + size * (move[i] ?? 0));
      next = derivatives(units, tried);
      size /= 2;
    } while (next.logLikelihood < here.logLikelihood - 1e-12 && size > 1e-10);
    coefficients = tried;
    here = next;
    if (move.every((change) => Math.abs(change) < SETTLED)) {
      return { coefficients, covariance, logLikelihood: here.logLikelihood };
    }
  }
  return null;
}

function derivatives(
  units: readonly Unit[],
  coefficients: readonly number[],
): { logLikelihood: number; score: number[]; information: number[][] } {
  const terms = coefficients.length;
  const score = new Array<number>(terms).fill(0);
  const information = Array.from({ length: terms }, () => new Array<number>(terms).fill(0));
  let logLikelihood = 0;
  for (const { events, cells } of units) {
    const weights = cells.map(
      ({ exposure, z }) => exposure * Math.exp(z.reduce((sum, value, i) => sum + value * (coefficients[i] ?? 0), 0)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = score.map((_, i) =>
      cells.reduce((sum, { z }, c) => sum + ((weights[c] ?? 0) / total) * (z[i] ?? 0), 0),
    );
    cells.forEach(({ events: seen, z }, c) => {
      const chance = (weights[c] ?? 0) / total;
      if (seen > 0) logLikelihood += seen * Math.log(chance);
      for (let i = 0; i < terms; i++) {
        const off = (z[i] ?? 0) - (mean[i] ?? 0);
        score[i] = (score[i] ?? 0) + seen * off;
        const row = information[i] as number[];
        for (let j = 0; j <= i; j++) row[j] = (row[j] ?? 0) + events * chance * off * ((z[j] ?? 0) - (mean[j] ?? 0));
      }
    });
  }
  return { logLikelihood, score, information };
}
