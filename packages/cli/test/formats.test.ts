import { fileURLToPath } from "node:url";
import { FORM_ABILITIES } from "@hangproof/parser";
import { expect, test } from "vitest";
import { EXIT } from "../src/exit-codes.js";
import { library } from "../src/library.js";
import { run } from "../src/program.js";
import { fakeContext } from "./fake-context.js";

const CASE = fileURLToPath(new URL("../../../fixtures/cases/pve-backup-hang", import.meta.url));

async function formats(...args: string[]) {
  const ctx = { ...fakeContext(), library, exists: async () => true };
  const code = await run(["formats", ...args, "--tz", "Europe/Berlin"], ctx);
  return { code, out: ctx.stdout.join(""), err: ctx.stderr.join("") };
}

test("every input of the bundled case is told with host, boots, span, clock, loss and a better export", async () => {
  const { code, out } = await formats(CASE);
  expect(code).toBe(EXIT.written);
  for (const fact of [
    "form:",
    "hosts: pve1",
    "boots: 2 at least",
    "span of",
    "clock:",
    "lost:",
    "journalctl -k -o export",
  ])
    expect(out).toContain(fact);
  expect(out).not.toMatch(/\bundefined\b|\bNaN\b/);
});

test("as JSON it is one object an input, and the better export is one of them", async () => {
  const { out } = await formats(CASE, "--format", "json");
  const inputs = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const journal = inputs.filter(({ form }) => form === "syslog-traditional");
  expect(journal.length).toBeGreaterThan(3);
  for (const one of journal) {
    expect(one.betterExport).toBe(FORM_ABILITIES["syslog-traditional"].better);
    expect(one.formConfidence).toBeGreaterThan(0.9);
    expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

test("--input-format reads a text as the form that it names", async () => {
  const { out } = await formats(`${CASE}/logs/kern.log.1`, "--input-format", "modprobe-config", "--format", "json");
  expect(JSON.parse(out)).toMatchObject({ form: "modprobe-config", formReason: "as the caller says", events: {} });
});

test("a form that is none is a usage error that lists the forms", async () => {
  const { code, err } = await formats(CASE, "--input-format", "syslog");
  expect(code).toBe(EXIT.usage);
  expect(err).toContain("syslog-traditional");
});
