import type { AdapterReport, RateComparison, RunComparison } from "../report.js";
import { type Outcome, ok } from "../result.js";
import { runComparison } from "../stats/run-comparison.js";
import { boschlooLess } from "../stats/unconditional-test.js";
import { compareRates } from "./comparison.js";

/** Two adapters, or one in two periods, side by side; `second` is set against `first`. */
export interface SeriesComparison {
  readonly perHour: Outcome<RateComparison>;
  readonly perBackupHour: Outcome<RateComparison>;
  readonly perRun: Outcome<RunComparison>;
}

interface Totals {
  readonly hangs: number;
  readonly hours: number;
  readonly hangsInBackups: number;
  readonly backupHours: number;
  readonly runs: { readonly runs: number; readonly hit: number };
}

/**
 * Exact comparison of two series, in covered time only. It says that they differ, not why: two hosts differ in more than
 * one thing, and so do two periods.
 * @param labels what the sides are called in the result
 * @param level of the intervals, in (0, 1)
 */
export function compareSeries(
  first: AdapterReport,
  second: AdapterReport,
  labels: { readonly first: string; readonly second: string },
  level: number = 0.95,
): SeriesComparison {
  const [a, b] = [totalsOf(first), totalsOf(second)];
  const sides = { reference: labels.first, compared: labels.second };
  const counts = (hangs: keyof Totals & ("hangs" | "hangsInBackups"), hours: "hours" | "backupHours") => ({
    events: b[hangs],
    exposure: b[hours],
    referenceEvents: a[hangs],
    referenceExposure: a[hours],
  });
  return {
    perHour: compareRates(counts("hangs", "hours"), "hour", sides, level),
    perBackupHour: compareRates(counts("hangsInBackups", "backupHours"), "backup-hour", sides, level),
    perRun: perRun(a, b, 1 - level),
  };
}

function totalsOf({ epochs }: AdapterReport): Totals {
  const sum = (of: (epoch: AdapterReport["epochs"][number]) => number): number =>
    epochs.reduce((total, epoch) => total + of(epoch), 0);
  return {
    hangs: sum((epoch) => epoch.episodes),
    hours: sum((epoch) => epoch.atRiskHours),
    hangsInBackups: sum((epoch) => epoch.episodesInWindows),
    backupHours: sum((epoch) => epoch.windowHours),
    runs: { runs: sum((epoch) => epoch.runs), hit: sum((epoch) => epoch.runsHit) },
  };
}

function perRun({ runs: before }: Totals, { runs: after }: Totals, alpha: number): Outcome<RunComparison> {
  const compared = runComparison({ before, after, alpha });
  if (compared.status !== "ok") return compared;
  const unconditional = boschlooLess({ before, after });
  return ok({
    before,
    after,
    pLess: compared.value.pLess,
    pLessUnconditional: unconditional.status === "ok" ? unconditional.value : null,
    cleanRunsNeeded: compared.value.cleanRunsNeeded,
    method: "hypergeometric, one-sided, given all hit runs",
  });
}
