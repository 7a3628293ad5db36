import type { Span } from "../result.js";
import type { EvidenceClock } from "./clock-groups.js";
import { intersect, subtract, union } from "./spans.js";
import type { EvidenceState } from "./store.js";

const HOUR_MS = 3_600_000;
/** A silence shorter than this is never called a gap: three hours without a kernel record are ordinary. */
const LEAST_SILENT_HOURS = 3;
/** Fewer silences than this many a log would be expected by chance, or it is a gap. */
const EXPECTED_BY_CHANCE = 0.01;

/**
 * When one evidence would have shown a hang: from its first to its last kernel record, less silences that are too long
 * to be chance. With a share p of the N hours active, a run of k empty hours is a gap when N (1 - p)^k < 0.01 and
 * k >= 3: a busy log that says nothing for half a day was not written; a log of one line a week may be silent for one.
 *
 * Evidence without kernel records covers nothing. The last record's own millisecond is covered.
 */
function watchedBy(evidence: EvidenceState, clock: EvidenceClock): Span[] {
  const { summary } = evidence;
  if (summary !== null && summary.kernelRecords === 0) return [];
  if (clock.kind === "wall") return summary?.span ? lessSilences(summary.span, summary.activeHours) : [];
  if (clock.kind === "none") return [];
  const offsetMs = clock.kind === "tied" ? clock.offsetMs : 0;
  const startMs = Math.min(summary?.bootSpan?.startMs ?? Number.POSITIVE_INFINITY, evidence.firstBootMs);
  const endMs = Math.max(summary?.bootSpan?.endMs ?? Number.NEGATIVE_INFINITY, evidence.lastBootMs);
  return union([{ startMs: startMs + offsetMs, endMs: endMs + offsetMs + 1 }]);
}

/**
 * When several exports of one host, read on the same clock, would have shown a hang together. Logs are cut where they
 * are rotated, in the middle of a silence: a hole between two of them is a gap only when it is too long for both, or when
 * records are known to be lost in it.
 * @param lost - spans in which evidence says that it lacks records
 */
export function watchedByAll(
  parts: readonly { readonly evidence: EvidenceState; readonly clock: EvidenceClock }[],
  lost: readonly Span[],
): Span[] {
  const watched = parts.map(({ evidence, clock }) => ({
    spans: watchedBy(evidence, clock),
    limitMs: silenceLimitMs(evidence),
  }));
  const limitAt = (edgeMs: number, side: "startMs" | "endMs"): number =>
    Math.max(
      0,
      ...watched.filter(({ spans }) => spans.some((span) => span[side] === edgeMs)).map(({ limitMs }) => limitMs),
    );
  const joined: Span[] = [];
  for (const span of union(watched.flatMap(({ spans }) => spans))) {
    const last = joined.at(-1);
    const holeMs = last === undefined ? Number.POSITIVE_INFINITY : span.startMs - last.endMs;
    const isRotation =
      last !== undefined &&
      holeMs < Math.min(limitAt(last.endMs, "endMs"), limitAt(span.startMs, "startMs")) &&
      intersect([{ startMs: last.endMs, endMs: span.startMs }], lost).length === 0;
    if (last !== undefined && isRotation) joined[joined.length - 1] = { startMs: last.startMs, endMs: span.endMs };
    else joined.push(span);
  }
  return joined;
}

/** A silence of this length is a gap in the evidence: what the rule of `watchedBy` says, at most two weeks. */
function silenceLimitMs({ summary }: EvidenceState): number {
  if (summary === null || summary.span === null || summary.activeHours.length === 0) return 0;
  let active = 0;
  for (const [first, last] of summary.activeHours) active += last - first + 1;
  const total = Math.floor(summary.span.endMs / HOUR_MS) - Math.floor(summary.span.startMs / HOUR_MS) + 1;
  const empty = Math.max(0, 1 - active / total);
  const k = empty === 0 ? 0 : Math.log(EXPECTED_BY_CHANCE / total) / Math.log(empty);
  return Math.min(336, Math.max(LEAST_SILENT_HOURS, Math.ceil(k))) * HOUR_MS;
}

function lessSilences(span: Span, activeHours: readonly (readonly [number, number])[]): Span[] {
  const whole = union([{ startMs: span.startMs, endMs: span.endMs + 1 }]);
  let active = 0;
  for (const [first, last] of activeHours) active += last - first + 1;
  if (active === 0) return whole;
  const total = Math.floor(span.endMs / HOUR_MS) - Math.floor(span.startMs / HOUR_MS) + 1;
  const empty = Math.max(0, 1 - active / total);
  const silences: Span[] = [];
  for (let i = 1; i < activeHours.length; i++) {
    const from = activeHours[i - 1]![1] + 1;
    const to = activeHours[i]![0];
    const k = to - from;
    if (k >= LEAST_SILENT_HOURS && total * empty ** k < EXPECTED_BY_CHANCE)
      silences.push({ startMs: from * HOUR_MS, endMs: to * HOUR_MS });
  }
  return subtract(whole, union(silences));
}
