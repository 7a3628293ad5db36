import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LEAST_HASHED_BESIDE_BYTES } from "../../../parser/src/node/containers/hash-beside.js";
import { writeJournal } from "../../../parser/test/support/journal-writer.js";
import { PACKED_LINE } from "../../../parser/test/support/packed-line.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const installed = join(root, "packages/cli/dist/main.js");
const folder = mkdtempSync(join(tmpdir(), "hangproof-bundle-"));
const alone = join(folder, "alone");
const bundle = join(alone, "hangproof.mjs");
const logs = join(folder, "logs");
const CASE = join(root, "fixtures/cases/pve-backup-hang");

const HANG = "2025-11-02T02:14:07+01:00 pve1 kernel: e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:\n";

function run(program: string, args: readonly string[], input = ""): object {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: alone,
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    // Nothing outside may help to find a module.
    env: { PATH: process.env.PATH, TZ: "UTC" },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  if (!existsSync(installed)) execFileSync(join(root, "node_modules/.bin/tsc"), ["-b"], { cwd: root });
  const made = join(folder, "made/hangproof.mjs");
  execFileSync(process.execPath, ["scripts/bundle.mjs", made], { cwd: root });
  mkdirSync(alone);
  copyFileSync(made, bundle);
  mkdirSync(logs);
  for (const [extension, base64] of Object.entries(PACKED_LINE))
    writeFileSync(join(logs, `kern.log.${extension}`), Buffer.from(base64, "base64"));
  const entry = {
    realtimeUs: 1_762_046_047_000_000,
    monotonicUs: 5_000_000,
    bootId: "00112233445566778899aabbccddeeff",
    fields: ["_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", `MESSAGE=${HANG.slice(HANG.indexOf("e1000e")).trim()}`],
  };
  writeFileSync(join(logs, "system.journal"), writeJournal([entry]));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the bundle is one file that imports nothing but Node's own modules", () => {
  expect(readdirSync(alone)).toEqual(["hangproof.mjs"]);
  const named = [...readFileSync(bundle, "utf8").matchAll(/^(?:import|export)\b[^;"]*?(?:\bfrom )?"([^"]+)";$/gm)];
  expect(named.length).toBeGreaterThan(5);
  expect(named.map(([, name = ""]) => name).filter((name) => !isBuiltin(name))).toEqual([]);
});

test.each(["json", "html"])(
  "alone in a folder, the bundle's %s report of the bundled case is the installed program's to the byte",
  (format) => {
    const args = ["report", CASE, "--tz", "Europe/Berlin", "--now", "2025-11-24T12:00:00Z", "--format", format];
    const expected = run(installed, args);
    expect(expected).toMatchObject({ status: 0 });
    expect(run(bundle, args)).toEqual(expected);
  },
);

test.each([
  ["events of the bundled case", ["events", CASE, "--tz", "UTC"]],
  ["events of every packed form and a native journal", ["events", logs, "--tz", "UTC"]],
  ["the forms of these", ["formats", logs]],
  ["its help", ["report", "--help"]],
  ["its version", ["--version"]],
])("the bundle says the same as the installed program: %s", (_, args) => {
  const expected = run(installed, args);
  expect(expected).toMatchObject({ status: 0, stdout: expect.stringMatching(/./) });
  expect(run(bundle, args)).toEqual(expected);
});

test("what is packed in each form is found by the bundle", () => {
  const { stdout } = run(bundle, ["events", logs, "--tz", "UTC"]) as { stdout: string };
  const found = stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  const linkUps = Object.keys(PACKED_LINE).map(() => "e1000e.link_up");
  expect(found.sort()).toEqual(["e1000e.hang", ...linkUps].sort());
});

test("the bundle explains a hang from standard input", () => {
  const expected = run(installed, ["explain", "-", "--tz", "UTC"], HANG);
  expect(expected).toMatchObject({ status: 0 });
  expect(run(bundle, ["explain", "-", "--tz", "UTC"], HANG)).toEqual(expected);
});

test("a file large enough to be hashed by a second thread is hashed in the bundle as well", () => {
  const large = join(folder, "large.log");
  writeFileSync(large, `${HANG}${`${HANG.slice(0, 40)}${"x".repeat(65_000)}\n`.repeat(1100)}`);
  expect(readFileSync(large).length).toBeGreaterThan(LEAST_HASHED_BESIDE_BYTES);
  const args = ["report", large, "--tz", "UTC", "--now", "2025-11-24T12:00:00Z", "--format", "json"];
  const expected = run(installed, args) as { stdout: string };
  expect(expected).toMatchObject({ status: 0, stdout: expect.stringMatching(/"sha256": ?"[0-9a-f]{64}"/) });
  expect(run(bundle, args)).toEqual(expected);
});

test.each([
  [2, ["report", "--format", "pdf", "x"]],
  [66, ["report", "/nowhere/at/all"]],
  [73, ["report", "-", "-o", "."]],
] as const)("the bundle ends with %i and the installed program's message where that one does", (status, args) => {
  const expected = run(installed, args, HANG);
  expect(expected).toMatchObject({ status, stdout: "" });
  expect(run(bundle, args, HANG)).toEqual(expected);
});

test("without the database engine beside it, a command that needs a ledger says what is missing", () => {
  expect(run(bundle, ["check", CASE, "--ledger", join(folder, "ledger.db")])).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/^hangproof: a ledger needs the package libsql .*npm install libsql/m),
  });
});

test("the licence text of every bundled package is in the bundle", () => {
  const notice = readFileSync(bundle, "utf8").split("\n/*!\nThis file holds").at(-1) ?? "";
  for (const name of ["hangproof", "commander", "chrono-node", "csv-parse", "ical.js", "xz-decompress", "fzstd"])
    expect(notice).toMatch(new RegExp(`^=== ${name.replace(".", "\\.")} .*\\((MIT|MPL-2\\.0)\\)`, "m"));
  const parts = notice.split(/^=== .* ===$/m).slice(1);
  for (const part of parts) expect(part).toMatch(/Permission is hereby granted|Mozilla Public License|MOZILLA/i);
});
