import type { AdapterReport, AssociationCheck, DoseFactor, EfficacyChecks, SettingContrast } from "@hangproof/analyzer";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { count, number, percent, probability } from "../layout/format.js";
import { rangeText, ratioValue } from "./ratios.js";

const ASKED: Record<AssociationCheck["check"], string> = {
  "same-clock-hours": "same hours of the day",
  "same-boot": "same boot",
  "self-controlled": "same boot and part of day",
  "day-after-left-out": "days after hangs left out",
  "nights-without": "days without a backup",
  "before-backups": "control: earlier",
  "after-backups": "control: later",
};

/** The question on backups asked again, each time with one other explanation taken away. */
export function associationCheckBlocks({ association }: AdapterReport): Block[] {
  const rows = association.checks.flatMap(({ check, result }) => {
    if (result.status !== "ok") return [];
    const { ratio, interval, p, inside, outside } = result.value;
    const range = interval === null ? "" : ` (${rangeText(interval)})`;
    return [[ASKED[check], side(inside), side(outside), `${ratioValue(ratio)}${range}`, `p${probability(p)}`]];
  });
  const refusals = association.checks.flatMap(({ check, result }) =>
    result.status === "ok" ? [] : [`${ASKED[check]}: cannot say, ${result.because}`],
  );
  if (rows.length === 0) return refusals.length === 0 ? [] : [{ kind: "list", items: refusals }];
  return [
    {
      kind: "table",
      columns: [leftWhole("asked again"), left("in backups"), left("outside"), left("ratio"), left("chance")],
      rows,
    },
    {
      kind: "list",
      items: [
        "controls are windows as long as the backups, ended 30 min before or begun 2 h after them: they must show nothing",
        ...refusals,
      ],
    },
  ];
}

function side(of: { readonly hangs: number; readonly of: number; readonly unit: "hours" | "windows" } | null): string {
  if (of === null) return "";
  return of.unit === "hours" ? `${of.hangs} in ${number(of.of)} h` : `${of.hangs} of ${of.of}`;
}

/** Whether the rate in backups hangs on where they write, how and what. */
export function doseBlocks(factors: readonly DoseFactor[]): Block[] {
  if (factors.length === 0) return [];
  const blocks: Block[] = [{ kind: "heading", text: "Numbers: which backups" }];
  for (const { factor, levels, test } of factors)
    blocks.push(
      {
        kind: "table",
        columns: [
          left(factor),
          right("runs"),
          right("with a hang"),
          right("hours"),
          right("per 1000 h"),
          left("interval"),
        ],
        rows: levels.map(({ level, runs, runsHit, hours, per1000Hours, interval }) => [
          level,
          String(runs),
          String(runsHit),
          number(hours),
          per1000Hours === null ? "unknown" : number(per1000Hours),
          rangeText(interval),
        ]),
      },
      {
        kind: "paragraph",
        text:
          test.status === "ok"
            ? `One rate for all: p${probability(test.value.p)}, p${probability(test.value.pAdjusted)} with all factors in mind (${test.value.method}).`
            : `Cannot compare: ${test.because}.`,
      },
    );
  return blocks;
}

/** Each setting's states against each other, all other settings alike. */
export function contrastBlocks(contrasts: readonly SettingContrast[]): Block[] {
  if (contrasts.length < 2 && !contrasts.some(({ switches }) => switches > 1)) return [];
  const items = contrasts.map(({ setting, from, to, switches, unit, result }) => {
    const head = `${setting} ${to} against ${from} (switched ${count(switches, "time")})`;
    if (result.status !== "ok") return `${head}: ${result.because}`;
    const { ratio, interval, pLess, strata, hangsFrom, hoursFrom, hangsTo, hoursTo } = result.value;
    return (
      `${head}: ${hangsTo} in ${number(hoursTo)} against ${hangsFrom} in ${number(hoursFrom)} ${unit}s, ratio ` +
      `${ratioValue(ratio)}, ${percent(interval.level)} ${rangeText(interval)}, p${probability(pLess)} for fewer, over ` +
      `${count(strata, "state")} of everything else`
    );
  });
  return [
    { kind: "heading", text: "Numbers: several settings" },
    { kind: "list", items },
  ];
}

/** What else could look like an improvement, and what it came to. */
export function efficacyCheckItems(checks: EfficacyChecks): string[] {
  const { trigger, placebo, crashes, coveredBefore, coveredSince } = checks;
  const items: string[] = [];
  if (trigger !== null)
    items.push(
      `without the ${count(trigger.hangsLeftOut, "hang")} just before the change (people act after bad days): ` +
        `p${probability(trigger.pLess)} for fewer, ${trigger.rung}`,
    );
  if (placebo !== null)
    items.push(
      `of ${placebo.dates} other dates before the change, ${placebo.asLarge} show a drop as large as the real one`,
    );
  if (crashes !== null)
    items.push(
      `${count(crashes.count, "boot")} since the change ended without a shutdown in the log; with a hang in each: ${crashes.rung}`,
    );
  if (coveredBefore < 0.995 || coveredSince < 0.995)
    items.push(
      `of the time in which the host was on, ${share(coveredBefore)} before and ${share(coveredSince)} since is covered`,
    );
  return items;
}

/** Never all where something is missing, never nothing where something is there. */
function share(of: number): string {
  if (of >= 1) return "100 %";
  return of > 0.99 ? "more than 99 %" : percent(Number(of.toPrecision(2)));
}
