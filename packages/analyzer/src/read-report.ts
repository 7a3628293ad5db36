import { type AnalyzeOptions, resolveOptions } from "./options.js";
import { REPORT_VERSION, type Reading, type ToldChange } from "./report.js";
import type { Span } from "./result.js";

/** What it takes to make a report again. */
export interface ReadReport {
  /** As parsed; nothing but the options was looked at. */
  readonly report: unknown;
  readonly options: AnalyzeOptions & { readonly timeZone: string; readonly reading: Reading | null };
}

/**
 * Reads a report from its JSON, to make it again: trusts nothing in it, and looks at its version and options only.
 * @throws RangeError that says what is wrong when it is no report of this version, or its options are none
 */
export function readReport(json: string): ReadReport {
  const report = parsed(json);
  const { reportVersion, now, options } = fields(report, "the report");
  if (reportVersion !== REPORT_VERSION)
    throw new RangeError(`reportVersion is not ${REPORT_VERSION}: it is no report, or of another version of the model`);
  const all = fields(options, "options");
  const given: ReadReport["options"] = {
    now: number(now, "now"),
    ...(all.driver === undefined ? {} : { driver: string(all.driver, "options.driver") }),
    timeZone: string(all.timeZone, "options.timeZone"),
    since: all.since === null ? null : number(all.since, "options.since"),
    until: all.until === null ? null : number(all.until, "options.until"),
    confidence: number(all.confidence, "options.confidence"),
    lagMs: number(all.lagMs, "options.lagMs"),
    inductionMs: number(all.inductionMs, "options.inductionMs"),
    gapThresholdMs: number(all.gapThresholdMs, "options.gapThresholdMs"),
    seed: number(all.seed, "options.seed"),
    looks: looksOf(all.looks),
    changes: list(all.changes, "options.changes").map(changeOf),
    windows: list(all.windows, "options.windows").map(windowOf),
    reading: all.reading === null ? null : readingOf(all.reading),
  };
  resolveOptions(given);
  return { report, options: given };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new RangeError(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function looksOf(value: unknown): "single" | "repeated" {
  if (value !== "single" && value !== "repeated") throw wrong("options.looks");
  return value;
}

function changeOf(value: unknown): ToldChange {
  const { timeMs, title } = fields(value, "options.changes");
  return { timeMs: number(timeMs, "options.changes"), title: string(title, "options.changes") };
}

function windowOf(value: unknown): Span {
  const { startMs, endMs } = fields(value, "options.windows");
  return { startMs: number(startMs, "options.windows"), endMs: number(endMs, "options.windows") };
}

function readingOf(value: unknown): Reading {
  const { program, paths, timeZone, form, windowUnits } = fields(value, "options.reading");
  return {
    program: string(program, "options.reading.program"),
    paths: list(paths, "options.reading.paths").map((path) => string(path, "options.reading.paths")),
    timeZone: timeZone === null ? null : zoneOf(string(timeZone, "options.reading.timeZone")),
    form: form === null ? null : string(form, "options.reading.form"),
    windowUnits: list(windowUnits, "options.reading.windowUnits").map((unit) =>
      string(unit, "options.reading.windowUnits"),
    ),
  };
}

function zoneOf(timeZone: string): string {
  new Intl.DateTimeFormat("en-GB", { timeZone });
  return timeZone;
}

function fields(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name);
  return { ...value };
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(name);
  return value;
}

function number(value: unknown, name: string): number {
  if (typeof value !== "number") throw wrong(name);
  return value;
}

function string(value: unknown, name: string): string {
  if (typeof value !== "string") throw wrong(name);
  return value;
}

function wrong(name: string): RangeError {
  return new RangeError(`${name}: not what a report has there`);
}
