import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { type AnalyzeOptions, analyze } from "../src/index.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  itr,
  linkUp,
  load,
  MINUTE,
  recovered,
  run,
  shutdown,
  storm,
  summary,
  T0,
} from "./support/make-events.js";

const nights = (from: number, to: number): KernelEvent[] =>
  Array.from({ length: to - from }, (_, i) => {
    const start = T0 + (from + i) * DAY + 2 * HOUR;
    return run(start, start + HOUR);
  }).flat();
const hangsOf = (...days: readonly number[]): KernelEvent[] =>
  days.flatMap((night) => recovered(T0 + night * DAY + 2 * HOUR + 20 * MINUTE));
const CHANGE = T0 + 30 * DAY + 12 * HOUR;
const conf = (name: string, value: string, timeMs: number | null = null): KernelEvent =>
  event(
    "setting.file",
    timeMs,
    { file: "modprobe.d", module: "e1000e", interface: null, ignored: null, name, value },
    { evidence: "e1000e.conf", host: null },
  );
const confEvidence = summary(0, 0, {
  evidence: "e1000e.conf",
  form: "modprobe-config",
  kernelRecords: 0,
  span: null,
  activeHours: [],
  hosts: [],
});
const began = [boot(T0), load(T0 + 5_000), itr(T0 + 5_100), linkUp(T0 + 9_000)];
const reloaded = [load(CHANGE), itr(CHANGE + 100), linkUp(CHANGE + 4_000)];

function seriesOf(events: readonly KernelEvent[], days: number, options: Partial<AnalyzeOptions> = {}) {
  const end = T0 + days * DAY;
  return analyze({ events, evidence: [summary(T0, end), confEvidence] }, { now: end, ...options }).series[0]!;
}

test("watchful waiting after InterruptThrottleRate=3 is told that the setting changed nothing", () => {
  const events = [
    ...began,
    ...nights(0, 44),
    ...hangsOf(3, 11, 19, 28),
    conf("InterruptThrottleRate", "3"),
    ...reloaded,
  ];
  const { verdict, changes, settings, epochs, waiting } = seriesOf(events, 44);
  expect(verdict.noOp).toBe(true);
  expect(verdict.rung).toBe("consistent-with-improvement");
  expect(verdict.headline).toBe(
    "InterruptThrottleRate=3 changed nothing in force; 0 hangs in 15.2 backup-hours since 1 Oct, 4 in 36.2 before.",
  );
  expect(verdict.reasons).toContain(
    "The setting cannot be the cause: its effective value was the same before (dynamic-conservative); what is left is the driver reload (and chance).",
  );
  expect(verdict.notSeparable).toEqual(["driver reload"]);
  expect(changes.find(({ id }) => id === verdict.change)).toMatchObject({
    kind: "setting",
    timeMs: CHANGE,
    effectiveBefore: "dynamic-conservative",
    effectiveAfter: "dynamic-conservative",
  });
  expect(settings[0]?.finding).toContain("no time of its own; tied to the driver reload of 1 Oct 2026, 12:00");
  expect(epochs).toMatchObject([
    { episodes: 4, runs: 31, runsHit: 4 },
    { episodes: 0, runs: 13, runsHit: 0 },
  ]);
  expect(waiting).toMatchObject({ status: "ok", value: { unit: "backup-hour", soFarHours: 91 / 6 } });
  expect(verdict.wouldMove).toBe(
    "31.7 more hang-free backup-hours (about 28 backup runs, until about 11 Nov) would be enough for 95 %.",
  );
});

test("a kernel before 3.4 prints nothing for the default, and asking for it is a no-op all the same", () => {
  const events = [
    boot(T0, "3.2.0-4-amd64"),
    load(T0 + 5_000),
    linkUp(T0 + 9_000),
    ...nights(0, 40),
    ...hangsOf(3, 11),
    conf("InterruptThrottleRate", "3"),
    ...reloaded,
  ];
  expect(seriesOf(events, 40).verdict.noOp).toBe(true);
});

test("a change told for that day is the same act, and no more than it", () => {
  const events = [
    ...began,
    ...nights(0, 44),
    ...hangsOf(3, 11, 19, 28),
    conf("InterruptThrottleRate", "3"),
    ...reloaded,
  ];
  const { verdict, changes } = seriesOf(events, 44, {
    changes: [{ timeMs: CHANGE - 10 * HOUR, title: "ITR set to 3" }],
  });
  expect(changes.find(({ id }) => id === verdict.change)).toMatchObject({ kind: "told", noOp: true });
  expect(verdict.notSeparable).toEqual(["driver reload", "InterruptThrottleRate=3"]);
});

test("another value is a change, and is judged", () => {
  const events = [
    ...began,
    ...nights(0, 44),
    ...hangsOf(3, 11, 19, 28),
    conf("InterruptThrottleRate", "0"),
    load(CHANGE),
    itr(CHANGE + 100, "off"),
  ];
  const { verdict, changes } = seriesOf(events, 44);
  expect(verdict.noOp).toBe(false);
  expect(changes.find(({ id }) => id === verdict.change)).toMatchObject({
    effectiveBefore: "dynamic-conservative",
    effectiveAfter: "off",
  });
  expect(verdict.headline).toMatch(/^Fits an improvement, does not show one: 0 hangs in 15.2 backup-hours/);
});

test("enough silence shows an improvement, at every look, and the first look that did is named", () => {
  const events = [...began, ...nights(0, 120), ...hangsOf(2, 6, 9, 13, 17, 21, 24, 28)];
  const { verdict, efficacy } = seriesOf(events, 120, { changes: [{ timeMs: CHANGE, title: "TSO off" }] });
  expect(verdict.flags).toEqual([]);
  expect(verdict.rung).toBe("improvement-shown");
  expect(verdict.headline).toMatch(
    /^Fewer hangs per backup-hour since the change of 1 Oct: at most 0\.\d+ of the old rate/,
  );
  const { sequential, perRun } = efficacy[0]!;
  expect(perRun).toMatchObject({ status: "ok", value: { before: { runs: 31, hit: 8 }, after: { runs: 89, hit: 0 } } });
  if (sequential.status !== "ok" || sequential.value.firstShownMs === null) throw new Error("not shown");
  expect((sequential.value.firstShownMs - CHANGE) % (7 * DAY)).toBe(0);
  expect(sequential.value.firstShownMs).toBeLessThan(T0 + 60 * DAY);
});

test("a change made after a burst is not credited with the burst's end", () => {
  const burst = [10, 12, 14, 16, 18].flatMap((hour) => storm(CHANGE - DAY + hour * HOUR, 5));
  const events = [...began, ...burst];
  const { verdict } = seriesOf(events, 120, { changes: [{ timeMs: CHANGE, title: "TSO off" }] });
  expect(verdict.flags).toContain("trigger_sensitive");
  expect(verdict.rung).not.toBe("improvement-shown");
});

test("more hangs after the change are called worse", () => {
  const events = [
    ...began,
    ...nights(0, 60),
    ...hangsOf(5),
    ...hangsOf(32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56),
  ];
  const { verdict } = seriesOf(events, 60, { changes: [{ timeMs: CHANGE, title: "TSO off" }] });
  expect(verdict.rung).toBe("worse");
  expect(verdict.headline).toMatch(/^More hangs per backup-hour since the change of 1 Oct: at least/);
});

test("a change at the very end of the logs cannot be judged yet", () => {
  const events = [...began, ...nights(0, 30), ...hangsOf(3, 11)];
  const { verdict } = seriesOf(events, 30, { changes: [{ timeMs: T0 + 30 * DAY + 1, title: "TSO off" }] });
  expect(verdict.rung).toBe("insufficient-evidence");
  expect(verdict.headline).toMatch(/^Cannot say: no covered backup time since the change/);
});

test("without a change the present state is told with its exposure, also when there was no hang", () => {
  const some = seriesOf([...began, ...nights(0, 13), ...hangsOf(3)], 13);
  expect(some.verdict).toMatchObject({ change: null, rung: "insufficient-evidence" });
  expect(some.verdict.headline).toBe(
    "1 hang in 312 covered hours, 1 of them in backups; no change of a setting was found to judge.",
  );
  const none = seriesOf(began, 13);
  expect(none.verdict.headline).toBe("0 hangs in 312 covered hours; no change of a setting was found to judge.");
  expect(none.waiting.status).toBe("insufficient");
});

test("a kernel installed within a day of the change is named as not separable", () => {
  const up = CHANGE + 2 * HOUR;
  const events = [
    ...began,
    ...nights(0, 40),
    ...hangsOf(3, 11),
    shutdown(up - MINUTE),
    boot(up, "6.11.0-2-pve"),
    load(up + 3_000),
    itr(up + 3_100),
  ];
  const { verdict, changes } = seriesOf(events, 40, { changes: [{ timeMs: CHANGE, title: "TSO off" }] });
  expect(verdict.notSeparable).toEqual(["kernel 6.8.12-9-pve to 6.11.0-2-pve"]);
  expect(changes.map((change) => change.kind)).toContain("kernel");
});

test("a reboot far from the change does not split the comparison", () => {
  const up = T0 + 10 * DAY;
  const events = [
    ...began,
    ...nights(0, 40),
    ...hangsOf(3, 11),
    shutdown(up - MINUTE),
    boot(up),
    load(up + 3_000),
    itr(up + 3_100),
  ];
  const { epochs, verdict } = seriesOf(events, 40, { changes: [{ timeMs: CHANGE, title: "TSO off" }] });
  expect(epochs).toHaveLength(2);
  expect(verdict.notSeparable).toEqual([]);
});

test("a command that asks again at every boot is one change", () => {
  const command = (timeMs: number): KernelEvent =>
    event("setting.command", timeMs, {
      command: "/sbin/ethtool -K eno1 tso off gso off",
      program: "ethtool",
      interface: "eno1",
    });
  const ups = [20, 25, 30].map((day) => T0 + day * DAY);
  const events = [...began, ...nights(0, 40), ...ups.flatMap((up) => [boot(up), command(up + 30_000)])];
  const { changes, verdict, settings } = seriesOf(events, 40);
  expect(changes.filter((change) => change.kind === "command").map((change) => change.title)).toEqual([
    "offload.gso=off, offload.tso=off",
  ]);
  expect(changes.find(({ id }) => id === verdict.change)?.timeMs).toBe(ups[0]! + 30_000);
  expect(settings.map((setting) => setting.name)).toEqual(["InterruptThrottleRate", "offload.gso", "offload.tso"]);
});

test("backups every night at one hour are tied to hangs no surer than one night allows, and the report says so", () => {
  const { association } = seriesOf([...began, ...nights(0, 44), ...hangsOf(3, 11, 19, 28)], 44);
  expect(association.rung).toBe("association-shown");
  expect(association.crude).toMatchObject({ status: "ok", value: { ratio: "infinite", reference: { events: 0 } } });
  const even = seriesOf([...began, ...nights(0, 44), ...storm(T0 + DAY, 3), ...storm(T0 + 9 * DAY, 3)], 44).association;
  expect(even.rung).not.toBe("association-shown");
});

test("no sentence of any report says more than it may", () => {
  const reports = [
    seriesOf(
      [
        ...began,
        ...nights(0, 120),
        ...hangsOf(2, 6, 9, 13, 17, 21, 24, 28),
        conf("InterruptThrottleRate", "3"),
        ...reloaded,
      ],
      120,
    ),
    seriesOf([...began, ...nights(0, 44), ...hangsOf(3)], 44),
    seriesOf([], 44),
  ];
  for (const series of reports) {
    const text = JSON.stringify([
      series.verdict,
      series.association.sentence,
      series.settings.map(({ finding }) => finding),
    ]);
    expect(text).not.toMatch(/\b(?:fixed|solved|proves?|works|safe|significant)\b|p = 0\b|NaN|Infinity|undefined/);
    for (const [number] of text.matchAll(/\d+\.\d+/g))
      expect(Number(number)).toBe(Number(Number(number).toPrecision(3)));
    expect(series.verdict.headline.length).toBeLessThanOrEqual(140);
  }
});

test("options out of range are refused by name", () => {
  const input = { events: [], evidence: [] };
  expect(() => analyze(input, { now: Number.NaN })).toThrow(/now/);
  expect(() => analyze(input, { now: 0, confidence: 1 })).toThrow(/confidence/);
  expect(() => analyze(input, { now: 0, lagMs: -1 })).toThrow(/lagMs/);
  expect(() => analyze(input, { now: 0, timeZone: "Mars/Base" })).toThrow(RangeError);
  expect(analyze(input, { now: 0 }).series).toEqual([]);
});

test("a million reports of one wedge are one episode", () => {
  const start = T0 + HOUR;
  const analyzed = analyze(
    {
      events: (function* () {
        for (let i = 0; i < 1_000_000; i++) yield* storm(start + i * 2_000, 1, { bootMs: i });
      })(),
      evidence: [summary(T0, T0 + 30 * DAY)],
    },
    { now: T0 + 30 * DAY },
  );
  expect(analyzed.series[0]?.episodes).toMatchObject([{ reports: 1_000_000, end: "stall-dissolved" }]);
}, 60_000);
