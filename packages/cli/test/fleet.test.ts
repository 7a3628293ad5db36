import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dayOf } from "../../fleet/test/support/hosts.js";
import { EXIT } from "../src/exit-codes.js";
import { library } from "../src/library.js";
import { run } from "../src/program.js";
import { type FakeContext, fakeContext } from "./fake-context.js";

let folder: string;
let ctx: FakeContext;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-fleet-cli-"));
  ctx = fakeContext(undefined, { library });
  for (const host of ["web1", "web2"]) {
    mkdirSync(join(folder, "logs", host), { recursive: true });
    writeFileSync(join(folder, "logs", host, "kern.log"), dayOf(host, 3, host === "web1" ? [2, 9] : [], false));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("ingest says what it took in, and what it knew already", async () => {
  const [logs, lake] = [join(folder, "logs"), join(folder, "logs", "lake")];
  expect(await run(["fleet", "ingest", join(logs, "web1"), "--out", lake], ctx)).toBe(EXIT.written);
  // The lake lies among the logs and is no evidence.
  expect(await run(["fleet", "ingest", logs, "-o", lake], ctx)).toBe(EXIT.written);
  expect(ctx.stdout).toEqual([
    `${lake}: 1 piece of evidence taken in, 0 known already, 0 with nothing to keep\n`,
    `${lake}: 1 piece of evidence taken in, 1 known already, 0 with nothing to keep\n`,
  ]);
});

test("what is no lake is not written into", async () => {
  expect(await run(["fleet", "ingest", join(folder, "logs"), "--out", join(folder, "logs")], ctx)).toBe(EXIT.badData);
  expect(ctx.stderr.join("")).toContain("holds no fleet tables");
});

test("report answers from the tables, as text and as JSON", async () => {
  const lake = join(folder, "lake");
  await run(["fleet", "ingest", join(folder, "logs"), "--out", lake, "-q"], ctx);
  ctx.stdout.length = 0;
  expect(await run(["fleet", "report", lake], ctx)).toBe(EXIT.written);
  expect(ctx.stdout.join("")).toMatch(/2 hangs in \d+ hours at risk on 2 hosts with/);
  ctx.stdout.length = 0;
  expect(await run(["fleet", "report", lake, "--format", "json", "--now", "2026-02-01T00:00:00Z"], ctx)).toBe(0);
  const report = JSON.parse(ctx.stdout.join(""));
  expect(report).toMatchObject({ fleetReportVersion: 2, now: Date.UTC(2026, 1, 1), hosts: 2, total: { episodes: 2 } });
  expect(await run(["fleet", "report", join(folder, "logs")], ctx)).toBe(EXIT.badData);
});

test("report is a page without script, and Markdown, too", async () => {
  const lake = join(folder, "lake");
  await run(["fleet", "ingest", join(folder, "logs"), "--out", lake, "-q"], ctx);
  ctx.stdout.length = 0;
  expect(await run(["fleet", "report", lake, "--format", "html"], ctx)).toBe(EXIT.written);
  const page = ctx.stdout.join("");
  expect(page).toContain("<h1>hangproof fleet report</h1>");
  expect(page).toContain("Content-Security-Policy");
  expect(page).not.toContain("<script");
  ctx.stdout.length = 0;
  expect(await run(["fleet", "report", lake, "--format", "markdown"], ctx)).toBe(EXIT.written);
  expect(ctx.stdout.join("")).toContain("### Hardware under the same kernels");
});

test("two machines of one name are told apart, and ingest says so", async () => {
  const lake = join(folder, "lake");
  for (const id of ["a", "b"]) {
    mkdirSync(join(folder, "sos", id, "etc"), { recursive: true });
    writeFileSync(join(folder, "sos", id, "etc", "machine-id"), `${id.repeat(32)}\n`);
    writeFileSync(join(folder, "sos", id, "kern.log"), dayOf("pve", 3, id === "a" ? [2] : [], false));
  }
  await run(["fleet", "ingest", join(folder, "sos"), "--out", lake], ctx);
  expect(ctx.stdout.join("")).toContain("clash: 1 host name of several machines, told apart by machine id: pve (");
  ctx.stdout.length = 0;
  await run(["fleet", "report", lake, "--format", "json"], ctx);
  expect(JSON.parse(ctx.stdout.join("")).units.map(({ host }: { host: string }) => host)).toEqual([
    "pve (machine aaaaaaaaaaaa)",
    "pve (machine bbbbbbbbbbbb)",
  ]);
});
