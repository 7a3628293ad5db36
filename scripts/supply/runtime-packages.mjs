import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

/** What is installed with the packages of this repository: each once, in the order of its name. */
export function runtimePackages(root) {
  const found = new Map();
  const packages = join(root, "packages");
  const own = new Set(ownPackages(root).map(({ name }) => name));
  for (const folder of readdirSync(packages).sort()) {
    const manifest = readManifest(join(packages, folder));
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (!own.has(name)) add(found, name, { from: join(packages, folder), by: manifest.name, root: true });
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The members of the workspace that are shipped or stand ready to be, with what they need. */
export function ownPackages(root) {
  const packages = join(root, "packages");
  return readdirSync(packages)
    .sort()
    .map((folder) => readManifest(join(packages, folder)));
}

function add(found, name, { from, by, root }) {
  const folder = installedAt(name, from);
  const manifest = readManifest(folder);
  const id = `${name}@${manifest.version}`;
  let one = found.get(id);
  if (one === undefined) {
    one = {
      id,
      name,
      version: manifest.version,
      licence: manifest.license,
      needs: [],
      platforms: Object.entries(manifest.optionalDependencies ?? {}).map(([part, version]) => `${part}@${version}`),
      installScripts: INSTALL_SCRIPTS.filter((script) => manifest.scripts?.[script] !== undefined),
      usedBy: [],
      broughtBy: [],
      ...contentOf(folder),
    };
    found.set(id, one);
    const beside = join(folder, name.includes("/") ? "../../.." : "../..");
    for (const need of Object.keys(manifest.dependencies ?? {}))
      one.needs.push(add(found, need, { from: beside, by: id, root: false }));
  }
  const list = root ? one.usedBy : one.broughtBy;
  if (!list.includes(by)) list.push(by);
  return id;
}

/** The real folder of a package as Node would find it from a folder. */
function installedAt(name, from) {
  for (let at = from; ; at = dirname(at)) {
    try {
      return realpathSync(join(at, "node_modules", name));
    } catch (error) {
      if (dirname(at) === at) throw new Error(`${name} is not installed: npm run setup`, { cause: error });
    }
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Bytes of its files, and whether some of them are machine code or WebAssembly; a script may carry that as text. */
function contentOf(folder) {
  const content = { bytes: 0, isNative: false, isWasm: false };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes(`${folder}/node_modules`)) continue;
    const path = join(entry.parentPath, entry.name);
    content.bytes += statSync(path).size;
    if (/\.(?:node|gyp)$/.test(entry.name)) content.isNative = true;
    if (entry.name.endsWith(".wasm")) content.isWasm = true;
  }
  return content;
}

/** The integrity of each package of the lock file, as it stands there, by `name@version`. */
export function integrities(lockFile) {
  const [, packages = ""] = /^packages:\n(.*?)^snapshots:/ms.exec(lockFile) ?? [];
  const entry = /^ {2}'?([^'\s]+)'?:\n {4}resolution: \{integrity: ([^}]+)\}/gm;
  return new Map([...packages.matchAll(entry)].map(([, id, integrity]) => [id, integrity]));
}
