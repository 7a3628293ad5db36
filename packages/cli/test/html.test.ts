import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { renderHtml } from "../src/output/html/page.js";
import { renderText } from "../src/output/text.js";
import { mapStrings, sampleReport } from "./sample-report.js";

const page = renderHtml(sampleReport);
const folder = mkdtempSync(join(tmpdir(), "hangproof-html-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the page of the sample report", async () => {
  await expect(page).toMatchFileSnapshot("golden/report.html");
});

test("the page holds everything that the report for a terminal says", () => {
  const words = (text: string) => new Set(text.match(/[A-Za-z0-9][\w.:+-]{3,}/g) ?? []);
  const onPage = words(
    page
      .replace(/<[^>]*>/g, " ")
      .replaceAll("&#39;", "'")
      .replaceAll("&quot;", '"'),
  );
  const plain = renderText(sampleReport, { width: 4000, colour: false, plain: true });
  const missing = [...words(plain)].filter((word) => !onPage.has(word) && !/^[A-Z]+$/.test(word));
  // Table heads and headings stand in another case on a terminal.
  expect(missing.filter((word) => !page.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
});

test("a report on another driver says whose it is, with and without its hangs", () => {
  const report = { ...sampleReport, options: { ...sampleReport.options, driver: "igc" } };
  expect(renderHtml(report)).toContain("Report on igc of ");
  expect(renderText({ ...report, series: [] }, { width: 200, colour: false, plain: true })).toContain(
    "Cannot say: no message of an adapter of igc in this evidence.",
  );
});

test("the policy forbids everything but the page's own style sheet, and there is no script, handler or address", () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  const digest = createHash("sha256").update(style).digest("base64");
  expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${digest}'`);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|<object|<a |\son\w+=|style="|https?:/i);
});

const NASTY = [
  "<script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  "</title><img src=x onerror=alert(1)>",
  '" onload="alert(1)',
  "' onmouseover='alert(1)",
  "<!--",
  "]]>",
  "&lt;b&gt;",
  "\u202egnp.exe",
  "a\u200bb",
  "\u001b[2J",
];

test("hostile text in any field stays text, whatever it is", () => {
  const tags = (text: string): string[] => text.match(/<\/?[a-zA-Z!][^\s>]*/g) ?? [];
  const clean = tags(page);
  const infect = (text: string) => (one: string) =>
    /[ .]/.test(one) || one === "pve1" || one === "eno1" || one === "nas" ? one + text : one;
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary" })), (text) => {
      const infected = { ...mapStrings(sampleReport, infect(text)), options: sampleReport.options };
      const hostile = renderHtml(infected);
      expect(tags(hostile)).toEqual(clean);
      expect(hostile).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u);
    }),
  );
});

test("every picture says what it shows", () => {
  const pictures = page.match(/<svg [^>]*>/g) ?? [];
  expect(pictures.length).toBeGreaterThan(2);
  for (const picture of pictures) expect(picture).toMatch(/role="img" aria-label="[^"]{10,}"/);
});

test("equal reports give equal pages", () => {
  expect(renderHtml(structuredClone(sampleReport))).toBe(page);
});

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"]).status === 0,
);
if (CHROMIUM === undefined) console.warn("chromium is not here: the test in it is skipped");

test.skipIf(CHROMIUM === undefined)(
  "Chromium shows it without a complaint, keeps hostile text text, and prints it",
  () => {
    const path = join(folder, "report.html");
    const hostile = mapStrings(sampleReport, (one) =>
      one === "pve1" ? "<script>document.title='owned'</script>" : one,
    );
    writeFileSync(path, renderHtml({ ...hostile, options: sampleReport.options }));
    const run = (...options: readonly string[]) =>
      spawnSync(
        CHROMIUM ?? "",
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", ...options, `file://${path}`],
        { encoding: "utf8", timeout: 50_000 },
      );
    const shown = run("--dump-dom");
    expect(shown.stdout).toContain("&lt;script&gt;document.title='owned'&lt;/script&gt;");
    expect(shown.stdout).not.toContain("<title>owned</title>");
    expect(shown.stderr).not.toMatch(/CONSOLE|Refused to|Content Security Policy/);
    const pdf = join(folder, "report.pdf");
    run(`--print-to-pdf=${pdf}`);
    expect(statSync(pdf).size).toBeGreaterThan(10_000);
  },
);
