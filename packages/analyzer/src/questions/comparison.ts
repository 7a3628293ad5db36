import { countsOf, type Side, type Unit } from "../epochs/ground.js";
import type { Interval, RateComparison, RateSide } from "../report.js";
import { insufficient, type Outcome, ok } from "../result.js";
import type { Interval as ExactInterval } from "../stats/interval.js";
import { poissonRate } from "../stats/poisson-rate.js";
import { rateRatio } from "../stats/rate-ratio.js";
import type { VerdictInput } from "../stats/verdict-ladder.js";

/** Counts of two sides as the statistics take them. */
export type Counts = Pick<VerdictInput, "referenceEvents" | "referenceExposure" | "events" | "exposure">;

/** The counts of two sides in one unit; insufficient where a count has no exposure to be set against. */
export function countsBetween(reference: Side, compared: Side, unit: Unit): Outcome<Counts> {
  const before = countsOf(reference, unit);
  const after = countsOf(compared, unit);
  const noun = unit === "backup-hour" ? "covered backup time" : "covered time";
  for (const { events, exposure } of [before, after])
    if (events > 0 && exposure === 0) return insufficient(`all ${noun} on one side is time in which the adapter hung`);
  return ok({
    referenceEvents: before.events,
    referenceExposure: before.exposure,
    events: after.events,
    exposure: after.exposure,
  });
}

/** Two counts with their exposures and the exact comparison, as the report has it. */
export function compareRates(
  counts: Counts,
  unit: Unit,
  labels: { readonly reference: string; readonly compared: string },
  level: number,
): Outcome<RateComparison> {
  const exact = rateRatio({ ...counts, level });
  if (exact.status !== "ok") return exact;
  const { value } = exact;
  return ok({
    unit,
    reference: sideReport(labels.reference, counts.referenceEvents, counts.referenceExposure, level),
    compared: sideReport(labels.compared, counts.events, counts.exposure, level),
    ratio: finiteRatio(value.ratio),
    interval: plain(value.interval),
    intervalMidP: plain(value.midPInterval),
    upperOneSided: finite(value.upperOneSided),
    lowerOneSided: value.lowerOneSided,
    pLess: value.pLess,
    pGreater: value.pGreater,
    pCentral: value.pCentral,
    pMid: value.pMid,
    method: "exact conditional test of two Poisson rates; two-sided p central, interval Clopper-Pearson",
    assumptions: ["episodes independent of each other", "rate constant on each side"],
  });
}

function sideReport(label: string, events: number, exposureHours: number, level: number): RateSide {
  const rate = poissonRate({ events, exposure: exposureHours, level });
  if (rate.status !== "ok")
    return { label, events, exposureHours, per1000Hours: null, interval: { level, lower: 0, upper: null } };
  const { interval } = rate.value;
  return {
    label,
    events,
    exposureHours,
    per1000Hours: rate.value.rate * 1000,
    interval: { level: interval.level, lower: interval.lower * 1000, upper: finite(interval.upper * 1000) },
  };
}

/** An interval that JSON can hold: null for no upper limit. */
export function plain(interval: ExactInterval): Interval {
  return { level: interval.level, lower: interval.lower, upper: finite(interval.upper) };
}

/** Null for infinity. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A ratio that JSON can hold. */
export function finiteRatio(ratio: number | null): number | null | "infinite" {
  return ratio === Number.POSITIVE_INFINITY ? "infinite" : ratio;
}
