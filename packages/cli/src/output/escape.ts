/**
 * Text from a log may be an attack on whoever reads it: escape sequences rewrite a terminal, bidirectional controls
 * reverse what is read, zero-width characters hide. One function a form of output; all of them start from `visible`.
 */

/**
 * C0, DEL, C1, bidirectional marks, embeddings, overrides and isolates, zero-width and other invisible format
 * characters, line and paragraph separators, tags, variation selectors that hide data, lone surrogates, and
 * the backslash, so that what is shown can be read back in one way only.
 */
const INVISIBLE =
  /[\\\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]|[\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** Makes every character visible: `\x1b`, `\u202e`, `\n`. Never contains a control character. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    if (character === "\\") return "\\\\";
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
    return `\\u{${code.toString(16)}}`;
  });
}

const MARKDOWN_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "@": "&#64;",
  "|": "&#124;",
  "`": "&#96;",
  "*": "&#42;",
  _: "&#95;",
  "~": "&#126;",
  "[": "&#91;",
  "]": "&#93;",
  "#": "&#35;",
  "\\": "&#92;",
};

/** `visible`, and no markup, HTML, mention, issue link or automatic link in any Markdown dialect that knows entities. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[&<>"@|`*_~[\]#\\]/g, (character) => MARKDOWN_ENTITIES[character] ?? "")
    .replaceAll("://", "&#58;//")
    .replace(/www\./gi, (match) => `${match.slice(0, 3)}&#46;`)
    .replace(/^[-+=]/, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/^(\d+)([.)])/, (_, digits: string, mark: string) => `${digits}&#${mark.charCodeAt(0)};`);
}

/** Characters with which a spreadsheet starts a formula, with their full-width forms. */
const FORMULA_START = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** `visible`, and never a formula for a spreadsheet (OWASP, CSV injection); quoting is the writer's. */
export function csvText(text: string): string {
  const shown = visible(text);
  return FORMULA_START.test(shown) ? `'${shown}` : shown;
}

/** JSON text in which characters that `visible` would show stand as `\u` escapes: the same value, harmless to print. */
export function printableJson(json: string): string {
  return json.replace(INVISIBLE, (character) => {
    // Control characters are already escaped by JSON.stringify; what is left of them is the writer's own layout.
    if (character === "\\" || character === "\n") return character;
    let escaped = "";
    for (let i = 0; i < character.length; i++)
      escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}
