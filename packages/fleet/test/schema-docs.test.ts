import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LAKE_VERSION, TABLES } from "../src/index.js";

const DOCS = readFileSync(new URL("../../../docs/fleet-schema.md", import.meta.url), "utf8");

test("docs/fleet-schema.md has every column of every table, in order, and the version", () => {
  for (const [table, columns] of Object.entries(TABLES)) {
    const rows = columns.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`);
    expect(DOCS).toContain(`## ${table}\n\n| column | type | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n\n`);
  }
  expect(DOCS).toContain(`This is schema ${LAKE_VERSION}.`);
});
