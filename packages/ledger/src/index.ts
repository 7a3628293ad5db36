/** What earlier exports showed, kept after the logs themselves are rotated away. */
export { type Ingested, type KeptEvidence, Ledger, type LedgerOptions, openLedger } from "./ledger.js";
export { LedgerError } from "./ledger-error.js";
