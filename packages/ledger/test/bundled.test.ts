import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("in a bundle without the database engine the rest runs, and opening a ledger says what is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-ledger-bundle-"));
  try {
    const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
    const outfile = join(folder, "ledger.mjs");
    const conditions = ["@hangproof/source"];
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", conditions });
    const program = `
      import { openLedger } from "./ledger.mjs";
      try { openLedger("ledger.db"); } catch ({ name, code, message }) { console.log(JSON.stringify({ name, code, message })); }
    `;
    writeFileSync(join(folder, "program.mjs"), program);
    // A NODE_PATH of the test runner would find the engine.
    const env = { PATH: process.env.PATH };
    const out = execFileSync(process.execPath, ["program.mjs"], { cwd: folder, env, encoding: "utf8" });
    expect(JSON.parse(out)).toEqual({
      name: "LedgerError",
      code: "NO_ENGINE",
      message: expect.stringContaining("npm install libsql"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
