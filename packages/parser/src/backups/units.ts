import type { BackupOutcome, Finding } from "../model/event.js";
import type { LogRecord } from "../model/record.js";

/** `Starting NAME - Description...` (systemd 249 on), `Starting Description...` (before), `Started …` of a simple service. */
const BEGAN = /^(?:Starting|Started) (.{1,300}?)(?: - .{0,300})?(?:\.{1,3}|…)?$/;
const FINISHED = /^(?:Finished|Stopped) (.{1,300}?)(?: - .{0,300})?(?:\.{1,3}|…)?$/;
/** `NAME: Deactivated successfully.` (246 on), `NAME: Succeeded.` (232 to 245), `NAME: Failed with result 'exit-code'.` */
const ENDED = /^(\S{1,256}): (Deactivated successfully|Succeeded|Failed with result '([\w-]{1,40})')\.?$/;
/** cron and cronie. */
const CRON = /^\(\S{1,32}\) CMD \((.{1,1000}?)\)?$/s;
const CRON_END = /session closed for user /;

/** Jobs of cron that run at once and have not ended. */
const MOST_JOBS = 256;

/**
 * Backups that are any unit of systemd or any job of cron: the user names the unit, its description, or a part of the
 * command. Starts and ends are those that systemd and cron log; cron's end is that of its session, by process number.
 */
export class UnitWindows {
  readonly #names: readonly string[];
  readonly #jobs = new Map<number, string>();
  readonly #running = new Set<string>();

  /** @param names non-empty */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  read({ identifier, pid, message }: LogRecord): Finding | null {
    const line = message.split("\n", 1)[0] ?? "";
    if (identifier === "systemd") return this.#systemd(line);
    return /^(?:CRON|crond?|cronie)$/i.test(identifier ?? "") ? this.#cron(line, pid) : null;
  }

  #systemd(line: string): Finding | null {
    const ended = ENDED.exec(line);
    if (ended !== null) {
      const unit = this.#named(ended[1] ?? "");
      const isFailed = ended[3] !== undefined;
      return unit === null ? null : this.#end(unit, isFailed ? "failed" : "ok", ended[3] ?? null);
    }
    const finished = FINISHED.exec(line);
    if (finished !== null) {
      const unit = this.#named(finished[1] ?? "");
      return unit === null ? null : this.#end(unit, "ok", null);
    }
    const began = BEGAN.exec(line);
    const unit = began === null ? null : this.#named(began[1] ?? "");
    // A timer that starts is no run of what it times.
    if (unit === null || (began?.[1] ?? "").endsWith(".timer")) return null;
    return this.#start(unit);
  }

  #cron(line: string, pid: number | null): Finding | null {
    const command = CRON.exec(line)?.[1];
    if (command !== undefined) {
      const name = this.#names.find((one) => command.includes(one));
      if (name === undefined || pid === null || this.#jobs.size >= MOST_JOBS) return null;
      this.#jobs.set(pid, name);
      return this.#start(name);
    }
    const name = pid === null || !CRON_END.test(line) ? undefined : this.#jobs.get(pid);
    if (name === undefined || pid === null) return null;
    this.#jobs.delete(pid);
    return this.#end(name, "unknown", null);
  }

  /** The name as the user gave it: the unit with or without `.service`, or its description. */
  #named(text: string): string | null {
    return this.#names.find((name) => text === name || text === `${name}.service`) ?? null;
  }

  #start(command: string): Finding | null {
    // `Starting` and `Started` are two lines of one run.
    if (this.#running.has(command)) return null;
    this.#running.add(command);
    return { kind: "backup.job_start", command, upid: null, storage: null, mode: null, bandwidthLimitKiBps: null };
  }

  #end(command: string, outcome: BackupOutcome, detail: string | null): Finding | null {
    // systemd says that a unit failed, or is inactive, and then that it finished.
    if (!this.#running.delete(command)) return null;
    return { kind: "backup.job_end", outcome, upid: null, detail };
  }
}
