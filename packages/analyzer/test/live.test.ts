import type { KernelEvent } from "@hangproof/parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze, LiveEpisodes, type LiveNews } from "../src/index.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  hang,
  linkUp,
  load,
  MINUTE,
  recovered,
  reset,
  run,
  storm,
  summary,
  T0,
} from "./support/make-events.js";

/** As if the log were followed: each event comes when its line says. */
function newsOf(events: readonly KernelEvent[]): LiveNews[] {
  const live = new LiveEpisodes();
  const news: LiveNews[] = [];
  for (const one of events) {
    const nowMs = one.time.unixMs ?? one.time.bootMs ?? 0;
    news.push(...live.tick(nowMs), ...live.add(one, nowMs));
  }
  return [...news, ...live.end()];
}

test("a flood of reports is one line when it begins and one when it ends", () => {
  const news = newsOf([...storm(T0, 5_000), reset(T0 + 10_001_000), linkUp(T0 + 10_004_000)]);
  expect(news).toMatchObject([
    { what: "begin", timeMs: T0, backup: null },
    { what: "end", how: "driver-reset", reports: 5_000, lengthMs: 10_004_000 },
  ]);
});

test("the backup that runs is told, and not after its end", () => {
  const night = [...run(T0, T0 + HOUR), ...recovered(T0 + 30 * MINUTE), ...recovered(T0 + 2 * HOUR)].sort(
    (a, b) => a.time.unixMs! - b.time.unixMs!,
  );
  expect(newsOf(night).filter(({ what }) => what === "begin")).toMatchObject([
    { backup: { guest: 103, storage: "nfs", sinceMs: T0 + 1_000 } },
    { backup: null },
  ]);
});

test("how a hang ended", () => {
  const ends: [KernelEvent[], string][] = [
    [[linkUp(T0 + 30_000)], "link-cycle"],
    [[reset(T0 + 8_000), linkUp(T0 + 12_000)], "driver-reset"],
    [[load(T0 + 30_000)], "driver-reload"],
    [[boot(T0 + 50_000)], "reboot"],
    [[hang(T0 + HOUR), linkUp(T0 + HOUR + 1_000)], "stall-dissolved"],
    [[], "log-ends"],
  ];
  for (const [after, how] of ends) expect(newsOf([...storm(T0, 3), ...after])[1]).toMatchObject({ what: "end", how });
});

test("two adapters are two episodes, and the link of one ends the other's not", () => {
  const other = { ...hang(T0), adapter: { pci: "0000:02:00.0", interface: "eno2" } } as KernelEvent;
  const news = newsOf([hang(T0), other, linkUp(T0 + 5_000)]);
  expect(news.map(({ what, report }) => `${what} ${report.adapter.interface}`)).toEqual([
    "begin eno1",
    "begin eno2",
    "end eno1",
    "end eno2",
  ]);
});

test("a ring buffer's clock will do", () => {
  const where = { relative: true };
  expect(newsOf([...storm(5_000, 3, where), linkUp(12_000, where)])).toMatchObject([
    { what: "begin", timeMs: null },
    { what: "end", timeMs: null, lengthMs: 7_000 },
  ]);
});

test("live it counts the episodes that the report counts, where each ends with its link", () => {
  const gap = fc.integer({ min: 2, max: 3 * 24 * 60 });
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 12 }), (gaps) => {
      let at = T0;
      const events: KernelEvent[] = [];
      for (const minutes of gaps) {
        at += minutes * MINUTE;
        events.push(...recovered(at));
      }
      const begun = newsOf(events).filter(({ what }) => what === "begin");
      const report = analyze({ events, evidence: [summary(T0, at + DAY)] }, { now: at + DAY });
      expect(begun.map((news) => (news.what === "begin" ? news.timeMs : null))).toEqual(
        (report.series[0]?.episodes ?? []).map(({ onsetMs }) => onsetMs),
      );
    }),
  );
});

test("forged adapters and backups do not fill memory", () => {
  const live = new LiveEpisodes();
  for (let i = 0; i < 20_000; i++) {
    live.add({ ...hang(T0), adapter: { pci: `${i}`, interface: null } } as KernelEvent, T0);
    live.add(
      event("backup.job_start", T0, {
        command: null,
        upid: null,
        storage: null,
        mode: null,
        bandwidthLimitKiBps: null,
      }),
      T0,
    );
  }
  expect(live.end().length).toBe(10_000);
});
