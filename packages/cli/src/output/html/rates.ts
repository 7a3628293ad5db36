import type { AdapterReport, Interval, RateComparison } from "@hangproof/analyzer";
import { number, percent } from "../../layout/format.js";
import { html } from "./escape.js";

const WIDTH = 700;
const LEFT = 250;
const RIGHT = 20;
const ROW = 26;
/** Ratios beyond a million to one are drawn at the edge. */
const MOST_DECADES = 6;

interface Row {
  readonly label: string;
  readonly ratio: number | null;
  readonly interval: Interval;
}

/** Ratios of rates with their exact intervals on one logarithmic scale; a ratio without a lower end begins at the edge. */
export function rateFigure(series: AdapterReport): string {
  const judged = series.efficacy.find(({ change }) => change === series.verdict.change);
  const rows = [
    rowOf("in backups / outside", series.association.crude),
    ...(judged === undefined
      ? []
      : [
          rowOf("after / before, per backup-hour", judged.perBackupHour),
          rowOf("after / before, per hour", judged.perHour),
        ]),
  ].filter((row) => row !== null);
  if (rows.length === 0) return "";
  const ends = rows
    .flatMap(({ ratio, interval }) => [ratio, interval.lower, interval.upper])
    .filter((one) => one !== null && one > 0 && Number.isFinite(one))
    .map((one) => Math.log10(one ?? 1));
  const low = Math.max(-MOST_DECADES, Math.floor(Math.min(-1, ...ends)));
  const high = Math.min(MOST_DECADES, Math.ceil(Math.max(1, ...ends)));
  const x = (value: number): number => {
    const at = value <= 0 ? low : Math.min(high, Math.max(low, Math.log10(value)));
    return LEFT + ((at - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  };
  const height = rows.length * ROW + 30;
  const drawn = rows.map(({ label, ratio, interval }, i) => {
    const y = i * ROW + 14;
    const from = x(interval.lower).toFixed(1);
    const to = x(interval.upper ?? Number.POSITIVE_INFINITY).toFixed(1);
    const point =
      ratio === null || ratio === 0 || !Number.isFinite(ratio)
        ? ""
        : `<circle class="point" cx="${x(ratio).toFixed(1)}" cy="${y}" r="4"/>`;
    return `<text x="0" y="${y + 4}">${html(label)}</text><line class="ratio" x1="${from}" x2="${to}" y1="${y}" y2="${y}"/>${point}`;
  });
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)).map((value) => {
    const at = x(value).toFixed(1);
    return `<line class="${value === 1 ? "change" : "axis"}" x1="${at}" x2="${at}" y1="0" y2="${height - 22}"/><text x="${at}" y="${height - 6}" text-anchor="middle">${html(number(value))}</text>`;
  });
  const said = rows.map(
    ({ label, ratio, interval }) =>
      `${label}: ${ratio === null ? "not defined" : number(ratio)}, ${percent(interval.level)} ${number(interval.lower)} to ${interval.upper === null ? "no limit" : number(interval.upper)}`,
  );
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${html(said.join("; "))}">${ticks.join("")}${drawn.join("")}</svg>` +
    `<figcaption>Ratios of rates with exact intervals; 1 means no difference. A line without a dot has its ratio at 0 or without limit.</figcaption></figure>`
  );
}

function rowOf(label: string, outcome: { readonly status: string; readonly value?: RateComparison }): Row | null {
  if (outcome.status !== "ok" || outcome.value === undefined) return null;
  const { ratio, interval } = outcome.value;
  return { label, ratio: ratio === "infinite" ? Number.POSITIVE_INFINITY : ratio, interval };
}
