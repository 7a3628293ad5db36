import type { Report } from "@hangproof/analyzer";
import { usageError } from "../exit-codes.js";
import { visible } from "../layout/escape.js";
import { renderHtml } from "./html/page.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { renderText } from "./text.js";

/** Forms of a whole report that a file name can ask for. */
export type FileFormat = "html" | "markdown" | "json" | "text";

const ENDINGS: Readonly<Record<string, FileFormat>> = {
  html: "html",
  htm: "html",
  md: "markdown",
  json: "json",
  txt: "text",
};

/** The form that a file's ending asks for. @throws CliError (usage) */
export function reportFormatOf(path: string): FileFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = ENDINGS[ending];
  if (format === undefined)
    throw usageError(`--report ${visible(path)}: the name must end in .html, .md, .json or .txt`);
  return format;
}

/** A report for a file: no colour, 80 columns wide where it is text. */
export function renderReport(report: Report, format: FileFormat): string {
  switch (format) {
    case "html":
      return renderHtml(report);
    case "markdown":
      return renderMarkdown(report);
    case "json":
      return renderJson(report);
    case "text":
      return renderText(report, { width: 80, colour: false, plain: false });
  }
}
