import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { library } from "../src/library.js";
import { EVENT_FORMATS, REPORT_FORMATS } from "../src/options/output-format.js";
import { TABLE_NAMES } from "../src/output/csv.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";
import { deceptive } from "./output-safety/oracles.js";

const NASTY = [
  "\x1b]0;owned\x07",
  "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
  "\x1b[2J\x1b[H",
  "\u009b31m",
  "\u009d0;owned\u009c",
  "\u202egnp.exe",
  "\u2066isolate\u2069",
  "a\u200bb\u200d\ufeff",
  "\u00ad\u061c\u180e\u115f\u3164",
  "\u{e0041}\u{e007f}",
  "\ufff9note\ufffb",
  "\u2028\u2029\u0085",
  "=cmd|' /C calc'!A0",
  "@SUM(A1)",
  "</script><script>alert(1)</script>",
  "</style></title><img src=x onerror=alert(1)>",
  '" onload="alert(1)',
  "```\n# heading",
  "| cell |",
  "`code` [x](javascript:alert(1)) **b**",
  "__proto__",
  "{{7*7}} %s %n",
  "\u0000\u007f",
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hangproof-hostile-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A host's log in three forms, with the text wherever a log may have one: names, messages, commands, settings. */
function writeLogs(text: string, name: string): string[] {
  const word = text.replace(/\s/g, "");
  const line = (second: number, message: string) =>
    `2025-11-02T02:14:${String(second).padStart(2, "0")}+00:00 pve1${word} ${message}\n`;
  const hang = (what: string) => `e1000e 0000:00:19.0 ${what}: Detected Hardware Unit Hang:`;
  const syslog = [
    line(1, `kernel: Linux version 6.8.12-15-pve (${text}) #1 SMP`),
    line(2, `kernel: Command line: BOOT_IMAGE=/vmlinuz ${text} e1000e.InterruptThrottleRate=3`),
    line(3, `kernel: e1000e 0000:00:19.0 eno1${word}: renamed from ${word}`),
    line(4, `kernel: ${hang(`eno1${word}`)} ${text}`),
    line(5, `kernel: ${hang("eno1")}`),
    line(6, `kernel: e1000e 0000:00:19.0 eno1: ${text} nobody knows this`),
    line(7, `${word}[12]: ${hang(text)}`),
    line(8, `vzdump[9]: INFO: starting new backup job: vzdump 100 --storage ${text}`),
    line(9, `vzdump[9]: INFO: Backup job finished successfully ${text}`),
    line(10, `sudo[9]: root : COMMAND=/usr/sbin/ethtool -K eno1 tso off ${text}`),
    line(11, `kernel: igb 0000:01:00.0 ${text}: Detected Tx Unit Hang`),
  ].join("");
  const json = [hang("eno1"), hang(`x${text}`), text].map((message, n) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: String(1_762_046_047_000_000 + n * 1_000_000),
      __MONOTONIC_TIMESTAMP: String(5_000_000 + n * 1_000_000),
      _TRANSPORT: "kernel",
      _HOSTNAME: `pve2${text}`,
      _BOOT_ID: text,
      SYSLOG_IDENTIFIER: text,
      _KERNEL_DEVICE: text,
      MESSAGE: message,
    }),
  );
  const files = { [`${name}.log`]: syslog, [`${name}.json`]: json.join("\n"), [`${name}.txt`]: text };
  return Object.entries(files).map(([file, content]) => {
    const path = join(folder, file);
    writeFileSync(path, content);
    return path;
  });
}

const RUNS: readonly (readonly string[])[] = [
  ...REPORT_FORMATS.filter((format) => format !== "csv").map((format) => ["report", "--format", format]),
  ...TABLE_NAMES.map((table) => ["report", "--format", "csv", "--table", table]),
  ...EVENT_FORMATS.map((format) => ["events", "--format", format]),
  ...["explain", "formats"].flatMap((command) => ["text", "json"].map((format) => [command, "--format", format])),
];

async function outputOf(args: readonly string[], paths: readonly string[]): Promise<{ out: string; err: string }> {
  const ctx = { ...fakeContext(), library, exists: async () => true };
  await run([...args, ...paths, "--tz", "UTC"], ctx);
  return { out: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

async function expectHarmless(text: string, paths: readonly string[]): Promise<void> {
  for (const args of RUNS) {
    const { out, err } = await outputOf(args, paths);
    const place = `${args.join(" ")} with ${JSON.stringify(text)}`;
    const isCalendar = args.includes("ics");
    expect(deceptive(isCalendar ? out.replaceAll("\r\n", "") : out), place).toBeNull();
    expect(deceptive(err), place).toBeNull();
    expect(err, place).not.toContain("internal error");
    if (args.includes("html")) expect(out, place).not.toMatch(/<script|<img|\son\w+="/i);
    if (args.includes("markdown")) expect(out, place).not.toMatch(/<script|<img|\]\(javascript/i);
    if (args.includes("csv")) expect(out, place).not.toMatch(/(?:^|,)"?[=@＝＠]/m);
  }
}

test("no text of a log gets through any command in any form: every hostile string that we know", async () => {
  for (const [index, text] of NASTY.entries()) await expectHarmless(text, writeLogs(text, `known-${index}`));
}, 120_000);

test("no text of a log gets through any command in any form: any string", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
      await expectHarmless(text, writeLogs(text, "any"));
    }),
    { numRuns: 15 },
  );
}, 120_000);

test("neither does the name of a file", async () => {
  for (const text of NASTY.filter((one) => !/[/\0]/.test(one))) {
    const paths = writeLogs("harmless", text);
    await expectHarmless(text, paths);
  }
}, 120_000);

test("a file that does not exist, or an option, shows its hostile name harmlessly", async () => {
  for (const text of NASTY) {
    const ctx = fakeContext();
    for (const args of [
      ["report", `missing${text}`],
      ["report", "a", "--since", text],
      ["report", "a", "--format", text],
      ["events", "a", "-k", text],
      ["report", "a", "--change", text],
      ["report", "a", "--window", text],
      ["report", "a", "--tz", text],
      [text],
    ])
      await run(args, ctx);
    expect(deceptive(ctx.stderr.join("")), JSON.stringify(text)).toBeNull();
  }
});
