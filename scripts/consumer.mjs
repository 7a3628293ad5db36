#!/usr/bin/env node
/**
 * A stranger's project: npm installs the packed tarballs into an empty folder, without a network, and programs use them as
 * ES modules, by `require`, from TypeScript, and as the command. Needs a build before it: `npm run consumer`.
 *
 * By itself it runs on the Node that runs this file, with the compilers of this repository. With `--all` also on the other
 * runtimes and compilers of the table below, which npx fetches; one that cannot be had is passed over and said so.
 * `--write` puts the table into docs/consumers.md.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { manifestOf, neighbours, strangersProject } from "./consumer/project.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isAll = process.argv.includes("--all");
const project = strangersProject(root, mkdtempSync(join(tmpdir(), "hangproof-consumer-")));

const npx = (name, binary) => (args) => project.run("npx", ["--yes", "-p", name, "--", binary, ...args]);
const fetched = (name, binary, to = (args) => args) => {
  const run = npx(name, binary);
  return { title: name, run: (args) => run(to(args)), isFetched: true };
};
const RUNTIMES = isAll
  ? [
      ...["node@20", "node@22", "node@24"].map((name) => fetched(name, "node")),
      fetched("deno@2", "deno", (args) => (args[0] === "--version" ? args : ["run", "-A", ...args])),
      fetched("bun@1", "bun"),
    ]
  : [{ title: "node", run: (args) => project.run(process.execPath, args), isFetched: false }];

const own = (folder) => ({
  title: "typescript",
  run: (args) => project.run(process.execPath, [join(folder, manifestOf(folder).bin.tsc), ...args]),
  isFetched: false,
});
const COMPILERS = isAll
  ? ["5.0", "5.4", "5.7", "5.8", "5.9", "6.0", "7.0"].map((version) => fetched(`typescript@${version}`, "tsc"))
  : [
      own(realpathSync(join(root, "node_modules/typescript"))),
      // The compiler that attw brings along.
      own(join(neighbours(realpathSync(join(root, "node_modules/@arethetypeswrong/core"))), "typescript")),
    ];

const CASE = `const CASE = ${JSON.stringify(join(root, "fixtures/cases/pve-backup-hang"))};\n`;
const NAMES = [
  ["analyze", "@hangproof/analyzer"],
  ["parse", "@hangproof/parser"],
  ["readEvidence", "@hangproof/parser/node"],
];
const imports = NAMES.map(([name, from]) => `import { ${name} } from "${from}";\n`).join("");
const requires = NAMES.map(([name, from]) => `const { ${name} } = require("${from}");\n`).join("");
const USE = `
const line = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\\n";
async function* chunks() {
  yield new TextEncoder().encode(line);
}
async function main() {
  const events = [];
  for await (const batch of parse(chunks(), { evidence: "pasted" })) events.push(...batch.events);
  const { evidence } = await readEvidence([CASE], { timeZone: "Europe/Berlin" });
  const report = analyze({ events, evidence: [] }, { now: Date.parse("2025-11-24T12:00:00Z"), timeZone: "UTC" });
  console.log([events.map(({ kind }) => kind).join(), evidence.length > 0, report.series.length].join(" "));
}
main();
`;
/** Every entry's declarations are read, used or not. */
const TYPES = `import type { KernelEvent } from "@hangproof/parser";
import type { Opened } from "@hangproof/parser/open";
import type { Ledger } from "@hangproof/ledger";
import type { Lake } from "@hangproof/fleet";
import type { renderHtml } from "hangproof/html";
import type { Question } from "hangproof/question";
import type { WindowRule } from "@hangproof/ledger/window-rule";
`;
const EXPECTED = /^e1000e\.hang true 1\n$/;
/** What only SQLite's own binary can do. */
const LEDGER = `
import { openLedger } from "@hangproof/ledger";
const ledger = openLedger("consumer.db");
console.log(typeof ledger.close);
ledger.close();
`;

const USES = [
  ["`import`", "use.mjs", EXPECTED],
  ["`require`", "use.cjs", EXPECTED],
  ["the ledger", "ledger.mjs", /^function\n$/],
  ["the command", "node_modules/hangproof/dist/main.js", /^\d+\.\d+\.\d+\n$/, "--version"],
];
/** The last: a file that is CommonJS may import an ES module from TypeScript 5.8 on, as Node itself may by then. */
const TYPED = [
  ["`nodenext`", "nodenext", "nodenext", "use.mts", 5.0],
  ["`bundler`", "esnext", "bundler", "use.mts", 5.0],
  ["`nodenext`, from CommonJS", "nodenext", "nodenext", "use.cts", 5.8],
];

let failures = 0;
/** A row: name and version, then for each column `yes` or `no`. */
function row({ title, run, isFetched }, columns) {
  let version;
  try {
    version = run(["--version"]).match(/\d+\.\d+\.\d+/)?.[0] ?? "";
  } catch (error) {
    if (!isFetched) throw error;
    console.log(`skipped ${title}: it cannot be had here`);
    return [title, ...columns.map(() => "not tried")];
  }
  const name = `${title.replace(/@.*/, "")} ${version}`;
  return [
    name,
    ...columns.map(([column, work]) => check(`${name}, ${column}`, () => work(run, Number.parseFloat(version)))),
  ];
}

/** @param work gives null where all is well, false where it is known not to work, else what was said instead */
function check(title, work) {
  let wrong;
  try {
    wrong = work();
  } catch (error) {
    wrong = `${error.stdout ?? ""}${error.stderr ?? error.message}`;
  }
  const isRight = wrong === null || wrong === false;
  console.log(isRight ? `ok ${title}${wrong === false ? ": no, as documented" : ""}` : `FAILED ${title}\n${wrong}`);
  if (!isRight) failures++;
  return wrong === null ? "yes" : "no";
}

/** Checked with everything strict, and with the declarations of the packages themselves. */
function typeCheck(run, module, moduleResolution, file) {
  const compilerOptions = {
    ...{ module, moduleResolution, target: "es2022", lib: ["es2023", "dom"], types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
  };
  writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  const said = run(["-p", "tsconfig.json"]);
  return said === "" ? null : said;
}

/** A compiler must refuse what it is known to refuse: else the documentation is out of date. */
function refused(work) {
  try {
    work();
  } catch (error) {
    return /TS1479/.test(error.stdout) ? false : error.stdout;
  }
  return "it works, and the table says that it does not";
}

function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column].length)));
  const all = [head, widths.map((width) => "-".repeat(width)), ...rows];
  return all.map((cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |\n`).join("");
}

try {
  project.install();
  const write = (name, text) => writeFileSync(join(project.folder, name), text);
  write("use.mjs", imports + CASE + USE);
  write("use.cjs", requires + CASE + USE);
  write("ledger.mjs", LEDGER);
  const program = USE.replace("events = []", "events: KernelEvent[] = []");
  for (const name of ["use.mts", "use.cts"]) write(name, imports + TYPES + CASE + program);
  const uses = USES.map(([column, file, wanted, ...args]) => [
    column,
    (run) => {
      const said = run([file, ...args]);
      return wanted.test(said) ? null : said;
    },
  ]);
  const typed = TYPED.map(([column, module, resolution, file, since]) => [
    column,
    (run, version) => {
      const work = () => typeCheck(run, module, resolution, file);
      return version < since ? refused(work) : work();
    },
  ]);
  const tables = [
    table(
      ["", ...uses.map(([column]) => column)],
      RUNTIMES.map((one) => row(one, uses)),
    ),
    table(
      ["", ...typed.map(([column]) => column)],
      COMPILERS.map((one) => row(one, typed)),
    ),
  ];
  console.log(`\n${tables.join("\n")}`);
  if (isAll && process.argv.includes("--write")) {
    const file = join(root, "docs/consumers.md");
    const parts = readFileSync(file, "utf8").split(/(?<=<!-- table -->\n)[\s\S]*?(?=<!-- end -->)/);
    writeFileSync(file, parts.map((part, at) => part + (tables[at] ?? "")).join(""));
  }
} finally {
  rmSync(project.folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
