#!/usr/bin/env node
/**
 * The command as one file, for a host that has Node and no npm: `node hangproof.mjs report …`. Made from the sources,
 * so that it needs no build before it. Usage: node scripts/bundle.mjs [FILE], by default dist/hangproof.mjs.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licenceNotice } from "./bundle/licences.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(process.argv[2] ?? join(root, "dist/hangproof.mjs"));
const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));

/** Beside the one file there is no manifest to read the version from. */
const writtenVersion = {
  name: "written-version",
  setup({ onLoad }) {
    onLoad({ filter: /packages[\\/]cli[\\/]src[\\/]version\.ts$/ }, () => ({
      contents: `export const packageVersion = () => ${JSON.stringify(version)};`,
    }));
  },
};

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["packages/cli/src/main.ts"],
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  conditions: ["@hangproof/source"],
  // Native code cannot be part of a file that runs on every host.
  external: ["libsql", "@duckdb/node-api"],
  plugins: [writtenVersion],
  // CommonJS packages ask for Node's modules by `require`, which an ES module has to make for itself.
  banner: {
    js: 'import { createRequire as createBundleRequire } from "node:module";\nconst require = createBundleRequire(import.meta.url);',
  },
  legalComments: "inline",
  charset: "utf8",
  metafile: true,
  write: false,
  outfile: target,
});
const [program] = outputFiles;
const text = `${program.text}\n${licenceNotice(root, Object.keys(metafile.inputs))}`;
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, text, { mode: 0o755 });
process.stdout.write(`${target}: hangproof ${version}, ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB\n`);
