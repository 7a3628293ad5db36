import type { AdapterReport, Outcome, RateComparison, Report, SeriesComparison } from "@hangproof/analyzer";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { count, localDate, number, percent, probability } from "../layout/format.js";
import { seriesName } from "./names.js";
import { rangeText, ratioValue } from "./ratios.js";

/** One side: what it is called, its report, and which of its series is compared. */
export interface Side {
  readonly label: string;
  readonly report: Report;
  readonly series: AdapterReport;
}

/** Two sides beside each other, and what the difference is worth. */
export function compareBlocks([first, second]: readonly [Side, Side], comparison: SeriesComparison): Block[] {
  const row = (name: string, of: (side: Side) => string): string[] => [name, of(first), of(second)];
  return [
    { kind: "heading", text: `${first.label} and ${second.label}` },
    {
      kind: "table",
      columns: [leftWhole(""), left(first.label), left(second.label)],
      rows: [
        row("adapter", ({ series }) => seriesName(series)),
        row("from, to", spanOf),
        row("kernel", ({ series }) => series.boots.at(-1)?.kernelRelease ?? "not in the log"),
        row("covered hours", ({ series }) => number(series.coverage.coveredHours)),
        row("hangs", ({ series }) => String(series.episodes.length)),
        row("backup runs, with a hang", ({ series }) => {
          const watched = series.runs.filter(({ covered }) => covered);
          return `${watched.length}, ${watched.filter(({ hit }) => hit).length}`;
        }),
        row("minutes without traffic", ({ series }) => number(series.coverage.hangHours * 60)),
        row("verdict on its own change", ({ series }) => series.verdict.rung),
      ],
    },
    ...rates("per hour", comparison.perHour),
    ...rates("per hour of backup", comparison.perBackupHour),
    ...runsOf(comparison),
    {
      kind: "warning",
      text: "Two hosts, or two periods, differ in more than one thing: this says whether they differ, not why.",
    },
  ];
}

function spanOf({ series, report }: Side): string {
  const { span } = series.coverage;
  if (span === null) return "not known";
  if (series.relativeTime) return "since one boot";
  const { timeZone } = report.options;
  return `${localDate(span.startMs, timeZone)} to ${localDate(span.endMs, timeZone)}`;
}

function rates(unit: string, outcome: Outcome<RateComparison>): Block[] {
  if (outcome.status !== "ok") return [{ kind: "paragraph", text: `Hangs ${unit}: cannot say, ${outcome.because}.` }];
  const { reference, compared, ratio, interval, pCentral } = outcome.value;
  return [
    {
      kind: "table",
      columns: [
        left(`hangs ${unit}`),
        right("hangs"),
        right("hours"),
        right("per 1000 h"),
        left(percent(interval.level)),
      ],
      rows: [reference, compared].map((side) => [
        side.label,
        String(side.events),
        number(side.exposureHours),
        side.per1000Hours === null ? "unknown" : number(side.per1000Hours),
        side.exposureHours > 0 ? rangeText(side.interval) : "",
      ]),
    },
    {
      kind: "paragraph",
      text:
        `${compared.label} against ${reference.label}: ratio ${ratioValue(ratio)}, ${percent(interval.level)} interval ` +
        `${rangeText(interval)}, p${probability(pCentral)} two-sided.`,
    },
  ];
}

function runsOf({ perRun }: SeriesComparison): Block[] {
  if (perRun.status !== "ok") return [];
  const { before, after, pLess } = perRun.value;
  return [
    {
      kind: "paragraph",
      text: `A hang in ${before.hit} of ${count(before.runs, "run")} and ${after.hit} of ${after.runs}, p${probability(pLess)} for fewer.`,
    },
  ];
}
