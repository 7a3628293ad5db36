import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Row, startEngine } from "../src/engine.js";
import { dayOf, file } from "./support/hosts.js";
import { take, withFolder, withLake } from "./support/lakes.js";

const DOCS = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
const SETUP = /```duckdb\n(.*?)```/s.exec(DOCS)?.[1] ?? "";
const QUERIES = [...DOCS.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) => sql);

const BOOT = "2026-01-03T23:30:00.000Z web2 kernel: [    0.000000] Linux version 6.8.12-15-pve (build@proxmox) (gcc)\n";

const BACKUP = `2026-01-03T02:00:00.000Z web2 vzdump[77]: INFO: starting new backup job: vzdump 103 --storage nas
2026-01-03T02:20:00.000Z web2 vzdump[77]: INFO: Backup job finished successfully
`;

test("every query of docs/fleet.md runs on DuckDB and says what it says it does", async () => {
  const results = await withFolder(async (folder) => {
    await withLake(join(folder, "lake"), async (lake) => {
      await take(lake, file("/srv/007/kern.log", dayOf("007", 3, [2, 14], false)));
      await take(lake, file("/srv/007/again.log", `${dayOf("007", 3, [2, 14], false)}\n`));
      await take(lake, file("/srv/007/modprobe.d/e1000e.conf", "options e1000e InterruptThrottleRate=3,3\n"));
      await take(lake, file("/srv/web/syslog", BACKUP));
      await take(lake, file("/srv/web/kern.log", `${dayOf("web2", 3, [], false)}${BOOT}`));
    });
    const engine = await startEngine(join(folder, "spill"));
    try {
      const all: Row[][] = [];
      for (const sql of SETUP.replaceAll("'lake/", `'${folder}/lake/`).split(";\n"))
        if (sql.trim() !== "") await engine.run(sql);
      for (const sql of QUERIES) all.push(await engine.rows(sql));
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
    [{ host: null, value: "3,3", source: "modprobe.d", label: "/srv/007/modprobe.d/e1000e.conf", line: 1 }],
    [{ host: "web2", outcome: "ok", runs: 1, minutes: 20 }],
    [{ kernel: "6.8.12-15-pve", hosts: 1 }],
    expect.arrayContaining([expect.objectContaining({ host: "007", label: "/srv/007/kern.log" })]),
  ]);
  expect(plain[6]).toHaveLength(4);
});
