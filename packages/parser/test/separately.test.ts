import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readEvidence } from "../src/node.js";

const HANG = "pve1 kernel: e1000e 0000:00:19.0 eno1: Reset adapter unexpectedly\n";

test("read separately, a log without years is told its year by its file, whatever lies beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hangproof-separately-"));
  try {
    const [dated, yearless] = [join(folder, "dated.log"), join(folder, "yearless.log")];
    writeFileSync(dated, `2024-05-02T02:14:07+00:00 ${HANG}`);
    writeFileSync(yearless, `May  2 02:14:09 ${HANG}`);
    utimesSync(yearless, new Date("2025-06-01"), new Date("2025-06-01"));
    const options = { timeZone: "UTC" };
    const yearOf = async (separately: boolean) => {
      const { evidence } = await readEvidence([folder], { ...options, separately });
      const { span, year } = evidence.find(({ evidence: label }) => label === yearless)!;
      return [new Date(span!.startMs).getUTCFullYear(), year];
    };
    expect(await yearOf(false)).toEqual([2024, "evidence"]);
    expect(await yearOf(true)).toEqual([2025, "file-time"]);
    const alone = await readEvidence([yearless], { ...options, separately: true });
    const beside = await readEvidence([folder], { ...options, separately: true });
    expect(beside.evidence).toContainEqual(alone.evidence[0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
