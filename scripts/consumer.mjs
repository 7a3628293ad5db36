#!/usr/bin/env node
/**
 * A stranger's project: npm installs the packed tarballs into an empty folder, without a network, and a program uses
 * them as an ES module, by `require`, from TypeScript, and as the command. It runs on the Node that runs this file; on
 * another one: `npx --yes -p node@24 -- node scripts/consumer.mjs`. Needs a build before it: `npm run consumer`.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packAll } from "./packages/pack.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const project = mkdtempSync(join(tmpdir(), "hangproof-consumer-"));
// Nothing of this repository may help to find a module.
const { NODE_PATH: _, ...env } = process.env;
const run = (command, args) =>
  execFileSync(command, args, { cwd: project, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const node = (...args) => run(process.execPath, args);

/** Every package below the given one, as npm wants to be given it where it may not ask a registry. */
function dependencies(folder, found = new Map()) {
  const { dependencies: below = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(below)) {
    if (name.startsWith("@hangproof/") || found.has(name)) continue;
    const place = realpathSync(join(neighbours(folder), name));
    found.set(name, place);
    dependencies(place, found);
  }
  return found;
}

/** A workspace package has its dependencies inside it; an installed one lies beside them. */
function neighbours(folder) {
  const at = folder.lastIndexOf("node_modules");
  return at === -1 ? join(folder, "node_modules") : folder.slice(0, at + "node_modules".length);
}

function install() {
  const packed = packAll(root, project);
  const files = new Map(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  const copies = [];
  for (const [name, place] of new Map(packed.flatMap(({ folder }) => [...dependencies(folder)]))) {
    copies.push(join(project, "dependencies", name));
    cpSync(place, copies.at(-1), { recursive: true });
  }
  for (const { name, filename } of JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", ...copies])))
    files.set(name, `file:${join(project, filename)}`);
  const manifest = { name: "consumer", private: true, dependencies: Object.fromEntries(files) };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest, null, 2));
  run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

const USE = `
const line = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\\n";
const text = new Blob([line]).stream();
async function main() {
  const events = [];
  for await (const batch of parse(text, { evidence: "pasted" })) events.push(...batch.events);
  const { evidence } = await readEvidence([CASE], { timeZone: "Europe/Berlin" });
  const report = analyze({ events, evidence: [] }, { now: Date.parse("2025-11-24T12:00:00Z"), timeZone: "UTC" });
  console.log([events.map(({ kind }) => kind).join(), evidence.length > 0, report.series.length].join(" "));
}
main();
`;
const EXPECTED = "e1000e.hang true 1\n";
const NAMES = [
  ["analyze", "@hangproof/analyzer"],
  ["parse", "@hangproof/parser"],
  ["readEvidence", "@hangproof/parser/node"],
];
const CASE = `const CASE = ${JSON.stringify(join(root, "fixtures/cases/pve-backup-hang"))};\n`;
const imports = NAMES.map(([name, from]) => `import { ${name} } from "${from}";\n`).join("");

let failures = 0;
function check(title, wanted, work) {
  let got;
  try {
    got = work();
  } catch (error) {
    got = `${error.message}\n${error.stdout ?? ""}`;
  }
  const ok = wanted instanceof RegExp ? wanted.test(got) : got === wanted;
  console.log(`${ok ? "ok" : "FAILED"} ${title}`);
  if (!ok) console.log(got);
  if (!ok) failures++;
}

/** Checked with everything strict, and with the declarations of the packages themselves. */
function typeCheck(compiler, module, moduleResolution) {
  const compilerOptions = {
    ...{ module, moduleResolution, target: "es2023", lib: ["es2023", "dom", "dom.asynciterable"], types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.mts"] }));
  return node(compiler, "-p", "tsconfig.json");
}

try {
  install();
  console.log(`Node ${process.version}`);
  writeFileSync(join(project, "use.mjs"), imports + CASE + USE);
  const requires = NAMES.map(([name, from]) => `const { ${name} } = require("${from}");\n`).join("");
  writeFileSync(join(project, "use.cjs"), requires + CASE + USE);
  writeFileSync(
    join(project, "use.mts"),
    imports +
      CASE +
      USE.replace("events = []", "events: KernelEvent[] = []") +
      'import type { KernelEvent } from "@hangproof/parser";\n',
  );
  check("as an ES module", EXPECTED, () => node("use.mjs"));
  check("by require", EXPECTED, () => node("use.cjs"));
  check("as the command", /^\d+\.\d+\.\d+\n$/, () => node("node_modules/hangproof/dist/main.js", "--version"));
  // The second one is the compiler that attw brings along.
  const compilers = [
    ["TypeScript of this repository", realpathSync(join(root, "node_modules/typescript"))],
    [
      "TypeScript 5",
      realpathSync(join(neighbours(realpathSync(join(root, "node_modules/@arethetypeswrong/core"))), "typescript")),
    ],
  ];
  for (const [title, folder] of compilers) {
    const { version, bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ])
      check(`${title} (${version}), module resolution ${resolution}`, "", () =>
        typeCheck(join(folder, bin.tsc), module, resolution),
      );
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
