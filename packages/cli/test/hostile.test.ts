import fc from "fast-check";
import { expect, test } from "vitest";
import { csvText, markdownText, visible } from "../src/layout/escape.js";
import { eventCsv, renderCsv, TABLE_NAMES } from "../src/output/csv.js";
import { renderJson } from "../src/output/json.js";
import { renderMarkdown } from "../src/output/markdown.js";
import { eventLine } from "../src/output/ndjson.js";
import { renderText } from "../src/output/text.js";
import { sampleEvent } from "./fake-context.js";
import { mapStrings, sampleReport } from "./sample-report.js";

/** Everything that rewrites a terminal or hides text, apart from the line ends that the writers make. */
const DANGEROUS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

const NASTY = [
  "\x1b]0;owned\x07",
  "\x1b[2J",
  "\u009b31m",
  "\u202egnp.exe",
  "a\u200bb",
  "\r\nNov 2 kernel: fake",
  "\u2028",
  "=cmd|' /C calc'!A0",
  "@SUM(A1)",
  "<script>alert(1)</script>",
  "```\n# heading",
  "| cell |",
  "[x](javascript:alert(1))",
  "\ud800",
  "\x7f\x00",
];
const hostile = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary" }));

/** Strings that are the model's own words keep theirs: the type says which they are. */
function infect(text: string): (one: string) => string {
  return (one) => (/[ .]/.test(one) || one === "pve1" || one === "eno1" || one === "nas" ? one + text : one);
}

test("no output has a raw control, bidirectional or zero-width character, whatever the log said", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const report = mapStrings(sampleReport, infect(text));
      const safe = { ...report, options: sampleReport.options };
      const outputs = [
        renderText(safe, { width: 80, colour: false, plain: false }),
        renderMarkdown(safe),
        renderJson(safe),
        ...TABLE_NAMES.map((name) => renderCsv(safe, name)),
        eventLine({ ...sampleEvent, host: text }),
        eventCsv({ ...sampleEvent, host: text }),
      ];
      for (const output of outputs) expect(DANGEROUS.test(output)).toBe(false);
    }),
  );
});

test("hostile text stays in its line: the number of lines does not depend on it", () => {
  const lines = (text: string) => renderMarkdown(mapStrings(sampleReport, infect(text))).split("\n").length;
  expect(lines("\n# x\r\n\u2028\u0085")).toBe(lines("x"));
});

test("what is made visible can be read back", () => {
  expect(visible("a\x1b[2J\u202e\n\\x1b")).toBe("a\\x1b[2J\\u202e\\n\\\\x1b");
  expect(visible("Grüße aus 東京 ✓")).toBe("Grüße aus 東京 ✓");
});

test("Markdown text has no markup left", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(markdownText(text)).not.toMatch(/[<>|`*_~[\]\\"@]|:\/\/|^[-+=]|^\d+[.)]/);
    }),
  );
});

test("a spreadsheet sees no formula, and numbers stay numbers", () => {
  for (const start of ["=", "+", "-", "@", "＝", "＋", "－", "＠"]) expect(csvText(`${start}1`)).toBe(`'${start}1`);
  expect(csvText("\t=1")).toBe("\\t=1");
  expect(eventCsv({ ...sampleEvent, time: { ...sampleEvent.time, bootMs: -5 } })).toContain(",-5,");
});

test("JSON with hostile text still has the same value", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { host, kind } = JSON.parse(eventLine({ ...sampleEvent, host: text }));
      expect(host).toBe(text);
      expect(kind).toBe(sampleEvent.kind);
    }),
  );
});
