import { execFileSync, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { dumpLake } from "./support/dump-lake.js";
import { dayOf, file } from "./support/hosts.js";
import { take, withFolder, withLake } from "./support/lakes.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const ALL = Array.from({ length: 20 }, (_, i) => file(`/srv/web${i}/kern.log`, dayOf(`web${i}`, 3, [2, 9], false)));
const KILLS = 6;

beforeAll(() => {
  execFileSync(join(root, "node_modules/.bin/tsc"), ["-b", "packages/fleet"], { cwd: root });
}, 120_000);

/** Takes everything in by a process of its own; killed so long after it has opened the lake. What it said it kept. */
function ingestAndKill(lake: string, readings: string, delayMs: number): Promise<string[]> {
  const library = pathToFileURL(join(root, "packages/fleet/dist/index.js")).href;
  const child = spawn(process.execPath, [join(here, "support/ingest-child.mjs"), library, lake, readings]);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (out === "") setTimeout(() => child.kill("SIGKILL"), delayMs);
    out += chunk.toString();
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", () => done(out.split("\n").slice(1, -1)));
  });
}

test("ingests killed at any moment, two at once, lose nothing they acknowledged; the next one makes the tables whole", async () => {
  await withFolder(async (folder) => {
    const [lake, whole, readings] = [join(folder, "lake"), join(folder, "whole"), join(folder, "readings.json")];
    writeFileSync(readings, JSON.stringify(ALL));
    for (let i = 0; i < KILLS; i++) {
      const kept = await Promise.all([1, 2].map(() => ingestAndKill(lake, readings, Math.random() * 400)));
      await withLake(lake, async (opened) => {
        const reader = await opened.read();
        expect(reader.evidence.flatMap(({ labels }) => labels)).toEqual(expect.arrayContaining(kept.flat()));
        for (const host of reader.hosts) {
          const lines: number[] = [];
          for await (const event of reader.events(host)) lines.push(event.provenance.line);
          const [read] = ALL.filter(({ summary }) => summary.hosts.includes(host.host));
          expect(lines).toEqual(read!.events.map(({ provenance }) => provenance.line));
        }
      });
    }
    for (const path of [lake, whole])
      await withLake(path, async (opened) => {
        for (const one of ALL) await take(opened, one);
      });
    expect(await dumpLake(lake)).toEqual(await dumpLake(whole));
    expect(readdirSync(lake).filter((name) => name.startsWith(".staging"))).toEqual([]);
  });
}, 120_000);
