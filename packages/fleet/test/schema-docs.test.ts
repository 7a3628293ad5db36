import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LAKE_VERSION, TABLES } from "../src/index.js";

/** The formatter aligns tables; how wide their columns are says nothing. */
const plain = (text: string): string => text.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---");
const DOCS = plain(readFileSync(new URL("../../../docs/fleet-schema.md", import.meta.url), "utf8"));

test("docs/fleet-schema.md has every column of every table, in order, and the version", () => {
  for (const [table, columns] of Object.entries(TABLES)) {
    const rows = columns.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`);
    expect(DOCS).toContain(
      plain(`## ${table}\n\n| column | type | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`),
    );
  }
  expect(DOCS).toContain(`This is schema ${LAKE_VERSION}.`);
});
