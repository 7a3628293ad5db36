import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Block } from "../../layout/document.js";
import { reportDocument } from "../../sections/report-document.js";
import { cumulativeFigure, evidenceFigure } from "./chart.js";
import { html } from "./escape.js";
import { rateFigure } from "./rates.js";
import { STYLE, STYLE_DIGEST } from "./style.js";
import { timelines } from "./timeline.js";
import { weekFigure } from "./week.js";

/**
 * The report as one self-contained page: no script, nothing from the network, and a policy that forbids both. Every
 * string is escaped where it is written; figures have their numbers as text beside them.
 */
export function renderHtml(report: Report): string {
  const policy = `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'`;
  const blocks = reportDocument(report);
  let shown: AdapterReport | null = null;
  const body = blocks.map((block) => {
    if (block.kind === "timeline") shown = block.series;
    return blockHtml(block, report, shown);
  });
  const [series] = report.series;
  const title =
    series === undefined ? "hangproof report" : `hangproof: ${series.host} ${series.adapter.interfaces.at(-1) ?? ""}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>hangproof report</h1></header>
<main>
${body.join("\n")}
</main>
<footer><p>Made by hangproof. This page holds no script and loads nothing.</p></footer>
</body>
</html>
`;
}

function blockHtml(block: Block, report: Report, series: AdapterReport | null): string {
  switch (block.kind) {
    case "verdict":
      return `<section class="verdict ${block.tone}"><p class="headline">${html(block.headline)}</p><p>${html(block.wouldMove)}</p></section>`;
    case "heading": {
      const figure = series === null ? "" : figuresUnder(block.text, series, report);
      return `<h2>${html(block.text)}</h2>${figure}`;
    }
    case "paragraph":
      return `<p>${html(block.text)}</p>`;
    case "warning":
      return `<p class="warning">${html(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${html(item)}</li>`).join("")}</ul>`;
    case "table": {
      const side = block.columns.map(({ align }) => (align === "right" ? ' class="right"' : ""));
      const head = block.columns.map(({ title }, i) => `<th scope="col"${side[i]}>${html(title)}</th>`).join("");
      const rows = block.rows.map(
        (row) => `<tr>${row.map((cell, i) => `<td${side[i] ?? ""}>${html(cell)}</td>`).join("")}</tr>`,
      );
      return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
    }
    case "excerpt":
      return `<p>${html(block.label)}</p><pre>${block.lines.map(html).join("\n")}</pre>`;
    case "timeline":
      return timelines(block.series, block.report);
  }
}

/** Pictures stand under the heading of their numbers. */
function figuresUnder(heading: string, series: AdapterReport, report: Report): string {
  if (heading.startsWith("Numbers: in and out")) return rateFigure(series) + weekFigure(series, report);
  if (heading.startsWith("Numbers: before and after")) return evidenceFigure(series, report);
  if (heading.startsWith("Numbers: how often")) return cumulativeFigure(series);
  return "";
}
