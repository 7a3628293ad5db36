import type { HangEvent, KernelEvent } from "@hangproof/parser";
import type { EpisodeEnd } from "../report.js";

/** A backup that runs. */
export interface RunningBackup {
  /** The guest; null for a job whose guest is not known (yet). */
  readonly guest: number | null;
  readonly storage: string | null;
  /** On the log's clock; null where its line has no time. */
  readonly sinceMs: number | null;
}

/** What a watcher is told: once when a hang begins, once when it ends, however many reports there are. */
export type LiveNews =
  | {
      readonly what: "begin";
      readonly report: HangEvent;
      /** Unix milliseconds; null where the log has no wall clock. */
      readonly timeMs: number | null;
      readonly backup: RunningBackup | null;
    }
  | {
      readonly what: "end";
      /** The first report. */
      readonly report: HangEvent;
      readonly how: EpisodeEnd;
      readonly reports: number;
      /** Unix milliseconds; null where the log has no wall clock. */
      readonly timeMs: number | null;
      /** On the log's clock, first report to the line that tells of the end; null where it has none. */
      readonly lengthMs: number | null;
    };

interface Open {
  readonly first: HangEvent;
  reports: number;
  resets: number;
  /** On the log's clock. */
  lastMs: number | null;
  /** On the caller's clock. */
  heardMs: number;
}

/** Adapters and backups that are watched at once; more are not, which a log can only bring about by forging them. */
const MOST_OPEN = 10_000;
/** Hang reports further apart than this are two episodes of a live log; milliseconds. */
export const LIVE_GAP_MS = 60_000;

/**
 * Hang episodes as they happen. It says less than a report does, and at once: an end by silence is known only after
 * `gapMs` without a report. Constant memory; constant time an event.
 */
export class LiveEpisodes {
  readonly #gapMs: number;
  readonly #open = new Map<string, Open>();
  /** By host. */
  readonly #backups = new Map<string, RunningBackup[]>();

  /** @param gapMs reports further apart are two episodes, milliseconds; default 60,000 */
  constructor(gapMs: number = LIVE_GAP_MS) {
    this.#gapMs = gapMs;
  }

  /** @param nowMs when it came, on a clock that goes on when the log is silent */
  add(event: KernelEvent, nowMs: number): LiveNews[] {
    switch (event.kind) {
      case "e1000e.hang":
        return this.#report(event, nowMs);
      case "e1000e.reset": {
        const open = this.#open.get(keyOf(event.host, event.adapter));
        if (open !== undefined) open.resets += 1;
        return [];
      }
      case "e1000e.link_up": {
        const open = this.#open.get(keyOf(event.host, event.adapter));
        return open === undefined
          ? []
          : this.#end(open, open.resets > 0 ? "driver-reset" : "link-cycle", timeOf(event));
      }
      case "e1000e.driver_load":
        return this.#endAll(event, "driver-reload");
      case "host.boot":
        this.#backups.delete(event.host ?? "");
        return this.#endAll(event, "reboot");
      case "backup.job_start":
        this.#begins(event.host, { guest: null, storage: event.storage, sinceMs: timeOf(event) });
        return [];
      case "backup.guest_start":
        this.#begins(event.host, {
          guest: event.guest,
          storage: this.#running(event.host)?.storage ?? null,
          sinceMs: timeOf(event),
        });
        return [];
      case "backup.guest_end":
        this.#stops(event.host, ({ guest }) => guest === event.guest);
        return [];
      case "backup.job_end":
        this.#backups.delete(event.host ?? "");
        return [];
      default:
        return [];
    }
  }

  /** Ends what has been silent for too long. Call it whenever nothing comes. */
  tick(nowMs: number): LiveNews[] {
    return [...this.#open.values()]
      .filter(({ heardMs }) => nowMs - heardMs > this.#gapMs)
      .flatMap((open) => this.#end(open, "stall-dissolved", open.lastMs));
  }

  /** The log is over: what is open has no end that anybody saw. */
  end(): LiveNews[] {
    return [...this.#open.values()].flatMap((open) => this.#end(open, "log-ends", open.lastMs));
  }

  #report(event: HangEvent, nowMs: number): LiveNews[] {
    const key = keyOf(event.host, event.adapter);
    const timeMs = timeOf(event);
    const news: LiveNews[] = [];
    const before = this.#open.get(key);
    // Old lines come all at once: there the log's own clock tells episodes apart.
    const isApart = timeMs !== null && before?.lastMs != null && timeMs - before.lastMs > this.#gapMs;
    if (before !== undefined && isApart) news.push(...this.#end(before, "stall-dissolved", before.lastMs));
    const open = this.#open.get(key);
    if (open !== undefined) {
      open.reports += 1;
      open.lastMs = timeMs;
      open.heardMs = nowMs;
      return news;
    }
    if (this.#open.size >= MOST_OPEN) return news;
    this.#open.set(key, { first: event, reports: 1, resets: 0, lastMs: timeMs, heardMs: nowMs });
    news.push({ what: "begin", report: event, timeMs: event.time.unixMs, backup: this.#running(event.host) });
    return news;
  }

  #end({ first, reports }: Open, how: EpisodeEnd, endMs: number | null): LiveNews[] {
    this.#open.delete(keyOf(first.host, first.adapter));
    const startMs = timeOf(first);
    const lengthMs = startMs === null || endMs === null ? null : Math.max(0, endMs - startMs);
    return [{ what: "end", report: first, how, reports, timeMs: first.time.unixMs === null ? null : endMs, lengthMs }];
  }

  #endAll(event: KernelEvent, how: EpisodeEnd): LiveNews[] {
    return (
      [...this.#open.values()]
        .filter(({ first }) => first.host === event.host)
        // A boot's clock starts anew: the length of what it ended is not known.
        .flatMap((open) => this.#end(open, how, how === "reboot" ? event.time.unixMs : timeOf(event)))
    );
  }

  #running(host: string | null): RunningBackup | null {
    return this.#backups.get(host ?? "")?.at(-1) ?? null;
  }

  #begins(host: string | null, backup: RunningBackup): void {
    const key = host ?? "";
    const running = this.#backups.get(key) ?? [];
    if (running.length < MOST_OPEN && (running.length > 0 || this.#backups.size < MOST_OPEN))
      this.#backups.set(key, [...running, backup]);
  }

  #stops(host: string | null, isIt: (backup: RunningBackup) => boolean): void {
    const key = host ?? "";
    const left = (this.#backups.get(key) ?? []).filter((backup) => !isIt(backup));
    if (left.length > 0) this.#backups.set(key, left);
    else this.#backups.delete(key);
  }
}

function keyOf(host: string | null, adapter: HangEvent["adapter"]): string {
  return JSON.stringify([host, adapter.pci ?? adapter.interface]);
}

/** The log's own clock: wall time, or else time since boot. */
function timeOf({ time }: KernelEvent): number | null {
  return time.unixMs ?? time.bootMs;
}
