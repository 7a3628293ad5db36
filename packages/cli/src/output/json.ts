import type { Report } from "@hangproof/analyzer";
import { printableJson } from "../layout/escape.js";

/** The report model as it is, two blanks of indent. Infinity stands as null, as the model's fields say. */
export function renderJson(report: Report): string {
  return `${printableJson(JSON.stringify(report, null, 2))}\n`;
}
