import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Row, startEngine } from "../src/engine.js";
import { dayOf, file } from "./support/hosts.js";
import { take, withFolder, withLake } from "./support/lakes.js";

const DOCS = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
const QUERIES = [...DOCS.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) => sql);

const BOOT = "2026-01-03T23:30:00.000Z web2 kernel: [    0.000000] Linux version 6.8.12-15-pve (build@proxmox) (gcc)\n";

test("every query of docs/fleet.md runs on DuckDB and says what it says it does", async () => {
  const results = await withFolder(async (folder) => {
    await withLake(join(folder, "lake"), async (lake) => {
      await take(lake, file("/srv/007/kern.log", dayOf("007", 3, [2, 14], false)));
      await take(lake, file("/srv/007/again.log", `${dayOf("007", 3, [2, 14], false)}\n`));
      await take(lake, file("/srv/web/kern.log", `${dayOf("web2", 3, [], false)}${BOOT}`));
    });
    const engine = await startEngine(join(folder, "spill"));
    try {
      const all: Row[][] = [];
      for (const sql of QUERIES) all.push(await engine.rows(sql.replaceAll("'lake/", `'${folder}/lake/`)));
      return all;
    } finally {
      engine.close();
    }
  });
  const plain = JSON.parse(JSON.stringify(results, (_, cell) => (typeof cell === "bigint" ? Number(cell) : cell)));
  expect(plain).toEqual([
    [{ host: "007", month: "2026-01", reports: 2 }],
    [{ host: "007", adapter: "0000:00:19.0", episodes: 2 }],
    [
      { host: "007", active_hours: 24 },
      { host: "web2", active_hours: 24 },
    ],
    [{ kernel: "6.8.12-15-pve", hosts: 1 }],
    expect.arrayContaining([expect.objectContaining({ host: "007", label: "/srv/007/kern.log" })]),
  ]);
  expect(plain[4]).toHaveLength(4);
});
