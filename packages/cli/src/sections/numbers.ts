import type {
  AdapterReport,
  Burstiness,
  Efficacy,
  EpisodeSensitivity,
  LagRow,
  RateComparison,
  RateSide,
  Report,
  Waiting,
} from "@hangproof/analyzer";
import { type Block, left, right } from "../layout/document.js";
import { count, duration, hours, localDate, number, percent, probability } from "../layout/format.js";
import { associationCheckBlocks, contrastBlocks, doseBlocks, efficacyCheckItems } from "./checks.js";
import { intervalText, rangeText, ratioValue } from "./ratios.js";

/** The figures behind the sentences: rates with intervals, ratios with p and e-value, and how long to wait. */
export function numberBlocks(series: AdapterReport, report: Report): Block[] {
  const { association, waiting } = series;
  const blocks: Block[] = [{ kind: "heading", text: "Numbers: in and out of backups" }];
  blocks.push({ kind: "paragraph", text: association.sentence });
  if (association.crude.status === "ok") {
    blocks.push(rateTable(association.crude.value));
    const items = [ratioText(association.crude.value)];
    if (association.stratified.status === "ok") {
      const { ratio, interval, pCentral, strata } = association.stratified.value;
      items.push(
        `over ${count(strata, "epoch")}: ratio ${ratioValue(ratio)}, ${intervalText(interval)}, p${probability(pCentral)}`,
      );
    }
    if (association.circularShift.status === "ok") {
      const { p, smallestPossible, expected, observed } = association.circularShift.value;
      items.push(
        `shifting the backups against the hangs: ${observed} in backups, ${number(expected)} expected by chance, ` +
          `p${probability(p)} (smallest possible ${number(smallestPossible)})`,
      );
    }
    blocks.push({ kind: "list", items });
  }
  if (series.lags.length > 1) blocks.push(lagBlock(series.lags));
  blocks.push(...associationCheckBlocks(series), ...doseBlocks(series.dose));
  const judged = series.efficacy.find(({ change }) => change === series.verdict.change);
  if (judged !== undefined) blocks.push(...efficacyBlocks(judged, series.sensitivity));
  blocks.push(...contrastBlocks(series.contrasts));
  if (series.changeDate.status === "ok") {
    const { sentence, lnBayesFactor, p } = series.changeDate.value;
    const factor = `ln of the Bayes factor ${number(lnBayesFactor)}, p${probability(p)}`;
    blocks.push({ kind: "heading", text: "Numbers: date of a change" });
    blocks.push({ kind: "paragraph", text: `${sentence} (${factor}, searched over all dates)` });
  }
  if (series.recurrence.status === "ok") {
    blocks.push({ kind: "heading", text: "Numbers: how often it recurs" });
    blocks.push({ kind: "paragraph", text: series.recurrence.value.sentence });
  }
  blocks.push({ kind: "heading", text: "Numbers: how long to wait" });
  blocks.push({
    kind: "paragraph",
    text:
      waiting.status === "ok"
        ? waitingText(waiting.value, report)
        : `Cannot say: ${waiting.because}.${waiting.need === null ? "" : ` Needed: ${waiting.need}.`}`,
  });
  return blocks;
}

/** The answer on backups with other lines drawn behind their ends. */
function lagBlock(lags: readonly LagRow[]): Block {
  return {
    kind: "table",
    columns: [
      left("a hang counts as in a backup up to"),
      right("hangs"),
      right("hours"),
      right("ratio"),
      left(percent(lags[0]?.interval.level ?? 0.95)),
    ],
    rows: lags.map(({ lagMs, events, hours: inside, ratio, interval }) => [
      lagMs === 0 ? "its end" : `${duration(lagMs / 3_600_000)} after it`,
      String(events),
      number(inside),
      ratioValue(ratio),
      rangeText(interval),
    ]),
  };
}

function efficacyBlocks(efficacy: Efficacy, sensitivity: readonly EpisodeSensitivity[]): Block[] {
  const blocks: Block[] = [{ kind: "heading", text: `Numbers: before and after change ${efficacy.change}` }];
  const refusals: string[] = [];
  for (const comparison of [efficacy.perBackupHour, efficacy.perHour]) {
    if (comparison.status === "ok")
      blocks.push(rateTable(comparison.value), { kind: "list", items: [ratioText(comparison.value)] });
    else refusals.push(`Cannot compare: ${comparison.because}`);
  }
  const items: string[] = [];
  if (efficacy.perRun.status === "ok") {
    const { before, after, pLess, pLessUnconditional, cleanRunsNeeded } = efficacy.perRun.value;
    items.push(
      `per run: hang in ${before.hit} of ${count(before.runs, "run")} before, ${after.hit} of ${count(after.runs, "run")} ` +
        `after, p${probability(pLess)} for fewer` +
        `${pLessUnconditional === null ? "" : ` (p${probability(pLessUnconditional)} by Boschloo)`}` +
        `${cleanRunsNeeded === null ? "" : `; ${count(cleanRunsNeeded, "clean run")} after the change would do`}`,
    );
  }
  if (efficacy.sequential.status === "ok") {
    const { improved, worse, boundary, upperAnytime, intervalAnytime } = efficacy.sequential.value;
    items.push(
      `evidence that holds although you look every week: ${number(improved)} for fewer, ${number(worse)} for more; ` +
        `the claim is made at ${number(boundary)}` +
        `${upperAnytime === null ? "" : `; at most ${number(upperAnytime)} of the old rate`}` +
        `; ratio from ${rangeText(intervalAnytime)} at every look (${percent(intervalAnytime.level)})`,
    );
  }
  if (efficacy.bayes.status === "ok") {
    const { pImproved, pHalved, prior } = efficacy.bayes.value;
    items.push(`chance of fewer ${chance(pImproved)}, of half or less ${chance(pHalved)} (${prior})`);
  }
  if (efficacy.burstiness.status === "ok") items.push(burstText(efficacy.burstiness.value));
  items.push(...efficacyCheckItems(efficacy.checks), ...sensitivityItems(sensitivity), ...refusals);
  blocks.push({ kind: "list", items });
  return blocks.filter((block) => block.kind !== "list" || block.items.length > 0);
}

/** Whether hangs come together, and what that does to interval and verdict. */
function burstText(burst: Burstiness): string {
  const { phi, p, widened, clustersBefore, clustersAfter, intervalOnClusters, rungOnClusters } = burst;
  const clustered = intervalOnClusters === null ? "" : `, ${intervalText(intervalOnClusters)}`;
  const interval = widened === null ? "" : `; ${intervalText(widened)} of the ratio with that`;
  return (
    `dispersion of hangs before the change ${number(phi)} (independent: 1), p${probability(p)}${interval}; hangs of one ` +
    `backup counted once: ${clustersBefore} before, ${clustersAfter} after${clustered}, ${rungOnClusters}`
  );
}

/** Whether it matters what counts as one episode. */
function sensitivityItems(sensitivity: readonly EpisodeSensitivity[]): string[] {
  const judged = sensitivity.filter(({ rung }) => rung !== null);
  const [first] = judged;
  if (first === undefined) return [];
  const gap = (ms: number) => duration(ms / 3_600_000);
  const from = gap(Math.min(...judged.map(({ gapThresholdMs }) => gapThresholdMs)));
  const to = gap(Math.max(...judged.map(({ gapThresholdMs }) => gapThresholdMs)));
  if (judged.every(({ rung }) => rung === first.rung))
    return [`whatever gap ends an episode, ${from} to ${to}, the verdict is the same`];
  const each = judged.map(({ gapThresholdMs, episodes, rung }) => `${gap(gapThresholdMs)}: ${episodes}, ${rung}`);
  return [`episodes and verdict by the gap that ends an episode: ${each.join("; ")}`];
}

function rateTable(comparison: RateComparison): Block {
  const unit = comparison.unit === "backup-hour" ? "backup-hours" : "hours";
  return {
    kind: "table",
    columns: [left(""), right("hangs"), right(unit), right("per 1000 h"), left(percent(comparison.interval.level))],
    rows: [comparison.reference, comparison.compared].map(rateRow),
  };
}

function rateRow(side: RateSide): string[] {
  return [
    side.label,
    String(side.events),
    number(side.exposureHours),
    side.per1000Hours === null ? "unknown" : number(side.per1000Hours),
    side.exposureHours > 0 ? rangeText(side.interval) : "",
  ];
}

function ratioText(comparison: RateComparison): string {
  return (
    `${comparison.compared.label} against ${comparison.reference.label}: ratio ${ratioValue(comparison.ratio)}, ` +
    `${intervalText(comparison.interval)}; p${probability(comparison.pLess)} for fewer, ` +
    `p${probability(comparison.pGreater)} for more`
  );
}

/** Certainty does not come from counts: neither end is ever printed as 0 or 1. */
function chance(p: number): string {
  if (p > 0.999) return "> 0.999";
  return p < 0.001 ? "< 0.001" : String(Number(p.toPrecision(3)));
}

function waitingText(waiting: Waiting, report: Report): string {
  const unit = waiting.unit === "backup-hour" ? "backup-hours" : "covered hours";
  const runs = waiting.remainingRuns === null ? "" : `, about ${count(waiting.remainingRuns, "run")}`;
  const date =
    waiting.dateMs === null ? "" : `, about ${localDate(waiting.dateMs, report.options.timeZone)} at the present pace`;
  const limit = waiting.rateUpperPer1000Hours;
  const wait = (remaining: number, needed: number, more: string): string =>
    remaining === 0
      ? `enough (${hours(needed)} needed)`
      : `${hours(remaining)} more without a hang (${hours(needed)} in all)${more}`;
  return (
    `${number(waiting.soFarHours)} hang-free ${unit} since the change. Had nothing changed, a silence this long would ` +
    `happen with probability ${number(waiting.chanceOfSilence)}. To show fewer hangs with one look: ` +
    `${wait(waiting.remainingHours, waiting.neededHours, "")}; looking every week: ` +
    `${wait(waiting.remainingHoursAnytime, waiting.neededHoursAnytime, `${runs}${date}`)}.` +
    `${limit === null ? "" : ` A rate of up to ${number(limit)} per 1000 h may still hide behind it.`}`
  );
}
