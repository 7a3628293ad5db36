/** The report as a page and as JSON, for whoever has a report model, and its escapers: no Node, no file, no terminal. */
export { csvText, visible } from "./layout/escape.js";
export { bytes } from "./layout/format.js";
export { DiagnosticSummary } from "./output/diagnostics.js";
export { renderHtml } from "./output/html/page.js";
export { STYLE_DIGEST } from "./output/html/style.js";
export { renderJson } from "./output/json.js";
