import type { AdapterReport, CollateralKind, Episode, Report } from "@hangproof/analyzer";
import { type Block, left, leftWhole, right } from "../layout/document.js";
import { count, duration } from "../layout/format.js";
import { clockOf, EPISODE_ENDS } from "./names.js";

const SHOWN = 15;

/** The latest episodes, oldest of them first: onset, how long, how it ended, in a backup or not. */
export function episodeBlocks(series: AdapterReport, report: Report): Block[] {
  const { episodes } = series;
  const blocks: Block[] = [{ kind: "heading", text: `Episodes (${episodes.length})` }];
  const unreported = unreportedNotes(series);
  if (episodes.length === 0) {
    blocks.push({ kind: "paragraph", text: "No hang in this evidence. That counts only for the covered time above." });
    if (unreported.length > 0) blocks.push({ kind: "list", items: unreported });
    return [...blocks, ...failureBlocks(series, report)];
  }
  const clock = clockOf(series, report, "minute");
  blocks.push({
    kind: "table",
    columns: [leftWhole("onset"), leftWhole("down for"), right("reports"), leftWhole("ended by"), left("in backup")],
    rows: episodes
      .slice(-SHOWN)
      .map((episode) => [
        clock(episode.onsetMs) + (episode.uncertaintyMs >= 60_000 ? " ±" : ""),
        (episode.censored ? ">= " : "") + duration(episode.downHours),
        String(episode.reports),
        EPISODE_ENDS[episode.end],
        inBackup(episode, series),
      ]),
  });
  const notes: string[] = [...unreported];
  if (episodes.length > SHOWN)
    notes.push(`${episodes.length - SHOWN} earlier episodes not shown; --format csv --table episodes has all`);
  const outside = episodes.filter((episode) => episode.outsideCoverage).length;
  if (outside > 0) notes.push(`${outside} of them outside the covered time: shown, and counted in no rate`);
  const claimed = episodes.filter((episode) => episode.trust === "claimed").length;
  if (claimed > 0) notes.push(`${claimed} of them from text files, which any program on the host could have written`);
  const unsure = episodes.filter((episode) => episode.uncertaintyMs >= 60_000).length;
  if (unsure > 0) notes.push(`${unsure} of them (±) with a time that is uncertain by a minute or more`);
  notes.push(...collateralNotes(episodes));
  if (notes.length > 0) blocks.push({ kind: "list", items: notes });
  return [...blocks, ...failureBlocks(series, report)];
}

const COLLATERAL: Readonly<Record<CollateralKind, string>> = {
  "bond-link-lost": "links of a bond lost",
  "bridge-port-disabled": "bridge port disabled",
  "cluster-link-lost": "cluster links lost",
  "cluster-token-late": "cluster token late",
  "quorum-lost": "quorum lost",
  "server-silent": "file servers silent",
  "guest-locked": "guests found locked",
};

/** What else failed around the episodes, before and during them: one line a kind. */
function collateralNotes(episodes: readonly Episode[]): string[] {
  const sums = new Map<CollateralKind, { before: number; during: number; episodes: number }>();
  for (const { collateral } of episodes) {
    for (const { what, before, during } of collateral) {
      const sum = sums.get(what) ?? { before: 0, during: 0, episodes: 0 };
      sums.set(what, { before: sum.before + before, during: sum.during + during, episodes: sum.episodes + 1 });
    }
  }
  return [...sums].map(
    ([what, { before, during, episodes: n }]) =>
      `${COLLATERAL[what]}: ${during} during, ${before} in the 10 min before; at ${count(n, "episode")}`,
  );
}

/** Failure modes told in full; the table has a word for each. */
const MODES_TOLD = 3;

/** What the failures look like, why, and what to do about each. */
function failureBlocks(series: AdapterReport, report: Report): Block[] {
  const { failureModes, episodes, withoutReport } = series;
  const clock = clockOf(series, report, "minute");
  return failureModes.slice(0, MODES_TOLD).flatMap(({ mode, title, episodes: n, doNext, doNotBother }): Block[] => {
    const episode = episodes.findLast(({ failureMode }) => failureMode.mode === mode);
    const last = episode?.failureMode ?? withoutReport;
    const which =
      episode === undefined ? "no hang report" : `${count(n, "episode")}, the last at ${clock(episode.onsetMs)}`;
    return [
      { kind: "paragraph", text: `Looks like: ${title} (${which})` },
      {
        kind: "list",
        items: [
          ...(last?.for ?? []).map((text) => `for it: ${text}`),
          ...(last?.against ?? []).map((text) => `against it: ${text}`),
          `do next: ${doNext.join("; ")}`,
          `do not bother with: ${doNotBother.join("; ")}`,
        ],
      },
    ];
  });
}

/** Signs of trouble that are no hang, and hangs that have no time: listed so that nothing disappears. */
function unreportedNotes(series: AdapterReport): string[] {
  const notes: string[] = [];
  const add = (n: number, what: string, text: string) => {
    if (n > 0) notes.push(`${count(n, what)} ${text}`);
  };
  add(series.resetsWithoutReport.length, "adapter reset", "without a hang report: not counted as a hang");
  add(series.timeoutsWithoutReport.length, "transmit timeout", "without a hang report: not counted as a hang");
  add(series.unplacedReports, "hang report", "without any time: known to have happened, and in no rate");
  return notes;
}

function inBackup(episode: Episode, series: AdapterReport): string {
  if (episode.outsideCoverage) return "not counted";
  if (episode.run === null) return "no";
  const guests = series.runs.find(({ id }) => id === episode.run)?.guests ?? [];
  return guests.length === 0 ? "yes" : `guest ${guests.join(", ")}`;
}
