import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packTar } from "modern-tar";
import { afterAll, expect, test } from "vitest";
import { readEvidence } from "../../src/node.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-labels-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LINE = "Oct  5 02:00:00 pve kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down\n";

test("moved evidence that is called what it was called gives the same events, diagnostics and summaries", async () => {
  const before = join(folder, "before");
  mkdirSync(join(before, "deep"), { recursive: true });
  writeFileSync(join(before, "deep/kern.log"), LINE);
  writeFileSync(join(before, "empty.log"), "");
  const body = Buffer.from(LINE);
  writeFileSync(join(before, "logs.tar"), await packTar([{ header: { name: "a.log", size: body.length }, body }]));
  writeFileSync(join(folder, "kern.log"), LINE);
  const paths = [before, join(folder, "kern.log")];
  const told = await readEvidence(paths, { timeZone: "UTC" });
  expect(told.events).toHaveLength(3);
  const after = [join(folder, "after"), join(folder, "renamed")];
  for (const [at, path] of paths.entries()) renameSync(path, after[at] ?? "");
  const labels = new Map(after.map((path, at) => [path, paths[at] ?? ""]));
  expect(await readEvidence(after, { timeZone: "UTC", labels })).toEqual(told);
});

test("an excepted file is passed over in a folder and read where it is named", async () => {
  const inside = join(folder, "own");
  mkdirSync(inside);
  const [log, own] = [join(inside, "kern.log"), join(inside, "out.log")];
  for (const path of [log, own]) writeFileSync(path, LINE);
  const except = [own, join(folder, "not-there")];
  const labels = async (paths: string[]) =>
    (await readEvidence(paths, { timeZone: "UTC", except })).evidence.map(({ evidence }) => evidence);
  expect(await labels([inside])).toEqual([log]);
  expect(await labels([inside, own])).toEqual([log, own]);
});

test("a zone that is assumed is the one that the caller says, and is told as assumed", async () => {
  const path = join(folder, "zone.log");
  writeFileSync(path, LINE);
  const { events, evidence } = await readEvidence([path], { assumedTimeZone: "Asia/Tokyo" });
  expect(evidence).toMatchObject([{ zone: "Asia/Tokyo", zoneAssumed: true }]);
  expect(events.map(({ time }) => time.source)).toEqual(["zone-assumed"]);
  const named = await readEvidence([path], { timeZone: "UTC", assumedTimeZone: "Asia/Tokyo" });
  expect(named.evidence).toMatchObject([{ zone: "UTC", zoneAssumed: false }]);
});
