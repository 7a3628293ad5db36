#!/usr/bin/env node
/**
 * Question: can a text make one of the parser's regular expressions take time with the square of its length, or worse? Each
 * literal of the parser is put to recheck, which proves an expression linear, finds an attack, or gives up. What it does
 * not prove is in REVIEWED with the reason why it is bounded; anything else fails. Leaves out expressions that are put
 * together at run time.
 *
 *   pnpm regexes
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { build } from "esbuild";
import { checkSync } from "recheck";

/** By how the expression begins. */
const REVIEWED = [
  ["^UPID:\\S+ ", "ends at the line's first blank"],
  ["^(?:Starting|Started) (.{1,300}?)", "bounded: 300 by 300"],
  ["^(?:Finished|Stopped) (.{1,300}?)", "bounded: 300 by 300"],
  ["^(?:<\\S{1,128}> )?end task", "300 starts of one scan at most"],
  ["^(?:Unsupported Speed", "bounded parts, each behind its own beginning"],
  ["^(?:Net device Info", "alternatives that begin differently, one scan each"],
  ["^(?:.*: )?Realtime clock", "one scan back from the end, a literal at each place"],
  ["^Reached target .*?", "one scan, some words at each place"],
  [" (?:-[ACEGKLNUWXfmprst]|--", "no part reaches over a blank, and each begins with one; the text is bounded"],
  ["^(?:Starting|Started|Finished) (?:\\S+ - )?", "bounded"],
  [" (?:-\\S+ |--set-\\S+ )?", "no part reaches over a blank, and each begins with one; the text is bounded"],
  ["^Exec(?:Start|StartPre", "bounded"],
  ["^\\s*([A-Za-z][\\w -]{0,60}):", "bounded behind its first blanks"],
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: { contents: 'export * from "./packages/parser/src/node.ts";', resolveDir: root, loader: "ts" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  conditions: ["@hangproof/source"],
  packages: "external",
  write: false,
});
const literals = new Map();
full(parse(outputFiles[0].text, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
  if (node.type === "Literal" && node.regex) literals.set(`/${node.regex.pattern}/${node.regex.flags}`, node.regex);
});
let reviewed = 0;
let faults = 0;
for (const [literal, { pattern, flags }] of literals) {
  const { status, complexity } = checkSync(pattern, flags, { timeout: 3_000 });
  if (status === "safe") continue;
  const reason = REVIEWED.find(([start]) => pattern.startsWith(start))?.[1];
  if (reason !== undefined) reviewed += 1;
  else {
    faults += 1;
    console.error(`${complexity?.type ?? "undecided"}: ${literal}`);
  }
}
console.log(
  `${literals.size} expressions: ${literals.size - reviewed - faults} proved, ${reviewed} reviewed, ${faults} neither`,
);
if (faults > 0) process.exitCode = 1;
