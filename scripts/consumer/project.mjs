import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packAll } from "../packages/pack.mjs";

/** Nothing of this repository may help to find a module, and nothing of npm's own may reach the program. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== "NODE_PATH" && !name.startsWith("npm_")),
);

/**
 * A stranger's project in an empty folder. `run` runs a command there and gives what it printed; it throws with what the
 * command said when it fails.
 */
export function strangersProject(root, folder) {
  const run = (command, args) =>
    execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { folder, run, install: () => install(root, folder, run) };
}

/**
 * Every package below the given ones, as npm wants to be given it where it may not ask a registry: name and folder, and who
 * needs it where that is not the version which another package brought first.
 */
function dependencies(folders) {
  const found = [];
  const visit = (folder) => {
    const { name: parent, dependencies: below = {}, optionalDependencies: optional = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...below, ...optional })) {
      if (name.startsWith("@hangproof/")) continue;
      const place = placeOf(folder, name);
      if (place === null) continue;
      const first = found.find((one) => one.name === name);
      if (first?.place === place) continue;
      const isVisited = found.some((one) => one.place === place);
      found.push({ name, place, parent: first === undefined ? null : parent });
      if (!isVisited) visit(place);
    }
  };
  for (const folder of folders) visit(folder);
  return found;
}

export const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** Null for a binary of another platform. */
function placeOf(folder, name) {
  try {
    return realpathSync(join(neighbours(folder), name));
  } catch {
    return null;
  }
}

/** A workspace package has its dependencies inside it; an installed one lies beside them. */
export function neighbours(folder) {
  const at = folder.lastIndexOf("node_modules");
  return at === -1 ? join(folder, "node_modules") : folder.slice(0, at + "node_modules".length);
}

/** npm installs the packed tarballs and all that they need, without a network. */
function install(root, folder, run) {
  const packed = packAll(root, folder);
  const files = new Map(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  const below = dependencies(packed.map(({ folder: one }) => one));
  const places = [...new Set(below.map(({ place }) => place))];
  const copies = places.map((place, index) => {
    const copy = join(folder, "dependencies", String(index));
    cpSync(place, copy, { recursive: true });
    return copy;
  });
  const tarballs = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", ...copies]));
  const overrides = {};
  for (const { name, place, parent } of below) {
    const file = `file:${join(folder, tarballs[places.indexOf(place)].filename)}`;
    if (parent === null) files.set(name, file);
    else overrides[parent] = { ...overrides[parent], [name]: file };
  }
  const manifest = { name: "consumer", private: true, dependencies: Object.fromEntries(files), overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
}
