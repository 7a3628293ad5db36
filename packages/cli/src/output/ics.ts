import { createHash } from "node:crypto";
import type { AdapterReport, BackupWindow, Episode, Report } from "@hangproof/analyzer";
import ICAL from "ical.js";
import { visible } from "../layout/escape.js";
import { count, duration, utc } from "../layout/format.js";
import { adapterName, EPISODE_ENDS, placeName, seriesName } from "../sections/names.js";

// Lines have at most 75 octets (3.1); the library counts them without the blank that a folded line begins with.
ICAL.foldLength = 74;

const HOUR_MS = 3_600_000;

/** One entry of the calendar. Texts are not yet `visible`. */
interface Entry {
  /** Tells it from every other of the series; the same in every report on the same facts. */
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly summary: string;
  readonly lines: readonly string[];
  readonly category: "hang" | "backup";
}

/**
 * Episodes and backup windows as a calendar (RFC 5545), to be laid over others: nothing in it blocks time. An entry's UID
 * comes from host, adapter and start alone, so that a later report replaces entries instead of adding them again; DTSTAMP is
 * the report's `now`. Starts are cut and ends are rounded up to whole seconds, the finest that the format has. Series
 * without a wall time are left out.
 */
export function renderIcs(report: Report): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("prodid", `-//hangproof//report ${report.reportVersion}//EN`);
  const stamp = timeOf(report.now);
  for (const series of report.series.filter(hasWallTime)) {
    const entries = [
      ...series.episodes.map((episode) => hangEntry(series, episode)),
      ...series.windows.map((window) => backupEntry(series, window, report.options.lagMs)),
    ].filter(({ startMs, endMs }) => isWritable(startMs) && isWritable(endMs));
    for (const entry of entries.sort((a, b) => a.startMs - b.startMs || (a.key < b.key ? -1 : 1)))
      calendar.addSubcomponent(component(series, entry, stamp));
  }
  return `${calendar.toString()}\r\n`;
}

/** Whether a calendar can tell when something of the series was. */
export function hasWallTime(series: AdapterReport): boolean {
  return !series.relativeTime;
}

function hangEntry(series: AdapterReport, episode: Episode): Entry {
  const { onsetMs, endMs, end, censored, reports, run, place, failureMode } = episode;
  const down = `${duration(episode.downHours)}${censored ? " at least" : ""}`;
  return {
    key: `hang ${onsetMs}`,
    startMs: onsetMs,
    endMs,
    summary: `Hang of ${adapterName(series.adapter)}`,
    lines: [
      `${count(reports, "hang report")}, traffic down ${down}, ended by: ${EPISODE_ENDS[end]}`,
      `looks like: ${failureMode.mode}`,
      run === null ? "outside backups" : "in a backup",
      `evidence: ${placeName(place)}`,
    ],
    category: "hang",
  };
}

function backupEntry(series: AdapterReport, { startMs, endMs, runs }: BackupWindow, lagMs: number): Entry {
  const told = series.runs.filter(({ id }) => runs.includes(id));
  const hit = told.some((run) => run.hit);
  return {
    key: `backup ${startMs}`,
    startMs,
    endMs,
    summary: hit ? "Backup with a hang" : "Backup",
    lines: [
      ...told.map((run) => {
        const guests = run.guests.length === 0 ? "run" : `guests ${run.guests.join(", ")}`;
        const lasted = duration((run.endMs - run.startMs) / HOUR_MS);
        return `${guests}: ${run.outcome}, ${lasted}, ${placeName(run.place)}`;
      }),
      ...(lagMs > 0 ? [`ends ${duration(lagMs / HOUR_MS)} late: a hang so long after a backup counts as in it`] : []),
    ],
    category: "backup",
  };
}

function component(series: AdapterReport, entry: Entry, stamp: ICAL.Time): ICAL.Component {
  const { host, adapter } = series;
  const name = createHash("sha256").update(JSON.stringify([host, adapter.pci ?? adapter.interfaces.at(-1), entry.key]));
  const event = new ICAL.Component("vevent");
  event.addPropertyWithValue("uid", `${name.digest("hex").slice(0, 32)}@hangproof`);
  event.addPropertyWithValue("dtstamp", stamp);
  const start = timeOf(entry.startMs);
  const end = timeOf(Math.ceil(entry.endMs / 1000) * 1000);
  event.addPropertyWithValue("dtstart", start);
  // An end must be later than the start (3.8.2.2); an entry without one ends where it starts.
  if (end.compare(start) > 0) event.addPropertyWithValue("dtend", end);
  event.addPropertyWithValue("summary", visible(entry.summary));
  event.addPropertyWithValue("description", [seriesName(series), ...entry.lines].map(visible).join("\n"));
  event.addPropertyWithValue("categories", entry.category);
  event.addPropertyWithValue("transp", "TRANSPARENT");
  return event;
}

function timeOf(ms: number): ICAL.Time {
  return ICAL.Time.fromJSDate(new Date(Math.floor(ms / 1000) * 1000), true);
}

/** A year has four digits. */
function isWritable(ms: number): boolean {
  return /^\d{4}-/.test(utc(ms) ?? "");
}
