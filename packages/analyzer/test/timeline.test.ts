import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnalyzeOptions, analyze } from "../src/index.js";
import { matchAcross } from "../src/timeline/match.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  hang,
  linkUp,
  recovered,
  reset,
  run,
  shutdown,
  storm,
  summary,
  T0,
  type Where,
} from "./support/make-events.js";

const END = T0 + 10 * DAY;
const report = (
  events: readonly KernelEvent[],
  evidence: readonly EvidenceSummary[],
  options?: Partial<AnalyzeOptions>,
) => analyze({ events, evidence }, { now: END, ...options });
const kernLog = (startMs = T0, endMs = END) =>
  summary(startMs, endMs, { evidence: "kern.log", form: "syslog-traditional" });

/** The same facts as a text file has them: whole seconds, no word of the kernel's own. */
function told(events: readonly KernelEvent[], skewMs: number, where: Where): KernelEvent[] {
  return events.map((original) => ({
    ...original,
    time: {
      ...original.time,
      unixMs: Math.floor((original.time.unixMs! + skewMs) / 1000) * 1000,
      uncertaintyMs: where.uncertaintyMs ?? 1000,
    },
    host: where.host === undefined ? original.host : where.host,
    trust: "claimed" as const,
    provenance: { ...original.provenance, evidence: where.evidence! },
  }));
}

test("a second export of the same log changes no figure", () => {
  const events = [
    ...recovered(T0 + DAY + 333),
    ...recovered(T0 + 3 * DAY + 777),
    ...run(T0 + 3 * DAY - HOUR, T0 + 3 * DAY + HOUR),
  ];
  const once = report(events, [summary(T0, END)]);
  const twice = report(
    [...told(events, 1_500, { evidence: "kern.log", host: "pve.example.org" }), ...events],
    [summary(T0, END), kernLog()],
  );
  expect(twice.series).toEqual(once.series);
});

test("registers identify a report whatever the clocks say", () => {
  const events = storm(T0 + DAY, 5);
  const skewed = told(events, 7 * HOUR, { evidence: "kern.log", uncertaintyMs: 20_000 });
  expect(report([...events, ...skewed], [summary(T0, END), kernLog()]).series[0]?.episodes).toMatchObject([
    { reports: 5, onsetMs: T0 + DAY, uncertaintyMs: 0 },
  ]);
});

test("two equal messages in one evidence are two facts, also when a second evidence tells both", () => {
  const resets = [reset(T0 + DAY), reset(T0 + DAY + 1_000)];
  const both = report([...resets, ...told(resets, 0, { evidence: "kern.log" })], [summary(T0, END), kernLog()]);
  expect(both.series[0]?.resetsWithoutReport).toHaveLength(2);
});

test("matching is one to one, within one evidence never, and does not depend on the input's order", () => {
  const item = fc.record({ timeMs: fc.integer({ min: 0, max: 30_000 }), evidence: fc.integer({ min: 0, max: 2 }) });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), (items) => {
      const numbered = items.map((made, line) => ({ ...made, line }));
      const read = {
        timeMs: (it: (typeof numbered)[number]) => it.timeMs,
        uncertaintyMs: () => 500,
        evidence: (it: (typeof numbered)[number]) => it.evidence,
        line: (it: (typeof numbered)[number]) => it.line,
      };
      const facts = matchAcross(numbered, read);
      expect(facts.flat()).toHaveLength(items.length);
      for (const members of facts) expect(new Set(members.map((it) => it.evidence)).size).toBe(members.length);
      const most = Math.max(0, ...[0, 1, 2].map((e) => items.filter((it) => it.evidence === e).length));
      expect(facts.length).toBeGreaterThanOrEqual(most);
      expect(matchAcross([...numbered].reverse(), read)).toEqual(facts);
    }),
  );
});

test("the order of events never matters", () => {
  const events = [
    boot(T0),
    ...[1, 2, 4, 5].flatMap((day) => run(T0 + day * DAY, T0 + day * DAY + HOUR)),
    ...recovered(T0 + 2 * DAY + 60_000),
    ...storm(T0 + 5 * DAY, 50),
    linkUp(T0 + 6 * DAY),
  ];
  const evidence = [summary(T0, END)];
  const expected = JSON.stringify(report(events, evidence));
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
      expect(JSON.stringify(report(shuffled, evidence))).toBe(expected);
    }),
    { numRuns: 20 },
  );
});

test("a report is plain JSON: what is read back is what was written", () => {
  const made = report([...recovered(T0 + DAY), ...run(T0 + DAY - HOUR, T0 + DAY + HOUR)], [summary(T0, END)], {
    changes: [{ timeMs: T0 + 5 * DAY, title: "TSO off" }],
  });
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});

test("a silence of a busy log is a gap, of a quiet one it is not", () => {
  const from = T0 + 4 * DAY;
  const silent = [[from, from + 12 * HOUR]] as const;
  const busy = report([boot(T0)], [summary(T0, END, { silent })]).series[0]?.coverage;
  expect(busy?.gaps).toEqual([{ startMs: from, endMs: from + 12 * HOUR, reason: "no-log" }]);
  expect(busy?.coveredHours).toBeCloseTo(228, 5);
  const quiet = summary(T0, END, {
    activeHours: [0, 30, 60, 90, 150, 200, 240].map((h) => [T0 / HOUR + h, T0 / HOUR + h]),
  });
  expect(report([boot(T0)], [quiet]).series[0]?.coverage.gaps).toEqual([]);
});

test("another evidence fills a gap", () => {
  const from = T0 + 4 * DAY;
  const evidence = [summary(T0, END, { silent: [[from, from + 12 * HOUR]] }), kernLog(from - HOUR, from + 13 * HOUR)];
  expect(report([boot(T0)], evidence).series[0]?.coverage.gaps).toEqual([]);
});

test("the time between a shutdown and the next boot is the host's, not the log's", () => {
  const off = T0 + 2 * DAY;
  const on = off + 5 * HOUR;
  const events = [boot(T0), shutdown(off), boot(on)];
  const { coverage, boots } = report(events, [summary(T0, END, { silent: [[off + HOUR, on]] })]).series[0]!;
  expect(coverage.gaps).toEqual([{ startMs: off, endMs: on, reason: "host-off" }]);
  expect(boots.map((one) => one.endedBy)).toEqual(["shutdown", "log-ends"]);
});

test("lost kernel records are a gap that reaches back to the last record kept", () => {
  const at = T0 + DAY;
  const loss = event("log.loss", at, { what: "kernel-missed", count: 9, sinceMs: null });
  const { coverage } = report([boot(T0), linkUp(at - 4_000), loss], [summary(T0, END)]).series[0]!;
  expect(coverage.gaps).toEqual([{ startMs: at - 3_999, endMs: at, reason: "lost-records" }]);
});

test("entries known to be missing between two files are a gap, however short", () => {
  const rotated = T0 + 2 * DAY;
  const files = [
    summary(T0, rotated, { evidence: "a.journal" }),
    summary(rotated + HOUR, END, { evidence: "b.journal" }),
  ];
  expect(report([boot(T0)], files).series[0]?.coverage.gaps).toEqual([]);
  const loss = event("log.loss", rotated + HOUR, { what: "sequence-gap", count: 5, sinceMs: rotated });
  expect(report([boot(T0), loss], files).series[0]?.coverage.gaps).toEqual([
    { startMs: rotated + 1, endMs: rotated + HOUR, reason: "lost-records" },
  ]);
});

test("evidence without kernel records covers nothing, and the report says that it cannot say", () => {
  const tasks = summary(T0, END, {
    evidence: "index",
    form: "pve-task-index",
    kernelRecords: 0,
    span: null,
    activeHours: [],
  });
  const { verdict, coverage } = report(run(T0 + DAY, T0 + DAY + HOUR, 103, { evidence: "index" }), [tasks]).series[0]!;
  expect(coverage.coveredHours).toBe(0);
  expect(verdict.headline).toMatch(/^Cannot say: no kernel log/);
});

test("an onset outside coverage is listed and in no rate", () => {
  const { episodes, epochs, verdict } = report(recovered(END + DAY), [summary(T0, END)]).series[0]!;
  expect(episodes).toMatchObject([{ outsideCoverage: true }]);
  expect(epochs[0]?.episodes).toBe(0);
  expect(verdict.reasons.join(" ")).toContain("1 onset lies outside the covered time");
});

test("facts that a process told as if it were the kernel are listed, and change nothing", () => {
  const at = T0 + DAY;
  const real = [boot(T0), hang(at), hang(at + 2_000), hang(at + 4_000)];
  const forged = [
    linkUp(at + 3_000, { trust: "claimed" }),
    event("host.boot", at + 3_500, { kernelRelease: "6.8.12-15-pve" }, { trust: "claimed" }),
  ];
  const json = summary(T0, END, { form: "journal-json" });
  const clean = report(real, [json]);
  const made = report([...real, ...forged], [json]);
  expect(made.series).toEqual(clean.series);
  expect(made.suspicious).toHaveLength(2);
  const text = report(
    [...real, ...forged].map((one) => ({ ...one, trust: "claimed" as const })),
    [summary(T0, END, { form: "syslog-traditional" })],
  );
  expect(text.suspicious, "where no form can tell, nothing is singled out").toEqual([]);
});

test("a pasted dmesg without wall time gets episodes and hours on its boot's own clock", () => {
  const where = { evidence: "paste", relative: true, host: null };
  const paste = summary(0, 0, { evidence: "paste", form: "dmesg", span: null, activeHours: [], hosts: [] });
  const events = [boot(0, "6.8.12-9-pve", where), ...recovered(3 * HOUR, where), linkUp(8 * HOUR, where)];
  const [series, ...others] = report(events, [paste], { since: T0 }).series;
  expect(others).toEqual([]);
  expect(series).toMatchObject({ relativeTime: true, host: "unknown", episodes: [{ onsetMs: 3 * HOUR }] });
  expect(series?.coverage.coveredHours).toBeCloseTo(8, 5);
  expect(series?.verdict.reasons.join(" ")).toContain("times count from boot");
});

test("a boot-relative export is tied to wall time by a report that both hold", () => {
  const journal = storm(T0 + DAY, 3);
  const copies = storm(T0 + DAY, 3, { evidence: "paste" }).map((copy, i) => ({
    ...copy,
    time: {
      ...copy.time,
      unixMs: null,
      bootMs: 5_000_000 + i * 2_000,
      source: "boot" as const,
      uncertaintyMs: Number.POSITIVE_INFINITY,
    },
  }));
  const later = reset(5_000_000 + 8_000, { evidence: "paste", relative: true });
  const paste = summary(0, 0, { evidence: "paste", form: "dmesg", span: null, activeHours: [] });
  const made = report([...journal, ...copies, later], [summary(T0, END), paste]);
  expect(made.series).toHaveLength(1);
  expect(made.series[0]?.episodes).toMatchObject([{ reports: 3, resets: 1, onsetMs: T0 + DAY }]);
});

test("reports without any time are counted as such, and no rate is told", () => {
  const bare = {
    ...hang(T0),
    time: { unixMs: null, bootMs: null, source: "none" as const, uncertaintyMs: Number.POSITIVE_INFINITY, year: null },
  };
  const evidence = summary(0, 0, { form: "bare", span: null, activeHours: [] });
  const made = report([bare], [evidence]);
  expect(made.unplaced).toBe(1);
  expect(made.series).toMatchObject([{ unplacedReports: 1, episodes: [] }]);
  expect(made.series[0]?.verdict.headline).toContain("1 hang report carries no time");
});

test("a hang line that a process planted in the journal is shown and not counted", () => {
  const made = report([...recovered(T0 + DAY), hang(T0 + 2 * DAY, { trust: "claimed" })], [summary(T0, END)]);
  expect(made.series[0]?.episodes).toHaveLength(1);
  expect(made.suspicious).toHaveLength(1);
});

test("a range leaves out what lies outside it", () => {
  const events = [...recovered(T0 + DAY), ...recovered(T0 + 3 * DAY)];
  const made = report(events, [summary(T0, END)], { since: T0 + 2 * DAY, until: T0 + 4 * DAY }).series[0]!;
  expect(made.episodes).toHaveLength(1);
  expect(made.coverage.coveredHours).toBe(48);
});

test("two hosts are two series; a record without a host goes to neither of them by guess", () => {
  const events = [...recovered(T0 + DAY, { host: "a" }), ...recovered(T0 + DAY, { host: "b", evidence: "other" })];
  const made = report(events, [
    summary(T0, END, { hosts: ["a"] }),
    summary(T0, END, { evidence: "other", hosts: ["b"] }),
  ]);
  expect(made.series.map((series) => [series.host, series.episodes.length])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});
