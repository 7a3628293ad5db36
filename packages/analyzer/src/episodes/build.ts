import type { EpisodeEnd } from "../report.js";
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

/**
 * Groups hang reports into episodes.
 *
 * Reports belong together unless recovery was seen between them and held for the hold time (here the gap threshold), or
 * they are further apart than the threshold and do not show the same stuck packet. The driver repeats a report every
 * 2 s for as long as it hangs and never resets by itself (netdev.c, e1000_print_hw_hang); the stack's watchdog, the
 * administrator or a reboot does. Linear in reports and facts.
 *
 * @param facts of this adapter and of its host, in the order of time
 * @param bootStartsMs ascending; a report at the very moment is of the new boot
 * @param watch what silence is worth
 */
export function buildEpisodes(
  reports: Reports,
  facts: readonly Fact[],
  bootStartsMs: readonly number[],
  thresholdMs: number,
  watch: Watch,
): BuiltEpisodes {
  const builder = new Builder(reports, thresholdMs, watch);
  let next = 0;
  let nextBoot = 0;
  const reportsUntil = (untilMs: number): void => {
    for (; next < reports.timeMs.length && reports.timeMs[next]! <= untilMs; next++) {
      bootsUntil(reports.timeMs[next]!);
      builder.report(next);
    }
    bootsUntil(untilMs);
  };
  const bootsUntil = (untilMs: number): void => {
    for (; nextBoot < bootStartsMs.length && bootStartsMs[nextBoot]! <= untilMs; nextBoot++)
      builder.boot(bootStartsMs[nextBoot]!);
  };
  for (const fact of facts) {
    reportsUntil(fact.timeMs);
    builder.fact(fact, next);
  }
  reportsUntil(Number.POSITIVE_INFINITY);
  builder.end();
  return builder;
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
  resets: number;
  timeouts: number;
}

/** Of two ways that were tried, the stronger one is said to have ended the episode. */
const STRENGTH: Readonly<Record<EpisodeEnd, number>> = {
  "log-ends": 0,
  "stall-dissolved": 0,
  "link-cycle": 1,
  "driver-reset": 2,
  "driver-reload": 3,
  reboot: 4,
  "host-crash": 4,
};

class Builder implements BuiltEpisodes {
  readonly episodes: RawEpisode[] = [];
  readonly resetsWithoutReport: Fact[] = [];
  readonly timeoutsWithoutReport: Fact[] = [];
  readonly #reports: Reports;
  readonly #thresholdMs: number;
  readonly #watch: Watch;
  #open: Open | null = null;
  #shutdownMs = Number.NEGATIVE_INFINITY;

  constructor(reports: Reports, thresholdMs: number, watch: Watch) {
    this.#reports = reports;
    this.#thresholdMs = thresholdMs;
    this.#watch = watch;
  }

  report(index: number): void {
    const timeMs = this.#reports.timeMs[index]!;
    if (this.#open !== null) this.#divide(this.#open, index, timeMs);
    const open = this.#open;
    if (open === null) {
      this.#open = {
        from: index,
        to: index + 1,
        lastReportMs: timeMs,
        lastSignMs: timeMs,
        way: null,
        wayMs: timeMs,
        upMs: null,
        resets: 0,
        timeouts: 0,
      };
      return;
    }
    open.to = index + 1;
    open.lastReportMs = timeMs;
    open.lastSignMs = timeMs;
    // Whatever was tried did not hold: the same trouble goes on.
    open.way = null;
    open.upMs = null;
  }

  /** @param next index of the first report after the fact */
  fact(fact: Fact, next: number): void {
    const { event, timeMs } = fact;
    if (event.kind === "host.shutdown") this.#shutdownMs = timeMs;
    if (!this.#goesOn(next, timeMs)) this.#settle(timeMs);
    const open = this.#open;
    if (open === null) {
      if (event.kind === "e1000e.reset") this.resetsWithoutReport.push(fact);
      else if (event.kind === "net.tx_timeout") this.timeoutsWithoutReport.push(fact);
      return;
    }
    switch (event.kind) {
      case "net.tx_timeout":
        open.timeouts++;
        open.lastSignMs = timeMs;
        break;
      case "e1000e.reset":
        open.resets++;
        tryWay(open, "driver-reset", timeMs);
        break;
      case "e1000e.link_down":
        tryWay(open, "link-cycle", timeMs);
        break;
      case "e1000e.remove":
      case "e1000e.driver_load":
        tryWay(open, "driver-reload", timeMs);
        break;
      case "e1000e.link_up":
        // A link that comes up without having gone down: a planned reset, which the driver does not print.
        open.way ??= "link-cycle";
        open.upMs ??= timeMs;
        break;
      default:
        break;
    }
  }

  /** A boot ends every hang; which way is told by the lines before it. */
  boot(bootMs: number): void {
    const open = this.#open;
    if (open === null) return;
    if (open.upMs !== null) {
      this.#close(open, open.way ?? "link-cycle", open.upMs);
      return;
    }
    const isOrderly = this.#shutdownMs >= open.lastReportMs;
    // A wedged host reports until it goes down. Where its kernel spoke of other things later, the stall was over.
    if (open.way === null && !isOrderly && this.#watch.heardBetween(open.lastSignMs, bootMs)) {
      this.#close(open, "stall-dissolved", open.lastReportMs);
      return;
    }
    // Traffic is possible again with the first link of the new boot.
    open.way = isOrderly ? "reboot" : "host-crash";
    open.wayMs = bootMs;
    open.lastSignMs = bootMs;
  }

  end(): void {
    const open = this.#open;
    if (open === null) return;
    if (open.upMs !== null) this.#close(open, open.way ?? "link-cycle", open.upMs);
    else if (this.#watch.untilMs - open.lastSignMs <= this.#thresholdMs)
      this.#close(open, "log-ends", open.lastReportMs);
    else if (open.way === null) this.#close(open, "stall-dissolved", open.lastReportMs);
    // A link that never came back was not seen to recover; a reset or a reboot without a further report was.
    else if (open.way === "link-cycle") this.#close(open, "log-ends", open.lastReportMs);
    else this.#close(open, open.way, open.wayMs);
  }

  /** Closes the episode where the next report is of another one. */
  #divide(open: Open, index: number, timeMs: number): void {
    if (open.way !== null && STRENGTH[open.way] >= STRENGTH.reboot) {
      this.#close(open, open.way, open.upMs ?? open.wayMs);
      return;
    }
    const isApart = timeMs - open.lastReportMs > this.#thresholdMs;
    if (open.upMs !== null) this.#settle(timeMs);
    else if (isApart && open.way !== null) this.#close(open, open.way, open.wayMs);
    else if (isApart && !this.#isSamePacket(open, index)) this.#settle(timeMs);
  }

  /** Closes what is certainly over: recovery that held, or reports that stopped without a word. */
  #settle(timeMs: number): void {
    const open = this.#open;
    if (open === null) return;
    if (open.upMs !== null) {
      if (timeMs - open.upMs >= this.#thresholdMs) this.#close(open, open.way ?? "link-cycle", open.upMs);
    } else if (open.way === null && timeMs - open.lastSignMs > this.#thresholdMs)
      this.#close(open, "stall-dissolved", open.lastReportMs);
  }

  /** Whether the next report shows the packet that is stuck already: then the stall lasts over a hole in the log. */
  #goesOn(next: number, timeMs: number): boolean {
    const open = this.#open;
    return (
      open !== null &&
      open.way === null &&
      timeMs - open.lastSignMs > this.#thresholdMs &&
      next < this.#reports.timeMs.length &&
      this.#isSamePacket(open, next)
    );
  }

  /** NaN, an unknown stamp, is the same as nothing. */
  #isSamePacket(open: Open, index: number): boolean {
    return open.way === null && this.#reports.timeStamp[index] === this.#reports.timeStamp[open.to - 1];
  }

  #close(open: Open, end: EpisodeEnd, endMs: number): void {
    this.episodes.push({
      from: open.from,
      to: open.to,
      onsetMs: this.#reports.timeMs[open.from]!,
      lastReportMs: open.lastReportMs,
      endMs: Math.max(endMs, open.lastReportMs),
      end,
      resets: open.resets,
      timeouts: open.timeouts,
    });
    this.#open = null;
  }
}

function tryWay(open: Open, way: EpisodeEnd, timeMs: number): void {
  if (open.way === null || STRENGTH[way] >= STRENGTH[open.way]) {
    open.way = way;
    open.wayMs = timeMs;
  }
  open.lastSignMs = timeMs;
  open.upMs = null;
}
