import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger } from "../src/index.js";
import { parseText } from "./support/parse-text.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const folder = mkdtempSync(join(tmpdir(), "hangproof-kill-"));
const readings = join(folder, "readings.json");
/** `HANGPROOF_KILLS=1000` for the long run. */
const KILLS = Number(process.env.HANGPROOF_KILLS ?? 30);

beforeAll(() => {
  execFileSync(join(root, "node_modules/.bin/tsc"), ["-b", "packages/ledger"], { cwd: root });
  const weeks = Array.from({ length: 60 }, (_, week) => {
    const lines = Array.from({ length: 40 }, (_, i) => {
      const stamp = new Date(Date.UTC(2025, 0, 5 + week * 7, 2, 0, i)).toISOString().replace("Z", "+00:00");
      return `${stamp} pve1 kernel: e1000e 0000:00:19.0 eno1: Reset adapter unexpectedly\n`;
    });
    return parseText(lines.join(""), `week-${week}`);
  });
  writeFileSync(readings, JSON.stringify(weeks));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Labels that the child said it kept before it was killed. */
function ingestAndKill(path: string, delayMs: number): Promise<{ kept: string[]; killed: boolean }> {
  const library = pathToFileURL(join(root, "packages/ledger/dist/index.js")).href;
  const child = spawn(process.execPath, [join(here, "support/ingest-child.mjs"), library, path, readings]);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (out === "") setTimeout(() => child.kill("SIGKILL"), delayMs);
    out += chunk.toString();
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (_code, signal) =>
      done({
        kept: out
          .split("\n")
          .slice(0, -1)
          .filter((line) => line !== "open"),
        killed: signal === "SIGKILL",
      }),
    );
  });
}

test("a kill at any moment loses nothing that was acknowledged and leaves nothing half written", async () => {
  let path = "";
  let inTheMiddle = 0;
  const acknowledged = new Set<string>();
  for (let i = 0; i < KILLS; i++) {
    // A ledger lives through five kills, so that a kill also meets the recovery from the one before.
    if (i % 5 === 0) {
      path = join(folder, `${i}.db`);
      acknowledged.clear();
    }
    const { kept, killed } = await ingestAndKill(path, Math.random() * 120);
    if (killed && kept.length < 60) inTheMiddle++;
    for (const label of kept) acknowledged.add(label);
    const ledger = openLedger(path);
    expect(ledger.verify()).toEqual([]);
    expect(ledger.evidence().map(({ name }) => name)).toEqual(expect.arrayContaining([...acknowledged]));
    for (const { key } of ledger.evidence()) expect(key).toMatch(/^[0-9a-f]{64}$/);
    ledger.close();
  }
  expect(inTheMiddle).toBeGreaterThan(0);
}, 3_600_000);
