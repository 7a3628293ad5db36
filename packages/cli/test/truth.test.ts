import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AdapterReport, analyze } from "@hangproof/analyzer";
import { readEvidence } from "@hangproof/parser/node";
import { afterAll, expect, test } from "vitest";
import { CASE, type HostParameters, makeWorld, renderHost, type Truth, truthOf } from "../../../fixtures/make/index.js";

const base = mkdtempSync(join(tmpdir(), "hangproof-truth-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The report on a generated host's exported logs, through files and all. */
async function reportOn(parameters: HostParameters): Promise<AdapterReport | undefined> {
  const folder = join(base, `seed-${parameters.seed}-${parameters.effect}`);
  for (const [path, bytes] of renderHost(makeWorld(parameters))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const { events, evidence } = await readEvidence([folder], { timeZone: parameters.zone });
  return analyze({ events, evidence }, { now: Date.UTC(2025, 11, 1), timeZone: parameters.zone }).series[0];
}

const SECOND = 1000;
/** The lag that counts as in backup. */
const LAG = 600 * SECOND;
const endedJustBefore = ({ runs, boots }: Truth, onsetMs: number): boolean =>
  runs.some(({ startMs, endMs }) => {
    const end = endMs ?? boots.find(({ shutdownMs }) => (shutdownMs ?? 0) > startMs)?.shutdownMs ?? 0;
    return onsetMs >= end && onsetMs < end + LAG;
  });

/** `HANGPROOF_TRUTH_SEEDS=1-200` tries many more. */
function seedsToTry(range: string | undefined): readonly number[] {
  const [first, last] = (range ?? "").split("-").map(Number);
  if (first === undefined || last === undefined) return [1, 2, 3, 7, 14, 15, 16, 20, 30, 33];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

for (const seed of seedsToTry(process.env.HANGPROOF_TRUTH_SEEDS)) {
  for (const effect of [0, 1]) {
    test(`seed ${seed}, effect ${effect}: episodes, backups, change and coverage are those of the generated host`, async () => {
      const parameters = { ...CASE, seed, effect };
      const truth = truthOf(makeWorld(parameters));
      const report = await reportOn(parameters);
      const seen = truth.episodes.filter(({ lost }) => !lost);
      if (report === undefined) throw new Error("no report on the adapter");

      expect(report.episodes.map(({ end, reports }) => [end, reports])).toEqual(
        seen.map(({ end, reports }) => [end, reports]),
      );
      for (const [index, { onsetMs, endMs }] of seen.entries()) {
        const episode = report.episodes[index];
        // Text exports cut the fraction of a second.
        expect(Math.abs((episode?.onsetMs ?? 0) - onsetMs)).toBeLessThan(SECOND);
        expect(Math.abs((episode?.endMs ?? 0) - endMs)).toBeLessThan(SECOND);
      }
      expect(report.episodes.map(({ run }) => run !== null)).toEqual(
        seen.map(({ inBackup, onsetMs }) => inBackup || endedJustBefore(truth, onsetMs)),
      );

      expect(report.runs.length).toBe(truth.runs.length);
      expect(report.runs.map(({ outcome }) => outcome)).toEqual(truth.runs.map(({ outcome }) => outcome));
      expect(report.runs.map(({ guests }) => guests)).toEqual(truth.runs.map(({ guests }) => guests));
      for (const [index, { startMs, endMs }] of truth.runs.entries()) {
        const run = report.runs[index];
        expect(Math.abs((run?.startMs ?? 0) - startMs)).toBeLessThan(2 * SECOND);
        if (endMs !== null) expect(Math.abs((run?.endMs ?? 0) - endMs)).toBeLessThan(2 * SECOND);
      }

      expect(report.verdict.noOp).toBe(true);
      const change = report.changes.find(({ id }) => id === report.verdict.change);
      expect(Math.abs((change?.timeMs ?? 0) - truth.change.timeMs)).toBeLessThan(2 * SECOND);

      const hours = (span: { startMs: number; endMs: number } | null): number =>
        span === null ? 0 : (span.endMs - span.startMs) / 3_600_000;
      const missing = hours(truth.gap) + truth.boots.filter(({ shutdownMs }) => shutdownMs !== null).length / 60;
      expect(report.coverage.coveredHours).toBeGreaterThan(hours(truth.coverage) - missing - 6);
      expect(report.coverage.coveredHours).toBeLessThan(hours(truth.coverage) - missing + 6);
    });
  }
}
