/** The pure parser: bytes in, typed events out; no file, no clock, no Node. */
export { TimeZone, type ZoneReading } from "./clock/time-zone.js";
export { CATALOGUE, type CatalogueEntry } from "./drivers/e1000e/catalogue.js";
export { type DecodedField, type DecodedHang, decodeHang } from "./drivers/e1000e/decode/decode-hang.js";
export {
  type PacketAge,
  TICK_RATES,
  type TickRate,
  type TickReading,
  tickRate,
} from "./drivers/e1000e/decode/jiffies.js";
export { DEFAULT_RING_SIZE, type RingOccupancy } from "./drivers/e1000e/decode/ring.js";
export type { DecodedBit } from "./drivers/e1000e/decode/status-word.js";
export { type SourceLine, sourceLines } from "./drivers/e1000e/source-lines.js";
export type { Becomes, PrintCall, SourceRow } from "./drivers/e1000e/source-messages.js";
export { abilitiesOf, FORM_ABILITIES, type FormAbilities } from "./formats/abilities.js";
export type { PassedRecords } from "./formats/record-reader.js";
export type { FieldValue } from "./journal-file/entry-fields.js";
export type { JournalHeader } from "./journal-file/header.js";
export {
  type EntrySelection,
  type JournalBoot,
  JournalFile,
  type JournalFileOptions,
} from "./journal-file/journal-file.js";
export type { JournalHole } from "./journal-file/journal-holes.js";
export { type MergedEntry, mergeJournalFiles } from "./journal-file/merge-journal-files.js";
export type { JournalEntry } from "./journal-file/objects.js";
export { memoryAccess, type PagedAccessOptions, pagedAccess, type RandomAccess } from "./journal-file/random-access.js";
export { type JournalFacts, type ReadJournalOptions, readJournal } from "./journal-file/read-journal.js";
export type { Diagnostic, DiagnosticCode } from "./model/diagnostic.js";
export { ParserError } from "./model/diagnostic.js";
export * from "./model/event.js";
export type { EvidenceSummary, FormName, MachineName, Span } from "./model/evidence.js";
export type {
  DriverProfile,
  DriverSign,
  DumpLine,
  HangMessage,
  LineForm,
  LineRecord,
  LocalStamp,
  Pack,
  PackValue,
  Recogniser,
  SignName,
  Speaker,
  WindowSource,
} from "./model/pack.js";
export type { LogRecord, Provenance, Trust } from "./model/record.js";
export type { EventTime, TimeSource, YearSource } from "./model/time.js";
export { type Batch, EvidenceParser, type ParseOptions, parse } from "./read/parse.js";
export { type ParseJournalOptions, parseJournal } from "./read/parse-journal.js";
