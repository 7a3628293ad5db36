#!/usr/bin/env node
/**
 * Packs the packages and looks at the tarballs as a registry and a consumer's compiler would: publint (manifest and
 * files), Are The Types Wrong (what each kind of module resolution finds), that every source map and declaration map
 * leads to a file of the tarball, and that no published package needs a private one. Names all faults and ends with 1
 * if there is one. Needs a build before it: `npm run packages`.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packAll } from "./packages/pack.mjs";

/**
 * What an ES module package for Node 20.19 and later means to be: `require` gives the ES module (which these Nodes
 * can), and the resolution of TypeScript before `exports` existed is not served.
 */
const MEANT = new Set(["CJSResolvesToESM node16-cjs", "NoResolution node10"]);

async function publintFaults(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, level: "suggestion", strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function typeFaults(tarball) {
  const found = await checkPackage(createPackageFromTarballData(tarball));
  if (found.types === false) return ["types: it has none"];
  return found.problems
    .map((problem) => `${problem.kind} ${problem.resolutionKind ?? ""}`.trim())
    .filter((problem) => !MEANT.has(problem))
    .map((problem) => `types: ${problem}`);
}

function mapFaults(tarball) {
  const files = createPackageFromTarballData(tarball);
  const maps = files.listFiles().filter((file) => file.endsWith(".map"));
  if (maps.length === 0) return ["maps: there is none"];
  const lost = maps.flatMap((file) =>
    JSON.parse(files.readFile(file))
      .sources.map((source) => posix.join(posix.dirname(file), source))
      .filter((source) => !files.fileExists(source)),
  );
  // A source that is gone is most often the leaving of an older build.
  return [...new Set(lost)].map((source) => `maps: ${source} is named and not packed`);
}

/** What is published may not need what is not. */
function dependencyFaults({ dependencies = {} }, published) {
  const missing = Object.entries(dependencies).filter(
    ([name, range]) => range.startsWith("workspace:") && !published.has(name),
  );
  return missing.map(([name]) => `dependencies: ${name} is private`);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "hangproof-packages-"));
try {
  const packed = packAll(root, folder);
  const published = new Set(packed.map(({ manifest }) => manifest.name));
  for (const { manifest, tarball } of packed) {
    const bytes = new Uint8Array(readFileSync(tarball));
    // A package without an entry is a command; there is nothing in it to type.
    const importable = manifest.exports?.["."] !== undefined;
    const faults = [
      ...(await publintFaults(bytes)),
      ...(importable ? await typeFaults(bytes) : []),
      ...mapFaults(bytes),
      ...dependencyFaults(manifest, published),
    ];
    const size = Math.ceil(bytes.length / 1024);
    console.log(`${faults.length === 0 ? "ok" : "FAULTY"} ${manifest.name} ${manifest.version}, ${size} KiB packed`);
    for (const fault of faults) console.log(`   ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
