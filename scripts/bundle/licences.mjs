import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/**
 * A comment with the licence texts of the packages that the given files belong to, this project's first. Throws where
 * a package comes without a text, because then it must not be handed on.
 */
export function licenceNotice(root, files) {
  const folders = new Set(
    files.map((file) => packageFolder(resolve(root, file))).filter((folder) => folder.includes("node_modules")),
  );
  const ownText = readFileSync(join(root, "LICENSE"), "utf8");
  const mit = ownText.slice(ownText.indexOf("Permission is hereby granted"));
  const own = { title: "hangproof (MIT)", texts: [ownText] };
  const parts = [...folders].map((folder) => describe(folder, mit)).sort((a, b) => (a.title < b.title ? -1 : 1));
  const body = [own, ...parts].map(
    ({ title, texts }) => `=== ${title} ===\n\n${texts.map((t) => t.trim()).join("\n\n")}`,
  );
  const comment = `This file holds the following packages under their licences.\n\n${body.join("\n\n")}`;
  return `/*!\n${comment.replaceAll("*/", "* /")}\n*/\n`;
}

function packageFolder(file) {
  let folder = dirname(file);
  while (!isPackage(folder)) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${file} belongs to no package`);
    folder = above;
  }
  return folder;
}

/** Some packages keep a nameless manifest beside their ES modules, which only says what kind of modules they are. */
function isPackage(folder) {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name !== undefined;
}

function describe(folder, mit) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name, version, license, homepage, repository } = manifest;
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8"));
  const source = homepage ?? repository?.url ?? repository;
  return {
    title: `${name} ${version} (${license})${source === undefined ? "" : `, ${source}`}`,
    texts: texts.length > 0 ? texts : [standardText(manifest, mit)],
  };
}

/** For a package that names its licence and its authors and leaves the well-known text out. */
function standardText({ name, version, license, author, contributors = [] }, mit) {
  const people = [author, ...contributors].filter((person) => person !== undefined);
  if (license !== "MIT" || people.length === 0)
    throw new Error(`${name} ${version} (${license}) comes without a licence text`);
  return `Copyright (c) ${people.map((person) => person.name ?? person).join(", ")}\n\n${mit}`;
}
