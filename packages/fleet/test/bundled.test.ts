import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("in a bundle without the database engine the rest runs, and opening a lake says what is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-fleet-bundle-"));
  try {
    const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
    const outfile = join(folder, "fleet.mjs");
    const conditions = ["@hangproof/source"];
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      conditions,
      external: ["@duckdb/node-api"],
    });
    const program = `
      import { openLake } from "./fleet.mjs";
      try { await openLake("lake"); } catch ({ name, code, message }) { console.log(JSON.stringify({ name, code, message })); }
    `;
    writeFileSync(join(folder, "program.mjs"), program);
    // A NODE_PATH of the test runner would find the engine.
    const env = { PATH: process.env.PATH };
    const out = execFileSync(process.execPath, ["program.mjs"], { cwd: folder, env, encoding: "utf8" });
    expect(JSON.parse(out)).toEqual({
      name: "FleetError",
      code: "NO_ENGINE",
      message: expect.stringContaining("npm install @duckdb/node-api"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
