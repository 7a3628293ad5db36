import type { BackupOutcome, KernelEvent } from "@hangproof/parser";
import type { Place } from "../report.js";
import type { Span } from "../result.js";
import { type Fact, placeOf } from "../timeline/fact.js";

/** A backup run as the evidence tells it; `endMs` is null where no line tells the end. */
export interface RawRun {
  readonly startMs: number;
  readonly endMs: number | null;
  /** Of the last line that is of this run: until then it went on. */
  readonly lastMs: number;
  readonly guests: readonly number[];
  readonly outcome: BackupOutcome;
  readonly storage: string | null;
  readonly mode: string | null;
  readonly bandwidthLimitKiBps: number | null;
  /** Of the first line that says that something of it failed; null: none does. */
  readonly troubleMs: number | null;
  readonly place: Place;
}

/** Lines of one job, told by different programs, stand this close together. */
const SAME_JOB_MS = 30_000;
/** vzdump goes from one guest to the next at once; guests without a job this close are one run. */
const NEXT_GUEST_MS = 60_000;

interface Draft {
  startMs: number;
  endMs: number | null;
  lastMs: number;
  upid: string | null;
  readonly guests: Set<number>;
  readonly running: Set<number>;
  outcome: BackupOutcome;
  storage: string | null;
  mode: string | null;
  bandwidthLimitKiBps: number | null;
  troubleMs: number | null;
  /** False for guests that no job was told for. */
  readonly isJob: boolean;
  readonly place: Place;
}

/**
 * Backup runs from whatever tells of them: task start and end with their UPID, vzdump's own lines, task index, per-guest
 * logs, told windows. The same run told three times is one run: by UPID, else because one node runs one vzdump at a time
 * (`/var/run/vzdump.lock`, PVE/VZDump.pm), so lines of one moment are of one job.
 *
 * @param facts of one host in the order of time
 */
export function findRuns(facts: readonly Fact[], told: readonly Span[]): RawRun[] {
  const drafts: Draft[] = [];
  for (const fact of facts) read(drafts, fact);
  const merged = mergeSame(drafts);
  const runs = merged.map(
    (draft): RawRun => ({
      startMs: draft.startMs,
      endMs: draft.endMs,
      lastMs: draft.lastMs,
      guests: [...draft.guests].sort((a, b) => a - b),
      // Guests that went well say nothing of a job that never ended.
      outcome: draft.endMs === null && draft.outcome !== "failed" ? "unknown" : draft.outcome,
      storage: draft.storage,
      mode: draft.mode,
      bandwidthLimitKiBps: draft.bandwidthLimitKiBps,
      troubleMs: draft.troubleMs,
      place: draft.place,
    }),
  );
  for (const span of told)
    runs.push({
      startMs: span.startMs,
      endMs: span.endMs,
      lastMs: span.endMs,
      guests: [],
      outcome: "unknown",
      storage: null,
      mode: null,
      bandwidthLimitKiBps: null,
      troubleMs: null,
      place: TOLD,
    });
  return runs.sort((a, b) => a.startMs - b.startMs || (a.endMs ?? 0) - (b.endMs ?? 0));
}

/** The place of what the user told. */
const TOLD: Place = { evidence: "told by the user", line: 0, byteOffset: 0 };

function read(drafts: Draft[], fact: Fact): void {
  const { event, timeMs } = fact;
  switch (event.kind) {
    case "backup.job_start": {
      const near = findJob(drafts, event.upid, timeMs, true);
      const job = near ?? start(drafts, fact, timeMs, event.upid, true);
      job.upid ??= event.upid;
      job.storage ??= event.storage;
      job.mode ??= event.mode;
      job.bandwidthLimitKiBps ??= event.bandwidthLimitKiBps;
      addUpidGuest(job, event.upid);
      break;
    }
    case "backup.job_end": {
      const found = findJob(drafts, event.upid, timeMs, false);
      // A task index or a rotated log may keep only the end; its UPID holds the start.
      const startMs = event.upid === null ? null : startOfUpid(event.upid);
      const job = found ?? (startMs === null ? null : start(drafts, fact, Math.min(startMs, timeMs), event.upid, true));
      if (job === null) break;
      job.upid ??= event.upid;
      addUpidGuest(job, event.upid);
      job.endMs = job.endMs === null ? timeMs : Math.max(job.endMs, timeMs);
      job.outcome = worse(job.outcome, event.outcome);
      if (event.outcome === "failed") job.troubleMs ??= timeMs;
      job.running.clear();
      break;
    }
    case "backup.guest_start": {
      const job = findJob(drafts, event.upid, timeMs, false) ?? findChain(drafts, timeMs);
      const draft = job ?? start(drafts, fact, timeMs, event.upid, false);
      draft.lastMs = Math.max(draft.lastMs, timeMs);
      draft.guests.add(event.guest);
      if (draft.isJob) endElsewhere(drafts, draft, event.guest);
      draft.running.add(event.guest);
      if (!draft.isJob) draft.endMs = null;
      break;
    }
    case "backup.guest_end": {
      const holder = drafts
        .slice(-LOOK_BACK)
        .findLast((draft) => draft.running.has(event.guest) && draft.startMs <= timeMs);
      const job = holder ?? findJob(drafts, event.upid, timeMs, false);
      const sinceMs = timeMs - (event.durationMs ?? 0);
      const chain = job ?? findChain(drafts, sinceMs);
      const draft = chain ?? (event.durationMs === null ? null : start(drafts, fact, sinceMs, event.upid, false));
      if (draft === null) break;
      draft.lastMs = Math.max(draft.lastMs, timeMs);
      draft.guests.add(event.guest);
      draft.running.delete(event.guest);
      draft.outcome = worse(draft.outcome, event.outcome);
      if (event.outcome === "failed") draft.troubleMs ??= timeMs;
      if (!draft.isJob && draft.running.size === 0) draft.endMs = Math.max(draft.endMs ?? timeMs, timeMs);
      break;
    }
    default:
      break;
  }
}

function start(drafts: Draft[], fact: Fact, startMs: number, upid: string | null, isJob: boolean): Draft {
  const draft: Draft = {
    startMs,
    endMs: null,
    lastMs: startMs,
    upid,
    guests: new Set(),
    running: new Set(),
    outcome: "unknown",
    storage: null,
    mode: null,
    bandwidthLimitKiBps: null,
    troubleMs: null,
    isJob,
    place: placeOf(fact.event as KernelEvent),
  };
  drafts.push(draft);
  return draft;
}

/**
 * A guest is locked while it is backed up (PVE/VZDump.pm): an earlier job that still seems to back it up was cut off, and
 * what is told of the guest from here on is not of that job.
 */
function endElsewhere(drafts: readonly Draft[], draft: Draft, guest: number): void {
  for (const other of drafts.slice(-LOOK_BACK))
    if (other.isJob && other.startMs < draft.startMs - SAME_JOB_MS) other.running.delete(guest);
}

/** The job that a line is of: by UPID, else the last one that started before and has not ended (or ended just now). */
function findJob(drafts: readonly Draft[], upid: string | null, timeMs: number, isStart: boolean): Draft | null {
  for (let i = drafts.length - 1, looked = 0; i >= 0 && looked < LOOK_BACK; i--, looked++) {
    const draft = drafts[i]!;
    if (!draft.isJob || draft.startMs > timeMs + SAME_JOB_MS) continue;
    if (upid !== null && draft.upid !== null) {
      if (upid === draft.upid) return draft;
      continue;
    }
    // Two starts that do not share a UPID are one job only when they stand side by side.
    if (isStart && Math.abs(timeMs - draft.startMs) > SAME_JOB_MS) continue;
    if (draft.endMs === null || timeMs - draft.endMs <= SAME_JOB_MS)
      return isStart && draft.endMs !== null ? null : draft;
  }
  return null;
}

/** Jobs that one line may still be of: a node runs one backup at a time, other nodes have other timelines. */
const LOOK_BACK = 64;

function findChain(drafts: readonly Draft[], timeMs: number): Draft | null {
  const last = drafts.slice(-LOOK_BACK).findLast((draft) => !draft.isJob);
  if (last === undefined) return null;
  if (last.running.size > 0) return last.startMs <= timeMs && timeMs - last.startMs < LONGEST_MS ? last : null;
  return last.endMs !== null && timeMs - last.endMs <= NEXT_GUEST_MS ? last : null;
}

/** A guest whose end is not told does not take the next night's guests into its run. */
const LONGEST_MS = 12 * 3_600_000;

/** Joins drafts that tell of one run: the same UPID, or guests in common at the same time. */
function mergeSame(drafts: readonly Draft[]): Draft[] {
  const merged: Draft[] = [];
  const byUpid = new Map<string, Draft>();
  const sorted = [...drafts].sort((a, b) => a.startMs - b.startMs || Number(b.isJob) - Number(a.isJob));
  for (const draft of sorted) {
    const sameUpid = draft.upid === null ? undefined : byUpid.get(draft.upid);
    const other = sameUpid ?? merged.slice(-LOOK_BACK).findLast((candidate) => tellSame(candidate, draft));
    if (other === undefined) {
      merged.push(draft);
      if (draft.upid !== null) byUpid.set(draft.upid, draft);
      continue;
    }
    other.startMs = Math.min(other.startMs, draft.startMs);
    other.lastMs = Math.max(other.lastMs, draft.lastMs);
    if (draft.endMs !== null) other.endMs = Math.max(other.endMs ?? draft.endMs, draft.endMs);
    if (draft.upid !== null) byUpid.set(draft.upid, other);
    other.upid ??= draft.upid;
    for (const guest of draft.guests) other.guests.add(guest);
    other.outcome = worse(other.outcome, draft.outcome);
    if (draft.troubleMs !== null) other.troubleMs = Math.min(other.troubleMs ?? draft.troubleMs, draft.troubleMs);
    other.storage ??= draft.storage;
    other.mode ??= draft.mode;
    other.bandwidthLimitKiBps ??= draft.bandwidthLimitKiBps;
  }
  return merged;
}

function tellSame(a: Draft, b: Draft): boolean {
  if (a.upid !== null && b.upid !== null) return false;
  const startsTogether = Math.abs(a.startMs - b.startMs) <= SAME_JOB_MS;
  const within = b.startMs >= a.startMs - SAME_JOB_MS && (a.endMs === null || b.startMs < a.endMs);
  if (!within) return false;
  const shareGuest = [...b.guests].some((guest) => a.guests.has(guest));
  if (shareGuest) return a.endMs !== null || startsTogether;
  // A job whose guests are not told takes in the guests told by themselves while it ran.
  return (
    (a.guests.size === 0 || b.guests.size === 0) &&
    (a.endMs !== null || startsTogether) &&
    (a.isJob !== b.isJob || startsTogether)
  );
}

/** The fields behind the node; a backup server's task id has the task's number in addition (proxmox-backup, UPID). */
function fieldsOf(upid: string): { readonly start: string; readonly id: string } {
  const fields = upid.split(":");
  const more = fields.length > 9 ? 1 : 0;
  return { start: fields[4 + more] ?? "", id: fields[6 + more] ?? "" };
}

/** Unix milliseconds of a task's start: seconds in hexadecimal (PVE/UPID.pm). */
function startOfUpid(upid: string): number | null {
  const { start } = fieldsOf(upid);
  return /^[0-9A-Fa-f]{8}$/.test(start) ? Number.parseInt(start, 16) * 1000 : null;
}

/** For vzdump the id is the guest when the task is for exactly one; a server's ends with `vm-103`, escaped. */
function addUpidGuest(job: Draft, upid: string | null): void {
  const guest = upid === null ? null : /^(?:.*(?:vm|ct)[-/])?([1-9][0-9]{2,8})$/.exec(fieldsOf(upid).id);
  if (guest !== null) job.guests.add(Number(guest[1]));
}

const BADNESS: Readonly<Record<BackupOutcome, number>> = { unknown: 0, ok: 1, warnings: 2, failed: 3 };

function worse(a: BackupOutcome, b: BackupOutcome): BackupOutcome {
  return BADNESS[b] > BADNESS[a] ? b : a;
}
