#!/usr/bin/env node
/**
 * Question: can a text make one of the project's regular expressions take time with the square of its length, or worse?
 * Each literal of the packages that run on a user's machine, and each expression that they put together when they are
 * loaded, is put to recheck, which proves it linear, finds an attack, or gives up. What it does not prove is in REVIEWED with
 * the reason why it is bounded; anything else fails. Leaves out what is put together for one pack, one redaction or one
 * command line: alternatives of literal text.
 *
 *   pnpm regexes
 */
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { build, transform } from "esbuild";
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
  ["^(?:every\\s+(.+?)|daily)", "a window as people say it: 200 characters at most"],
  ["^(.+?)\\s+for\\s+", "as above"],
  ["^(.+?)\\s+(?:to|until)\\s+", "as above"],
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OWN = /[\\/]packages[\\/](?:parser|analyzer|cli|ledger|fleet)[\\/]src[\\/].*\.ts$/;

/** By how they are written: expressions of our own sources, those of the packages that they use left out. */
const found = new Map();

/** Collects the literals of each own source, and makes what is put together there tell of itself. */
const collecting = {
  name: "collecting",
  setup({ onLoad }) {
    onLoad({ filter: OWN }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "ts", target: "esnext" });
      full(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
        if (node.type === "Literal" && node.regex) add(node.regex.pattern, node.regex.flags);
      });
      return { contents: code.replaceAll("new RegExp(", "new globalThis.MadeRegExp("), loader: "js" };
    });
  },
};
const add = (pattern, flags) => found.set(`/${pattern}/${flags}`, { pattern, flags });

globalThis.MadeRegExp = class extends RegExp {
  constructor(...made) {
    super(...made);
    add(this.source, this.flags);
  }
};
const entries = [
  "parser/src/node.ts",
  "analyzer/src/index.ts",
  "ledger/src/index.ts",
  "fleet/src/index.ts",
  "cli/src/program.ts",
];
const file = join(root, ".cache/regexes.mjs");
await build({
  absWorkingDir: root,
  stdin: {
    contents: entries.map((entry) => `import "./packages/${entry}";`).join("\n"),
    resolveDir: root,
    loader: "ts",
  },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  conditions: ["@hangproof/source"],
  external: ["libsql", "@duckdb/node-api"],
  plugins: [collecting],
  banner: {
    js: 'import { createRequire as createBundleRequire } from "node:module";\nconst require = createBundleRequire(import.meta.url);',
  },
  ignoreAnnotations: true,
  treeShaking: false,
  outfile: file,
});
const literals = found.size;
await import(pathToFileURL(file).href);
rmSync(file);
const made = found.size - literals;
let reviewed = 0;
let faults = 0;
for (const [literal, { pattern, flags }] of found) {
  const { status, complexity } = checkSync(pattern, flags, { timeout: 10_000 });
  if (status === "safe") continue;
  const reason = REVIEWED.find(([start]) => pattern.startsWith(start))?.[1];
  if (reason !== undefined) reviewed += 1;
  else {
    faults += 1;
    console.error(`${complexity?.type ?? "undecided"}: ${literal}`);
  }
}
console.log(
  `${literals} literals and ${made} put together: ${found.size - reviewed - faults} proved, ${reviewed} reviewed, ${faults} neither`,
);
if (faults > 0) process.exitCode = 1;
