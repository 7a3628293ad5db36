/** The pure parser: bytes in, typed events out; no file, no clock, no Node. */
export { abilitiesOf, FORM_ABILITIES, type FormAbilities } from "./formats/abilities.js";
export type { Diagnostic, DiagnosticCode } from "./model/diagnostic.js";
export { ParserError } from "./model/diagnostic.js";
export * from "./model/event.js";
export type { EvidenceSummary, FormName, Span } from "./model/evidence.js";
export type { LogRecord, Provenance, Trust } from "./model/record.js";
export type { EventTime, TimeSource, YearSource } from "./model/time.js";
export { type Batch, EvidenceParser, type ParseOptions, parse } from "./read/parse.js";
