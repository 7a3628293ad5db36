import type { FleetChange, FleetGrouping, FleetRate, FleetReport, FleetUnitReport } from "@hangproof/analyzer";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { count, number, percent, probability } from "../layout/format.js";
import { intervalText, rangeText, ratioValue } from "./ratios.js";

/** Of a long list of adapters so many are shown; the JSON has all. */
const MOST_UNITS = 30;
const MOST_NAMES = 20;

/** A fleet report for people. */
export function fleetBlocks(report: FleetReport): Block[] {
  return [
    { kind: "heading", text: "Fleet" },
    { kind: "paragraph", text: report.headline },
    ...report.remarks.map((text): Block => ({ kind: "warning", text })),
    ...report.changes.flatMap(changeBlocks),
    ...unitBlocks(report),
    ...report.groups.flatMap(groupBlocks),
    { kind: "heading", text: "What the numbers rest on" },
    { kind: "list", items: report.assumptions },
  ];
}

function changeBlocks(change: FleetChange): Block[] {
  const { perHour, perBackupHour, controlled, without } = change;
  const items: string[] = [];
  if (perHour.status === "ok") {
    const { ratio, interval, pLess, pLessAdjusted, pGreater, pGreaterAdjusted, method } = perHour.value;
    items.push(
      `per hour: ratio ${ratioValue(ratio)}, ${intervalText(interval)}; ` +
        `fewer: p${probability(pLess)}, by Holm over all changes p${probability(pLessAdjusted ?? 1)}; ` +
        `more: p${probability(pGreater)}, by Holm p${probability(pGreaterAdjusted ?? 1)} (${method})`,
    );
  }
  items.push(
    perBackupHour.status === "ok"
      ? `per hour of backup: ratio ${ratioValue(perBackupHour.value.ratio)}, ${intervalText(perBackupHour.value.interval)}`
      : `per hour of backup: ${perBackupHour.because}`,
  );
  if (controlled.status === "ok") {
    const { ratio, interval, pLess, controls, assumption, method } = controlled.value;
    items.push(
      `against ${count(controls, "adapter")} that changed nothing: ratio of ratios ${ratioValue(ratio)}, ` +
        `${intervalText(interval)}, p${probability(pLess)} of so little by chance (${method}); it assumes that ${assumption}`,
    );
  }
  if (without.length > 0) items.push(`never made on ${count(without.length, "host")}: ${someOf(without)}`);
  return [
    { kind: "heading", text: `Change: ${change.title}` },
    { kind: "paragraph", text: change.sentence },
    { kind: "list", items },
  ];
}

function unitBlocks({ units, variation, confidence }: FleetReport): Block[] {
  const worse = units.filter(({ isWorse }) => isWorse);
  const text =
    variation.status === "ok"
      ? `True rates vary by ${percent(variation.value.variation)} of their mean, ` +
        `${number(variation.value.per1000Hours)} per 1,000 hours (p${probability(variation.value.p)} of no variation).`
      : `How much hosts differ in truth cannot be said: ${variation.because}.`;
  const shown = units.slice(0, MOST_UNITS);
  return [
    { kind: "heading", text: "Adapters, the worst first" },
    { kind: "paragraph", text },
    {
      kind: "paragraph",
      text:
        worse.length === 0
          ? `None has more hangs than chance among adapters of one rate would give (exact Poisson, Holm, ${percent(1 - confidence)}).`
          : `Worse than chance (exact Poisson against all others, Holm, ${percent(1 - confidence)}): ${someOf(worse.map(nameOf))}.`,
    },
    {
      kind: "table",
      columns: [left("host"), leftWhole("adapter"), ...RATE_COLUMNS, right("luck taken out"), right("p worse")],
      rows: shown.map((unit) => [
        unit.host,
        unit.adapter ?? "unknown",
        ...rateCells(unit),
        unit.shrunken === null ? "" : `${number(unit.shrunken.per1000Hours)} (${rangeText(unit.shrunken.interval)})`,
        unit.pWorseAdjusted === null ? "" : number(unit.pWorseAdjusted),
      ]),
    },
    ...(units.length > shown.length
      ? [{ kind: "paragraph", text: `and ${units.length - shown.length} more; --format json has them all.` } as const]
      : []),
  ];
}

function groupBlocks({ by, levels, test }: FleetGrouping): Block[] {
  if (levels.length < 2) return [];
  const verdict =
    test.status === "ok" ? `One rate for all: p${probability(test.value.p)}.` : `No comparison: ${test.because}.`;
  return [
    { kind: "heading", text: `By ${by}` },
    {
      kind: "table",
      columns: [left(by), right("hosts"), ...RATE_COLUMNS],
      rows: levels.map((one) => [one.level ?? "not known", String(one.hosts), ...rateCells(one)]),
    },
    { kind: "paragraph", text: verdict },
  ];
}

const RATE_COLUMNS = [right("hangs"), right("hours at risk"), right("per 1,000 h"), right("interval")];

function rateCells({ episodes, atRiskHours, per1000Hours, interval }: FleetRate): string[] {
  return [
    String(episodes),
    number(atRiskHours),
    per1000Hours === null ? "" : number(per1000Hours),
    per1000Hours === null ? "" : rangeText(interval),
  ];
}

function nameOf({ host, adapter }: FleetUnitReport): string {
  return adapter === null ? host : `${host} ${adapter}`;
}

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
