import type { Block } from "../../layout/document.js";
import { html } from "./escape.js";
import { forestFigure } from "./forest.js";
import { STYLE, STYLE_DIGEST } from "./style.js";

/** A self-contained page around HTML that is escaped already: no script, nothing from the network, a policy against both. */
export function pageOf(title: string, heading: string, body: readonly string[]): string {
  const policy = `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'`;
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
<header><h1>${html(heading)}</h1></header>
<main>
${body.join("\n")}
</main>
<footer><p>Made by hangproof. This page holds no script and loads nothing.</p></footer>
</body>
</html>
`;
}

/** One block; a drawing that needs a report of one adapter is its page's to make. */
export function blockHtml(block: Exclude<Block, { kind: "timeline" }>): string {
  switch (block.kind) {
    case "verdict":
      return `<section class="verdict ${block.tone}"><p class="headline">${html(block.headline)}</p><p>${html(block.wouldMove)}</p></section>`;
    case "heading":
      return `<h2>${html(block.text)}</h2>`;
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
    case "forest":
      return forestFigure(block.forest);
  }
}

/** Blocks as a page of their own; drawings of one adapter are left out. */
export function blocksPage(title: string, blocks: readonly Block[]): string {
  return pageOf(
    title,
    title,
    blocks.flatMap((block) => (block.kind === "timeline" ? [] : [blockHtml(block)])),
  );
}
