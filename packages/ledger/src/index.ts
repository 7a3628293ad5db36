/** What earlier exports showed, kept after the logs themselves are rotated away; and the check that is made of it. */
export { canonicalJson } from "./canonical.js";
export { type CheckOptions, type CheckResult, check, reportOn } from "./check.js";
export type { CheckBook, CheckMade } from "./check-book.js";
export type { CheckState, SeriesState } from "./check-state.js";
export {
  CONDITIONS,
  type Condition,
  type ConditionOptions,
  conditionsOf,
  DEFAULT_MAX_AGE_MS,
  DEFAULT_POLICY,
  DEFAULT_RECENT_MS,
  type Level,
  levelOf,
  type Policy,
  worstLevel,
} from "./conditions.js";
export { evidenceKey, isBetterReading, readingDoubt } from "./evidence-key.js";
export { evidenceNames } from "./evidence-names.js";
export {
  type Ingested,
  type Intake,
  type KeptEvidence,
  type Ledger,
  type LedgerOptions,
  openLedger,
} from "./ledger.js";
export { LedgerError } from "./ledger-error.js";
export { eventOf, payloadOf } from "./payload.js";
export type { KeptChange, KeptWindow, ToldBook } from "./told-book.js";
export type { Difference } from "./what-changed.js";
export { type WindowRule, windowsOf } from "./window-rule.js";
