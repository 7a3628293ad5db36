#!/usr/bin/env node
/**
 * The API report of each library entry: every public name with its type, in docs/api/, so that a change of the API
 * shows as a diff of its own. `npm run api` writes the reports; with `--check` it ends with 1 where one is not what the
 * declarations say. In both ways it ends with 1 where a type that the API needs is exported by no entry of its package, or
 * where something is exported without a doc comment. Needs a build before it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import apiExtractor from "@microsoft/api-extractor";

const { Extractor, ExtractorConfig } = apiExtractor;

const ENTRIES = [
  { name: "parser", folder: "parser", file: "index" },
  { name: "parser-open", folder: "parser", file: "open" },
  { name: "parser-node", folder: "parser", file: "node" },
  { name: "analyzer", folder: "analyzer", file: "index" },
  { name: "ledger", folder: "ledger", file: "index" },
  { name: "ledger-window-rule", folder: "ledger", file: "window-rule" },
  { name: "hangproof-html", folder: "cli", file: "html" },
  { name: "hangproof-question", folder: "cli", file: "question" },
  { name: "fleet", folder: "fleet", file: "index" },
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const committed = join(root, "docs/api");

/** Writes the report of one entry into the given folder. Gives the types that it needs and does not export. */
function report({ name, folder, file }, target, scratch) {
  const projectFolder = join(root, "packages", folder);
  const declarations = join(projectFolder, `dist/${file}.d.ts`);
  const unheard = { default: { logLevel: "none" } };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder,
      mainEntryPointFilePath: declarations,
      newlineKind: "lf",
      apiReport: { enabled: true, reportFolder: target, reportTempFolder: scratch, reportFileName: name },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: { module: "nodenext", lib: ["es2023", "dom"], types: ["node"], strict: true },
          files: [declarations],
        },
      },
      messages: {
        compilerMessageReporting: unheard,
        extractorMessageReporting: {
          ...unheard,
          "ae-forgotten-export": { logLevel: "warning" },
        },
        tsdocMessageReporting: unheard,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, "package.json"),
  });
  const needed = [];
  const messageCallback = (message) => {
    message.handled = true;
    if (message.messageId === "ae-forgotten-export") needed.push(/"([^"]+)"/.exec(message.text)?.[1] ?? message.text);
  };
  const { errorCount } = Extractor.invoke(config, { localBuild: true, messageCallback });
  if (errorCount > 0) throw new Error(`${name}: API Extractor cannot read ${declarations}`);
  return needed;
}

/** Names that a report has, with whether a comment is on each. */
function namesOf(text) {
  const found = text.matchAll(
    /^\/\/ @\w+( \(undocumented\))?\nexport (?:declare |abstract )*(?:interface|type|const|function|class) (\w+)/gm,
  );
  const aliases = text.matchAll(/^export \{ (\w+) \}/gm);
  return [
    ...Array.from(found, ([, bare, name]) => ({ name, isDocumented: bare === undefined })),
    ...Array.from(aliases, ([, name]) => ({ name, isDocumented: true })),
  ];
}

function complain(text) {
  console.log(text);
  process.exitCode = 1;
}

const check = process.argv.includes("--check");
const scratch = mkdtempSync(join(tmpdir(), "hangproof-api-"));
const target = check ? join(scratch, "fresh") : committed;
try {
  mkdirSync(target, { recursive: true });
  const leaks = [];
  const exported = new Set();
  let isSame = true;
  for (const entry of ENTRIES) {
    const { folder } = entry;
    for (const needed of report(entry, target, join(scratch, "work")))
      leaks.push({ entry: `${folder}/${entry.file}`, folder, needed });
    const file = `${entry.name}.api.md`;
    const text = readFileSync(join(target, file), "utf8");
    const same = text === readFileSync(join(committed, file), "utf8");
    console.log(`${same ? "ok" : "CHANGED"} docs/api/${file}`);
    isSame &&= same;
    for (const { name, isDocumented } of namesOf(text)) {
      exported.add(`${folder}/${name}`);
      if (!isDocumented) complain(`UNDOCUMENTED ${name}, in docs/api/${file}`);
    }
  }
  for (const { entry, folder, needed } of leaks)
    if (!exported.has(`${folder}/${needed}`)) complain(`LEAKED ${needed}: ${entry} needs it, and nothing exports it`);
  if (!isSame) complain("The API is not what was committed: `npm run api`, and review the diff.");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
