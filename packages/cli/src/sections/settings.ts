import type { AdapterReport, Change, Report, SettingState } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { clockOf, placeName } from "./names.js";

const SHOWN = 10;

/** What was asked for against what the driver said it does, and every change with what it did to the latter. */
export function settingBlocks(series: AdapterReport, report: Report): Block[] {
  const clock = clockOf(series, report);
  const blocks: Block[] = [{ kind: "heading", text: "Settings" }];
  if (series.settings.length === 0)
    blocks.push({
      kind: "paragraph",
      text: "No setting of the driver in this evidence; ethtool -C leaves no line in any log.",
    });
  for (const setting of series.settings) {
    blocks.push({ kind: "paragraph", text: `${setting.name}: ${setting.finding}` });
    blocks.push({ kind: "list", items: settingItems(setting, clock) });
  }
  if (series.changes.length > 0)
    blocks.push({ kind: "paragraph", text: "Changes:" }, { kind: "list", items: changeItems(series.changes, clock) });
  return blocks;
}

function settingItems(setting: SettingState, clock: (ms: number) => string): string[] {
  const when = (ms: number | null) => (ms === null ? "time unknown" : clock(ms));
  const asked = setting.requested.map(
    ({ value, from, timeMs, place }) => `requested ${value}, ${from} (${when(timeMs)}; ${placeName(place)})`,
  );
  const does = setting.effective.map(
    ({ mode, timeMs, place }) => `driver says ${mode} (${when(timeMs)}; ${placeName(place)})`,
  );
  const unread = setting.ignored.map(({ value, from, place }) => `not read: ${value}, ${from} (${placeName(place)})`);
  const seen = setting.shown.map(({ value, place }) => `ethtool showed ${value} (${placeName(place)})`);
  return [...last(asked), ...last(does), ...last(unread), ...last(seen)];
}

function last(items: readonly string[]): string[] {
  const more = items.length - SHOWN;
  return more > 0 ? [`${more} earlier not shown; --format json has all`, ...items.slice(-SHOWN)] : [...items];
}

function changeItems(changes: readonly Change[], clock: (ms: number) => string): string[] {
  const items = changes.slice(-SHOWN).map((change) => {
    const before = change.effectiveBefore ?? "unknown";
    const after = change.noOp ? "the same" : (change.effectiveAfter ?? "unknown");
    const together = change.together.length === 0 ? "" : `; in the same interval: ${change.together.join(", ")}`;
    return `change ${change.id}, ${clock(change.timeMs)}: ${change.title}; effective before: ${before}, after: ${after}${together}`;
  });
  const more = changes.length - SHOWN;
  return more > 0 ? [`${more} earlier changes not shown; --format csv --table changes has all`, ...items] : items;
}
