import type { AdapterReport, Report } from "@hangproof/analyzer";
import { count, zoneOffsetMs } from "../../layout/format.js";
import { html } from "./escape.js";

const HOUR_MS = 3_600_000;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const CELL = 26;
const LEFT = 48;
const TOP = 20;
/** Runs that are drawn; a run is a night's, so these are years. */
const MOST_HOURS = 200_000;

/** Hour of the week: how often a backup ran (shade), and how many hangs began (number). */
export function weekFigure(series: AdapterReport, report: Report): string {
  if (series.relativeTime || series.episodes.length === 0) return "";
  const zone = report.options.timeZone;
  const slot = (ms: number): number => {
    const local = Math.floor((ms + zoneOffsetMs(ms, zone)) / HOUR_MS);
    // 1 January 1970 was a Thursday.
    return (((local + 3 * 24) % 168) + 168) % 168;
  };
  const runs = new Array<number>(168).fill(0);
  let drawn = 0;
  for (const { startMs, endMs } of series.runs)
    for (let ms = startMs; ms < endMs && drawn < MOST_HOURS; ms += HOUR_MS, drawn += 1) runs[slot(ms)]! += 1;
  const hangs = new Array<number>(168).fill(0);
  for (const { onsetMs } of series.episodes) hangs[slot(onsetMs)]! += 1;
  const most = Math.max(1, ...runs);
  const cells = runs.map((n, i) => {
    const x = LEFT + (i % 24) * CELL;
    const y = TOP + Math.floor(i / 24) * CELL;
    const label = `${DAYS[Math.floor(i / 24)]} ${i % 24}:00: ${count(n, "backup run")}, ${count(hangs[i]!, "hang")}`;
    const hung =
      hangs[i]! > 0
        ? `<circle class="hang" cx="${x + 12}" cy="${y + 12}" r="${Math.min(11, 4 + 2 * hangs[i]!)}"/>`
        : "";
    return `<g><title>${html(label)}</title><rect class="seen" x="${x}" y="${y}" width="24" height="24"/><rect class="cell" opacity="${(n / most).toFixed(2)}" x="${x}" y="${y}" width="24" height="24"/>${hung}</g>`;
  });
  const hours = [0, 6, 12, 18].map((hour) => `<text x="${LEFT + hour * CELL}" y="13">${hour}:00</text>`);
  const days = DAYS.map((day, i) => `<text x="0" y="${TOP + i * CELL + 17}">${day}</text>`);
  const hit = hangs.map((n, i) => [n, i] as const).filter(([n]) => n > 0);
  const said = `Hangs by hour of the week (${zone}): ${hit.map(([n, i]) => `${DAYS[Math.floor(i / 24)]} ${i % 24}:00 ${n}`).join(", ")}`;
  return (
    `<figure><svg viewBox="0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}" role="img" aria-label="${html(said)}">${hours.join("")}${days.join("")}${cells.join("")}</svg>` +
    `<figcaption>Hour of the week: the darker, the more backup runs; dots: hangs.</figcaption></figure>`
  );
}
