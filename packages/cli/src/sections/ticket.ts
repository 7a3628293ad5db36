import type { AdapterReport, Episode, Report } from "@hangproof/analyzer";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { count, number } from "../layout/format.js";
import { adapterName, clockOf, EPISODE_ENDS, placeName, seriesName } from "./names.js";

const MOST_INCIDENTS = 30;
const MOST_KERNELS = 10;

/** The first lines of an episode as its evidence has them; null lines where the evidence is no plain text file. */
export interface Excerpt {
  readonly series: AdapterReport;
  readonly episode: Episode;
  readonly lines: readonly string[] | null;
}

/**
 * What a vendor or a hosting provider asks: which hardware and software, what it looks like, when it happened, what was
 * tried, what was ruled out, and the lines themselves.
 */
export function ticketDocument(report: Report, excerpts: readonly Excerpt[]): Block[] {
  const blocks: Block[] = [];
  if (report.series.length === 0)
    blocks.push({
      kind: "paragraph",
      text: "No message of an e1000e adapter in this evidence: there is nothing to report.",
    });
  for (const series of report.series)
    blocks.push(
      { kind: "heading", text: `Transmit hangs (Detected Hardware Unit Hang): ${seriesName(series)}` },
      { kind: "paragraph", text: summaryOf(series) },
      ...environment(series),
      ...signature(series),
      ...incidents(series, report),
      ...tried(series, report),
      ...ruledOut(series, report),
      ...excerptBlocks(series, excerpts),
    );
  return [...blocks, ...hashes(report), ...toAdd(report)];
}

function summaryOf({ episodes, coverage, runs, verdict }: AdapterReport): string {
  const down = episodes.reduce((sum, { downHours }) => sum + downHours, 0) * 60;
  const hit = runs.filter((run) => run.hit).length;
  const backups = runs.length === 0 ? "" : ` ${hit} of ${count(runs.length, "backup run")} had one.`;
  return (
    `${count(episodes.length, "hang")} in ${number(coverage.coveredHours)} hours of log; the adapter passed no traffic for ` +
    `${number(down)} minutes in all.${backups} ${verdict.headline}`
  );
}

function environment({ adapter, boots, settings }: AdapterReport): Block[] {
  const kernels = [...new Set(boots.map(({ kernelRelease }) => kernelRelease).filter((one) => one !== null))];
  const told =
    kernels.length > MOST_KERNELS ? [...kernels.slice(0, 2), "…", ...kernels.slice(2 - MOST_KERNELS)] : kernels;
  const effective = settings.flatMap(({ name, effective: modes, requested }) => {
    const asked = requested.at(-1);
    const mode = modes.at(-1);
    const parts = [
      asked === undefined ? "" : `asked for ${asked.value}`,
      mode === undefined ? "" : `driver says ${mode.mode}`,
    ];
    return [`${name}: ${parts.filter((part) => part !== "").join(", ") || "only in a file"}`];
  });
  return [
    { kind: "heading", text: "Hardware and software" },
    {
      kind: "list",
      items: [
        `adapter: ${adapterName(adapter)}${adapter.mac === null ? "" : `, MAC ${adapter.mac}`}`,
        `driver: e1000e ${adapter.driverVersions.join(", ") || "(of the kernel; its own version is not in the log)"}`,
        `kernel: ${told.join(", ") || "not in the log"}`,
        ...effective,
      ],
    },
  ];
}

function signature({ failureModes, episodes }: AdapterReport): Block[] {
  const last = episodes.at(-1);
  if (last === undefined) return [];
  return [
    { kind: "heading", text: "What it looks like" },
    {
      kind: "list",
      items: [
        ...failureModes.map(({ title, episodes: n }) => `${title}: ${count(n, "hang")}`),
        ...last.failureMode.for,
        ...(last.cadenceS === null ? [] : [`a report every ${number(last.cadenceS)} s while it hangs`]),
      ],
    },
  ];
}

function incidents(series: AdapterReport, report: Report): Block[] {
  const { episodes, runs } = series;
  if (episodes.length === 0) return [];
  const clock = clockOf(series, report);
  const shown = episodes.slice(-MOST_INCIDENTS);
  return [
    { kind: "heading", text: `Incidents (${episodes.length})` },
    {
      kind: "table",
      columns: [
        leftWhole("first report"),
        right("boot"),
        right("reports"),
        left("ended by"),
        right("minutes down"),
        left("backup running"),
      ],
      rows: shown.map((episode) => {
        const run = episode.run === null ? undefined : runs[episode.run];
        return [
          clock(episode.onsetMs),
          episode.boot === null ? "unknown" : String(episode.boot + 1),
          String(episode.reports),
          EPISODE_ENDS[episode.end],
          `${episode.censored ? "at least " : ""}${number(episode.downHours * 60)}`,
          run === undefined
            ? "no"
            : `guest ${run.guests.join(", ") || "unknown"}${run.storage === null ? "" : ` to ${run.storage}`}`,
        ];
      }),
    },
    ...(shown.length < episodes.length
      ? [{ kind: "list", items: [`${episodes.length - shown.length} earlier ones not shown`] } as const]
      : []),
  ];
}

function tried(series: AdapterReport, report: Report): Block[] {
  const { changes, efficacy } = series;
  if (changes.length === 0) return [];
  const clock = clockOf(series, report, "minute");
  const rungs = new Map(efficacy.map((one) => [one.change, one.verdict.rung]));
  return [
    { kind: "heading", text: "What was changed, and what came of it" },
    {
      kind: "list",
      items: changes.map(({ id, timeMs, title, noOp }) => {
        const rung = rungs.get(id);
        const effect = noOp ? "; what is in force stayed the same" : "";
        return `${clock(timeMs)}: ${title}${effect}${rung === undefined ? "" : `; since then: ${rung}`}`;
      }),
    },
  ];
}

function ruledOut(series: AdapterReport, report: Report): Block[] {
  const { association, settings, episodes, coverage } = series;
  const last = episodes.at(-1);
  const gaps = coverage.gaps.filter(({ reason }) => reason !== "host-off").length;
  return [
    { kind: "heading", text: "What speaks for and against" },
    {
      kind: "list",
      items: [
        association.sentence,
        ...settings.map(({ finding }) => finding),
        ...(last?.failureMode.against ?? []).map((reason) => `against: ${reason}`),
        ...(last?.failureMode.others ?? []).flatMap(({ mode, against }) =>
          against.length === 0 ? [] : [`${mode} was weighed: ${against.join("; ")}`],
        ),
        ...(report.otherDrivers.length === 0
          ? []
          : ["hangs of other drivers are in the same log; they are not counted here"]),
        ...(gaps === 0 ? [] : [`${count(gaps, "gap")} in the log: what happened there is not known`]),
      ],
    },
  ];
}

function excerptBlocks(series: AdapterReport, excerpts: readonly Excerpt[]): Block[] {
  const mine = excerpts.filter((one) => one.series === series);
  if (mine.length === 0) return [];
  return [
    { kind: "heading", text: "Excerpts" },
    ...mine.map(({ episode, lines }): Block => {
      const label = `${placeName(episode.place)}, byte ${episode.place.byteOffset}`;
      return lines === null
        ? { kind: "paragraph", text: `${label}: in a packed, native or piped log, whose lines are not shown here` }
        : { kind: "excerpt", label, lines };
    }),
  ];
}

function hashes(report: Report): Block[] {
  const logs = report.evidence.filter(({ events }) => Object.keys(events).some((kind) => kind.startsWith("e1000e.")));
  if (logs.length === 0) return [];
  return [
    { kind: "heading", text: "Evidence" },
    {
      kind: "table",
      columns: [left("log"), right("bytes"), leftWhole("SHA-256")],
      rows: logs.map(({ evidence, bytes, sha256 }) => [evidence, String(bytes), sha256 ?? "not known"]),
    },
  ];
}

/** What a log does not tell, and every ticket is asked for. */
function toAdd(report: Report): Block[] {
  const [series] = report.series;
  const pci = series?.adapter.pci ?? "ADDRESS";
  const name = series?.adapter.interfaces.at(-1) ?? "INTERFACE";
  return [
    { kind: "heading", text: "To add" },
    {
      kind: "list",
      items: [
        `lspci -nnvv -s ${pci}`,
        `ethtool -i ${name}; ethtool -k ${name}; ethtool -c ${name}; ethtool --show-eee ${name}`,
        "dmidecode -t bios -t baseboard",
      ],
    },
  ];
}
