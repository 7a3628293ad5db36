import type { Rung, VerdictFlag } from "../report.js";
import { requireFraction, requirePositive } from "./arguments.js";
import { type GammaPoisson, gammaPoisson } from "./gamma-poisson.js";
import { DEFAULT_ALPHA } from "./interval.js";
import { type RateRatio, rateRatio } from "./rate-ratio.js";
import { type SequentialEvidence, sequentialEvidence } from "./sequential.js";

/** Counts before and after a change, and how they are looked at. */
export interface VerdictInput {
  /** Before the change. */
  readonly referenceEvents: number;
  readonly referenceExposure: number;
  /** After it. */
  readonly events: number;
  readonly exposure: number;
  /** `single`: declared in advance, looked at once. `repeated`: every look counts. */
  readonly looks: "single" | "repeated";
  /** Reasons to doubt an improvement; any of them takes it down to "consistent with". */
  readonly flags?: readonly VerdictFlag[];
  /** One-sided error; default 0.05. */
  readonly alpha?: number;
  /** A reduction to this ratio would matter; default 0.5. */
  readonly relevantRatio?: number;
}

/** The rung, the rule that decided, and the numbers behind it. */
export interface LadderVerdict {
  readonly rung: Rung;
  /** Which rule decided: 1 to 6 of the ladder; 3 with a flag is "3-flagged". */
  readonly rule: "1" | "2" | "3" | "3-flagged" | "4" | "5" | "6";
  /** Null when rule 1 decided: there is nothing to compare. */
  readonly numbers: {
    readonly comparison: RateRatio;
    readonly sequential: SequentialEvidence;
    readonly bayes: GammaPoisson;
    /** One-sided upper limit that goes with the claim: of one look, or of every look. */
    readonly upperLimit: number;
    /** One-sided lower limit that goes with "worse". */
    readonly lowerLimit: number;
    /** One of the one-sided limit and the two-sided interval's is below 1, the other not: say so. */
    readonly borderline: boolean;
  } | null;
}

const LIKELY = 0.9;

/**
 * The rung of the ladder that two counts with their exposures have earned; the first rule that fits decides.
 * 1: no exposure on a side, or no event: insufficient. 2: worse. 3: improvement shown, or with a flag only consistent.
 * 4: a reduction to the relevant ratio is ruled out: no effect shown. 5: probably improved: consistent. 6: insufficient.
 * Assumes what `rateRatio` and `sequentialEvidence` assume. Cost: about 2 ms.
 * @throws RangeError for impossible counts, exposures, levels, and for events without exposure
 */
export function verdictLadder({
  looks,
  flags = [],
  alpha = DEFAULT_ALPHA,
  relevantRatio = 0.5,
  ...counts
}: VerdictInput): LadderVerdict {
  requireFraction("verdictLadder", "alpha", alpha);
  requirePositive("verdictLadder", "relevantRatio", relevantRatio);
  const comparison = rateRatio({ ...counts, level: 1 - alpha });
  const sequential = sequentialEvidence({ ...counts, alpha });
  const bayes = gammaPoisson(counts);
  if (comparison.status !== "ok" || sequential.status !== "ok" || bayes.status !== "ok") {
    return { rung: "insufficient-evidence", rule: "1", numbers: null };
  }
  const exact = comparison.value;
  const evidence = sequential.value;
  const single = looks === "single";
  const numbers = {
    comparison: exact,
    sequential: evidence,
    bayes: bayes.value,
    upperLimit: single ? exact.upperOneSided : evidence.upperAnytime,
    lowerLimit: single ? exact.lowerOneSided : evidence.lowerAnytime,
    borderline: exact.upperOneSided < 1 !== exact.interval.upper < 1,
  };
  const worse = single ? exact.pGreater <= alpha : evidence.worse >= evidence.boundary;
  const improved = single ? exact.pLess <= alpha : evidence.improved >= evidence.boundary;
  if (worse) return { rung: "worse", rule: "2", numbers };
  if (improved && flags.length === 0) return { rung: "improvement-shown", rule: "3", numbers };
  if (improved) return { rung: "consistent-with-improvement", rule: "3-flagged", numbers };
  if (exact.interval.lower > relevantRatio && exact.pLess > alpha)
    return { rung: "no-effect-shown", rule: "4", numbers };
  if (bayes.value.pImproved >= LIKELY) return { rung: "consistent-with-improvement", rule: "5", numbers };
  return { rung: "insufficient-evidence", rule: "6", numbers };
}
