#!/usr/bin/env node
/**
 * Compares two lakes row by row: node spark/compare.mjs LAKE LAKE. Prints the number of rows of each table, and ends with 1
 * where a row is in one of them only. Needs `npm run setup`.
 */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { DuckDBInstance } = createRequire(new URL("../packages/fleet/package.json", import.meta.url))(
  "@duckdb/node-api",
);
const { TABLES } = await import("../packages/fleet/dist/index.js");

const lakes = process.argv.slice(2);
if (lakes.length !== 2) throw new Error("usage: compare.mjs LAKE LAKE");
const db = await (await DuckDBInstance.create()).connect();
const count = async (sql) => Number((await db.runAndReadAll(`SELECT count(*) FROM (${sql})`)).getRows()[0][0]);

/** A table without rows may have no folder, or no file in it. */
function hasRows(folder) {
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => name.endsWith(".parquet"));
}

for (const [table, columns] of Object.entries(TABLES)) {
  const names = columns.map(({ name }) => name).join(", ");
  const none = columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(", ");
  const [one, other] = lakes.map((lake) => {
    if (!hasRows(join(lake, table))) return `SELECT ${none} WHERE false`;
    const files = `${lake.replaceAll("'", "''")}/${table}/**/*.parquet`;
    const partitions =
      table === "evidence" ? "hive_partitioning = false" : "hive_partitioning = true, hive_types_autocast = false";
    return `SELECT ${names} FROM read_parquet('${files}', ${partitions})`;
  });
  const missing = [await count(`${one} EXCEPT ALL ${other}`), await count(`${other} EXCEPT ALL ${one}`)];
  const same = missing.every((n) => n === 0);
  console.log(`${same ? "same" : "DIFFERENT"} ${table}: ${await count(one)} and ${await count(other)} rows`);
  if (same) continue;
  console.log(`   only in the first: ${missing[0]}, only in the second: ${missing[1]}`);
  process.exitCode = 1;
}
