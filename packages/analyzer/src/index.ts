/** From typed events to a report model: pure functions of plain data. */
export { Analysis, analyze } from "./analysis.js";
export {
  type EvidenceDifference,
  type ReportDifferences,
  reportDifferences,
  type ValueDifference,
} from "./differences.js";
export { type Explained, HangExplainer, type HangExplanation, type OtherHang } from "./episodes/explain.js";
export type { DumpSigns, HangSigns, LogSigns } from "./episodes/hang-signs.js";
export { LIVE_GAP_MS, LiveEpisodes, type LiveNews, type RunningBackup } from "./episodes/live.js";
export type { Ground, Onset, Side } from "./epochs/ground.js";
export { type StatedSetting, statedSettings } from "./epochs/stated-settings.js";
export { type FleetOptions, fleetReport } from "./fleet/fleet.js";
export * from "./fleet/fleet-report.js";
export { type Counted, type FleetUnit, fleetUnit, type UnitChange } from "./fleet/fleet-unit.js";
export type { AnalyzeOptions } from "./options.js";
export { compareSeries, type SeriesComparison } from "./questions/compare.js";
export type { RandomSource } from "./random/random-source.js";
export { type ReadReport, readReport } from "./read-report.js";
export { Redactor } from "./redact/redactor.js";
export * from "./report.js";
export { insufficient, type Outcome, ok, type Span } from "./result.js";
export { type CircularShift, type CircularShiftInput, circularShift, type Stretch } from "./stats/circular-shift.js";
export type { Stratum } from "./stats/conditional-strata.js";
export { type Bin, type Dispersion, dispersion } from "./stats/dispersion.js";
export type { ExactNumbers } from "./stats/exact-family.js";
export { type GammaPoisson, type GammaPoissonInput, type GammaPrior, gammaPoisson } from "./stats/gamma-poisson.js";
export type { Interval as Bounds } from "./stats/interval.js";
export { type PoissonRate, type PoissonRateInput, poissonRate } from "./stats/poisson-rate.js";
export { type RateRatio, type RateRatioInput, rateRatio } from "./stats/rate-ratio.js";
export { type RateShrinkage, rateShrinkage, type ShrunkenRate } from "./stats/rate-shrinkage.js";
export { type RatioOfRatios, ratioOfRatios } from "./stats/ratio-of-ratios.js";
export {
  type RunComparison as RunComparisonNumbers,
  type RunComparisonInput,
  type Runs,
  runComparison,
} from "./stats/run-comparison.js";
export {
  type Comparison,
  type SequentialEvidence as SequentialNumbers,
  type SequentialInput,
  sequentialEvidence,
} from "./stats/sequential.js";
export { type StratifiedRateRatio, stratifiedRateRatio } from "./stats/stratified-rate-ratio.js";
export { type Trend, type TrendInput, trend } from "./stats/trend.js";
export { type LadderVerdict, type VerdictInput, verdictLadder } from "./stats/verdict-ladder.js";
export {
  type Before,
  chanceOfSilence,
  type Forecast,
  type ForecastInput,
  forecast,
  type Power,
  type PowerInput,
  power,
  type QuietExposure,
  type QuietExposureInput,
  quietExposure,
} from "./stats/waiting.js";
export { Hosts, UNNAMED_HOST } from "./timeline/hosts.js";
export { isBackup, type ObservedRun, observedRuns } from "./windows/observed-runs.js";
export type { RawRun } from "./windows/runs.js";
