import type { Span } from "../result.js";
import type { EvidenceClock } from "./clock-groups.js";
import { subtract, union } from "./spans.js";
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
export function watchedBy(evidence: EvidenceState, clock: EvidenceClock): Span[] {
  const { summary } = evidence;
  if (summary !== null && summary.kernelRecords === 0) return [];
  if (clock.kind === "wall") return summary?.span ? lessSilences(summary.span, summary.activeHours) : [];
  if (clock.kind === "none") return [];
  const offsetMs = clock.kind === "tied" ? clock.offsetMs : 0;
  const startMs = Math.min(summary?.bootSpan?.startMs ?? Number.POSITIVE_INFINITY, evidence.firstBootMs);
  const endMs = Math.max(summary?.bootSpan?.endMs ?? Number.NEGATIVE_INFINITY, evidence.lastBootMs);
  return union([{ startMs: startMs + offsetMs, endMs: endMs + offsetMs + 1 }]);
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
