import { createHash } from "node:crypto";

/**
 * The bill of materials as CycloneDX 1.6. It follows from the lock file and the manifests alone, so that the same
 * commit gives the same bytes: no time of making, and a serial number that is a hash of the content.
 */
export function billOfMaterials({ own, packages, integrity }) {
  const main = own.find(({ name }) => name === "hangproof");
  const members = own.map(({ name, version, license }) => ({
    type: name === main.name ? "application" : "library",
    ...named(name, version),
    licenses: licencesOf(license),
  }));
  const installed = packages.map(({ id, licence }) => ({
    ...component(id, integrity),
    scope: "required",
    licenses: licencesOf(licence),
  }));
  const parts = [...new Set(packages.flatMap(({ platforms }) => platforms))].sort();
  const optional = parts.map((id) => ({ ...component(id, integrity), scope: "optional" }));
  const version = new Map(own.map((one) => [one.name, one.version]));
  const idOf = (user, name) =>
    version.has(name)
      ? `${name}@${version.get(name)}`
      : packages.find((one) => one.name === name && one.usedBy.includes(user)).id;
  const edges = [
    ...own.map(({ name, version: v, dependencies = {} }) => ({
      ref: purl(`${name}@${v}`),
      dependsOn: Object.keys(dependencies).map((need) => purl(idOf(name, need))),
    })),
    ...packages.map(({ id, needs, platforms }) => ({ ref: purl(id), dependsOn: [...needs, ...platforms].map(purl) })),
    ...parts.map((id) => ({ ref: purl(id), dependsOn: [] })),
  ];
  const [application] = members.filter(({ type }) => type === "application");
  const body = {
    version: 1,
    metadata: { component: application },
    components: [...members.filter(({ type }) => type === "library"), ...installed, ...optional],
    dependencies: edges,
  };
  return { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: serialOf(JSON.stringify(body)), ...body };
}

/** A single licence has a name of SPDX; several are an expression of them. */
function licencesOf(licence) {
  const isOne = /^[\w.+-]+$/.test(licence);
  return [isOne ? { license: { id: licence } } : { expression: licence.replace(/^\((.*)\)$/, "$1") }];
}

/** Package URL: the name's `@` is escaped, the version's is not. */
function purl(id) {
  const at = id.lastIndexOf("@");
  return `pkg:npm/${id.slice(0, at).replace("@", "%40")}@${id.slice(at + 1)}`;
}

function named(name, version) {
  const [scope, rest] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const url = purl(`${name}@${version}`);
  return { "bom-ref": url, ...(scope === undefined ? {} : { group: scope }), name: rest, version, purl: url };
}

function component(id, integrity) {
  const at = id.lastIndexOf("@");
  const [, content] = /^sha512-(.+)$/.exec(integrity.get(id) ?? "") ?? [];
  if (content === undefined) throw new Error(`${id}: no SHA-512 in the lock file`);
  const hashes = [{ alg: "SHA-512", content: Buffer.from(content, "base64").toString("hex") }];
  return { type: "library", ...named(id.slice(0, at), id.slice(at + 1)), hashes };
}

/** A UUID of version 8: its bits are the content's. */
function serialOf(content) {
  const hex = createHash("sha256").update(content).digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
