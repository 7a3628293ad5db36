import type { CheckResult } from "@hangproof/ledger";
import type { Block } from "../layout/document.js";
import { differenceItems } from "./differences.js";
import { seriesName } from "./names.js";
import { planText } from "./plan.js";

/** What changed since the last check and why, then each verdict with what would move it. */
export function checkBlocks(
  { report, previous, differences }: CheckResult,
  { read, timeZone }: { readonly read: string; readonly timeZone: string },
): Block[] {
  const blocks: Block[] = [{ kind: "paragraph", text: read }];
  const items = differenceItems(differences, timeZone);
  if (items.length > 0) blocks.push({ kind: "heading", text: "Since the last check" }, { kind: "list", items });
  else if (previous !== null) blocks.push({ kind: "paragraph", text: "Nothing is different." });
  for (const series of report.series) {
    const { verdict } = series;
    blocks.push(
      { kind: "heading", text: seriesName(series) },
      { kind: "paragraph", text: verdict.headline },
      { kind: "paragraph", text: verdict.wouldMove },
      { kind: "paragraph", text: planText(series, report) },
    );
  }
  return blocks;
}
