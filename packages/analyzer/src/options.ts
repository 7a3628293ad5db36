import type { Reading, ReportOptions, ToldChange } from "./report.js";
import type { Span } from "./result.js";

/** What the caller decides; everything else is read from the evidence. */
export interface AnalyzeOptions {
  /** The caller's clock, Unix milliseconds: the analyzer has none of its own. */
  readonly now: number;
  /**
   * The driver whose hangs are judged; default `e1000e`. Any other is one that a pack of the parser describes; what the
   * report knows of e1000e alone (its options, its registers) it then leaves out.
   */
  readonly driver?: string;
  /** IANA name for times in sentences; default `UTC`. */
  readonly timeZone?: string;
  /** Only this range is judged: `since` in, `until` out. */
  readonly since?: number | null;
  readonly until?: number | null;
  /** Two-sided level of intervals, in (0, 1); default 0.95. Claims are made at (1 - confidence) one-sided. */
  readonly confidence?: number;
  /** A hang this long after a backup's end still counts as in it; default 10 minutes. */
  readonly lagMs?: number;
  /** A hang this soon after a backup's start does not count as in it; default 0. */
  readonly inductionMs?: number;
  /** Hang reports further apart than this are two episodes, recovery unseen; default 60 s. */
  readonly gapThresholdMs?: number;
  readonly seed?: number;
  /** `single`: this is the one look that was declared in advance. `repeated` (default): reports come every week. */
  readonly looks?: "single" | "repeated";
  readonly changes?: readonly ToldChange[];
  /** Backup windows that no log shows. */
  readonly windows?: readonly Span[];
  /** Kept in the report as it is. */
  readonly reading?: Reading | null;
}

/** The options with every default filled in. */
export interface ResolvedOptions extends ReportOptions {
  readonly now: number;
}

/**
 * Fills in the defaults.
 * @throws RangeError that names the option when a value is out of range or the zone is unknown.
 */
export function resolveOptions(options: AnalyzeOptions): ResolvedOptions {
  const confidence = options.confidence ?? 0.95;
  if (!(confidence > 0 && confidence < 1)) throw new RangeError("confidence must lie between 0 and 1");
  const timeZone = options.timeZone ?? "UTC";
  new Intl.DateTimeFormat("en-GB", { timeZone });
  const seed = options.seed ?? 1;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) throw new RangeError("seed must be a whole number, 0 or more");
  return {
    now: finite(options.now, "now"),
    ...(options.driver === undefined || options.driver === "e1000e" ? {} : { driver: driverName(options.driver) }),
    timeZone,
    since: options.since === undefined || options.since === null ? null : finite(options.since, "since"),
    until: options.until === undefined || options.until === null ? null : finite(options.until, "until"),
    confidence,
    lagMs: duration(options.lagMs ?? 600_000, "lagMs"),
    inductionMs: duration(options.inductionMs ?? 0, "inductionMs"),
    gapThresholdMs: duration(options.gapThresholdMs ?? 60_000, "gapThresholdMs"),
    seed,
    looks: options.looks ?? "repeated",
    changes: [...(options.changes ?? [])]
      .map((change) => ({ timeMs: finite(change.timeMs, "changes"), title: change.title }))
      .sort((a, b) => a.timeMs - b.timeMs || (a.title < b.title ? -1 : 1)),
    windows: [...(options.windows ?? [])]
      .map((span) => ({ startMs: finite(span.startMs, "windows"), endMs: finite(span.endMs, "windows") }))
      .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs),
    reading: options.reading ?? null,
  };
}

function driverName(name: string): string {
  if (!/^[a-z][\w-]{1,31}$/.test(name)) throw new RangeError("driver must be the name of a kernel module");
  return name;
}

function finite(value: number, name: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a finite number`);
  return value;
}

function duration(value: number, name: string): number {
  if (!(Number.isFinite(value) && value >= 0))
    throw new RangeError(`${name} must be a number of milliseconds, 0 or more`);
  return value;
}
