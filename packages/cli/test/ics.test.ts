import { fileURLToPath } from "node:url";
import { analyze, type Report } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";
import fc from "fast-check";
import ICAL from "ical.js";
import ical, { type VEvent } from "node-ical";
import { expect, test } from "vitest";
import { renderIcs } from "../src/output/ics.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";
import { mapStrings, NOW, sampleReport, sampleSeries } from "./sample-report.js";

/** Read by another library than the one that writes. */
function entriesOf(calendar: string): VEvent[] {
  return Object.values(ical.sync.parseICS(calendar)).filter((one): one is VEvent => one?.type === "VEVENT");
}

const withSeries = (change: object): Report => ({ ...sampleReport, series: [{ ...sampleSeries, ...change }] });

test("every episode and every backup window is an entry with its times in whole seconds", () => {
  const entries = entriesOf(renderIcs(sampleReport));
  expect(entries).toHaveLength(sampleSeries.episodes.length + sampleSeries.windows.length);
  for (const [category, spans] of [
    ["hang", sampleSeries.episodes.map(({ onsetMs, endMs }) => [onsetMs, endMs])],
    ["backup", sampleSeries.windows.map(({ startMs, endMs }) => [startMs, endMs])],
  ] as const) {
    const found = entries.filter(({ categories }) => categories?.includes(category));
    expect(found.map(({ start, end }) => [start.getTime(), end?.getTime()])).toEqual(spans);
  }
});

test("the report of the bundled case is a calendar in which every entry has its own UID, in every run the same", async () => {
  const bundled = fileURLToPath(new URL("../../../fixtures/cases/pve-backup-hang", import.meta.url));
  const { events, evidence } = await readEvidence([bundled], { timeZone: "Europe/Berlin" });
  const report = analyze({ events, evidence }, { now: NOW, timeZone: "Europe/Berlin" });
  const entries = entriesOf(renderIcs(report));
  const expected = report.series.reduce((sum, { episodes, windows }) => sum + episodes.length + windows.length, 0);
  expect(entries).toHaveLength(expected);
  const ids = entries.map(({ uid }) => uid);
  expect(new Set(ids).size).toBe(expected);
  const later = entriesOf(renderIcs(analyze({ events, evidence }, { now: NOW + 7 * 86_400_000 })));
  expect(later.map(({ uid }) => uid)).toEqual(ids);
  expect(new Set(entries.map(({ dtstamp }) => dtstamp?.getTime()))).toEqual(new Set([NOW]));
  expect(new Set(later.map(({ dtstamp }) => dtstamp?.getTime()))).toEqual(new Set([NOW + 7 * 86_400_000]));
});

test("a hang shorter than a second has no end, as an end must be later than the start", () => {
  const [episode] = sampleSeries.episodes;
  if (episode === undefined) throw new Error("the sample has an episode");
  const at = Date.UTC(2025, 9, 5);
  const entry = renderIcs(withSeries({ episodes: [{ ...episode, onsetMs: at, endMs: at }], windows: [] }));
  expect(entry).toContain("DTSTART:20251005T000000Z\r\n");
  expect(entry).not.toContain("DTEND");
  const short = renderIcs(withSeries({ episodes: [{ ...episode, onsetMs: at + 1, endMs: at + 2 }], windows: [] }));
  expect(short).toContain("DTSTART:20251005T000000Z\r\n");
  expect(short).toContain("DTEND:20251005T000001Z\r\n");
});

test("series without a wall time are left out and counted on stderr, as are times that have no four-digit year", async () => {
  const boot = withSeries({ relativeTime: true });
  expect(entriesOf(renderIcs(boot))).toEqual([]);
  const far = sampleSeries.episodes.map((episode) => ({ ...episode, endMs: 8e15 }));
  expect(entriesOf(renderIcs(withSeries({ episodes: far, windows: [] })))).toEqual([]);
  const ctx = fakeContext();
  const startAnalysis = () => ({ add: () => {}, addEvidence: () => {}, finish: () => boot });
  const code = await run(["report", "-f", "ics", "a.log"], { ...ctx, library: { ...ctx.library, startAnalysis } });
  expect(code).toBe(0);
  expect(ctx.stderr.join("")).toBe("hangproof: 1 adapter without wall time left out: ics needs one\n");
  expect(ctx.stdout.join("")).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/);
});

const hostile = fc.oneof(
  fc.constantFrom("\r\nEND:VEVENT\r\nBEGIN:VALARM", ';,:\\n\\N"^', "\u202e", "\ud800", "\x07", "ü€😀".repeat(30)),
  fc.string({ unit: "binary" }),
);

test("whatever a log said, lines have at most 75 octets, end in CRLF, and no entry is added, lost or moved", () => {
  const plain = entriesOf(renderIcs(sampleReport));
  fc.assert(
    fc.property(hostile, (text) => {
      const calendar = renderIcs(
        mapStrings(sampleReport, (one) =>
          one === "pve1" || one === "eno1" || one.endsWith(".txt") ? one + text : one,
        ),
      );
      const lines = calendar.split("\r\n");
      expect(lines.pop()).toBe("");
      for (const line of lines) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }
      const entries = entriesOf(calendar);
      expect(entries.map(({ start, end }) => [start.getTime(), end?.getTime()])).toEqual(
        plain.map(({ start, end }) => [start.getTime(), end?.getTime()]),
      );
    }),
    { numRuns: 200 },
  );
});

test("a text with the format's own signs comes back as it went in, made visible", () => {
  const calendar = renderIcs(mapStrings(sampleReport, (one) => (one === "pve1" ? "p;v,e\n\\1:\u202e" : one)));
  // node-ical takes the n after an escaped backslash for a line break; ical.js does not.
  const [entry] = new ICAL.Component(ICAL.parse(calendar)).getAllSubcomponents("vevent");
  expect(entry?.getFirstPropertyValue("description")).toMatch(/^p;v,e\\n\\\\1:\\u202e eno1 \(0000:00:19\.0\)\n/);
});
