import type { AdapterReport, Report, Span } from "@hangproof/analyzer";
import { count, duration, localDate, localMinute } from "../../layout/format.js";
import { html } from "./escape.js";

const WIDTH = 1000;
const LEFT = 84;
const RIGHT = 12;
const ROWS = [
  ["watched", 12],
  ["backups", 34],
  ["hangs", 56],
  ["boots", 78],
] as const;
const BOTTOM = 104;
const HOUR_MS = 3_600_000;
/** Zoomed pictures; more episodes are in the table. */
const MOST_ZOOMED = 6;
const MOST_MARKS = 2_000;

/** What happened when: coverage, backups, hangs, boots and changes over the whole time, then about each hang. */
export function timelines(series: AdapterReport, report: Report): string {
  const { span } = series.coverage;
  if (span === null || span.endMs <= span.startMs) return "";
  const whole = figure(series, report, span, "The whole time");
  const shown = series.episodes.slice(-MOST_ZOOMED);
  const zoomed = shown.map((episode) => {
    const around = Math.max(2 * HOUR_MS, episode.endMs - episode.onsetMs);
    const part = { startMs: episode.onsetMs - around, endMs: episode.endMs + around };
    return figure(series, report, part, `About hang ${episode.id}`);
  });
  const left = series.episodes.length - shown.length;
  const more = left > 0 ? `<p>${html(count(left, "earlier hang"))} not drawn.</p>` : "";
  if (zoomed.length === 0) return whole;
  return `${whole}<details><summary>About each hang</summary>${more}${zoomed.join("")}</details>`;
}

function figure(series: AdapterReport, report: Report, span: Span, title: string): string {
  const zone = report.options.timeZone;
  const moment = (ms: number): string =>
    series.relativeTime
      ? `boot + ${duration(ms / HOUR_MS)}`
      : span.endMs - span.startMs > 3 * 24 * HOUR_MS
        ? localDate(ms, zone)
        : localMinute(ms, zone);
  const x = (ms: number): number =>
    LEFT +
    ((Math.min(span.endMs, Math.max(span.startMs, ms)) - span.startMs) / (span.endMs - span.startMs)) *
      (WIDTH - LEFT - RIGHT);
  const within = <Part extends { readonly startMs: number; readonly endMs: number }>(parts: readonly Part[]): Part[] =>
    parts.filter((part) => part.startMs < span.endMs && part.endMs > span.startMs).slice(0, MOST_MARKS);
  const bar = (kind: string, row: number, part: Span, label: string): string => {
    const width = Math.max(1.5, x(part.endMs) - x(part.startMs));
    return `<rect class="${kind}" x="${fixed(x(part.startMs))}" y="${row}" width="${fixed(width)}" height="16"><title>${html(label)}</title></rect>`;
  };
  const [watched, backups, hangs, boots] = ROWS.map(([, y]) => y) as [number, number, number, number];
  const seen = within(series.coverage.covered).map((part) =>
    bar("seen", watched, part, `watched ${moment(part.startMs)} to ${moment(part.endMs)}`),
  );
  const runs = within(series.runs).map((run) =>
    bar("window", backups, run, `backup ${moment(run.startMs)}, ${run.outcome}`),
  );
  const episodes = within(series.episodes.map((one) => ({ ...one, startMs: one.onsetMs })));
  const marks = episodes.map((one) => bar("hang", hangs, one, `hang ${one.id}, ${moment(one.onsetMs)}`));
  const starts = within(series.boots).map((boot) => {
    const at = fixed(x(boot.startMs));
    return `<line class="boot" x1="${at}" x2="${at}" y1="${boots}" y2="${boots + 14}"><title>${html(`boot ${moment(boot.startMs)}`)}</title></line>`;
  });
  const changes = series.changes
    .filter(({ kind, timeMs }) => kind !== "boot" && timeMs >= span.startMs && timeMs <= span.endMs)
    .slice(0, MOST_MARKS)
    .map((change) => {
      const at = fixed(x(change.timeMs));
      const label = html(`change ${change.id}, ${moment(change.timeMs)}: ${change.title}`);
      return `<line class="change" x1="${at}" x2="${at}" y1="4" y2="${boots + 16}"><title>${label}</title></line>`;
    });
  const labels = ROWS.map(([name, y]) => `<text x="0" y="${y + 13}">${name}</text>`);
  const ends =
    `<text x="${LEFT}" y="${BOTTOM}">${html(moment(span.startMs))}</text>` +
    `<text x="${WIDTH - RIGHT}" y="${BOTTOM}" text-anchor="end">${html(moment(span.endMs))}</text>`;
  const said = `${title}, ${moment(span.startMs)} to ${moment(span.endMs)}: ${count(episodes.length, "hang")}, ${count(runs.length, "backup run")}`;
  return (
    `<figure><svg viewBox="0 0 ${WIDTH} ${BOTTOM + 6}" role="img" aria-label="${html(said)}">` +
    `${seen.join("")}${runs.join("")}${marks.join("")}${starts.join("")}${changes.join("")}${labels.join("")}${ends}</svg>` +
    `<figcaption>${html(said)}. Dashed: a change.</figcaption></figure>`
  );
}

const fixed = (value: number): string => value.toFixed(1);
