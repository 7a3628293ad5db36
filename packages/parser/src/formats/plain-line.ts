/** SGR and other CSI sequences, OSC strings (ECMA-48). */
const ESCAPES = /\x1b\[[0-9;?]{0,32}[@-~]|\x1b\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)/g;
const QUOTES = /^(?:[>|] ?){1,8}(?!f{4})/;
const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " " };
/** A stamp behind blanks: a log that somebody indented when pasting it. */
const INDENTED = /^[ \t]{1,12}(?=\[ *\d|\p{L}{3,6}\.? [ \d]?\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:)/u;

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
  if (line.charCodeAt(0) === 32 || line.charCodeAt(0) === 9) line = line.replace(INDENTED, "");
  return line;
}
