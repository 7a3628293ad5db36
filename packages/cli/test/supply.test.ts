import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { broughtTable, namedTable } from "../../../scripts/docs/dependencies.mjs";
import { withPart } from "../../../scripts/docs/generated.mjs";
import { billOfMaterials } from "../../../scripts/supply/cyclonedx.mjs";
import { REASONS } from "../../../scripts/supply/reasons.mjs";
import { integrities, ownPackages, runtimePackages } from "../../../scripts/supply/runtime-packages.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = runtimePackages(root);
const own = ownPackages(root);
const lockFile = readFileSync(`${root}/pnpm-lock.yaml`, "utf8");
const integrity = integrities(lockFile);

test("docs/dependencies.md shows what is installed, each package with its reason (npm run docs)", () => {
  const document = readFileSync(`${root}/docs/dependencies.md`, "utf8");
  expect(document).toBe(withPart(document, "named", namedTable(packages, REASONS)));
  expect(document).toBe(withPart(document, "brought", broughtTable(packages)));
});

test("nothing that is installed runs a script at installation, and all of it has a free licence", () => {
  expect(packages.length).toBeGreaterThan(10);
  expect(packages.filter(({ installScripts }) => installScripts.length > 0)).toEqual([]);
  const licences = new Set(["MIT", "ISC", "BSD-3-Clause", "Apache-2.0", "(MIT AND Zlib)", "MPL-2.0"]);
  expect(packages.filter(({ licence }) => !licences.has(licence))).toEqual([]);
});

test("the lock file has a hash for every package, and names no host", () => {
  const entries = /^packages:\n(.*?)^snapshots:/ms.exec(lockFile)?.[1]?.match(/^ {2}\S.*:$/gm) ?? [];
  expect(integrity.size).toBe(entries.length);
  expect(lockFile).not.toMatch(/https?:|tarball:/);
});

test("the bill of materials names every package once, with its hash, and every edge ends at one of them", () => {
  const bom = billOfMaterials({ own, packages, integrity });
  expect([bom.bomFormat, bom.specVersion, bom.version]).toEqual(["CycloneDX", "1.6", 1]);
  expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  const all = [bom.metadata.component, ...bom.components];
  const refs = all.map((one) => one["bom-ref"]);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { purl, hashes, type, name } of all) {
    expect(purl).toMatch(/^pkg:npm\/(?:%40[a-z0-9.-]+\/)?[a-z0-9.-]+@\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/);
    expect(["library", "application"]).toContain(type);
    if (!own.some((one) => one.name.endsWith(name))) expect(hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/);
  }
  expect(bom.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort());
  for (const { dependsOn } of bom.dependencies) expect(dependsOn.filter((ref) => !refs.includes(ref))).toEqual([]);
  expect(refs).toContain("pkg:npm/%40libsql/linux-x64-gnu@0.5.29");
});

test("the bill of materials is the same each time", () => {
  const make = () =>
    JSON.stringify(billOfMaterials({ own: ownPackages(root), packages: runtimePackages(root), integrity }));
  expect(make()).toBe(make());
});

test("our own packages run nothing at installation either", () => {
  for (const folder of readdirSync(`${root}/packages`)) {
    const { scripts = {} } = JSON.parse(readFileSync(`${root}/packages/${folder}/package.json`, "utf8")) as {
      scripts?: Record<string, string>;
    };
    expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
  }
});
