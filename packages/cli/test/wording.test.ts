import { type AnalyzeOptions, analyze, type Report } from "@hangproof/analyzer";
import { expect, test } from "vitest";
import {
  boot,
  DAY,
  HOUR,
  itr,
  load,
  MINUTE,
  recovered,
  run,
  summary,
  T0,
} from "../../analyzer/test/support/make-events.js";
import { renderHtml } from "../src/output/html/page.js";
import { renderMarkdown } from "../src/output/markdown.js";

/** What no sentence of a report may say, whatever the counts (a certainty that counts cannot give). */
const OVERCLAIMS: readonly RegExp[] = [
  /\b(fixed|solved|proves?|proven|works|worked|safe|guaranteed?|certain(ly)?|definitely|eliminated|resolved)\b/i,
  /\bsignificant/i,
  /\bp ?= ?0(?![.\d])/,
  /\b(NaN|undefined|Infinity|null)\b/,
  /100 % (fewer|improvement|reduction|effective)/i,
];

/** Measurements with a fraction of more than three significant digits; dotted versions and clock times are none. */
function tooExact(sentence: string): string[] {
  const measured = sentence.match(/(?<![\w.:-])\d+\.\d+(?![\w.:-]*[.:-]\d)/g) ?? [];
  return measured.filter((one) => one.replace(".", "").replace(/^0+/, "").length > 3);
}

function reportOf(before: number, after: number, days: readonly [number, number], options: Partial<AnalyzeOptions>) {
  const [old, recent] = days;
  const changeMs = T0 + old * DAY;
  const end = changeMs + recent * DAY;
  const events = [boot(T0), load(changeMs), itr(changeMs)];
  for (let day = 0; day < old + recent; day++) {
    const start = T0 + day * DAY + 2 * HOUR;
    events.push(...run(start, start + HOUR));
  }
  const hangs = (count: number, from: number, length: number) =>
    Array.from({ length: count }, (_, i) => T0 + (from + Math.floor(((i + 0.5) * length) / count)) * DAY + 2.2 * HOUR);
  const onsets = new Set([...hangs(before, 0, old), ...hangs(after, old, recent)]);
  for (const ms of onsets) events.push(...recovered(ms + 5 * MINUTE));
  return analyze(
    { events, evidence: [summary(T0, end)] },
    { now: end, changes: [{ timeMs: changeMs, title: "TSO off" }], ...options },
  );
}

/** Every sentence of a report, and every line of its readable forms. */
function sentencesOf(report: Report): string[] {
  const page = renderHtml(report).replace(/<style>.*?<\/style>/gs, "");
  const words = page
    .replace(/<[^>]*>/g, "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  return [...renderMarkdown(report).split("\n"), ...words.split("\n")];
}

const COUNTS = [0, 1, 4, 12] as const;
const DAYS = [
  [30, 5],
  [30, 40],
  [4, 90],
] as const;

test.each(["single", "repeated"] as const)("no sentence overclaims, whatever the counts (%s look)", (looks) => {
  const rungs = new Set<string>();
  const faults: string[] = [];
  for (const days of DAYS)
    for (const before of COUNTS)
      for (const after of COUNTS) {
        const report = reportOf(before, after, days, { looks });
        const { verdict } = report.series[0]!;
        rungs.add(verdict.rung);
        const said = `${before} in ${days[0]} days, ${after} in ${days[1]}`;
        for (const sentence of sentencesOf(report))
          if (OVERCLAIMS.some((overclaim) => overclaim.test(sentence)) || tooExact(sentence).length > 0)
            faults.push(`${said}: ${sentence}`);
        // No hang without its exposure, and no claim of fewer where none was seen before.
        expect(verdict.headline, said).toMatch(/hour|minute|second|covered|change|no hang report/);
        if (before === 0) expect(verdict.rung, said).not.toBe("improvement-shown");
      }
  expect(faults).toEqual([]);
  expect([...rungs].sort()).toEqual([
    "consistent-with-improvement",
    "improvement-shown",
    "insufficient-evidence",
    "no-effect-shown",
    "worse",
  ]);
});
