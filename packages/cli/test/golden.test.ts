import { expect, test } from "vitest";
import { renderCsv } from "../src/output/csv.js";
import { renderJson } from "../src/output/json.js";
import { renderMarkdown } from "../src/output/markdown.js";
import { renderText } from "../src/output/text.js";
import { sampleReport, sampleSeries } from "./sample-report.js";

const STYLE = { width: 80, colour: false, plain: false };

test("the report for a terminal", async () => {
  await expect(renderText(sampleReport, STYLE)).toMatchFileSnapshot("golden/report.txt");
});

test("the plain report", async () => {
  const text = renderText(sampleReport, { ...STYLE, plain: true });
  await expect(text).toMatchFileSnapshot("golden/report-plain.txt");
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
});

test("the report for a ticket", async () => {
  await expect(renderMarkdown(sampleReport)).toMatchFileSnapshot("golden/report.md");
});

test("the table of episodes", async () => {
  await expect(renderCsv(sampleReport, "episodes")).toMatchFileSnapshot("golden/episodes.csv");
});

test("line 1 is the verdict, and line 2 or the one after its continuation what would move it", () => {
  const [first, second] = renderText(sampleReport, { ...STYLE, width: 200 }).split("\n");
  expect(first).toBe(sampleSeries.verdict.headline);
  expect(second).toBe(sampleSeries.verdict.wouldMove);
});

test("no line is wider than asked for", () => {
  for (const width of [40, 60, 80, 132])
    for (const line of renderText(sampleReport, { ...STYLE, width }).split("\n"))
      expect([...line].length).toBeLessThanOrEqual(width);
});

test("colour adds escape sequences and nothing else", () => {
  const coloured = renderText(sampleReport, { ...STYLE, colour: true });
  expect(coloured).toContain("\x1b[1;33m");
  expect(coloured.replace(/\x1b\[[0-9;]*m/g, "")).toBe(renderText(sampleReport, STYLE));
});

test("the JSON form is the model", () => {
  expect(JSON.parse(renderJson(sampleReport))).toEqual(sampleReport);
});

test("a report without any adapter says so in its first line and what to bring in its second", () => {
  const [first, second] = renderText({ ...sampleReport, series: [] }, STYLE).split("\n");
  expect(first).toContain("Cannot say");
  expect(second).toContain("A kernel log");
});

test("with two adapters each verdict names its own", () => {
  const other = { ...sampleSeries, host: "pve2" };
  const [first] = renderText({ ...sampleReport, series: [sampleSeries, other] }, STYLE).split("\n");
  expect(first).toMatch(/^pve1 eno1 \(0000:00:19\.0\): Cannot say\./);
});

test("a cut list says how many more there are and where all of them are", () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ ...sampleSeries.episodes[0]!, id: i + 1 }));
  const text = renderText({ ...sampleReport, series: [{ ...sampleSeries, episodes: many }] }, STYLE);
  expect(text).toContain("25 earlier episodes not shown; --format csv --table episodes has all");
});

test("a series without wall-clock time counts from boot and has no UTC column", () => {
  const series = { ...sampleSeries, relativeTime: true, episodes: [{ ...sampleSeries.episodes[0]!, onsetMs: 90_000 }] };
  expect(renderText({ ...sampleReport, series: [series] }, STYLE)).toContain("boot + 1 min 30 s");
  const [, row] = renderCsv({ ...sampleReport, series: [series] }, "episodes").split("\n");
  expect(row?.split(",").slice(3, 7)).toEqual(["1", "", "90", ""]);
});
