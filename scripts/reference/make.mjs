#!/usr/bin/env node
/**
 * The API reference as a static site in reference/, from the declarations and their doc comments: `npm run reference`. It
 * has no compiler of the repository's: TypeDoc cannot use TypeScript 7. Needs a build before it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind } from "typedoc";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Every entry that a published package has types for: its name as it is imported, and its declarations. */
const ENTRIES = readdirSync(join(root, "packages")).flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
  if (manifest.private === true) return [];
  return Object.entries(manifest.exports ?? {})
    .filter(([, to]) => to.types !== undefined)
    .map(([entry, { types }]) => ({
      name: join(manifest.name, entry),
      file: join(root, "packages", folder, types),
    }));
});

/** What TypeDoc calls a file of declarations. */
const moduleName = (file) =>
  relative(join(root, "packages"), file)
    .replace(/\.d\.ts$/, "")
    .replace(/\/index$/, "");

const folder = mkdtempSync(join(tmpdir(), "hangproof-reference-"));
try {
  const tsconfig = join(folder, "tsconfig.json");
  const files = ENTRIES.map(({ file }) => file);
  const compilerOptions = { module: "nodenext", lib: ["es2023", "dom"], types: [], strict: true, noEmit: true };
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files }));
  const app = await Application.bootstrap({
    name: "hangproof",
    entryPoints: files,
    tsconfig,
    basePath: join(root, "packages"),
    displayBasePath: join(root, "packages"),
    readme: join(root, "README.md"),
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    hideGenerator: true,
    includeVersion: false,
    treatWarningsAsErrors: true,
    validation: { notExported: false, invalidLink: true, notDocumented: false, rewrittenLink: false },
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors()) throw new Error("TypeDoc cannot read the declarations");
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const own = ENTRIES.find(({ file }) => moduleName(file) === module.name);
    if (own === undefined) throw new Error(`${module.name}: no entry of a package`);
    module.name = own.name;
  }
  await app.generateDocs(project, join(root, "reference"));
  if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
