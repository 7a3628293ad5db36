import type { KernelEvent } from "@hangproof/parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  hang,
  itr,
  linkDown,
  linkUp,
  load,
  reset,
  shutdown,
  summary,
  T0,
  type Where,
} from "./support/make-events.js";

const END = T0 + 20 * DAY;
const moment = fc.integer({ min: 0, max: 24 * 20 * 60 }).map((minutes) => T0 + minutes * 60_000);
const where: fc.Arbitrary<Where> = fc.record({
  evidence: fc.constantFrom("journal", "kern.log", "paste"),
  host: fc.constantFrom("pve", "pve.example.org", "other", null),
  relative: fc.constantFrom(false, false, true),
  trust: fc.constantFrom("kernel", "claimed"),
  uncertaintyMs: fc.constantFrom(0, 1_000, 3_600_000),
});
const made: fc.Arbitrary<KernelEvent> = fc
  .tuple(fc.integer({ min: 0, max: 14 }), fc.option(moment, { freq: 12 }), where, fc.integer({ min: 100, max: 102 }))
  .map(([kind, timeMs, at, guest]) => {
    if (timeMs === null) {
      const fields = {
        file: "modprobe.d",
        module: "e1000e",
        interface: null,
        ignored: null,
        name: "InterruptThrottleRate",
        value: "3",
      } as const;
      return kind % 2 === 0
        ? event("setting.file", null, fields, at)
        : { ...hang(T0, at), time: event("e1000e.hang", null, {} as never).time };
    }
    switch (kind) {
      case 0:
        return reset(timeMs, at);
      case 1:
        return linkUp(timeMs, at);
      case 2:
        return linkDown(timeMs, at);
      case 3:
        return boot(timeMs, "6.8.12", at);
      case 4:
        return shutdown(timeMs, at);
      case 5:
        return load(timeMs, at);
      case 6:
        return itr(timeMs, guest === 100 ? "off" : "dynamic-conservative", at);
      case 7:
        return event(
          "backup.job_start",
          timeMs,
          { command: null, upid: null, storage: null, mode: null, bandwidthLimitKiBps: null },
          at,
        );
      case 8:
        return event("backup.job_end", timeMs, { outcome: "failed", upid: null, detail: null }, at);
      case 9:
        return event("backup.guest_start", timeMs, { guest, guestType: null, upid: null }, at);
      case 10:
        return event(
          "backup.guest_end",
          timeMs,
          { guest, outcome: "ok", durationMs: HOUR, detail: null, upid: null },
          at,
        );
      case 11:
        return event("log.loss", timeMs, { what: "kernel-missed", count: null, sinceMs: null }, at);
      case 12:
        return event("host.command_line", timeMs, { commandLine: guest === 100 ? "quiet" : "pcie_aspm=off quiet" }, at);
      default:
        return hang(timeMs, at);
    }
  });

test("whatever the events, the report is finite, plain and its own counts agree", () => {
  const evidence = [
    summary(T0, END, { hosts: ["pve"] }),
    summary(T0 + DAY, END - DAY, { evidence: "kern.log", form: "syslog-iso", silent: [[T0 + 3 * DAY, T0 + 6 * DAY]] }),
    summary(0, 0, { evidence: "paste", form: "dmesg", span: null, activeHours: [], hosts: [] }),
  ];
  fc.assert(
    fc.property(
      fc.array(made, { maxLength: 60 }),
      fc.array(moment, { maxLength: 2 }),
      fc.constantFrom("single" as const, "repeated" as const),
      (events, told, looks) => {
        const changes = told.map((timeMs) => ({ timeMs, title: "TSO off" }));
        const report = analyze({ events, evidence }, { now: END, changes, looks });
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        for (const series of report.series) {
          const counted = series.episodes.filter((episode) => !episode.outsideCoverage).length;
          expect(series.epochs.reduce((sum, epoch) => sum + epoch.episodes, 0)).toBe(counted);
          const atRisk = series.epochs.reduce((sum, epoch) => sum + epoch.atRiskHours, 0);
          expect(atRisk).toBeCloseTo(series.coverage.atRiskHours, 6);
          expect(series.coverage.atRiskHours + series.coverage.hangHours).toBeCloseTo(series.coverage.coveredHours, 6);
          for (const episode of series.episodes) expect(episode.endMs).toBeGreaterThanOrEqual(episode.onsetMs);
          for (const run of series.runs) expect(run.endMs).toBeGreaterThanOrEqual(run.startMs);
          expect(JSON.stringify(series)).not.toMatch(/NaN|Infinity|undefined/);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
