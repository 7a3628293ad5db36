import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { count, hours, localDate, localTime, number } from "../layout/format.js";
import { seriesName } from "./names.js";

const UNITS = { "backup-hour": "backup time", hour: "covered time" } as const;

/** How much longer without a hang, and by which date at the present pace. */
export function planText(series: AdapterReport, report: Report): string {
  const { waiting, verdict } = series;
  if (waiting.status !== "ok")
    return `No plan: ${waiting.because}.${waiting.need === null ? "" : ` Needed: ${waiting.need}.`}`;
  const { unit, remainingHoursAnytime, remainingRuns, dateMs, soFarHours } = waiting.value;
  if (verdict.rung === "improvement-shown" || remainingHoursAnytime === 0)
    return `Nothing more to wait for: ${hours(soFarHours)} of ${UNITS[unit]} without a hang are enough.`;
  const runs = remainingRuns === null ? "" : `, about ${count(remainingRuns, "backup run")}`;
  const date = dateMs === null ? "" : `, until about ${localDate(dateMs, report.options.timeZone)} at the present pace`;
  return `Wait: ${hours(remainingHoursAnytime)} more of ${UNITS[unit]} without a hang${runs}${date}.`;
}

/** The plan of every series: what is waited for, and what one more hang would do. */
export function planBlocks(report: Report): Block[] {
  if (report.series.length === 0)
    return [{ kind: "paragraph", text: "No message of an e1000e adapter in this ledger: there is nothing to plan." }];
  return report.series.flatMap((series): Block[] => {
    const judged = series.changes.find(({ id }) => id === series.verdict.change);
    const items: string[] = [];
    if (judged !== undefined)
      items.push(`judged: ${judged.title}, ${localTime(judged.timeMs, report.options.timeZone)}`);
    if (series.waiting.status === "ok") {
      const { soFarHours, unit, rateUpperPer1000Hours } = series.waiting.value;
      items.push(`so far: ${hours(soFarHours)} of ${UNITS[unit]} without a hang since then`);
      if (rateUpperPer1000Hours !== null)
        items.push(`what may still hide behind that: up to ${number(rateUpperPer1000Hours)} hangs per 1000 h`);
    }
    items.push(hangText(series));
    return [
      { kind: "heading", text: seriesName(series) },
      { kind: "paragraph", text: planText(series, report) },
      { kind: "list", items },
    ];
  });
}

function hangText({ ifHang, verdict }: AdapterReport): string {
  if (ifHang.status !== "ok") return `if a hang came tomorrow: cannot say, ${ifHang.because}`;
  const { rung, remainingHours, unit } = ifHang.value;
  const answer = rung === verdict.rung ? `the answer would still be ${rung}` : `the answer would be ${rung}`;
  const wait =
    remainingHours === null
      ? "no silence after it would be long enough: a new comparison from then on would be needed"
      : remainingHours === 0
        ? "nothing more would have to be waited for"
        : `${hours(remainingHours)} of ${UNITS[unit]} without another would be needed`;
  return `if a hang came tomorrow: ${answer}; ${wait}`;
}
