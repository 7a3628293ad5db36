import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { library } from "../src/library.js";
import { run } from "../src/program.js";
import { type FakeContext, fakeContext, sampleEvidence } from "./fake-context.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2025, 0, 6);

const folder = mkdtempSync(join(tmpdir(), "hangproof-check-"));
const quiet = join(folder, "quiet.log");
const hung = join(folder, "hung.log");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (ms: number, text: string): string =>
  `${new Date(ms).toISOString().replace("Z", "+00:00")} pve1 kernel: ${text}\n`;

function log(fromDay: number, days: number, hangs: readonly number[]): string {
  const lines: [number, string][] = [
    [T0 + fromDay * DAY, "e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full Duplex"],
  ];
  for (let ms = T0 + fromDay * DAY; ms < T0 + (fromDay + days) * DAY; ms += HOUR) lines.push([ms, "usb 1-2: reset"]);
  for (const day of hangs) {
    const ms = T0 + day * DAY + 5 * HOUR;
    lines.push([ms, "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:#012  TDH <5>#012  TDT <9>"]);
    lines.push([ms + 4_000, "e1000e 0000:00:19.0 eno1: Reset adapter unexpectedly"]);
    lines.push([ms + 8_000, "e1000e 0000:00:19.0 eno1: NIC Link is Up 1000 Mbps Full Duplex"]);
  }
  return lines
    .sort(([a], [b]) => a - b)
    .map(([ms, text]) => line(ms, text))
    .join("");
}

beforeAll(() => {
  writeFileSync(quiet, log(20, 20, []));
  writeFileSync(hung, log(0, 20, [1, 5, 9]));
});

let ledgers = 0;
const freshLedger = (): string => join(folder, `${ledgers++}.db`);

function context(day: number, overrides: Parameters<typeof fakeContext>[1] = {}): FakeContext {
  return fakeContext(sampleEvidence, { library, now: () => T0 + day * DAY, ...overrides });
}

async function check(
  args: readonly string[],
  day: number,
): Promise<{ code: number; out: string; err: string; ctx: FakeContext }> {
  const ctx = context(day);
  const code = await run(["check", "--tz", "UTC", ...args], ctx);
  return { code, out: ctx.stdout.join(""), err: ctx.stderr.join(""), ctx };
}

/** The grammar of the guidelines: one line of text without a bar, a bar, and quoted labels with numbers. */
const PLUGIN_LINE =
  /^HANGPROOF (?:OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+(?: \|(?: '[^'=|]+'=\d+(?:\.\d+)?s?(?:;[\d.]*){3})+)?$/;

test("the first line is a plugin's, and the four answers have their status", async () => {
  const ledger = freshLedger();
  const first = await check(["--ledger", ledger, hung], 15);
  expect(first.code).toBe(2);
  const second = await check(["--ledger", ledger, quiet], 40);
  expect(second.code).toBe(0);
  const third = await check(["--ledger", ledger, quiet], 60);
  expect(third.code).toBe(3);
  await run(["change", "add", "2025-01-08", "cable", "--ledger", ledger], context(60));
  const fourth = await check(["--ledger", ledger, quiet], 40);
  expect(fourth.code).toBe(1);
  for (const { out } of [first, second, third, fourth]) expect(out.split("\n")[0]).toMatch(PLUGIN_LINE);
  expect(first.out).toContain("HANGPROOF CRITICAL - a hang lately. ");
  expect(second.out).toContain("SINCE THE LAST CHECK");
  expect(third.out).toMatch(/^HANGPROOF UNKNOWN - no log of late: not observed\./);
  expect(third.out).toContain("not observed from");
  expect(fourth.out).toContain("HANGPROOF WARNING - a hang since the change. ");
  expect(fourth.out).toContain("a change at 2025-01-08 00:00:00 +00:00: cable");
});

test("what fails is the caller's to say", async () => {
  const ledger = freshLedger();
  expect((await check(["--ledger", ledger, hung, quiet, "--fail-on", "not-shown"], 40)).code).toBe(2);
  expect((await check(["--ledger", ledger, quiet, "--fail-on", "worse", "--warn-on", ""], 15)).code).toBe(0);
  expect((await check(["--ledger", ledger, quiet, "--fail-on", "nonsense"], 40)).code).toBe(3);
  expect((await check(["--ledger", ledger, quiet, "--recent", "60"], 40)).code).toBe(2);
  expect((await check(["--ledger", ledger, quiet, "--max-age", "100"], 60)).code).toBe(0);
});

test("a check that cannot be made is unknown, whatever the reason, and says so on both streams", async () => {
  for (const args of [
    [],
    ["--bogus"],
    ["--ledger", freshLedger(), "missing.log"],
    ["--ledger", quiet, quiet],
    ["--ledger", join(folder, "no-such-folder", "x.db"), quiet],
    ["--ledger", freshLedger(), quiet, "--report", "week.pdf"],
  ]) {
    const { code, out, err } = await check(args, 40);
    expect(code, args.join(" ")).toBe(3);
    expect(out.trimEnd()).toMatch(PLUGIN_LINE);
    expect(out).toMatch(/^HANGPROOF UNKNOWN/);
    expect(err).not.toBe("");
    expect(err).not.toMatch(/internal error|^\s+at /m);
  }
});

test("--help of a check is no failure", async () => {
  const { code, out } = await check(["--help"], 40);
  expect(code).toBe(0);
  expect(out).toContain("Exit status, as monitoring plugins have it");
});

test("the same evidence again is known, in other slices too; a report and metrics are written beside", async () => {
  const ledger = freshLedger();
  await check(["--ledger", ledger, hung, quiet], 40);
  const { out, ctx } = await check(
    ["--ledger", ledger, hung, quiet, "--report", "w.html", "--prometheus", "m.prom"],
    41,
  );
  expect(out).toContain("0 pieces of evidence taken in, 2 known already");
  expect(ctx.files.get("w.html")).toContain("<!doctype html>");
  const metrics = ctx.files.get("m.prom") ?? "";
  expect(metrics).toContain('hangproof_hang_episodes{host="pve1",interface="eno1",pci="0000:00:19.0"} 3\n');
  expect(metrics).toContain(
    'hangproof_verdict{host="pve1",interface="eno1",pci="0000:00:19.0",rung="insufficient-evidence"} 1\n',
  );
});

test("the answer as JSON", async () => {
  const { code, out } = await check(["--ledger", freshLedger(), hung, "--format", "json"], 15);
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    level: "critical",
    previousMs: null,
    evidence: { added: 1, known: 0, empty: 0 },
    series: [{ host: "pve1", interface: "eno1", hangs: 3, conditions: ["recent-hang", "not-shown"] }],
  });
});

test("without a path it reads what the host has, and says when that is nothing", async () => {
  const own = context(40, { hostEvidence: async () => [hung, quiet] });
  expect(await run(["check", "--ledger", freshLedger(), "--tz", "UTC"], own)).toBe(0);
  const none = context(40, { hostEvidence: async () => [] });
  expect(await run(["check", "--ledger", freshLedger()], none)).toBe(3);
  expect(none.stderr.join("")).toContain("no journal and no kernel log");
  const elsewhere = context(40, { hostEvidence: async () => null });
  expect(await run(["check", "--ledger", freshLedger()], elsewhere)).toBe(3);
  expect(elsewhere.stderr.join("")).toContain("name the evidence");
});

test("the plan says how long, and what a hang tomorrow would do", async () => {
  const ledger = freshLedger();
  await check(["--ledger", ledger, hung, quiet], 40);
  await run(["change", "add", "2025-01-20", "cable", "--ledger", ledger], context(60));
  const ctx = context(40);
  expect(await run(["plan", "--ledger", ledger, "--tz", "UTC"], ctx)).toBe(0);
  const text = ctx.stdout.join("").replaceAll(/\s+/g, " ");
  expect(text).toMatch(/Wait: [\d.]+ (h|d)|Wait: \d+ h more of covered time without a hang, until about 2025-/);
  expect(text).toMatch(
    /if a hang came tomorrow: the answer would (still )?be [a-z-]+; [\d.]+ h of covered time without another/,
  );
  expect(text).toContain("judged: cable, 2025-01-20 00:00:00 +00:00");
});

test("changes and windows are told, listed and taken back; times are echoed in full", async () => {
  const ledger = freshLedger();
  const at = async (...args: string[]): Promise<{ code: number; text: string }> => {
    const ctx = context(40, { timeZone: () => "Europe/Berlin" });
    const code = await run([...args, "--ledger", ledger], ctx);
    return { code, text: ctx.stdout.join("") + ctx.stderr.join("") };
  };
  expect(await at("change", "add", "last sunday 14:30", "InterruptThrottleRate=3", "--note", "by hand")).toEqual({
    code: 0,
    text: "change 1: 2025-02-09 14:30:00 +01:00 (Europe/Berlin): InterruptThrottleRate=3\n",
  });
  expect(await at("change", "add", "next sunday", "x")).toMatchObject({
    code: 2,
    text: expect.stringContaining("future"),
  });
  expect(await at("change", "add", "3/4/2025", "x")).toMatchObject({
    code: 2,
    text: expect.stringContaining("day/month"),
  });
  expect(await at("change", "add", "2024-10-27 02:30", "x")).toMatchObject({
    code: 2,
    text: expect.stringContaining("exists twice"),
  });
  expect((await at("change", "list")).text).toBe("1  2025-02-09 14:30:00 +01:00  InterruptThrottleRate=3  (by hand)\n");
  expect((await at("window", "add", "every sunday 02:00 for 90 minutes")).text).toBe(
    "window 1: every sunday 02:00 for 90 minutes (Europe/Berlin)\n",
  );
  expect((await at("window", "add", "whenever")).code).toBe(2);
  expect((await at("window", "list")).text).toBe("1  every sunday 02:00 for 90 minutes (Europe/Berlin)\n");
  expect(await at("window", "remove", "1")).toEqual({ code: 0, text: "window 1 removed\n" });
  expect(await at("window", "remove", "1")).toMatchObject({ code: 66 });
  expect(await at("change", "remove", "all")).toMatchObject({ code: 2 });
});

test("told windows count: hangs in them are tied to backups that no log shows", async () => {
  const ledger = freshLedger();
  await check(["--ledger", ledger, hung], 20);
  await run(["window", "add", "daily 04:30 for 90 minutes", "--ledger", ledger, "--tz", "UTC"], context(20));
  const { out } = await check(["--ledger", ledger, hung, "--format", "json"], 20);
  expect(JSON.parse(out)).toMatchObject({ series: [{ runs: 20, runsHit: 3 }] });
});

test("the ledger's own commands", async () => {
  const ledger = freshLedger();
  await check(["--ledger", ledger, hung, quiet], 40);
  const say = async (...args: string[]): Promise<{ code: number; text: string }> => {
    const ctx = context(40);
    const code = await run(["ledger", ...args, "--ledger", ledger], ctx);
    return { code, text: ctx.stdout.join("") + ctx.stderr.join("") };
  };
  expect(await say("verify")).toEqual({ code: 0, text: "the ledger is whole\n" });
  const shown = (await say("show", "--tz", "UTC")).text;
  expect(shown).toContain("2 pieces of evidence");
  const exported = (await say("export")).text
    .trimEnd()
    .split("\n")
    .map((text) => Object.keys(JSON.parse(text))[0]);
  expect(exported.filter((key) => key === "evidence").length).toBe(2);
  expect(exported.at(-1)).toBe("check");
  const key = /^\s*([0-9a-f]{12}) {2}\S*hung/m.exec(shown)?.[1] ?? "";
  expect(await say("forget", key)).toMatchObject({ code: 0 });
  expect(await say("forget", key)).toMatchObject({ code: 66 });
  const { out } = await check(["--ledger", ledger, quiet], 40);
  expect(out).toContain("does not count any more");
  const bytes = readFileSync(ledger);
  for (let at = bytes.indexOf('"host":"pve1"'); at !== -1; at = bytes.indexOf('"host":"pve1"', at))
    bytes.write('"host":"pve9"', at);
  writeFileSync(ledger, bytes);
  expect(await say("verify")).toMatchObject({ code: 3, text: expect.stringContaining("is not what was taken in") });
});

test("a ledger that is not there is no input, but for what makes one", async () => {
  for (const args of [["plan"], ["ledger", "show"], ["change", "list"], ["window", "remove", "1"]]) {
    const ctx = context(40);
    const missing = join(folder, "missing-ledger.db");
    const code = await run([...args, "--ledger", missing], { ...ctx, exists: async (path) => path !== missing });
    expect(code, args.join(" ")).toBe(66);
    expect(ctx.stderr.join("")).toContain("hangproof check makes one");
  }
});

test("--redact leaves no host name in anything that a check writes, and judges the same", async () => {
  for (const format of ["text", "json"])
    for (const report of ["w.html", "w.md", "w.json", "w.txt"]) {
      const ledger = freshLedger();
      const args = ["--ledger", ledger, "--redact", "-f", format, "--report", report, "--prometheus", "m.prom"];
      const first = await check([...args, hung], 15);
      const second = await check([...args, quiet], 40);
      expect([first.code, second.code]).toEqual([2, 0]);
      for (const { out, err, ctx } of [first, second]) {
        const written = [out, err, ...ctx.files.values()].join("\n");
        expect(written).not.toMatch(/pve1/i);
        expect(written).not.toContain(folder);
        expect(ctx.files.get("m.prom")).toContain('host="host-1",interface="eno1",pci="0000:00:19.0"');
        expect(ctx.files.get(report)).toContain("host-1");
      }
    }
});

test("the ledger keeps the real names, so a check without --redact follows one with it", async () => {
  const ledger = freshLedger();
  await check(["--ledger", ledger, "--redact", hung], 15);
  const { out } = await check(["--ledger", ledger, quiet], 40);
  expect(out).toMatch(/pve1/i);
  expect(out).toContain("1 piece of evidence taken in");
});
