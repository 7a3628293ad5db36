import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { build } from "esbuild";
import MagicString from "magic-string";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** What the targets and seeds need, as one module. */
const ENTRY = `
export * from "./packages/parser/src/index.ts";
export { unpack } from "./packages/parser/src/open/containers/unpack.ts";
export { gunzipped } from "./packages/parser/src/node/containers/gzip.ts";
export { writeJournal } from "./packages/parser/test/support/journal-writer.ts";
`;

/**
 * The parser with a counter at each branch: function, block, case, arm of a condition and right side of `&&`, `||`, `??`.
 * @returns the module, and the counters, which the caller sets to zero
 */
export async function instrumentedParser() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    conditions: ["@hangproof/source"],
    // CommonJS packages ask for Node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    write: false,
  });
  const { code, branches } = withCounters(outputFiles[0].text);
  // A multiple of four, so that they can be looked at four at a time.
  const counters = new Uint8Array(4 * Math.ceil(branches / 4));
  globalThis.hangproofBranches = counters;
  const file = join(root, ".cache/fuzz/parser.mjs");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  return { parser: await import(pathToFileURL(file).href), counters };
}

function withCounters(source) {
  const tree = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  const text = new MagicString(source);
  let branches = 0;
  const count = () => `hangproofBranches[${branches++}]++`;
  const statement = (node) => {
    if (node.type === "BlockStatement") text.prependRight(node.start + 1, `${count()};`);
    else text.prependRight(node.start, `{${count()};`).appendLeft(node.end, "}");
  };
  const expression = (node) => void text.prependRight(node.start, `(${count()},(`).appendLeft(node.end, "))");
  // Children come before their parents: what is put in last at a place stands outside.
  full(tree, (node) => {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
        return statement(node.body);
      case "ArrowFunctionExpression":
        return node.body.type === "BlockStatement" ? statement(node.body) : expression(node.body);
      case "IfStatement":
        statement(node.consequent);
        return node.alternate ? statement(node.alternate) : undefined;
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        return statement(node.body);
      case "SwitchCase":
        return node.consequent.length > 0 ? void text.prependRight(node.consequent[0].start, `${count()};`) : undefined;
      case "ConditionalExpression":
        expression(node.consequent);
        return expression(node.alternate);
      case "LogicalExpression":
        return expression(node.right);
      default:
        return undefined;
    }
  });
  return { code: text.toString(), branches };
}
