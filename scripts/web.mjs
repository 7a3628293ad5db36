#!/usr/bin/env node
/**
 * The report as one page that opens from a disk: packages/web/dist/hangproof.html. Style sheets, script and worker stand
 * in it, and its policy names them by their hashes and forbids all else. Made from the sources, so that it needs no build
 * before it. Usage: node scripts/web.mjs [FILE]
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licenceNotice } from "./bundle/licences.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "packages/web/src");
const target = resolve(process.argv[2] ?? join(root, "packages/web/dist/hangproof.html"));
const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));

/** All that unbzip2-stream wants of Node: an emitter of events here; bytes out of numbers, and a call later, below. */
const emitterForStream = {
  name: "emitter-for-stream",
  setup({ onResolve }) {
    const path = createRequire(join(root, "packages/web/package.json")).resolve("events/");
    onResolve({ filter: /^stream$/ }, () => ({ path }));
  },
};

/** A script of the page, and the files that are in it. */
async function bundled(entry, format, define = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "packages", entry)],
    bundle: true,
    minify: true,
    platform: "browser",
    format,
    target: ["chrome111", "firefox115", "safari16.4"],
    conditions: ["@hangproof/source"],
    plugins: [emitterForStream],
    define: { Buffer: "Uint8Array", "process.nextTick": "queueMicrotask", ...define },
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    write: false,
  });
  return { text: outputFiles[0].text, files: Object.keys(metafile.inputs) };
}

const digest = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const cli = await bundled("cli/src/html.ts", "esm");
const { STYLE_DIGEST } = await import(`data:text/javascript;base64,${Buffer.from(cli.text).toString("base64")}`);
const worker = await bundled("web/src/worker.ts", "iife");
const page = await bundled("web/src/page.ts", "iife", {
  HANGPROOF_WORKER: JSON.stringify(worker.text),
  HANGPROOF_VERSION: JSON.stringify(version),
});
const notice = licenceNotice(root, [...worker.files, ...page.files]);
const script = `${page.text}\n${notice}`.replaceAll("</script", "<\\/script");
const style = readFileSync(join(source, "page.css"), "utf8").trim();
// The report in its frame is bound by this policy, too; 'wasm-unsafe-eval' lets the worker compile its scanner and xz.
const policy = [
  "default-src 'none'",
  `script-src '${digest(script)}' 'wasm-unsafe-eval'`,
  "worker-src blob:",
  `style-src '${digest(style)}' '${STYLE_DIGEST}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const html = [
  ['content=""', `content="${policy}"`],
  ["<style></style>", `<style>${style}</style>`],
  ["<script></script>", `<script>${script}</script>`],
].reduce((text, [slot, filled]) => text.replace(slot, () => filled), readFileSync(join(source, "page.html"), "utf8"));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, html);
process.stdout.write(`${target}: hangproof ${version}, ${Math.ceil(Buffer.byteLength(html) / 1024)} KiB\n`);
