import type { AdapterReport, Report } from "@hangproof/analyzer";
import type { Block } from "../../layout/document.js";
import { reportDocument } from "../../sections/report-document.js";
import { cumulativeFigure, evidenceFigure } from "./chart.js";
import { blockHtml, pageOf } from "./frame.js";
import { rateFigure } from "./rates.js";
import { timelines } from "./timeline.js";
import { weekFigure } from "./week.js";

/**
 * The report as one self-contained page: no script, nothing from the network, and a policy that forbids both. Every
 * string is escaped where it is written; figures have their numbers as text beside them.
 */
export function renderHtml(report: Report): string {
  const blocks = reportDocument(report);
  let shown: AdapterReport | null = null;
  const body = blocks.map((block) => {
    if (block.kind === "timeline") shown = block.series;
    return blockOf(block, report, shown);
  });
  const [series] = report.series;
  const title =
    series === undefined ? "hangproof report" : `hangproof: ${series.host} ${series.adapter.interfaces.at(-1) ?? ""}`;
  return pageOf(title, "hangproof report", body);
}

function blockOf(block: Block, report: Report, series: AdapterReport | null): string {
  if (block.kind === "timeline") return timelines(block.series, block.report);
  const figure = block.kind === "heading" && series !== null ? figuresUnder(block.text, series, report) : "";
  return blockHtml(block) + figure;
}

/** Pictures stand under the heading of their numbers. */
function figuresUnder(heading: string, series: AdapterReport, report: Report): string {
  if (heading.startsWith("Numbers: in and out")) return rateFigure(series) + weekFigure(series, report);
  if (heading.startsWith("Numbers: before and after")) return evidenceFigure(series, report);
  if (heading.startsWith("Numbers: how often")) return cumulativeFigure(series);
  return "";
}
