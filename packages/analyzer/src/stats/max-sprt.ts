import { deviance } from "../math/deviance.js";
import { poissonMass } from "../math/poisson.js";
import { solveIncreasing } from "../math/solve-increasing.js";
import { requireFraction, requirePositive } from "./arguments.js";

const LARGEST_HORIZON = 1000;

/**
 * The value at which the log likelihood ratio of an increase (events against the number expected at the known rate; 0
 * when there are fewer) signals, watched at every instant up to a horizon, exactly.
 * Assumes the old rate to be known. Cost: some 60 passes of horizon squared times 40.
 * @param horizon - number of events expected by the end of the watch, above 0 to 1,000
 * @param alpha - error over the whole watch
 * @throws RangeError for impossible arguments
 * @see M. Kulldorff and others (2011), A maximized sequential probability ratio test for drug and vaccine safety surveillance
 */
export function maxSprtCriticalValue(horizon: number, alpha: number): number {
  requirePositive("maxSprtCriticalValue", "horizon", horizon);
  requireFraction("maxSprtCriticalValue", "alpha", alpha);
  if (horizon > LARGEST_HORIZON) {
    throw new RangeError(`maxSprtCriticalValue: horizon must be at most ${LARGEST_HORIZON}, got ${horizon}`);
  }
  return Math.exp(solveIncreasing((t) => signalless(Math.exp(t), horizon) - (1 - alpha), 1));
}

/** P(no signal up to the horizon): at most c - 1 events at the moment tau_c up to which c events would signal. */
function signalless(critical: number, horizon: number): number {
  let chances = [1];
  let from = 0;
  for (let c = 1; ; c++) {
    const to = Math.min(horizon, latestSignal(c, critical));
    chances = propagate(chances, to - from, c);
    if (to >= horizon) return chances.reduce((sum, chance) => sum + chance, 0);
    from = to;
  }
}

/** mu below c with c ln(c/mu) - c + mu = critical. */
const latestSignal = (c: number, critical: number): number =>
  c / (1 + Math.exp(solveIncreasing((t) => deviance(c, c / (1 + Math.exp(t))) - critical, 0)));

/** Adds a Poisson number of events and keeps the outcomes below `limit`. */
function propagate(chances: readonly number[], mean: number, limit: number): number[] {
  const masses: number[] = [];
  for (let k = 0; k < limit; k++) {
    const mass = poissonMass(k, mean);
    if (k > mean && mass < 1e-18) break;
    masses.push(mass);
  }
  return Array.from({ length: limit }, (_, k) => {
    let sum = 0;
    for (let added = 0; added <= k && added < masses.length; added++) {
      sum += (masses[added] ?? 0) * (chances[k - added] ?? 0);
    }
    return sum;
  });
}
