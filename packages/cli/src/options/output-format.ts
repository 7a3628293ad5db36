import { InvalidArgumentError } from "commander";
import { usageError } from "../exit-codes.js";

export const REPORT_FORMATS = ["text", "markdown", "html", "json", "csv", "ics"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const EVENT_FORMATS = ["ndjson", "csv", "timesketch", "timesketch-csv", "ecs"] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];

/** A number of an option, within bounds that belong to it, both in. For commander's argument parsers. */
export function numberOption(minimum: number, maximum: number, integer = false): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum) || (integer && !Number.isSafeInteger(value)))
      throw new InvalidArgumentError(`Expected ${integer ? "an integer" : "a number"} from ${minimum} to ${maximum}.`);
    return value;
  };
}

/** `0.95` and `95` both mean 95 %. */
export function confidenceOption(text: string): number {
  const value = numberOption(0, 100)(text);
  const share = value > 1 ? value / 100 : value;
  if (!(share >= 0.5 && share < 1)) throw new InvalidArgumentError("Expected a level from 0.5 to below 1, as in 0.95.");
  return share;
}

/** `--now`: a full ISO 8601 time with offset, since a repeated run must not depend on this machine's zone. */
export function parseNow(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw usageError("--now: expected ISO 8601 with offset, as in 2025-11-24T12:00:00Z");
  return ms;
}
