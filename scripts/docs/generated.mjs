/** Replaces what stands between two marks of a document; throws when the marks are not there. */
export function withPart(document, name, part) {
  const end = `<!-- end of ${name} -->\n`;
  const from = document.indexOf(`<!-- generated: ${name}; `);
  const behind = document.indexOf("\n", from) + 1;
  const to = document.indexOf(end);
  if (from === -1 || to < behind) throw new Error(`no marks for ${name}`);
  return `${document.slice(0, behind)}\n${part}\n${document.slice(to)}`;
}

/** A Markdown table in the formatter's own layout: cells as wide as the widest of their column. */
export function table(columns, rows) {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll("|", "\\|")));
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => [...row[at]].length)));
  const line = (row) => `| ${row.map((cell, at) => cell + " ".repeat(widths[at] - [...cell].length)).join(" | ")} |`;
  const [head, ...body] = cells.map(line);
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body, ""].join("\n");
}
