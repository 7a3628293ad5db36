import type { FailureAdvice, FailureJudgement, FailureMode } from "../report.js";
import type { Fact } from "../timeline/fact.js";
import type { HangTable } from "../timeline/hang-table.js";
import type { RawEpisode } from "./build.js";
import { judgeFailureMode } from "./failure-mode.js";
import { judgedDriver, modeText } from "./failure-wording.js";
import { dumpSigns, NO_DUMPS, NO_LOG } from "./hang-signs.js";
import { LinkHistory } from "./link-history.js";

const DAY_MS = 86_400_000;

export interface JudgeEpisodes {
  readonly episodes: readonly RawEpisode[];
  readonly table: HangTable;
  /** Row of the table for each of the adapter's reports, in the order of time. */
  readonly rows: ArrayLike<number>;
  /** Facts of the adapter and of its host, in the order of time. */
  readonly facts: readonly Fact[];
  readonly kernelAt: (timeMs: number) => string | null;
  /** Whose hangs they are, where not e1000e's: nothing is known of its ways to fail. */
  readonly driver: string | undefined;
}

/** The failure mode of each episode of one adapter. Linear in episodes, their reports and the facts. */
export function judgeEpisodes({ episodes, table, rows, facts, kernelAt, driver }: JudgeEpisodes): FailureJudgement[] {
  if (driver !== undefined) return episodes.map(() => ofOther(driver));
  const link = new LinkHistory(facts);
  return episodes.map((episode, i) => {
    const slice = Array.from({ length: episode.to - episode.from }, (_, nth) => rows[episode.from + nth]!);
    return judgeFailureMode({
      ...dumpSigns(table, slice),
      ...link.around(episode.onsetMs, episode.endMs),
      spanMs: episode.lastReportMs - episode.onsetMs,
      resets: episode.resets,
      timeouts: episode.timeouts,
      kernelRelease: kernelAt(episode.onsetMs),
      end: episode.end,
      nearEpisodes: near(episodes, i),
      otherDrivers: [],
    });
  });
}

/** What transmit timeouts and resets without any hang report look like; null when there are none. */
export function judgeTimeouts(
  timeouts: readonly Fact[],
  resets: readonly Fact[],
  facts: readonly Fact[],
  kernelAt: (timeMs: number) => string | null,
  driver: string | undefined,
): FailureJudgement | null {
  const first = timeouts[0] ?? resets[0];
  if (first === undefined) return null;
  if (driver !== undefined) return ofOther(driver);
  const counts = { timeouts: timeouts.length, resets: resets.length, kernelRelease: kernelAt(first.timeMs) };
  const link = new LinkHistory(facts).around(first.timeMs, first.timeMs);
  return judgeFailureMode({ ...NO_DUMPS, ...NO_LOG, ...link, ...counts });
}

/** What to do about each mode that occurs, the most frequent first. */
export function failureAdvice(
  failures: readonly FailureJudgement[],
  withoutReport: FailureJudgement | null,
  interfaceName: string | null,
): FailureAdvice[] {
  const counts = new Map<FailureMode, number>();
  for (const { mode } of failures) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  if (withoutReport !== null && !counts.has(withoutReport.mode)) counts.set(withoutReport.mode, 0);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([mode, n]) => ({ mode, episodes: n, ...modeText(mode, interfaceName) }));
}

function ofOther(driver: string): FailureJudgement {
  return { mode: "other-driver", for: [judgedDriver(driver)], against: [], others: [] };
}

function near(episodes: readonly RawEpisode[], at: number): number {
  const onset = episodes[at]!.onsetMs;
  let n = 0;
  for (let i = at - 1; i >= 0 && onset - episodes[i]!.onsetMs <= DAY_MS && n < MOST_NEAR; i--) n++;
  for (let i = at + 1; i < episodes.length && episodes[i]!.onsetMs - onset <= DAY_MS && n < MOST_NEAR; i++) n++;
  return n;
}

/** More neighbours tell nothing more; the count stays cheap in a log full of episodes. */
const MOST_NEAR = 100;
