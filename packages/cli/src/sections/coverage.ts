import type { AdapterReport, Gap, Report } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { duration, hours, percent } from "../layout/format.js";
import { clockOf, GAP_REASONS } from "./names.js";

const SHOWN = 5;
const HOUR_MS = 3_600_000;

/** What the logs could have shown: the span, the hours in it, and the gaps, longest first. */
export function coverageBlocks(series: AdapterReport, report: Report): Block[] {
  const { coverage } = series;
  const clock = clockOf(series, report);
  const blocks: Block[] = [{ kind: "heading", text: "Coverage" }];
  if (coverage.span === null) {
    blocks.push({ kind: "paragraph", text: "No covered time is known: the stamps have no wall-clock time." });
    return blocks;
  }
  const { startMs, endMs } = coverage.span;
  if (series.relativeTime)
    blocks.push({ kind: "warning", text: "The wall-clock time is not known: all times count from one boot." });
  const spanHours = (endMs - startMs) / HOUR_MS;
  blocks.push({
    kind: "paragraph",
    text:
      `${clock(startMs)} to ${clock(endMs)}: the logs would have shown a hang in ` +
      `${hours(coverage.coveredHours)} of ${hours(spanHours)}` +
      `${spanHours > 0 ? ` (${percent(Math.min(1, coverage.coveredHours / spanHours))})` : ""}. ` +
      `Hanging: ${duration(coverage.hangHours)}.`,
  });
  if (coverage.gaps.length > 0) {
    const longest = [...coverage.gaps].sort((a, b) => lengthMs(b) - lengthMs(a) || a.startMs - b.startMs);
    const items = longest
      .slice(0, SHOWN)
      .map(
        (gap) => `gap of ${duration(lengthMs(gap) / HOUR_MS)} from ${clock(gap.startMs)}: ${GAP_REASONS[gap.reason]}`,
      );
    const more = longest.length - SHOWN;
    if (more > 0) items.push(`${more} shorter gaps not shown; --format csv --table gaps has all`);
    blocks.push({ kind: "list", items });
  }
  blocks.push({ kind: "timeline", series, report });
  return blocks;
}

function lengthMs(gap: Gap): number {
  return gap.endMs - gap.startMs;
}
