import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { library } from "../src/library.js";
import { run } from "../src/program.js";
import { fakeContext, sampleEvidence } from "./fake-context.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2025, 0, 6);
const folder = mkdtempSync(join(tmpdir(), "hangproof-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function log(name: string, host: string, days: number, hangs: readonly number[]): string {
  const lines: [number, string][] = [[T0, "e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full Duplex"]];
  for (let ms = T0; ms < T0 + days * DAY; ms += HOUR) lines.push([ms, "usb 1-2: reset"]);
  for (const day of hangs) {
    const ms = T0 + day * DAY + 5 * HOUR;
    lines.push([ms, "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:#012  TDH <5>#012  TDT <9>"]);
    lines.push([ms + 4_000, "e1000e 0000:00:19.0 eno1: Reset adapter unexpectedly"]);
    lines.push([ms + 8_000, "e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full Duplex"]);
  }
  const path = join(folder, name);
  const text = lines
    .sort(([a], [b]) => a - b)
    .map(([ms, line]) => `${new Date(ms).toISOString().replace("Z", "+00:00")} ${host} kernel: ${line}\n`);
  writeFileSync(path, text.join(""));
  return path;
}

const often = log("a.log", "pve1", 30, [2, 5, 9, 14, 20, 26]);
const rare = log("b.log", "pve2", 60, [40]);

async function compare(...args: readonly string[]): Promise<{ code: number; text: string; err: string }> {
  const ctx = fakeContext(sampleEvidence, { library, now: () => T0 + 90 * DAY });
  const code = await run(["compare", ...args, "--tz", "UTC"], ctx);
  return { code, text: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

test("two hosts: counts, exact ratio, and the caution", async () => {
  const { code, text } = await compare(often, rare, "--format", "json");
  expect(code).toBe(0);
  const { comparison } = JSON.parse(text);
  expect(comparison.perHour.value).toMatchObject({ reference: { events: 6 }, compared: { events: 1 } });
  expect(comparison.perHour.value.ratio).toBeCloseTo(1 / 12, 2);
  // R: poisson.test(c(1, 6), c(1440, 720)); the time in which the adapter hung is not at risk, which moves the digits.
  expect(comparison.perHour.value.interval.lower).toBeCloseTo(0.001811689167, 5);
  expect(comparison.perHour.value.interval.upper).toBeCloseTo(0.686868103087, 3);
  const shown = (await compare(often, rare, "--format", "markdown")).text;
  expect(shown).toContain("this says whether they differ, not why");
  expect(shown).toContain("pve1 eno1");
  expect(shown).toContain("pve2 eno1");
});

test("one host before and since a moment; the two sides' hours are the whole", async () => {
  const { code, text } = await compare(often, "--split", "2025-01-17", "--format", "json");
  expect(code).toBe(0);
  const { first, second, comparison } = JSON.parse(text);
  expect([first.series.episodes.length, second.series.episodes.length]).toEqual([3, 3]);
  const { reference, compared } = comparison.perHour.value;
  expect(reference.exposureHours + compared.exposureHours).toBeCloseTo(30 * 24, -1);
  expect(first.label).toBe("before 2025-01-17 00:00:00 +00:00");
});

test("what cannot be compared says why", async () => {
  expect((await compare(often)).code).toBe(2);
  expect((await compare(often, rare, rare)).code).toBe(2);
  expect((await compare(often, rare, "--split", "2025-01-17")).code).toBe(2);
  const empty = join(folder, "empty.log");
  writeFileSync(empty, "2025-01-06T00:00:00+00:00 pve1 cron: nothing\n");
  const { code, err } = await compare(often, empty);
  expect(code).toBe(1);
  expect(err).toContain("no message of an e1000e adapter");
});
