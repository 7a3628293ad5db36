#!/usr/bin/env node
/**
 * Compiles kernel.ts and what it imports, and writes the bytes to ../src/scan/kernel-base64.ts, which is committed: who installs the package
 * compiles nothing, and who reads it can make it again. The same compiler makes the same bytes.
 *
 *   node packages/parser/wasm/build.mjs [--check]     --check: writes nothing, exit code 1 when the file is stale
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import asc from "assemblyscript/asc";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "src", "scan", "kernel-base64.ts");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const SOURCES = new Set(readdirSync(here).filter((name) => name.endsWith(".ts")));

async function compile() {
  let bytes = null;
  const { error, stderr } = await asc.main(
    [
      "kernel.ts",
      "-O3",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd",
      "--initialMemory",
      "1",
      "-o",
      "kernel.wasm",
    ],
    {
      readFile: (name) => (SOURCES.has(name) ? readFileSync(join(here, name), "utf8") : null),
      writeFile: (_name, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === null)
    throw new Error(`kernel.ts was not compiled: ${stderr.toString()}`, { cause: error });
  return bytes;
}

const lines = Buffer.from(await compile())
  .toString("base64")
  .match(/.{1,100}/g);
const text = `/** Made by packages/parser/wasm/build.mjs from kernel.ts next to it; not to be edited. */
export const KERNEL_BASE64: string =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
if (!values.check) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write(
    "src/scan/kernel-base64.ts is not what wasm/kernel.ts compiles to; run node packages/parser/wasm/build.mjs\n",
  );
  process.exitCode = 1;
}
