/** The facts of many hosts as Parquet tables, and the question asked of all of them. */
export type { CoverageRow } from "./coverage-rows.js";
export { FleetError } from "./fleet-error.js";
export { type Lake, type LakeOptions, openLake } from "./lake.js";
export type { Ingested, LakeIntake } from "./lake-intake.js";
export type { LakeEvidence, LakeHost, LakeReader } from "./lake-reader.js";
export { type FleetReportOptions, reportLake } from "./report-lake.js";
export type { SettingRow } from "./setting-rows.js";
export { type EventRow, type EvidenceRow, TableRows } from "./table-rows.js";
export { type Column, LAKE_VERSION, type PartTable, TABLES, type TableName } from "./tables.js";
export type { WindowRow } from "./window-rows.js";
