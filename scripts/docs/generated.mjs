/** Replaces what stands between two marks of a document; throws when the marks are not there. */
export function withPart(document, name, part) {
  const begin = `<!-- generated: ${name}; run \`npm run docs\` -->\n`;
  const end = `<!-- end of ${name} -->\n`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new Error(`no marks for ${name}`);
  return `${document.slice(0, from + begin.length)}\n${part}\n${document.slice(to)}`;
}

/** A Markdown table; bars in cells are escaped. */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line), ""].join("\n");
}
