import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { type AnalyzeOptions, analyze } from "../src/index.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  linkDown,
  linkUp,
  MINUTE,
  run,
  shutdown,
  storm,
  summary,
  T0,
} from "./support/make-events.js";

const END = T0 + 5 * DAY;
const NIGHT = T0 + DAY + 2 * HOUR;

function seriesOf(events: readonly KernelEvent[], options: Partial<AnalyzeOptions> = {}) {
  const task = summary(0, 0, { evidence: "task", form: "pve-task-log", kernelRecords: 0, span: null, activeHours: [] });
  const index = { ...task, evidence: "index", form: "pve-task-index" as const };
  return analyze({ events: [boot(T0), ...events], evidence: [summary(T0, END), task, index] }, { now: END, ...options })
    .series[0]!;
}

const upid = `UPID:pve:0000F1E2:00A1B2C3:${(NIGHT / 1000).toString(16).toUpperCase()}:vzdump:103:root@pam:`;
const jobStart = (timeMs: number, id: string | null, evidence: string): KernelEvent =>
  event(
    "backup.job_start",
    timeMs,
    { command: null, upid: id, storage: null, mode: null, bandwidthLimitKiBps: null },
    { evidence },
  );
const jobEnd = (timeMs: number, id: string | null, evidence: string): KernelEvent =>
  event("backup.job_end", timeMs, { outcome: "ok", upid: id, detail: null }, { evidence });

test("a run told by journal, task log and index is one run", () => {
  const events = [
    jobStart(NIGHT, upid, "journal"),
    ...run(NIGHT + 1_000, NIGHT + HOUR),
    event("backup.guest_start", NIGHT + 1_500, { guest: 103, guestType: "qemu", upid }, { evidence: "task" }),
    event(
      "backup.guest_end",
      NIGHT + HOUR - 500,
      { guest: 103, outcome: "ok", durationMs: HOUR, detail: null, upid },
      { evidence: "task" },
    ),
    jobStart(NIGHT, upid, "index"),
    jobEnd(NIGHT + HOUR + 1_000, upid, "index"),
  ];
  expect(seriesOf(events).runs).toMatchObject([
    { startMs: NIGHT, endMs: NIGHT + HOUR + 1_000, guests: [103], outcome: "ok", endObserved: true, storage: "nfs" },
  ]);
});

test("the end of a task alone gives the run: its UPID holds the start", () => {
  expect(seriesOf([jobEnd(NIGHT + HOUR, upid, "index")]).runs).toMatchObject([
    { startMs: NIGHT, endMs: NIGHT + HOUR, guests: [103], endObserved: true },
  ]);
});

test("guests one after the other without a job are one run; the next night's are another", () => {
  const guest = (id: number, startMs: number, endMs: number): KernelEvent[] => [
    event("backup.guest_start", startMs, { guest: id, guestType: "lxc", upid: null }),
    event("backup.guest_end", endMs, { guest: id, outcome: "ok", durationMs: null, detail: null, upid: null }),
  ];
  const events = [
    ...guest(101, NIGHT, NIGHT + 10 * MINUTE),
    ...guest(102, NIGHT + 10 * MINUTE + 1_000, NIGHT + 30 * MINUTE),
    ...guest(101, NIGHT + DAY, NIGHT + DAY + 10 * MINUTE),
  ];
  expect(seriesOf(events).runs).toMatchObject([
    { guests: [101, 102], endMs: NIGHT + 30 * MINUTE },
    { guests: [101], startMs: NIGHT + DAY },
  ]);
});

test("a run that the hang killed stays, and ends with the recovery", () => {
  const killed = run(NIGHT, NIGHT + HOUR).slice(0, 2);
  const onset = NIGHT + 20 * MINUTE;
  const events = [...killed, ...storm(onset, 300), linkDown(onset + 10 * MINUTE), linkUp(onset + 12 * MINUTE)];
  const series = seriesOf(events);
  expect(series.runs).toMatchObject([
    { endObserved: false, endBasis: "recovery", endMs: onset + 12 * MINUTE, hit: true },
  ]);
  expect(series.episodes).toMatchObject([{ run: 0 }]);
});

test("a run without an end is bounded by the next run, the shutdown or the end of coverage, whichever is first", () => {
  const open = run(NIGHT, NIGHT + HOUR).slice(0, 2);
  expect(seriesOf([...open, ...run(NIGHT + DAY, NIGHT + DAY + HOUR)]).runs[0]).toMatchObject({ endBasis: "next-run" });
  const down = [shutdown(NIGHT + HOUR), boot(NIGHT + HOUR + 5 * MINUTE)];
  expect(seriesOf([...open, ...down]).runs[0]).toMatchObject({ endBasis: "shutdown", endMs: NIGHT + HOUR });
  expect(seriesOf(open).runs[0]).toMatchObject({ endBasis: "coverage-end" });
});

test("a hang within the lag belongs to the run, start in and end out", () => {
  const events = [...run(NIGHT, NIGHT + HOUR), ...storm(NIGHT + HOUR + 10 * MINUTE - 1, 3)];
  expect(seriesOf(events).episodes).toMatchObject([{ run: 0 }]);
  const late = [...run(NIGHT, NIGHT + HOUR), ...storm(NIGHT + HOUR + 10 * MINUTE, 3)];
  expect(seriesOf(late).episodes).toMatchObject([{ run: null }]);
});

test("windows that the user tells count like logged ones", () => {
  const series = seriesOf(storm(NIGHT + MINUTE, 3), { windows: [{ startMs: NIGHT, endMs: NIGHT + HOUR }] });
  expect(series.runs).toMatchObject([{ hit: true, place: { evidence: "told by the user" } }]);
  expect(series.episodes[0]?.run).toBe(0);
});

test("a failure is of the run that it is in, not of an earlier one that was cut off in the same guest", () => {
  const later = NIGHT + DAY;
  const second = `UPID:pve:0000F1E3:00A1B2C4:${(later / 1000).toString(16).toUpperCase()}:vzdump::root@pam:`;
  const first = `UPID:pve:0000F1E2:00A1B2C3:${(NIGHT / 1000).toString(16).toUpperCase()}:vzdump::root@pam:`;
  const begins = (timeMs: number, id: string): KernelEvent[] => [
    jobStart(timeMs, id, "task"),
    event("backup.guest_start", timeMs, { guest: 103, guestType: "qemu", upid: id }, { evidence: "task" }),
  ];
  const fails = (timeMs: number, id: string | null, evidence: string): KernelEvent =>
    event(
      "backup.guest_end",
      timeMs,
      { guest: 103, outcome: "failed", durationMs: null, detail: "Input/output error", upid: id },
      { evidence },
    );
  const events = [
    ...begins(NIGHT, first),
    shutdown(NIGHT + 5 * MINUTE),
    boot(NIGHT + 6 * MINUTE),
    ...begins(later, second),
    fails(later + HOUR, second, "task"),
    // The journal says it, too, and without the task's id.
    fails(later + HOUR, null, "journal"),
    jobEnd(later + HOUR, second, "task"),
  ];
  expect(seriesOf(events).runs.map(({ outcome, troubleMs }) => [outcome, troubleMs])).toEqual([
    ["unknown", null],
    ["failed", later + HOUR],
  ]);
});
