/** From typed events to a report model: pure functions of plain data. */
export { Analysis, analyze } from "./analysis.js";
export {
  type EvidenceDifference,
  type ReportDifferences,
  reportDifferences,
  type ValueDifference,
} from "./differences.js";
export { type Explained, HangExplainer, type HangExplanation, type OtherHang } from "./episodes/explain.js";
export { LIVE_GAP_MS, LiveEpisodes, type LiveNews, type RunningBackup } from "./episodes/live.js";
export { type FleetOptions, fleetReport } from "./fleet/fleet.js";
export * from "./fleet/fleet-report.js";
export { type FleetUnit, fleetUnit } from "./fleet/fleet-unit.js";
export type { AnalyzeOptions } from "./options.js";
export { compareSeries, type SeriesComparison } from "./questions/compare.js";
export { type ReadReport, readReport } from "./read-report.js";
export { Redactor } from "./redact/redactor.js";
export * from "./report.js";
export { insufficient, type Outcome, ok, type Span } from "./result.js";
export { circularShift } from "./stats/circular-shift.js";
export { dispersion } from "./stats/dispersion.js";
export { gammaPoisson } from "./stats/gamma-poisson.js";
export { poissonRate } from "./stats/poisson-rate.js";
export { rateRatio } from "./stats/rate-ratio.js";
export { rateShrinkage } from "./stats/rate-shrinkage.js";
export { ratioOfRatios } from "./stats/ratio-of-ratios.js";
export { runComparison } from "./stats/run-comparison.js";
export { sequentialEvidence } from "./stats/sequential.js";
export { stratifiedRateRatio } from "./stats/stratified-rate-ratio.js";
export { trend } from "./stats/trend.js";
export { verdictLadder } from "./stats/verdict-ladder.js";
export { chanceOfSilence, forecast, power, quietExposure } from "./stats/waiting.js";
export { Hosts, UNNAMED_HOST } from "./timeline/hosts.js";
