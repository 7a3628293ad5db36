import { parse as parseCsv } from "csv-parse/sync";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { parse as parseHtml } from "parse5";
import { expect } from "vitest";
import type { Syntax } from "./form.js";

/**
 * What each form may hold, told without the escapers: by a parser of the form that is not ours, or by its grammar. What
 * an oracle returns is the structure that a reader of the form sees; hostile text must not change it.
 */
export type Oracle = (output: string) => unknown;

/** Written out, so that the escapers' own classes are not trusted: names as Unicode has them. */
const FORBIDDEN: readonly (readonly [what: string, from: number, to: number])[] = [
  ["C0", 0x00, 0x09],
  ["C0", 0x0b, 0x1f],
  ["DEL and C1", 0x7f, 0x9f],
  ["soft hyphen", 0xad, 0xad],
  ["combining grapheme joiner", 0x34f, 0x34f],
  ["Arabic letter mark", 0x61c, 0x61c],
  ["Hangul fillers", 0x115f, 0x1160],
  ["Khmer inherent vowels", 0x17b4, 0x17b5],
  ["Mongolian variation selectors", 0x180b, 0x180f],
  ["zero width and marks", 0x200b, 0x200f],
  ["separators, embeddings, overrides", 0x2028, 0x202e],
  ["joiners, isolates, deprecated", 0x2060, 0x206f],
  ["Hangul filler", 0x3164, 0x3164],
  ["surrogates", 0xd800, 0xdfff],
  ["noncharacters", 0xfdd0, 0xfdef],
  ["variation selectors", 0xfe00, 0xfe0f],
  ["byte order mark", 0xfeff, 0xfeff],
  ["half width filler", 0xffa0, 0xffa0],
  ["annotations", 0xfff9, 0xfffb],
  ["noncharacters", 0xfffe, 0xffff],
  ["shorthand and music controls", 0x1bca0, 0x1bca3],
  ["music controls", 0x1d173, 0x1d17a],
  ["tags and selectors", 0xe0000, 0xe0fff],
];

/** The first character that deceives a reader or drives a terminal, with its name; null for none. Line feeds are ours. */
export function deceptive(text: string): string | null {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if ((code & 0xfffe) === 0xfffe) return `noncharacter U+${code.toString(16)}`;
    const found = FORBIDDEN.find(([, from, to]) => code >= from && code <= to);
    if (found !== undefined) return `${found[0]} U+${code.toString(16)}`;
  }
  return null;
}

/** The sequences with which we paint ourselves. */
const OWN_COLOURS = /\x1b\[(?:0|1|2|4|1;31|1;32|1;33)m/g;

function terminal(output: string): null {
  expect(deceptive(output.replace(OWN_COLOURS, ""))).toBeNull();
  return null;
}

/** No object of JSON has another prototype, and texts may be anything; their places may not. */
function json(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value === "object" && value !== null)
      return Object.entries(value).map(([key, one]) => [key, shape(one)]);
    return typeof value;
  };
  const documents = output.startsWith("{\n") ? [output] : output.split("\n").filter((line) => line !== "");
  return documents.map((one) => shape(JSON.parse(one)));
}

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;
const FORMULA_PART = /^["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;

/** Spreadsheets of half of Europe take the semicolon for the separator, whatever is quoted. */
function csv(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  const rows = parseCsv(output, { relax_column_count: false }) as string[][];
  for (const row of rows)
    for (const cell of row) {
      if (NUMBER.test(cell)) continue;
      expect(cell).not.toMatch(FORMULA);
      for (const part of cell.split(/[;\t]/).slice(1)) expect(part).not.toMatch(FORMULA_PART);
    }
  return rows.map((row) => row.length);
}

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

const MARKDOWN_NODES: ReadonlySet<string> = new Set(
  "root paragraph text strong heading blockquote list listItem table tableRow tableCell code".split(" "),
);

/** Hosts of tickets look for mentions in the text that was rendered, where no entity is left. */
const MENTION = /(?<![\w`])@[a-z\d]/i;

function markdown(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  const walk = (node: MarkdownNode): unknown => {
    expect(MARKDOWN_NODES).toContain(node.type);
    if (node.type === "text") expect(node.value).not.toMatch(MENTION);
    return [node.type, ...(node.children ?? []).filter(({ type }) => type !== "text").map(walk)];
  };
  return walk(fromMarkdown(output, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as MarkdownNode);
}

interface HtmlNode {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly HtmlNode[];
}

const HTML_NODES: ReadonlySet<string> = new Set(
  (
    "#document #documentType #text html head meta title style body header main footer section figure figcaption h1 h2 h3 p ul li " +
    "div details summary table thead tbody tr th td pre svg g path line rect circle text tspan title desc polyline polygon"
  ).split(" "),
);
/** Their values are words for those who do not see. */
const WORDED = new Set(["aria-label"]);

function html(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  const walk = (node: HtmlNode): unknown => {
    expect(HTML_NODES).toContain(node.nodeName);
    const attributes = (node.attrs ?? []).map(({ name, value }) => {
      expect(name).not.toMatch(/^on|^(?:src|href|style|action|xlink:href|srcset|formaction)$/);
      return WORDED.has(name) ? name : `${name}=${value}`;
    });
    const inner = (node.childNodes ?? []).filter(({ nodeName }) => nodeName !== "#text");
    return [node.nodeName, attributes, ...inner.map(walk)];
  };
  const faults: string[] = [];
  const tree = parseHtml(output, { onParseError: ({ code }) => void faults.push(code) });
  expect(faults).toEqual([]);
  return walk(tree as HtmlNode);
}

/** What a reader of a page or of rendered Markdown reads. */
export function textOf(syntax: Syntax, output: string): string {
  const wordsOf = ({ nodeName, value = "", childNodes = [] }: HtmlNode): string =>
    nodeName === "style" ? "" : value + childNodes.map(wordsOf).join("");
  const saidBy = ({ value = "", children = [] }: MarkdownNode): string => value + children.map(saidBy).join("");
  return syntax === "html"
    ? wordsOf(parseHtml(output) as HtmlNode)
    : saidBy(fromMarkdown(output, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as MarkdownNode);
}

const LABEL = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"`;
const SAMPLE = new RegExp(String.raw`^([a-z_]+)(?:\{${LABEL}(?:,${LABEL})*\})? -?\d+(?:\.\d+)?(?:e[+-]?\d+)?$`);
const COMMENT = /^# (?:HELP [a-z_]+ [^\\]*\.|TYPE [a-z_]+ gauge)$/;

function prometheus(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  expect(output).toMatch(/[^\n]\n$/);
  return output
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const name = SAMPLE.exec(line)?.[1];
      if (name === undefined) expect(line).toMatch(COMMENT);
      return name ?? line;
    });
}

/** RFC 5545, 3.1: folded lines of at most 75 octets, each a name, parameters, a colon and a value. */
const CONTENT_LINE = /^([A-Z-]+)((?:;[A-Z-]+=[\w/-]+)*):((?:[^\\;,]|\\[\\;,nN])*)$/;

function calendar(output: string): unknown {
  expect(deceptive(output.replaceAll("\r\n", ""))).toBeNull();
  for (const line of output.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const lines = output.replaceAll(/\r\n[ \t]/g, "").split("\r\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => {
    expect(line).toMatch(CONTENT_LINE);
    const [, name, parameters, value] = CONTENT_LINE.exec(line)!;
    return name === "BEGIN" || name === "END" ? line : `${name}${parameters}${name === "UID" ? value!.length : ""}`;
  });
}

/** The first line of a plugin's answer; a bar in any line begins performance data. */
const PLUGIN_LINE =
  /^HANGPROOF (?:OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+(?: \|(?: '[^'=|]+'=\d+(?:\.\d+)?s?(?:;[\d.]*){3})+)?$/;

function plugin(output: string): unknown {
  expect(deceptive(output)).toBeNull();
  const [first = "", ...rest] = output.split("\n");
  expect(first).toMatch(PLUGIN_LINE);
  expect(rest.join("\n")).not.toContain("|");
  return first.split(" |")[1]?.match(/=/g)?.length;
}

function argumentList(output: string): unknown {
  const values = JSON.parse(output) as string[];
  for (const value of values) {
    expect(deceptive(value)).toBeNull();
    expect(value).not.toContain("\n");
    // A program would take it for an option, or for the name of a file to read.
    expect(value.replace(/^--at=/, "")).not.toMatch(value.startsWith("--at=") ? /^\0/ : /^[-@]/);
  }
  return values.length;
}

/** Lines as systemd.syntax(7) has them, with no specifier, variable or continuation left. */
function systemd(output: string): unknown {
  if (output === "") return "refused";
  expect(deceptive(output)).toBeNull();
  return output.split("\n").map((line) => {
    if (line === "" || /^\[\w+\]$/.test(line) || line.startsWith("# ")) return line;
    expect(line).toMatch(/^[A-Z]\w+=/);
    expect(line).not.toMatch(/\\$/);
    expect(line.replaceAll("%%", "")).not.toContain("%");
    if (line.startsWith("ExecStart=")) expect(line.replaceAll("$$", "")).not.toContain("$");
    return line.slice(0, line.indexOf("="));
  });
}

function crontab(output: string): unknown {
  if (output === "") return "refused";
  expect(deceptive(output)).toBeNull();
  expect(output.replaceAll("\\%", "")).not.toContain("%");
  return output.split("\n").length;
}

const asItIs = (output: string): string => {
  expect(deceptive(output)).toBeNull();
  return output;
};

export const ORACLES: Readonly<Record<Syntax, Oracle>> = {
  terminal,
  json,
  csv,
  markdown,
  html,
  prometheus,
  calendar,
  plugin,
  arguments: argumentList,
  systemd,
  crontab,
  shell: asItIs,
  manual: asItIs,
};
