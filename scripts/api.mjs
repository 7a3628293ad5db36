#!/usr/bin/env node
/**
 * The API report of each library entry: every public name with its type, in docs/api/, so that a change of the API
 * shows as a diff of its own. `npm run api` writes the reports; with `--check` it ends with 1 where one is not what the
 * declarations say. Needs a build before it.
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
  { name: "hangproof-html", folder: "cli", file: "html" },
  { name: "fleet", folder: "fleet", file: "index" },
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const committed = join(root, "docs/api");

/** Writes the report of one entry into the given folder. */
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
          // A type that is needed and not exported is part of what a change may break.
          "ae-forgotten-export": { logLevel: "none", addToApiReportFile: true },
        },
        tsdocMessageReporting: unheard,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, "package.json"),
  });
  const quiet = (message) => {
    message.handled = true;
  };
  const { errorCount } = Extractor.invoke(config, { localBuild: true, messageCallback: quiet });
  if (errorCount > 0) throw new Error(`${name}: API Extractor cannot read ${declarations}`);
}

const check = process.argv.includes("--check");
const scratch = mkdtempSync(join(tmpdir(), "hangproof-api-"));
const target = check ? join(scratch, "fresh") : committed;
try {
  mkdirSync(target, { recursive: true });
  for (const entry of ENTRIES) {
    report(entry, target, join(scratch, "work"));
    const file = `${entry.name}.api.md`;
    const same = readFileSync(join(target, file), "utf8") === readFileSync(join(committed, file), "utf8");
    console.log(`${same ? "ok" : "CHANGED"} docs/api/${file}`);
    if (!same) process.exitCode = 1;
  }
  if (process.exitCode === 1) console.log("The API is not what was committed: `npm run api`, and review the diff.");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
