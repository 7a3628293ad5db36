import type { CoverageReport, Gap } from "../report.js";
import type { Span } from "../result.js";
import type { BootPart } from "./boots.js";
import { type Fact, ofKind } from "./fact.js";
import { clip, hours, hull, intersect, subtract, union } from "./spans.js";

/** When evidence would have shown a hang, and why not at other times. */
export interface Coverage {
  readonly span: Span | null;
  readonly covered: readonly Span[];
  readonly gaps: readonly Gap[];
}

/** The log does not say over how long records were lost: this long before it said so, at most. */
const LOSS_MS = 10_000;

/** Losses that can hold kernel records; a rate limit on a service cannot. */
const KERNEL_LOSS: ReadonlySet<string> = new Set([
  "kernel-missed",
  "overrun",
  "sequence-gap",
  "printk-dropped",
  "truncated",
]);

/**
 * Joins what all evidence of one host watched and takes out the time in which the host was off and the moments at which
 * the log says that kernel records were lost. Half open; clipped to the range asked for.
 */
export function findCoverage(
  watched: readonly Span[],
  boots: readonly BootPart[],
  facts: readonly Fact[],
  range: { readonly since: number | null; readonly until: number | null },
): Coverage {
  const off: Span[] = [];
  for (const boot of boots)
    if (boot.offUntilMs !== null) off.push({ startMs: boot.endMs, endMs: boot.offUntilMs });
    else if (boot.endedBy === "shutdown") off.push({ startMs: boot.endMs, endMs: Number.MAX_SAFE_INTEGER });
  off.push(...asleep(facts));
  const hostOff = union(off);
  const lost = union(losses(facts));
  const sinceMs = range.since ?? Number.NEGATIVE_INFINITY;
  const untilMs = range.until ?? Number.POSITIVE_INFINITY;
  const covered = clip(subtract(subtract(union(watched), hostOff), lost), sinceMs, untilMs);
  const span = hull(covered);
  const holes = span === null ? [] : subtract([span], covered);
  const inOff = intersect(holes, hostOff);
  const rest = subtract(holes, hostOff);
  const told = union([...lost, ...knownLosses(facts)]);
  const gaps: Gap[] = [
    ...inOff.map((hole): Gap => ({ ...hole, reason: "host-off" })),
    ...intersect(rest, told).map((hole): Gap => ({ ...hole, reason: "lost-records" })),
    ...subtract(rest, told).map((hole): Gap => ({ ...hole, reason: "no-log" })),
  ];
  gaps.sort((a, b) => a.startMs - b.startMs);
  return { span, covered, gaps };
}

/** The part of a coverage in which something was there to be watched. */
export function coverageWithin(coverage: Coverage, { startMs, endMs }: Span): Coverage {
  if (startMs === Number.NEGATIVE_INFINITY && endMs === Number.POSITIVE_INFINITY) return coverage;
  const covered = clip(coverage.covered, startMs, endMs);
  const span = hull(covered);
  const gaps =
    span === null
      ? []
      : coverage.gaps.flatMap((gap) => clip([gap], span.startMs, span.endMs).map((part) => ({ ...gap, ...part })));
  return { span, covered, gaps };
}

/** Coverage with its hours, as the report has it. */
export function coverageReport(coverage: Coverage, hung: readonly Span[]): CoverageReport {
  const coveredHours = hours(coverage.covered);
  const hangHours = hours(intersect(coverage.covered, hung));
  return { ...coverage, coveredHours, hangHours, atRiskHours: hours(subtract(coverage.covered, hung)) };
}

function asleep(facts: readonly Fact[]): Span[] {
  const spans: Span[] = [];
  let sinceMs: number | null = null;
  for (const fact of facts) {
    if (fact.event.kind === "host.suspend") sinceMs ??= fact.timeMs;
    else if (fact.event.kind === "host.resume") {
      if (sinceMs !== null) spans.push({ startMs: sinceMs, endMs: fact.timeMs });
      sinceMs = null;
    } else if (fact.event.kind === "host.boot") sinceMs = null;
  }
  return spans;
}

/** Losses whose beginning the evidence tells: between two files, where neither of them watches. */
export function knownLosses(facts: readonly Fact[]): Span[] {
  return ofKind(facts, "log.loss").flatMap(({ event, timeMs }) =>
    event.sinceMs === null ? [] : [{ startMs: event.sinceMs, endMs: timeMs }],
  );
}

/** Other losses reach back at most to the last record that the same evidence did keep. */
function losses(facts: readonly Fact[]): Span[] {
  const lost: Span[] = [];
  const lastOf = new Map<number, number>();
  const isLoss = new Set<Fact>(
    ofKind(facts, "log.loss").filter(({ event }) => KERNEL_LOSS.has(event.what) && event.sinceMs === null),
  );
  for (const fact of facts) {
    if (isLoss.has(fact)) {
      const keptMs = lastOf.get(fact.rank) ?? Number.NEGATIVE_INFINITY;
      lost.push({ startMs: Math.max(fact.timeMs - LOSS_MS, keptMs + 1), endMs: fact.timeMs });
    }
    lastOf.set(fact.rank, fact.timeMs);
  }
  return lost;
}
