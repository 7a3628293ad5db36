import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { clockOf, FLAGS, seriesName } from "./names.js";

/** Whose verdict it is, which change it judges, and why it is no higher on the ladder. */
export function verdictReasons(series: AdapterReport, report: Report): Block[] {
  const { verdict } = series;
  const change = series.changes.find(({ id }) => id === verdict.change);
  const blocks: Block[] = [
    {
      kind: "paragraph",
      text:
        change === undefined
          ? `${verdict.rung}. ${seriesName(series)}; no change to judge was found.`
          : `${verdict.rung}. ${seriesName(series)}; judged: change ${change.id}, ${change.title}, ` +
            `${clockOf(series, report)(change.timeMs)}.`,
    },
  ];
  if (verdict.noOp)
    blocks.push({
      kind: "warning",
      text: "The change is none: the driver's effective setting was the same before it. See settings below.",
    });
  if (report.suspicious.length > 0)
    blocks.push({
      kind: "warning",
      text: `${report.suspicious.length} hang lines are not vouched for by their container; see "suspicious" below.`,
    });
  const reasons = [...verdict.reasons, ...verdict.flags.map((flag) => `Held back: ${FLAGS[flag]}.`)];
  if (reasons.length > 0) blocks.push({ kind: "heading", text: "Why" }, { kind: "list", items: reasons });
  return blocks;
}
