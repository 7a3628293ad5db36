#!/usr/bin/env node
/** Writes sbom.cdx.json: what is installed with hangproof, with its hashes, as CycloneDX 1.6. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { billOfMaterials } from "./supply/cyclonedx.mjs";
import { integrities, ownPackages, runtimePackages } from "./supply/runtime-packages.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bom = billOfMaterials({
  own: ownPackages(root),
  packages: runtimePackages(root),
  integrity: integrities(readFileSync(join(root, "pnpm-lock.yaml"), "utf8")),
});
writeFileSync(join(root, "sbom.cdx.json"), `${JSON.stringify(bom, null, 2)}\n`);
process.stdout.write(`sbom.cdx.json: ${bom.components.length} components\n`);
