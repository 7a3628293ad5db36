/** SGR and other CSI sequences, OSC strings (ECMA-48). */
const ESCAPES = /\x1b\[[0-9;?]{0,32}[@-~]|\x1b\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)/g;
const QUOTES = /^(?:[>|] ?){1,8}(?!f{4})/;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " " };
/** What the head of a record begins with: nothing else is looked for behind a margin. */
const STAMP =
  "(?=(?:<\\d{1,3}>)?(?:\\[ *\\d{1,10}\\.\\d|\\p{L}{3,6}\\.? [ \\d]?\\d \\d\\d:\\d\\d:\\d\\d |\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:))";
/** What each of these has, letters aside: the classes of all letters take milliseconds to compile, and most lines have no stamp. */
const STAMP_PART = /\[ *\d{1,10}\.\d|\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:/;
/** A stamp behind blanks: a log that somebody indented when pasting it. */
const INDENTED = new RegExp(`^[ \\t]{1,12}${STAMP}`, "u");
/** List marks; line numbers of `cat -n`, `nl` and lists; file names and line numbers of grep. */
const MARGINS = [
  new RegExp(`^[ \\t]{0,8}[-*+•–—]{1,2}[ \\t]{1,4}${STAMP}`, "u"),
  new RegExp(`^[ \\t]{0,8}\\d{1,9}[ \\t]?[.:)|-]?[ \\t]{0,4}${STAMP}`, "u"),
  new RegExp(`^[^\\s:]{1,255}[:-](?:\\d{1,9}[:-])?${STAMP}`, "u"),
] as const;

/** How long the margin is in which somebody's list, grep or pager put something before a stamp; 0: there is none. */
export function marginOf(line: string): number {
  const head = line.slice(0, 320);
  if (!STAMP_PART.test(head)) return 0;
  for (const margin of MARGINS) {
    const match = margin.exec(head);
    if (match !== null) return match[0].length;
  }
  return 0;
}

/** A line as it was before colours, mail quotes, HTML and carriage returns. */
export function plainLine(text: string): string {
  let line = text;
  if (line.endsWith("\r")) line = line.slice(0, -1);
  if (line.includes("\x1b")) line = line.replace(ESCAPES, "");
  if (line.includes("\0")) line = line.replaceAll("\0", "");
  if (line.includes("\u00a0")) line = line.replaceAll("\u00a0", " ");
  // Blanks of a stamp that were no-break spaces in another encoding.
  if (line.includes("[\ufffd")) line = line.replace(/\[\ufffd+/, (blanks) => `[${" ".repeat(blanks.length - 1)}`);
  if (line.includes("&")) line = line.replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
  const first = line.charCodeAt(0);
  if (first === 62 || first === 124) line = line.replace(QUOTES, "");
  const isIndented = line.charCodeAt(0) === 32 || line.charCodeAt(0) === 9;
  if (isIndented && STAMP_PART.test(line)) line = line.replace(INDENTED, "");
  return line;
}
