#!/usr/bin/env node
/**
 * A library as it is published: one file for each of its entries and the files that they share, in dist/bundled, because
 * loading a hundred modules takes longer than a small log. Made from the sources, so that it needs no build before it.
 * Here in the repository the packages go on using each other's modules: a bundle that is out of date can mislead nobody.
 * Usage: node scripts/bundle-library.mjs [FOLDER …], by default the current one.
 */
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

/** The sources of a package's entries, as its manifest names them. */
function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.values(exports).flatMap((entry) => entry["@hangproof/source"] ?? []);
}

const folders = process.argv.slice(2);
for (const folder of (folders.length === 0 ? ["."] : folders).map((given) => resolve(given))) {
  const outdir = join(folder, "dist/bundled");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: folder,
    entryPoints: entriesOf(folder),
    outdir,
    bundle: true,
    // The entries share their classes: what one gives, the other accepts.
    splitting: true,
    packages: "external",
    platform: "node",
    target: "node20.19",
    format: "esm",
    sourcemap: true,
    sourcesContent: false,
    charset: "utf8",
  });
}
