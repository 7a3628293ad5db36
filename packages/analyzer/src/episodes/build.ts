import type { Boot, EpisodeEnd } from "../report.js";
import type { Fact } from "../timeline/fact.js";

/** Hang reports of one adapter, in the order of time. */
export interface Reports {
  readonly timeMs: Float64Array;
  /** The stuck packet's time stamp; NaN when it is not in the evidence. */
  readonly timeStamp: Float64Array;
}

/** An episode, before windows and epochs are known. */
export interface RawEpisode {
  /** Reports `from` (in) to `to` (out). */
  readonly from: number;
  readonly to: number;
  readonly onsetMs: number;
  readonly lastReportMs: number;
  readonly endMs: number;
  readonly end: EpisodeEnd;
  readonly resets: number;
  readonly timeouts: number;
}

export interface BuiltEpisodes {
  readonly episodes: readonly RawEpisode[];
  /** Resets and transmit timeouts that no hang report goes with. */
  readonly resetsWithoutReport: readonly Fact[];
  readonly timeoutsWithoutReport: readonly Fact[];
}

/** What is known of the kernel's other records. */
export interface Watch {
  /** End of coverage: after it, silence says nothing. */
  readonly untilMs: number;
  /** Whether kernel records stand surely between two moments. */
  readonly heardBetween: (fromMs: number, toMs: number) => boolean;
}

interface Open {
  readonly from: number;
  to: number;
  lastReportMs: number;
  /** Last sign of the same trouble: report, timeout, reset, lost link. */
  lastSignMs: number;
  /** The strongest thing seen since the last report that can lead to recovery, and when. */
  way: EpisodeEnd | null;
  wayMs: number;
  /** The link came back: recovery, if it holds. */
  upMs: number | null;
  down: boolean;
  resets: number;
  timeouts: number;
}

/** What the kernel cannot outlive is not called recovery: rank of the ends that are set on the way. */
const RANK: Readonly<Record<EpisodeEnd, number>> = {
  "log-ends": 0,
  "stall-dissolved": 0,
  "link-cycle": 1,
  "driver-reset": 2,
  "driver-reload": 3,
  reboot: 4,
  "host-crash": 4,
};

/**
 * Groups hang reports into episodes.
 *
 * Reports belong together unless recovery was seen between them and held for the hold time (here the gap threshold), or
 * they are further apart than the threshold and do not show the same stuck packet. The driver repeats a report every
 * 2 s for as long as it hangs and never resets by itself (netdev.c, e1000_print_hw_hang); the stack's watchdog, the
 * administrator or a reboot does. Linear in reports and facts.
 *
 * @param facts of this adapter and of the host, in the order of time; `shutdown` and `boot` facts must be among them
 * @param watch what silence is worth
 */
export function buildEpisodes(
  reports: Reports,
  facts: readonly Fact[],
  thresholdMs: number,
  watch: Watch,
): BuiltEpisodes {
  const episodes: RawEpisode[] = [];
  const resetsWithoutReport: Fact[] = [];
  const timeoutsWithoutReport: Fact[] = [];
  let open: Open | null = null;
  let shutdownMs = Number.NEGATIVE_INFINITY;

  const close = (end: EpisodeEnd, endMs: number): void => {
    const episode = open!;
    episodes.push({
      from: episode.from,
      to: episode.to,
      onsetMs: reports.timeMs[episode.from]!,
      lastReportMs: episode.lastReportMs,
      endMs: Math.max(endMs, episode.lastReportMs),
      end,
      resets: episode.resets,
      timeouts: episode.timeouts,
    });
    open = null;
  };
  /** Closes what is certainly over at a moment: recovery that held, or reports that stopped without a word. */
  const settle = (timeMs: number): void => {
    if (open === null) return;
    if (open.upMs !== null) {
      if (timeMs - open.upMs >= thresholdMs) close(open.way ?? "link-cycle", open.upMs);
    } else if (open.way === null && timeMs - open.lastSignMs > thresholdMs) close("stall-dissolved", open.lastReportMs);
  };

  let next = 0;
  for (const fact of [...facts, null]) {
    const untilMs = fact?.timeMs ?? Number.POSITIVE_INFINITY;
    for (; next < reports.timeMs.length && reports.timeMs[next]! <= untilMs; next++) {
      const timeMs = reports.timeMs[next]!;
      if (open !== null) {
        const apart = timeMs - open.lastReportMs > thresholdMs;
        const samePacket = open.way === null && reports.timeStamp[next] === reports.timeStamp[open.to - 1];
        if (RANK[open.way ?? "log-ends"] >= RANK.reboot) close(open.way!, open.upMs ?? open.wayMs);
        else if (open.upMs !== null) settle(timeMs);
        else if (apart && open.way !== null) close(open.way, open.wayMs);
        else if (apart && !samePacket) settle(timeMs);
      }
      if (open === null)
        open = {
          from: next,
          to: next + 1,
          lastReportMs: timeMs,
          lastSignMs: timeMs,
          way: null,
          wayMs: timeMs,
          upMs: null,
          down: false,
          resets: 0,
          timeouts: 0,
        };
      else {
        // Whatever was tried did not hold: the same trouble goes on.
        Object.assign(open, { to: next + 1, lastReportMs: timeMs, lastSignMs: timeMs, way: null, upMs: null, down: false });
      }
    }
    if (fact === null) break;
    const { event, timeMs } = fact;
    if (event.kind === "host.shutdown") shutdownMs = timeMs;
    const reportsGoOn = open !== null && sameStallAhead(reports, next, open, timeMs, thresholdMs);
    if (!reportsGoOn && event.kind !== "host.boot") settle(timeMs);
    const tryWay = (way: EpisodeEnd): void => {
      const episode = open!;
      if (episode.way === null || RANK[way] >= RANK[episode.way]) {
        episode.way = way;
        episode.wayMs = timeMs;
      }
      episode.lastSignMs = timeMs;
      episode.upMs = null;
    };
    switch (event.kind) {
      case "net.tx_timeout":
        if (open === null) timeoutsWithoutReport.push(fact);
        else {
          open.timeouts++;
          open.lastSignMs = timeMs;
        }
        break;
      case "e1000e.reset":
        if (open === null) resetsWithoutReport.push(fact);
        else {
          open.resets++;
          tryWay("driver-reset");
        }
        break;
      case "e1000e.link_down":
        if (open !== null) tryWay("link-cycle");
        break;
      case "e1000e.remove":
      case "e1000e.driver_load":
        if (open !== null) tryWay("driver-reload");
        break;
      case "e1000e.link_up":
        if (open !== null && open.upMs === null) {
          open.way ??= "link-cycle";
          open.upMs = timeMs;
        }
        break;
      case "host.boot":
        if (open !== null) atBoot(open, timeMs);
        break;
      default:
        break;
    }
  }
  if (open !== null) atEnd(open);
  return { episodes, resetsWithoutReport, timeoutsWithoutReport };

  /** A boot ends every hang; which way is told by the lines before it. */
  function atBoot(episode: Open, bootMs: number): void {
    if (episode.upMs !== null) return close(episode.way ?? "link-cycle", episode.upMs);
    const orderly = shutdownMs >= episode.lastReportMs;
    // A wedged host reports until it goes down. Where its kernel spoke of other things later, the stall was over.
    if (episode.way === null && !orderly && watch.heardBetween(episode.lastSignMs, bootMs))
      return close("stall-dissolved", episode.lastReportMs);
    // Traffic is possible again with the first link of the new boot.
    episode.way = orderly ? "reboot" : "host-crash";
    episode.wayMs = bootMs;
    episode.lastSignMs = bootMs;
  }

  function atEnd(episode: Open): void {
    if (episode.upMs !== null) close(episode.way ?? "link-cycle", episode.upMs);
    else if (watch.untilMs - episode.lastSignMs <= thresholdMs) close("log-ends", episode.lastReportMs);
    else if (episode.way === null) close("stall-dissolved", episode.lastReportMs);
    // A link that never came back was not seen to recover; a reset or a reboot without a further report was.
    else if (episode.way === "link-cycle") close("log-ends", episode.lastReportMs);
    else close(episode.way, episode.wayMs);
  }
}

/** Whether the next report shows the packet that is stuck already, so that the stall lasts over a hole in the log. */
function sameStallAhead(reports: Reports, next: number, open: Open, timeMs: number, thresholdMs: number): boolean {
  return (
    open.way === null &&
    timeMs - open.lastSignMs > thresholdMs &&
    next < reports.timeMs.length &&
    reports.timeStamp[next] === reports.timeStamp[open.to - 1]
  );
}

/** The boot in which a moment lies; null before the first. */
export function bootAt(boots: readonly Boot[], timeMs: number): number | null {
  const boot = boots.findLast((candidate) => candidate.startMs <= timeMs);
  return boot?.id ?? null;
}
