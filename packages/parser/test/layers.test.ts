import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Folders of each package, from the ground up: a folder imports only itself and folders before it. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  parser: [
    "model",
    "zstd",
    "scan",
    "clock",
    "formats",
    "journal-file",
    "drivers",
    "backups",
    "host",
    "settings",
    "packs",
    "read",
    "open",
    "node",
  ],
  analyzer: ["redact", "math", "random", "stats", "timeline", "episodes", "windows", "epochs", "questions", "fleet"],
  ledger: [],
  fleet: [],
  cli: ["layout", "options", "sections", "output", "commands"],
  web: [],
};

/** Which workspace package may be named by which; the way every arrow leans. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  parser: [],
  analyzer: ["@hangproof/parser"],
  ledger: ["@hangproof/parser", "@hangproof/analyzer"],
  web: ["@hangproof/parser", "@hangproof/parser/open", "@hangproof/analyzer", "hangproof/html", "hangproof/question"],
  fleet: ["@hangproof/parser", "@hangproof/analyzer", "@hangproof/ledger"],
  cli: [
    "@hangproof/parser",
    "@hangproof/parser/node",
    "@hangproof/analyzer",
    "@hangproof/ledger",
    "@hangproof/ledger/window-rule",
    "@hangproof/fleet",
  ],
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function imports(packageName: string): Import[] {
  const root = join(packages, packageName, "src");
  return sources(root).flatMap((path) => {
    const inner = relative(root, path);
    const folder = inner.includes("/") ? (inner.split("/")[0] ?? "") : "";
    const text = readFileSync(path, "utf8");
    const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)";/gms);
    return [...found].map((match) => ({
      file: `${packageName}/src/${inner}`,
      folder,
      target: match[2] ?? "",
      typeOnly: match[1] !== undefined,
    }));
  });
}

function folderOf(packageName: string, from: Import): string | null {
  if (!from.target.startsWith(".")) return null;
  const path = resolve(packages, from.file, "..", from.target);
  const inner = relative(join(packages, packageName, "src"), path);
  return inner.includes("/") ? (inner.split("/")[0] ?? null) : "";
}

for (const packageName of Object.keys(LAYERS)) {
  const order = LAYERS[packageName] ?? [];

  test(`${packageName}: a folder imports only folders below it`, () => {
    const wrong = imports(packageName).filter((one) => {
      const target = folderOf(packageName, one);
      if (target === null || one.folder === "" || target === "" || target === one.folder) return false;
      return order.indexOf(target) === -1 || order.indexOf(target) > order.indexOf(one.folder);
    });
    expect(wrong.map((one) => `${one.file} -> ${one.target}`)).toEqual([]);
  });

  test(`${packageName}: every folder has its place in the order`, () => {
    const folders = new Set(imports(packageName).map((one) => one.folder));
    expect([...folders].filter((folder) => folder !== "" && !order.includes(folder))).toEqual([]);
  });

  test(`${packageName}: imports only packages below it`, () => {
    const wrong = imports(packageName).filter(
      (one) => /^(@hangproof\/|hangproof)/.test(one.target) && !(BELOW[packageName] ?? []).includes(one.target),
    );
    expect(wrong.map((one) => `${one.file} -> ${one.target}`)).toEqual([]);
  });
}

test("the pure parser and the analyzer import nothing from Node", () => {
  const pure = [...imports("parser").filter((one) => !isNodeLayer(one)), ...imports("analyzer")];
  expect(pure.filter((one) => one.target.startsWith("node:")).map((one) => `${one.file} -> ${one.target}`)).toEqual([]);
  const wrong = imports("parser").filter((one) => !isNodeLayer(one) && /\/node(\.js|\/)/.test(one.target));
  expect(wrong.map((one) => `${one.file} -> ${one.target}`)).toEqual([]);
});

test("the analyzer takes only types from the parser", () => {
  const values = imports("analyzer").filter((one) => one.target.startsWith("@hangproof/parser") && !one.typeOnly);
  expect(values.map((one) => one.file)).toEqual([]);
});

function isNodeLayer(one: Import): boolean {
  return one.folder === "node" || one.file === "parser/src/node.ts";
}
