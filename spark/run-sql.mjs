#!/usr/bin/env node
/**
 * Runs each query of docs/fleet.md on a lake of `fleet ingest` with DuckDB and prints its rows as one line of JSON, as
 * run_sql.py does: node spark/run-sql.mjs LAKE DOCS. Needs `npm run setup`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { DuckDBInstance } = createRequire(new URL("../packages/fleet/package.json", import.meta.url))(
  "@duckdb/node-api",
);
const [lake = "", docs = ""] = process.argv.slice(2);
const text = readFileSync(docs, "utf8");
const db = await (await DuckDBInstance.create()).connect();
const [, setup = ""] = /```duckdb\n(.*?)```/s.exec(text) ?? [];
for (const sql of setup.replaceAll("'lake/", `'${lake.replaceAll("'", "''")}/`).split(";\n"))
  if (sql.trim() !== "") await db.run(sql);

/** As Python's json.dumps with sorted keys writes rows of texts and whole numbers. */
function line(rows) {
  const cell = (value) => (typeof value === "bigint" || typeof value === "number" ? String(value) : ascii(value));
  const row = (one) =>
    `{${Object.keys(one)
      .sort()
      .map((name) => `${ascii(name)}: ${cell(one[name])}`)
      .join(", ")}}`;
  return `[${rows.map(row).join(", ")}]`;
}

function ascii(text) {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

for (const [, sql] of text.matchAll(/```sql\n(.*?)```/gs))
  console.log(line((await db.runAndReadAll(sql)).getRowObjects()));
