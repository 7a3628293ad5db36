/** From typed events to a report model: pure functions of plain data. */
export * from "./report.js";
export type { Outcome } from "./result.js";
