import type { Column } from "./document.js";

const MINIMUM = 6;

/**
 * Lays a table out in at most `width` columns: natural widths, and where they are too many the widest text columns
 * are cut, with `ellipsis` at the cut. Cells must be escaped already; one code point counts as one column.
 * @returns lines without line ends and without trailing blanks, the header first; null when the table cannot be made to
 *   fit without cutting what must stay whole
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  ellipsis: string,
): string[] | null {
  const table = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...table.map((row) => length(row[i] ?? ""))));
  let excess = widths.reduce((sum, w) => sum + w + 2, -2) - width;
  while (excess > 0) {
    const widest = widestText(columns, widths);
    if (widest === null) return null;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return table.map((row) =>
    columns
      .map((column, i) => {
        const cell = cut(row[i] ?? "", widths[i] ?? 0, ellipsis);
        const fill = " ".repeat(Math.max(0, (widths[i] ?? 0) - length(cell)));
        return column.align === "right" ? fill + cell : cell + fill;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** Breaks at blanks; a word that is longer than a line is broken where the line ends. `indent` from the second line. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => Math.max(10, lines.length === 0 ? width : width - indent.length);
  const push = () => {
    lines.push(lines.length === 0 ? line : indent + line);
    line = "";
  };
  for (const word of text.split(" ")) {
    if (line !== "" && length(line) + 1 + length(word) > room()) push();
    line = line === "" ? word : `${line} ${word}`;
    while (length(line) > room()) {
      const characters = [...line];
      const rest = characters.slice(room()).join("");
      line = characters.slice(0, room()).join("");
      push();
      line = rest;
    }
  }
  if (line !== "" || lines.length === 0) push();
  return lines;
}

function length(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}

function cut(text: string, width: number, ellipsis: string): string {
  if (length(text) <= width) return text;
  return [...text].slice(0, Math.max(0, width - ellipsis.length)).join("") + ellipsis;
}

function widestText(columns: readonly Column[], widths: readonly number[]): number | null {
  let widest: number | null = null;
  for (const [i, width] of widths.entries()) {
    if (columns[i]?.align === "right" || columns[i]?.whole === true || width <= MINIMUM) continue;
    if (widest === null || width > (widths[widest] ?? 0)) widest = i;
  }
  return widest;
}
