import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { library } from "../src/library.js";
import { markdownOf } from "../src/output/markdown.js";
import { run } from "../src/program.js";
import { readAt } from "../src/read-at.js";
import { ticketDocument } from "../src/sections/ticket.js";
import { fakeContext, sampleEvidence } from "./fake-context.js";
import { sampleReport, sampleSeries } from "./sample-report.js";

const folder = mkdtempSync(join(tmpdir(), "hangproof-ticket-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const head = (second: number): string =>
  `2025-11-02T02:14:${second}+01:00 pve-secret kernel: e1000e 0000:00:19.0 eno1: `;
const LOG = [
  `${head(10)}NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None`,
  `${head(20)}Detected Hardware Unit Hang:`,
  "2025-11-02T02:14:20+01:00 pve-secret kernel:   TDH                  <5>",
  "2025-11-02T02:14:20+01:00 pve-secret kernel:   TDT                  <9>",
  `${head(28)}Reset adapter unexpectedly`,
  `${head(32)}NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None`,
].join("\n");

const path = join(folder, "kern.log");
writeFileSync(path, `${LOG}\n`);

async function ticket(...args: readonly string[]): Promise<{ code: number; text: string; err: string }> {
  const ctx = fakeContext(sampleEvidence, { library, readAt });
  const code = await run(["report", ...args, "--for", "ticket", "--tz", "UTC"], ctx);
  return { code, text: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

test("the ticket of a report made by hand", async () => {
  const [episode] = sampleSeries.episodes;
  const excerpts = [{ series: sampleSeries, episode: episode!, lines: ["Nov  2 02:14:07 pve1 kernel: ```", "two"] }];
  await expect(markdownOf(ticketDocument(sampleReport, excerpts))).toMatchFileSnapshot("golden/ticket.md");
});

test("a ticket is Markdown, with the lines themselves and the hash of the log that they are in", async () => {
  const { code, text } = await ticket(path);
  expect(code).toBe(0);
  expect(text).toContain("### Incidents (1)");
  expect(text).toContain(`${LOG.split("\n").slice(1, 4).join("\n")}`);
  expect(text).toMatch(/kern\.log:2, byte \d+/);
  expect(text).toMatch(/\| [0-9a-f]{64} \|/);
});

test("redacted, no name of the host is left, in excerpts either, and what tells of the hang stays", async () => {
  const { text, err } = await ticket(path, "--redact");
  expect(text + err).not.toContain("pve-secret");
  expect(text).toContain("host-1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:");
});

test("as text, and in no other form", async () => {
  expect((await ticket(path, "--format", "text")).text).toContain("INCIDENTS (1)");
  expect((await ticket(path, "--format", "json")).code).toBe(2);
});

test("a log that is no plain file has no excerpt, and says so", async () => {
  const ctx = fakeContext(sampleEvidence, { library, readAt: async () => null });
  expect(await run(["report", path, "--for", "ticket", "--tz", "UTC"], ctx)).toBe(0);
  expect(ctx.stdout.join("")).toContain("whose lines are not shown here");
});

test("what a log says cannot end a fence, nor begin anything else", () => {
  const [episode] = sampleSeries.episodes;
  const lines = ["````", "# no heading", "\u001b[31mred", "</pre><script>"];
  const text = markdownOf(ticketDocument(sampleReport, [{ series: sampleSeries, episode: episode!, lines }]));
  const fences = text.split("\n").filter((line) => /^`{5,}/.test(line));
  expect(fences).toEqual(["`````text", "`````"]);
  expect(text).not.toContain("\u001b");
});
