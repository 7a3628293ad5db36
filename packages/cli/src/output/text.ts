import type { Report } from "@hangproof/analyzer";
import type { Block, Column, Tone } from "../layout/document.js";
import { visible } from "../layout/escape.js";
import { drawForest, forestLegend } from "../layout/forest.js";
import { number } from "../layout/format.js";
import { timeline } from "../layout/sparkline.js";
import { layOut, wrap } from "../layout/table.js";
import { reportDocument } from "../sections/report-document.js";

export interface TextStyle {
  /** Columns, 40 or more; narrower is taken as 40. */
  readonly width: number;
  readonly colour: boolean;
  /** No drawing and no character outside ASCII of our own: for screen readers, pagers, serial consoles. */
  readonly plain: boolean;
}

const COLOURS: Readonly<Record<Tone, string>> = { good: "1;32", bad: "1;31", unsure: "1;33", plain: "1" };

/** The report for a terminal, as `renderBlocks` does it. */
export function renderText(report: Report, style: TextStyle): string {
  return renderBlocks(reportDocument(report), style);
}

/** Blocks for a terminal. Ends with a line end; never contains a control character from the evidence. */
export function renderBlocks(blocks: readonly Block[], style: TextStyle): string {
  const width = Math.max(40, style.width);
  const lines: string[] = [];
  for (const block of blocks) lines.push(...render(block, { ...style, width }));
  while (lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

function render(block: Block, style: TextStyle): string[] {
  const paint = (code: string, text: string) => (style.colour && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text);
  const { width } = style;
  switch (block.kind) {
    case "verdict":
      return [
        ...wrap(visible(block.headline), width).map((line) => paint(COLOURS[block.tone], line)),
        ...wrap(visible(block.wouldMove), width),
        "",
      ];
    case "heading":
      return ["", paint("1", visible(block.text).toUpperCase())];
    case "paragraph":
      return wrap(visible(block.text), width - 2).map((line) => `  ${line}`);
    case "warning":
      return wrap(`! ${visible(block.text)}`, width - 2, "  ").map((line) => `  ${paint(COLOURS.unsure, line)}`);
    case "list":
      return block.items.flatMap((item) => wrap(`- ${visible(item)}`, width - 2, "  ").map((line) => `  ${line}`));
    case "excerpt":
      return [
        ...wrap(visible(block.label), width - 2).map((line) => `  ${line}`),
        ...block.lines.map((line) => `    ${cut(visible(line), width - 4)}`),
      ];
    case "table": {
      const cells = block.rows.map((row) => row.map(visible));
      const columns = block.columns.map((column) => ({ ...column, title: visible(column.title) }));
      const table = layOut(columns, cells, width - 2, style.plain ? "..." : "…");
      if (table === null) return stacked(columns, cells, width);
      const [head = "", ...rows] = table;
      return [`  ${paint("4", head)}`, ...rows.map((row) => `  ${row}`)];
    }
    case "forest": {
      const drawn = style.plain
        ? null
        : drawForest(block.forest, Math.min(100, width - 2), (text, n) => cut(visible(text), n));
      if (drawn === null) return [];
      const legend = wrap(visible(forestLegend(block.forest, number)), width - 4).map(
        (line) => `  ${paint("2", line)}`,
      );
      return ["", ...drawn.map((line) => `  ${line}`), ...legend, ""];
    }
    case "timeline": {
      const drawn = style.plain ? null : timeline(block.series, block.report, Math.min(100, width - 12));
      if (drawn === null) return [];
      return [
        "",
        ...drawn.strips.map(({ label, cells }) => `  ${label.padEnd(8)} ${cells}`.trimEnd()),
        ...wrap(drawn.legend, width - 11).map((line) => `           ${paint("2", line)}`),
      ];
    }
  }
}

/** A table that is too wide, one row after the other: `onset 2025-…; down for 8 min; …`. */
function stacked(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  return rows.flatMap((row) => {
    const text = columns.map((column, i) => `${column.title} ${row[i] ?? ""}`.trim()).join("; ");
    return wrap(`- ${text}`, width - 2, "  ").map((line) => `  ${line}`);
  });
}

/** A line of a log is cut where it is too wide: wrapped it would look like two. */
function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, width - 3).join("")}...`;
}
