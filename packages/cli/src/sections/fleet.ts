import type {
  FleetChange,
  FleetContrasts,
  FleetGrouping,
  FleetRate,
  FleetReport,
  FleetUnitReport,
} from "@hangproof/analyzer";
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
    ...report.contrasts.flatMap(contrastBlocks),
    ...report.groups.flatMap(groupBlocks),
    ...calendarBlocks(report.calendar),
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
    const { ratio, interval, pLess, controls, assumption, method, calendar } = controlled.value;
    items.push(
      `over the same dates, where nothing was changed: ${count(calendar.before.episodes, "hang")} in ${number(calendar.before.hours)} hours, ` +
        `then ${calendar.after.episodes} in ${number(calendar.after.hours)}; ratio ${ratioValue(calendar.ratio)}, ${intervalText(calendar.interval)}`,
    );
    items.push(
      `against ${count(controls, "adapter")} that changed nothing: ratio of ratios ${ratioValue(ratio)}, ` +
        `${intervalText(interval)}, p${probability(pLess)} of so little by chance (${method}); it assumes that ${assumption}`,
    );
  }
  if (without.length > 0)
    items.push(`never made on ${count(without.length, "host")}, still on the old setting: ${someOf(without)}`);
  return [
    { kind: "heading", text: `Change: ${change.title}` },
    { kind: "paragraph", text: change.sentence },
    { kind: "list", items },
  ];
}

function unitBlocks({ units, variation, confidence }: FleetReport): Block[] {
  const worse = units.filter(({ isWorse }) => isWorse);
  const suspects = units.filter(({ isSuspect, isWorse }) => isSuspect && !isWorse);
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
    ...(suspects.length === 0
      ? []
      : [
          {
            kind: "paragraph",
            text:
              `Worth a look (false discovery rate ${percent(1 - confidence)} by Benjamini and Hochberg: of all named here and above ` +
              `so many are mistaken on average): ${someOf(suspects.map(nameOf))}.`,
          } as const,
        ]),
    ...forestBlocks(shown, variation),
    {
      kind: "table",
      columns: [
        left("host"),
        leftWhole("adapter"),
        ...RATE_COLUMNS,
        right("luck taken out"),
        right("p worse"),
        right("q"),
      ],
      rows: shown.map((unit) => [
        unit.host,
        unit.adapter ?? "unknown",
        ...rateCells(unit),
        unit.shrunken === null ? "" : `${number(unit.shrunken.per1000Hours)} (${rangeText(unit.shrunken.interval)})`,
        unit.pWorseAdjusted === null ? "" : number(unit.pWorseAdjusted),
        unit.pWorseDiscovery === null ? "" : number(unit.pWorseDiscovery),
      ]),
    },
    ...(units.length > shown.length
      ? [{ kind: "paragraph", text: `and ${units.length - shown.length} more; --format json has them all.` } as const]
      : []),
  ];
}

/** Rates with luck taken out, on one scale. */
function forestBlocks(units: readonly FleetUnitReport[], variation: FleetReport["variation"]): Block[] {
  if (variation.status !== "ok") return [];
  const rows = units.flatMap((unit) =>
    unit.shrunken === null
      ? []
      : [
          {
            label: nameOf(unit),
            value: unit.shrunken.per1000Hours,
            lower: unit.shrunken.interval.lower,
            upper: unit.shrunken.interval.upper,
            counted: unit.per1000Hours,
          },
        ],
  );
  const unit = "Hangs per 1,000 hours at risk";
  return [{ kind: "forest", forest: { rows, reference: variation.value.per1000Hours, unit } }];
}

const CONTRASTS: Readonly<Record<FleetContrasts["by"], string>> = { nic: "Hardware", kernel: "Kernels" };
const WITHIN: Readonly<Record<FleetContrasts["within"], string>> = {
  kernel: "under the same kernels",
  nic: "on the same hardware",
  adapter: "on the same adapters",
};

function contrastBlocks({ by, within, contrasts }: FleetContrasts): Block[] {
  const heading: Block = { kind: "heading", text: `${CONTRASTS[by]} ${WITHIN[within]}` };
  if (contrasts.status !== "ok") return [heading, { kind: "paragraph", text: `Not compared: ${contrasts.because}.` }];
  return [
    heading,
    { kind: "list", items: contrasts.value.map(({ sentence }) => sentence) },
    {
      kind: "table",
      columns: [
        left(by),
        right("ratio"),
        right("exact interval"),
        right("with spread"),
        right("p fewer, Holm"),
        right("p more, Holm"),
      ],
      rows: contrasts.value.map((one) => [
        one.level,
        ratioValue(one.ratio),
        rangeText(one.interval),
        one.spreadInterval === null ? "" : rangeText(one.spreadInterval),
        number(one.pLessAdjusted),
        number(one.pGreaterAdjusted),
      ]),
    },
  ];
}

function calendarBlocks({ months, trend }: FleetReport["calendar"]): Block[] {
  if (months.length < 2) return [];
  const text =
    trend.status === "ok"
      ? `Adapters that changed nothing went to ${number(trend.value.ratioPerMonth)} times their rate from month to month, ` +
        `${intervalText(trend.value.interval)}, p${probability(trend.value.p)} of no trend (${trend.value.method}). ` +
        "A change that was made everywhere at one time has that in it."
      : `Whether rates drift without any change cannot be said: ${trend.because}.`;
  return [
    { kind: "heading", text: "By calendar month" },
    { kind: "paragraph", text },
    {
      kind: "table",
      columns: [leftWhole("month"), right("hosts"), ...RATE_COLUMNS],
      rows: months.map((one) => [one.month, String(one.hosts), ...rateCells(one)]),
    },
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
