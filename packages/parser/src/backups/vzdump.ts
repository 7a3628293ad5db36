import type { BackupOutcome, Finding } from "../model/event.js";
import type { LogRecord } from "../model/record.js";
import type { EventTime } from "../model/time.js";
import { readUpid, type Upid } from "./upid.js";

/** A finding, with its own time where the line holds a surer one than the record (the UPID's epoch). */
export interface BackupFinding {
  readonly finding: Finding;
  readonly time: EventTime | null;
}

const JOB_START = /^INFO: starting new backup job: (vzdump\b.*)$/;
const GUEST_START = /^INFO: Starting Backup of VM (\d{1,9})(?: \((\w{1,16})\))?$/;
const GUEST_FINISHED = /^INFO: Finished Backup of VM (\d{1,9}) \((\d{2,4}):(\d\d):(\d\d)\)$/;
const GUEST_FAILED = /^ERROR: Backup of VM (\d{1,9}) failed(?: - (.*))?$/;
const JOB_OK = /^INFO: Backup job finished successfully$/;
const JOB_ERRORS = /^INFO: Backup job finished with errors$/;
const JOB_FAILED = /^ERROR: Backup job failed - (.*)$/;
const TASK_END = /^TASK (OK|ERROR: (.*)|WARNINGS: \d+)$/;
/** Proxmox Backup Server (proxmox-backup, src/api2/backup/): in its log and in the task's own. */
const SERVER_START =
  /^starting new backup on datastore '([^']{1,128})'(?: from \S{1,128})?: "(vm|ct|host)\/([^/"]{1,64})\//;
const SERVER_OK = /^backup finished successfully$/;
const SERVER_FAILED = /^(?:backup failed: |backup ended and finish failed: )(.*)$/;
/** Tasks that are a backup run: a node's, and those of a backup server. */
const BACKUP_TASKS: ReadonlySet<string> = new Set(["vzdump", "backup"]);
const STARTING_TASK = /^(?:<\S{1,128}> )?starting task (UPID:\S{1,300})/;
const END_TASK = /^(?:<\S{1,128}> )?end task (UPID:\S{1,300}:) ?(.*)$/;
/** Of `index`, or of `active`, which puts a flag before the end and leaves the end of a running task out. */
const INDEX = /^(UPID:\S{1,300}:) (?:[01] (?=[0-9A-Fa-f]{8} ))?([0-9A-Fa-f]{1,16}) (.*)$/;
/** Guest logs before 2017 have a stamp without year; what follows it reads like a tag. */
const LEVEL_AS_TAG = /^(?:INFO|WARN|ERROR)$/;

function taskTime(unixMs: number): EventTime {
  return { unixMs, bootMs: null, source: "utc", uncertaintyMs: 1000, year: null };
}

function outcomeOf(status: string): BackupOutcome {
  if (status === "OK") return "ok";
  if (/^WARNINGS: \d+$/.test(status)) return "warnings";
  return status === "" || status === "unknown" || status === "(running)" ? "unknown" : "failed";
}

const option = (command: string, name: string): string | null =>
  new RegExp(`--${name}[ =](\\S+)`).exec(command)?.[1] ?? null;

function jobStart(command: string | null, upid: Upid | null): Finding {
  const limit = command === null ? null : option(command, "bwlimit");
  return {
    kind: "backup.job_start",
    command,
    upid: upid?.text ?? null,
    storage: command === null ? null : option(command, "storage"),
    mode: command === null ? null : option(command, "mode"),
    bandwidthLimitKiBps: limit !== null && /^\d+$/.test(limit) ? Number(limit) : null,
  };
}

/**
 * Reads a vzdump or task line (pve-manager, PVE/VZDump.pm; pve-common, PVE/RESTEnvironment.pm).
 * @param task the task whose own log this is; null for the system's log
 */
export function readBackupLine(record: LogRecord, task: Upid | null): readonly BackupFinding[] {
  const tag = LEVEL_AS_TAG.test(record.identifier ?? "") ? `${record.identifier}: ` : "";
  const message = tag + (record.message.split("\n")[0] ?? "").trimEnd();
  // A hook or another agent may print the line inside its own.
  const at = message.search(
    /\b(?:INFO|ERROR): (?:starting new backup job:|Starting Backup of VM|Finished Backup of VM|Backup (?:of VM|job) )/,
  );
  const line = at > 0 ? message.slice(at) : message;
  const own = (finding: Finding, time: EventTime | null = null): BackupFinding[] => [{ finding, time }];
  const upid = task?.text ?? null;

  const job = JOB_START.exec(line);
  if (job !== null) return own(jobStart(job[1] ?? "", task));
  const guest = GUEST_START.exec(line);
  if (guest !== null) {
    return own({ kind: "backup.guest_start", guest: Number(guest[1]), guestType: guest[2] ?? null, upid });
  }
  const finished = GUEST_FINISHED.exec(line);
  if (finished !== null) {
    const [, number, hours, minutes, seconds] = finished;
    const durationMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return own({ kind: "backup.guest_end", guest: Number(number), outcome: "ok", durationMs, detail: null, upid });
  }
  const failed = GUEST_FAILED.exec(line);
  if (failed !== null) {
    const detail = failed[2] ?? null;
    return own({
      kind: "backup.guest_end",
      guest: Number(failed[1]),
      outcome: "failed",
      durationMs: null,
      detail,
      upid,
    });
  }
  if (JOB_OK.test(line)) return own({ kind: "backup.job_end", outcome: "ok", upid, detail: null });
  if (JOB_ERRORS.test(line))
    return own({ kind: "backup.job_end", outcome: "failed", upid, detail: "finished with errors" });
  const jobFailed = JOB_FAILED.exec(line);
  if (jobFailed !== null) return own({ kind: "backup.job_end", outcome: "failed", upid, detail: jobFailed[1] ?? null });
  const end = TASK_END.exec(line);
  if (end !== null && (task === null || BACKUP_TASKS.has(task.type))) {
    const status = end[1] === "OK" ? "OK" : (end[2] ?? end[1] ?? "");
    return own({ kind: "backup.job_end", outcome: outcomeOf(status), upid, detail: status === "OK" ? null : status });
  }
  return readServerLine(line, upid) ?? readTaskLine(message);
}

function readServerLine(line: string, upid: string | null): readonly BackupFinding[] | null {
  const start = SERVER_START.exec(line);
  if (start !== null) {
    const [, storage = null] = start;
    const finding = {
      kind: "backup.job_start",
      command: null,
      upid,
      storage,
      mode: null,
      bandwidthLimitKiBps: null,
    } as const;
    return [{ finding, time: null }];
  }
  if (SERVER_OK.test(line)) {
    return [{ finding: { kind: "backup.job_end", outcome: "ok", upid, detail: null }, time: null }];
  }
  const failed = SERVER_FAILED.exec(line);
  if (failed === null) return null;
  return [{ finding: { kind: "backup.job_end", outcome: "failed", upid, detail: failed[1] ?? null }, time: null }];
}

function readTaskLine(message: string): readonly BackupFinding[] {
  const starting = STARTING_TASK.exec(message);
  if (starting !== null) {
    const upid = readUpid(starting[1] ?? "");
    return upid !== null && BACKUP_TASKS.has(upid.type)
      ? [{ finding: jobStart(null, upid), time: taskTime(upid.startMs) }]
      : [];
  }
  const ended = END_TASK.exec(message);
  if (ended !== null) {
    const upid = readUpid(ended[1] ?? "");
    if (upid === null || !BACKUP_TASKS.has(upid.type)) return [];
    return [{ finding: jobEnd(upid, ended[2] ?? ""), time: null }];
  }
  const index = INDEX.exec(message);
  const upid = index === null ? null : readUpid(index[1] ?? "");
  if (index === null || upid === null || !BACKUP_TASKS.has(upid.type)) return [];
  const endMs = Number.parseInt(index[2] ?? "0", 16) * 1000;
  const start = { finding: jobStart(null, upid), time: taskTime(upid.startMs) };
  return endMs === 0 ? [start] : [start, { finding: jobEnd(upid, index[3] ?? ""), time: taskTime(endMs) }];
}

function jobEnd(upid: Upid, status: string): Finding {
  const outcome = outcomeOf(status);
  return { kind: "backup.job_end", outcome, upid: upid.text, detail: outcome === "ok" ? null : status };
}
