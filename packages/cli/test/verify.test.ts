import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { labelsOf } from "../src/commands/verify.js";
import type { Context } from "../src/context.js";
import { library } from "../src/library.js";
import { createFile } from "../src/pending-file.js";
import { run } from "../src/program.js";
import { type FakeContext, fakeContext } from "./fake-context.js";

const bundled = fileURLToPath(new URL("../../../fixtures/cases/pve-backup-hang", import.meta.url));
const base = mkdtempSync(join(tmpdir(), "hangproof-verify-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** On the disk and with the real libraries, in a machine of some zone. */
function realContext(timeZone = "UTC"): FakeContext {
  const disk: Partial<Context> = {
    library,
    createFile,
    timeZone: () => timeZone,
    readBytes: (path) => readFile(path),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  };
  return fakeContext(undefined, disk);
}

async function call(args: readonly string[], timeZone?: string): Promise<{ code: number; out: string; err: string }> {
  const ctx = realContext(timeZone);
  const code = await run(args, ctx);
  return { code, out: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

let folders = 0;
/** A copy of a part of the bundled case under a new name, and a report on it. */
async function reported(...options: readonly string[]): Promise<{ evidence: string; report: string }> {
  const folder = join(base, String(folders++));
  const evidence = join(folder, "evidence");
  for (const part of ["dmesg", "logs", "modprobe.d"])
    cpSync(join(bundled, part), join(evidence, part), { recursive: true, preserveTimestamps: true });
  const report = join(folder, "report.json");
  expect((await call(["report", "-q", evidence, "-f", "json", "-o", report, ...options])).code).toBe(0);
  return { evidence, report };
}

const HOLDS = "The report holds: made again from this evidence it is the same to the byte.\n";

test("a report holds on its evidence, whenever and in whatever zone it is checked, also where the evidence was moved", async () => {
  const { evidence, report } = await reported("--tz", "Europe/Berlin");
  expect(await call(["verify", "-q", report, evidence], "Asia/Tokyo")).toEqual({ code: 0, out: HOLDS, err: "" });
  const moved = join(base, "elsewhere");
  renameSync(evidence, moved);
  expect(await call(["verify", "-q", report, moved])).toEqual({ code: 0, out: HOLDS, err: "" });
});

test("every option of a report is in the report: it holds without telling them again", async () => {
  const { evidence, report } = await reported(
    ...["--since", "2025-09-20", "--until", "2025-11-20", "--lag", "30", "--confidence", "0.9", "--seed", "42"],
    ...["--looks", "single", "--change", "2025-10-05 14:30: cable replaced", "--input-format", "syslog-traditional"],
    ...[
      "--window",
      "every sunday 02:00 for 90 minutes",
      "--window-unit",
      "cron.daily",
      "--now",
      "2025-12-01T00:00:00Z",
    ],
  );
  const { options } = JSON.parse(readFileSync(report, "utf8"));
  expect(options).toMatchObject({ confidence: 0.9, lagMs: 1_800_000, seed: 42, looks: "single" });
  expect(options.reading).toMatchObject({ timeZone: null, form: "syslog-traditional", windowUnits: ["cron.daily"] });
  expect(await call(["verify", "-q", report, evidence], "America/New_York")).toEqual({ code: 0, out: HOLDS, err: "" });
});

test("named files are found again under other folders, in any order", async () => {
  const { evidence } = await reported("--tz", "Europe/Berlin");
  const [one, two] = [join(evidence, "logs/kern.log"), join(evidence, "logs/kern.log.1")];
  const report = join(base, "files.json");
  await call(["report", "-q", one, two, "--tz", "Europe/Berlin", "-f", "json", "-o", report]);
  const moved = join(base, "moved-files");
  renameSync(join(evidence, "logs"), moved);
  const paths = [join(moved, "kern.log"), join(moved, "kern.log.1")];
  expect(await call(["verify", "-q", report, ...paths])).toEqual({ code: 0, out: HOLDS, err: "" });
});

test("evidence with another byte, evidence that is missing, and the values that follow from it are told, with 4", async () => {
  const { evidence, report } = await reported("--tz", "Europe/Berlin");
  const changed = join(evidence, "dmesg/dmesg-T.txt");
  writeFileSync(changed, readFileSync(changed, "utf8").replace("e1000e", "e1000f"));
  rmSync(join(evidence, "logs/kern.log.10.gz"));
  writeFileSync(
    join(evidence, "logs/kern.log.0"),
    "Nov 22 10:00:00 pve1 kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down\n",
  );
  const { code, out } = await call(["verify", "-q", report, evidence]);
  expect(code).toBe(4);
  const lines = out.split("\n");
  expect(lines[0]).toBe("The report does not hold: made again from this evidence it differs.");
  expect(lines.slice(1, 4)).toEqual([
    `evidence ${changed}: its bytes differ: another SHA-256`,
    `evidence ${join(evidence, "logs/kern.log.10.gz")}: in the report, not among what was read now`,
    `evidence ${join(evidence, "logs/kern.log.0")}: read now, not in the report`,
  ]);
  expect(out).toMatch(/^series\[0\]\S*: report .*, now .*$/m);
  expect(lines.filter((line) => line.includes(": report "))).toHaveLength(20);
  expect(out).toMatch(/^and \d+ more values that differ$/m);
});

test("a forged verdict is told with its path; a file that was laid out anew is told as such", async () => {
  const { evidence, report } = await reported("--tz", "Europe/Berlin");
  const text = readFileSync(report, "utf8");
  const forged = JSON.parse(text);
  forged.series[0].verdict.rung = "improvement-shown\u001b[2J\u202e";
  writeFileSync(report, `${JSON.stringify(forged, null, 2)}\n`);
  const { code, out } = await call(["verify", "-q", report, evidence]);
  expect(code).toBe(4);
  expect(out).toContain('series[0].verdict.rung: report "improvement-shown');
  expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  writeFileSync(report, `\ufeff${JSON.stringify(JSON.parse(text))}`);
  expect(await call(["verify", "-q", report, evidence])).toMatchObject({
    code: 4,
    out: expect.stringContaining("Every value is the same: the file is laid out in another way.\n"),
  });
});

test("a byte that only decodes to the same text is another byte", async () => {
  const log = join(base, "bytes.log");
  writeFileSync(log, "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: what \ufffd is this\n");
  const report = join(base, "bytes.json");
  await call(["report", "-q", log, "-f", "json", "-o", report]);
  const bytes = readFileSync(report);
  const at = bytes.indexOf("\ufffd");
  expect(at).toBeGreaterThan(0);
  expect((await call(["verify", "-q", report, log])).code).toBe(0);
  writeFileSync(report, Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]));
  expect((await call(["verify", "-q", report, log])).code).toBe(4);
});

test("a report that stands among its evidence is no evidence, the first time and the second", async () => {
  const { evidence } = await reported();
  const report = join(evidence, "report.json");
  for (let time = 0; time < 2; time++)
    expect((await call(["report", "-q", evidence, "-f", "json", "-o", report])).code).toBe(0);
  expect(await call(["verify", "-q", report, evidence])).toEqual({ code: 0, out: HOLDS, err: "" });
});

test("a copy that did not keep the file's time is told of, where the year came from it", async () => {
  const folder = join(base, "years");
  mkdirSync(folder);
  const log = join(folder, "kern.log");
  writeFileSync(log, "Nov 22 10:00:00 pve1 kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down\n");
  const report = join(base, "years.json");
  await call(["report", "-q", log, "-f", "json", "-o", report]);
  const text = readFileSync(report, "utf8");
  expect(text).toContain('"year": "file-time"');
  writeFileSync(report, text.replace('"lines": 1,', '"lines": 2,'));
  const { out } = await call(["verify", "-q", report, log]);
  expect(out).toContain(`evidence["${log}"].lines: report 2, now 1\n`);
  expect(out).toContain(`note: the years of ${log} come from the file's time, which a copy may not have kept\n`);
});

test("no report is 65, a missing file 66, too few arguments 2, and nothing is read", async () => {
  const ctx = fakeContext();
  ctx.files.set("no.json", '{"reportVersion":1,"now":0,"options":{"timeZone":"\x1b[2J"}}');
  expect(await run(["verify", "no.json", "a.log"], ctx)).toBe(65);
  expect(ctx.stderr.join("")).toMatch(/^hangproof: no\.json: [^\x00-\x09\x0b-\x1f]*\n$/);
  ctx.stderr.length = 0;
  expect(await run(["verify", "missing.json", "a.log", "missing.log"], ctx)).toBe(66);
  expect(ctx.stderr.join("")).toBe("hangproof: no such file or directory: missing.json, missing.log\n");
  expect(await run(["verify", "no.json"], ctx)).toBe(2);
  expect(ctx.calls.read).toEqual([]);
  expect((await call(["verify", base, base])).code).toBe(74);
});

test.each([
  [["a/x", "b/y"], ["a/x", "b/y"], { "a/x": "a/x", "b/y": "b/y" }],
  [["/new/y", "/new/x"], ["a/x", "b/y"], { "/new/y": "b/y", "/new/x": "a/x" }],
  [["/new"], ["old"], { "/new": "old" }],
  [["/new", "a/x"], ["a/x", "old"], { "/new": "old", "a/x": "a/x" }],
  [["/new"], ["a", "b"], {}],
  [["1/x", "2/x"], ["a/x", "b/x"], { "1/x": "a/x", "2/x": "b/x" }],
  [["-"], ["-"], { "-": "-" }],
] as const)("%j of a report on %j goes by %j", (paths, told, labels) => {
  expect(Object.fromEntries(labelsOf(paths, told))).toEqual(labels);
});
