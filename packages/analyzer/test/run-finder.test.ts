import fc from "fast-check";
import { expect, test } from "vitest";
import { runFinder } from "../src/windows/windows.js";

const runsOf = fc
  .array(fc.record({ startMs: fc.integer({ min: 0, max: 100 }), length: fc.integer({ min: 0, max: 60 }) }), {
    maxLength: 20,
  })
  .map((runs) =>
    runs.map(({ startMs, length }) => ({ startMs, endMs: startMs + length })).sort((a, b) => a.startMs - b.startMs),
  );

test("a moment belongs to the last run that started of those whose window holds it", () => {
  fc.assert(
    fc.property(
      runsOf,
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 0, max: 20 }),
      (runs, inductionMs, lagMs) => {
        const find = runFinder(runs, inductionMs, lagMs);
        for (let timeMs = -5; timeMs < 200; timeMs++) {
          const holding = runs.flatMap((run, id) =>
            timeMs >= run.startMs + inductionMs && timeMs < run.endMs + lagMs ? [id] : [],
          );
          expect(find(timeMs)).toBe(holding.at(-1) ?? null);
        }
      },
    ),
  );
});
