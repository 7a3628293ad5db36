import { type AnalyzeOptions, analyze, type Report } from "@hangproof/analyzer";
import type { CheckMade } from "./check-book.js";
import { type CheckState, stateOf } from "./check-state.js";
import type { Ledger } from "./ledger.js";
import { type Difference, whatChanged } from "./what-changed.js";

/** Changes and windows come from the ledger. */
export type CheckOptions = Omit<AnalyzeOptions, "changes" | "windows">;

/** What one check found, and what changed since the one before. */
export interface CheckResult {
  /** On all evidence of the ledger, made anew. */
  readonly report: Report;
  readonly state: CheckState;
  /** The check before; null for the first. */
  readonly previous: CheckMade | null;
  /** Since the check before; empty for the first. */
  readonly differences: readonly Difference[];
}

/** The report on everything that a ledger keeps, with what its user told. @throws RangeError as `analyze` */
export function reportOn(ledger: Ledger, options: CheckOptions): Report {
  const { evidence, events } = ledger.analysisInput();
  const spans = evidence.flatMap(({ span }) => (span === null ? [] : [span]));
  const sinceMs = spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
  const untilMs = spans.reduce((last, { endMs }) => Math.max(last, endMs), Number.NEGATIVE_INFINITY);
  return analyze(
    { evidence, events },
    {
      ...options,
      changes: ledger.told.changes().map(({ timeMs, title }) => ({ timeMs, title })),
      windows: sinceMs <= untilMs ? ledger.told.spans({ sinceMs, untilMs }) : [],
    },
  );
}

/**
 * Makes the report anew from all that the ledger keeps, says what is different from the last check, and keeps this one.
 * @throws LedgerError `BUSY`, `READ_ONLY`; RangeError as `analyze`
 */
export function check(ledger: Ledger, options: CheckOptions): CheckResult {
  const report = reportOn(ledger, options);
  const state = stateOf(report);
  const previous = ledger.checks.last();
  const differences = previous === null ? [] : whatChanged(previous.state, state, report, options.now);
  ledger.checks.add(options.now, state);
  return { report, state, previous, differences };
}
