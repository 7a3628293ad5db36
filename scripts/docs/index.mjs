#!/usr/bin/env node
/** Writes the generated parts of the documents. A test fails when one of them is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FORM_ABILITIES } from "../../packages/parser/dist/index.js";
import { formsTable } from "./formats.mjs";
import { withPart } from "./generated.mjs";

function update(path, name, part) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  writeFileSync(file, withPart(readFileSync(file, "utf8"), name, part));
}

update("docs/formats.md", "forms", formsTable(FORM_ABILITIES));
