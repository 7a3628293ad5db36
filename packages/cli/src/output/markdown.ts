import type { Report } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { markdownText, visible } from "../layout/escape.js";
import { drawForest, forestLegend } from "../layout/forest.js";
import { number } from "../layout/format.js";
import { timeline } from "../layout/sparkline.js";
import { reportDocument } from "../sections/report-document.js";

const TIMELINE_COLUMNS = 64;
const FOREST_COLUMNS = 90;

/** The report for a ticket or a forum: GitHub-flavoured Markdown that reads well unrendered too. */
export function renderMarkdown(report: Report): string {
  return markdownOf(reportDocument(report));
}

/** Blocks as Markdown. */
export function markdownOf(blocks: readonly Block[]): string {
  const parts = blocks.map(render).filter((part) => part !== "");
  return `${parts.join("\n\n")}\n`;
}

function render(block: Block): string {
  switch (block.kind) {
    case "verdict":
      return `**${markdownText(block.headline)}**\n\n${markdownText(block.wouldMove)}`;
    case "heading":
      return `### ${markdownText(block.text)}`;
    case "paragraph":
      return markdownText(block.text);
    case "warning":
      return `> **Note:** ${markdownText(block.text)}`;
    case "list":
      return block.items.map((item) => `- ${markdownText(item)}`).join("\n");
    case "table": {
      const row = (cells: readonly string[]) => `| ${cells.map(markdownText).join(" | ")} |`;
      return [
        row(block.columns.map((column) => column.title)),
        `| ${block.columns.map((column) => (column.align === "right" ? "---:" : "---")).join(" | ")} |`,
        ...block.rows.map(row),
      ].join("\n");
    }
    case "excerpt": {
      const lines = block.lines.map(visible);
      // A fence is longer than any run of backticks within.
      const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
      const fence = "`".repeat(longest + 1);
      return `${markdownText(block.label)}\n\n${fence}text\n${lines.join("\n")}\n${fence}`;
    }
    case "forest": {
      const label = (text: string, most: number) => [...visible(text).replaceAll("`", "'")].slice(0, most).join("");
      const drawn = drawForest(block.forest, FOREST_COLUMNS, label);
      return drawn === null
        ? ""
        : `\`\`\`text\n${drawn.join("\n")}\n\`\`\`\n\n${markdownText(forestLegend(block.forest, number))}`;
    }
    case "timeline": {
      const drawn = timeline(block.series, block.report, TIMELINE_COLUMNS);
      if (drawn === null) return "";
      const strips = drawn.strips.map(({ label, cells }) => `${label.padEnd(8)} ${cells}`.trimEnd());
      return `\`\`\`text\n${strips.join("\n")}\n\`\`\`\n\n${markdownText(drawn.legend)}`;
    }
  }
}
