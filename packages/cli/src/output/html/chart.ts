import type { AdapterReport, Report } from "@hangproof/analyzer";
import { count, localDate, number } from "../../layout/format.js";
import { html } from "./escape.js";

const WIDTH = 700;
const HEIGHT = 180;
const LEFT = 60;
const BOTTOM = 24;
const TOP = 10;

interface Chart {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly xEnds: readonly [low: number, high: number];
  readonly yEnds: readonly [low: number, high: number];
  readonly xTicks: readonly { readonly at: number; readonly label: string }[];
  readonly yTicks: readonly { readonly at: number; readonly label: string }[];
  /** A level to be reached; null: none. */
  readonly boundary: number | null;
  /** The figure in words. */
  readonly said: string;
  readonly caption: string;
}

/** A step line: what was so at a point stays so until the next. */
function chart({ points, xEnds, yEnds, xTicks, yTicks, boundary, said, caption }: Chart): string {
  const place = (value: number, [low, high]: readonly [number, number], from: number, to: number): string =>
    (from + ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (to - from)).toFixed(1);
  const x = (value: number): string => place(value, xEnds, LEFT, WIDTH - 10);
  const y = (value: number): string => place(value, yEnds, HEIGHT - BOTTOM, TOP);
  const line = points.map((point, i) => (i === 0 ? `M${x(point.x)} ${y(point.y)}` : `H${x(point.x)}V${y(point.y)}`));
  const across = xTicks.map(
    ({ at, label }) => `<text x="${x(at)}" y="${HEIGHT - 6}" text-anchor="middle">${html(label)}</text>`,
  );
  const up = yTicks.map(
    ({ at, label }) =>
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(at)}" y2="${y(at)}"/><text x="${LEFT - 6}" y="${y(at)}" dy="4" text-anchor="end">${html(label)}</text>`,
  );
  const level =
    boundary === null
      ? ""
      : `<line class="change" x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(boundary)}" y2="${y(boundary)}"/>`;
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(said)}">${up.join("")}${across.join("")}${level}` +
    `<path class="step" d="${line.join("")}H${x(xEnds[1])}"/></svg><figcaption>${html(caption)}</figcaption></figure>`
  );
}

/** The e-value at every look, on a logarithmic scale, with the level at which the claim is made. */
export function evidenceFigure(series: AdapterReport, report: Report): string {
  const judged = series.efficacy.find(({ change }) => change === series.verdict.change);
  if (judged?.sequential.status !== "ok") return "";
  const { looks, boundary, improved } = judged.sequential.value;
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || looks.length < 2) return "";
  const logs = looks.map((look) => Math.log10(Math.max(look.improved, 1e-300)));
  const goal = Math.log10(boundary);
  const low = Math.floor(Math.max(-3, Math.min(-1, ...logs)));
  const high = Math.ceil(Math.min(12, Math.max(goal + 0.5, ...logs)));
  const steps = Math.ceil((high - low) / 6);
  const date = (ms: number): string => (series.relativeTime ? "" : localDate(ms, report.options.timeZone));
  return chart({
    points: looks.map(({ timeMs }, i) => ({ x: timeMs, y: logs[i]! })),
    xEnds: [first.timeMs, last.timeMs],
    yEnds: [low, high],
    xTicks: [0.1, 0.5, 0.9].map((share) => {
      const at = first.timeMs + share * (last.timeMs - first.timeMs);
      return { at, label: date(at) };
    }),
    yTicks: Array.from({ length: Math.floor((high - low) / steps) + 1 }, (_, i) => {
      const at = low + i * steps;
      return { at, label: number(10 ** at) };
    }),
    boundary: goal,
    said: `Evidence for fewer hangs at ${count(looks.length, "look")}: ${number(improved)} at the last; the claim is made at ${number(boundary)}`,
    caption: `Evidence for fewer hangs at each look since the change; the claim is made at ${number(boundary)} (dashed), whenever it is reached.`,
  });
}

/** Hangs counted up along the exposure; a straight line is a constant rate. */
export function cumulativeFigure(series: AdapterReport): string {
  if (series.recurrence.status !== "ok") return "";
  const { cumulative, exposureHours, hangs, unit } = series.recurrence.value;
  const noun = unit === "backup-hour" ? "backup-hours" : "hours at risk";
  return chart({
    points: [{ x: 0, y: 0 }, ...cumulative.map((point) => ({ x: point.exposureHours, y: point.hangs }))],
    xEnds: [0, exposureHours],
    yEnds: [0, hangs],
    xTicks: [0.1, 0.5, 0.9].map((share) => ({ at: share * exposureHours, label: number(share * exposureHours) })),
    yTicks: [0, hangs].map((at) => ({ at, label: number(at) })),
    boundary: null,
    said: `${count(hangs, "hang")} in ${number(exposureHours)} ${noun}, counted up`,
    caption: `Hangs counted up over ${noun}: a straight line is a constant rate, a flat end a silence.`,
  });
}
