/**
 * Text from a log may be an attack on whoever reads it: escape sequences rewrite a terminal, bidirectional controls
 * reverse what is read, zero-width characters hide. One function a form of output; all of them start from `visible`.
 */

/**
 * Control characters (C0, DEL, C1), format characters (bidirectional marks, embeddings, overrides and isolates, zero
 * width, tags), line and paragraph separators, lone surrogates, whatever else Unicode draws as nothing, and the
 * backslash, so that what is shown can be read back in one way only.
 */
const INVISIBLE = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

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

/** Whether all of a text can be seen as it is. */
export function isPlain(text: string): boolean {
  return visible(text) === text.replaceAll("\\", "\\\\");
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
  $: "&#36;",
  "^": "&#94;",
  "{": "&#123;",
  "}": "&#125;",
  "\\": "&#92;",
};

/**
 * What is looked for in the text when entities are characters again: schemes, names of hosts, addresses and mentions, and
 * references to issues. One character of it is shown as `visible` shows those that hide.
 */
const LINKED = /:(?=\/\/)|(?<=www)\.|(?<!\w)@(?=\w)|@(?=[-\w]+\.[-\w])|#(?=\d)|(?<=\bgh)-(?=\d)/gi;

/** `visible`, and no markup, HTML, mention, issue link or automatic link in any Markdown dialect that knows entities. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(LINKED, (character) => `\\x${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"@|`*_~[\]#$^{}\\]/g, (character) => MARKDOWN_ENTITIES[character] ?? "")
    .replaceAll("==", "&#61;&#61;")
    .replace(/^[-+=]|^\s+/u, entities)
    .replace(/^(\d+)([.)])/, (_, digits: string, mark: string) => digits + entities(mark))
    .replace(/(?<!\s)\s+$/u, entities);
}

const entities = (text: string): string => [...text].map((one) => `&#${one.codePointAt(0)};`).join("");

/** How a spreadsheet's formula starts, in full-width forms too; some readers take blanks away before they look. */
const FORMULA_START = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;
/** Where the semicolon is the separator, as in half of Europe, what is behind one is a cell of its own, quoted or not. */
const FORMULA_BEHIND = /;(?=["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/** `visible`, and never a formula for a spreadsheet (OWASP, CSV injection); quoting is the writer's. */
export function csvText(text: string): string {
  return noFormula(visible(text));
}

/** The same for a text that is `visible` already. */
export function noFormula(shown: string): string {
  const apart = shown.replace(FORMULA_BEHIND, "\\x3b");
  return FORMULA_START.test(apart) ? `'${apart}` : apart;
}

/** Plain data as JSON for a cell: `printableJson`, and no formula. */
export function csvJson(value: object): string {
  return printableJson(JSON.stringify(value)).replace(FORMULA_BEHIND, "\\u003b");
}

/** JSON text in which characters that `visible` would show stand as `\u` escapes: the same value, harmless to print. */
export function printableJson(json: string): string {
  return json.replace(INVISIBLE, (character) => {
    // Control characters are already escaped by JSON.stringify; what is left of them is the writer's own layout.
    if (character === "\\" || character === "\n") return character;
    let escaped = "";
    for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}
