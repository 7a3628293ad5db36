import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { count, localTime, percent } from "../layout/format.js";
import { adapterBlocks } from "./adapter.js";
import { backupBlocks } from "./backups.js";
import { coverageBlocks } from "./coverage.js";
import { episodeBlocks } from "./episodes.js";
import { evidenceBlocks } from "./evidence.js";
import { placeName, seriesName, TONES } from "./names.js";
import { numberBlocks } from "./numbers.js";
import { settingBlocks } from "./settings.js";
import { verdictReasons } from "./verdict.js";

/** The whole report in reading order: the answer, why, what it stands on, what it was made from. */
export function reportDocument(report: Report): Block[] {
  const { series } = report;
  const several = series.length > 1;
  const blocks: Block[] = [];
  if (series.length === 0) blocks.push(nothing(report));
  for (const one of series) blocks.push(verdictOf(one, several));
  blocks.push(...otherDriverBlocks(report));
  for (const one of series) blocks.push(...seriesBlocks(one, report, several));
  return [...blocks, ...evidenceBlocks(report), ...optionBlocks(report)];
}

function nothing({ options }: Report): Block {
  return {
    kind: "verdict",
    tone: "unsure",
    headline: `Cannot say: no message of ${options.driver === undefined ? "an e1000e adapter" : `an adapter of ${options.driver}`} in this evidence.`,
    wouldMove: "A kernel log of the host would change that: journalctl -o short-iso-precise --no-pager > journal.txt",
  };
}

/** What must not be taken for "no hang": another driver's. */
function otherDriverBlocks({ otherDrivers }: Report): Block[] {
  if (otherDrivers.length === 0) return [];
  const items = otherDrivers.map(({ host, driver, interface: name, lines, place }) => {
    const who = [host, driver ?? "a driver that is not named", name].filter((word) => word !== null).join(" ");
    return `${who}: ${count(lines, "line")}, first at ${placeName(place)}`;
  });
  return [
    { kind: "warning", text: "Hangs of other drivers are in this evidence. They are not judged here:" },
    { kind: "list", items },
  ];
}

function verdictOf(series: AdapterReport, several: boolean): Block {
  const { verdict } = series;
  return {
    kind: "verdict",
    tone: TONES[verdict.rung],
    headline: several ? `${seriesName(series)}: ${verdict.headline}` : verdict.headline,
    wouldMove: verdict.wouldMove,
  };
}

function seriesBlocks(series: AdapterReport, report: Report, several: boolean): Block[] {
  return [
    ...(several ? [{ kind: "heading", text: seriesName(series) } as const] : []),
    ...verdictReasons(series, report),
    ...coverageBlocks(series, report),
    ...episodeBlocks(series, report),
    ...backupBlocks(series, report),
    ...settingBlocks(series, report),
    ...numberBlocks(series, report),
    ...adapterBlocks(series),
  ];
}

function optionBlocks(report: Report): Block[] {
  const { options } = report;
  const zone = options.timeZone;
  const range = [
    options.since === null ? "" : ` from ${localTime(options.since, zone)}`,
    options.until === null ? "" : ` until ${localTime(options.until, zone)}`,
  ].join("");
  return [
    { kind: "heading", text: "Made with" },
    {
      kind: "paragraph",
      text:
        `Report ${options.driver === undefined ? "" : `on ${options.driver} `}of ${localTime(report.now, zone)}; times in ${zone}${range === "" ? "" : `; judged${range}`}; ` +
        `level ${percent(options.confidence)}; a hang counts as in a backup up to ${options.lagMs / 60_000} min after ` +
        `its end; reports more than ${options.gapThresholdMs / 1000} s apart are two episodes; seed ${options.seed}; ` +
        (options.looks === "single" ? "one look, declared in advance." : "looked at repeatedly."),
    },
  ];
}
