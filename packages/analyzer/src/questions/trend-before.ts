import type { Ground, Side } from "../epochs/ground.js";
import { trend } from "../stats/trend.js";
import { clip, lengthMs, passedMs } from "../timeline/spans.js";

/**
 * Were hangs getting rarer (u < 0) in one epoch, on the clock that runs only while the adapter is at risk? Null with
 * fewer than three onsets.
 */
export function trendOf(ground: Ground, side: Side): { readonly statistic: number; readonly p: number } | null {
  const set = clip(ground.atRisk, side.startMs, side.endMs);
  const length = lengthMs(set);
  if (length === 0) return null;
  const onsets = ground.onsets.filter((onset) => onset.timeMs >= side.startMs && onset.timeMs < side.endMs);
  const onsetMs = onsets.map((onset) => onset.timeMs);
  // An onset at the very first or last moment has no place of its own on an open clock.
  const times = passedMs(set, onsetMs).map((time) => Math.min(Math.max(time, length * 1e-12), length * (1 - 1e-12)));
  const result = trend({ times, length });
  return result.status === "ok" ? { statistic: result.value.laplace.u, p: result.value.laplace.p } : null;
}
