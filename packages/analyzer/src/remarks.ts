import { bouncesOf } from "./episodes/bounces.js";
import type { BuiltEpisodes, RawEpisode, Reports } from "./episodes/build.js";
import type { HostContext } from "./host-context.js";
import * as wording from "./questions/wording.js";
import type { BootPart } from "./timeline/boots.js";
import { contains } from "./timeline/spans.js";

/** Sentences that hold for every verdict on this adapter. */
export function remarksOf(
  context: HostContext,
  episodes: readonly RawEpisode[],
  built: BuiltEpisodes,
  reports: Reports,
): string[] {
  const { coverage, timeline, boots } = context;
  const remarks: string[] = [];
  const outside = episodes.filter((episode) => !contains(coverage.covered, episode.onsetMs)).length;
  if (outside > 0) remarks.push(wording.outsideReason(outside));
  if (timeline.unplacedHangs > 0) remarks.push(wording.unplacedReason(timeline.unplacedHangs));
  if (built.resetsWithoutReport.length > 0) remarks.push(wording.resetReason(built.resetsWithoutReport.length));
  const bounces = bouncesOf(episodes);
  if (bounces !== null) remarks.push(wording.bounceReason(bounces, episodes.length));
  const unclean = boots.filter((boot) => boot.endedBy === "crash").length;
  if (unclean > 0) remarks.push(wording.uncleanReason(unclean));
  if (timeline.relative) remarks.push(wording.relativeReason());
  if (reports.timeMs.length > 0 && episodes.length > 0) {
    const { vouched } = timeline.hangs;
    const claimed = vouched.every((value) => value === 0) ? episodes.length : 0;
    if (claimed > 0) remarks.push(wording.claimedReason(claimed, episodes.length));
  }
  return remarks;
}

/** Ends of boots without a shutdown record, but for those that a known hang ended; episodes by their onset. */
export function uncleanEnds(boots: readonly BootPart[], episodes: readonly RawEpisode[]): number[] {
  let next = 0;
  let hangingUntilMs = Number.NEGATIVE_INFINITY;
  return boots
    .filter((boot) => boot.endedBy === "crash")
    .map((boot) => boot.endMs)
    .sort((a, b) => a - b)
    .filter((endMs) => {
      for (let episode = episodes[next]; episode !== undefined && episode.onsetMs <= endMs; episode = episodes[++next])
        hangingUntilMs = Math.max(hangingUntilMs, episode.endMs);
      return endMs > hangingUntilMs;
    });
}
