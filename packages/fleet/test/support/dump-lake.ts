import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Row, startEngine } from "../../src/engine.js";
import { TABLES, type TableName } from "../../src/tables.js";

/** The content of every table, in an order of its own. */
export async function dumpLake(folder: string): Promise<Record<string, readonly Row[]>> {
  const engine = await startEngine(join(folder, ".spill"));
  try {
    const tables: Record<string, readonly Row[]> = {};
    for (const table of Object.keys(TABLES) as TableName[])
      tables[table] = existsSync(join(folder, table))
        ? await engine.rows(
            `SELECT ${TABLES[table].map(({ name }) => name).join(", ")} FROM read_parquet('${folder}/${table}/**/*.parquet', hive_partitioning = false)
             ORDER BY ALL`,
          )
        : [];
    return tables;
  } finally {
    engine.close();
  }
}
