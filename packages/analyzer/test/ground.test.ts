import fc from "fast-check";
import { expect, test } from "vitest";
import { assertCellsAddUp, layGround, sideOf } from "../src/epochs/ground.js";
import { clip, contains, intersect, lengthMs, subtract, union } from "../src/timeline/spans.js";
import { mergeWindows } from "../src/windows/windows.js";
import { HOUR } from "./support/make-events.js";

const span = (start: number, end: number) => ({ startMs: start * HOUR, endMs: end * HOUR });
const episode = (start: number, end: number) => ({ onsetMs: start * HOUR, endMs: end * HOUR });

test("the worked example of exposure book-keeping comes out to the quarter of an hour", () => {
  const windows = mergeWindows([span(2, 4), span(26, 28), span(46, 62), span(98, 100)], 0, HOUR);
  const ground = layGround({
    covered: [span(0, 48), span(60, 120)],
    windows,
    episodes: [episode(3, 3.5), episode(50, 51), episode(61, 61.25), episode(90, 90.5)],
    runs: [],
  });
  const first = sideOf(ground, Number.NEGATIVE_INFINITY, 72 * HOUR);
  const second = sideOf(ground, 72 * HOUR, Number.POSITIVE_INFINITY);
  expect([first.windowHours, first.eventsInWindows]).toEqual([10.25, 2]);
  expect([first.hours - first.windowHours, first.events - first.eventsInWindows]).toEqual([49, 0]);
  expect([second.windowHours, second.eventsInWindows]).toEqual([3, 0]);
  expect([second.hours - second.windowHours, second.events]).toEqual([44.5, 1]);
  expect(lengthMs(ground.atRisk) / HOUR).toBe(106.75);
  expect(() => assertCellsAddUp(ground, [72 * HOUR])).not.toThrow();
});

const spans = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 40 })).map(([start, length]) => ({
    startMs: start,
    endMs: start + length,
  })),
  { maxLength: 12 },
);
const members = (set: readonly { startMs: number; endMs: number }[]): boolean[] =>
  Array.from({ length: 260 }, (_, moment) => set.some((part) => moment >= part.startMs && moment < part.endMs));

test("sets of spans behave as sets of moments", () => {
  fc.assert(
    fc.property(spans, spans, fc.integer({ min: 0, max: 250 }), fc.integer({ min: 0, max: 250 }), (a, b, from, to) => {
      const [left, right] = [union(a), union(b)];
      const [inLeft, inRight] = [members(a), members(b)];
      expect(members(left)).toEqual(inLeft);
      expect(members(intersect(left, right))).toEqual(inLeft.map((is, i) => is && inRight[i]!));
      expect(members(subtract(left, right))).toEqual(inLeft.map((is, i) => is && !inRight[i]!));
      expect(members(clip(left, from, to))).toEqual(inLeft.map((is, i) => is && i >= from && i < to));
      expect(lengthMs(left)).toBe(inLeft.filter(Boolean).length);
      expect(contains(left, from)).toBe(inLeft[from]);
    }),
  );
});

test("cells add up to coverage less hang time, whatever the windows, hangs and borders", () => {
  fc.assert(
    fc.property(
      spans,
      spans,
      spans,
      fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 5 }),
      (a, b, c, borders) => {
        const episodes = c.map(({ startMs, endMs }) => ({ onsetMs: startMs, endMs }));
        const ground = layGround({ covered: union(a), windows: b, episodes, runs: [] });
        const sorted = borders.sort((x, y) => x - y);
        expect(() => assertCellsAddUp(ground, sorted)).not.toThrow();
        const edges = [Number.NEGATIVE_INFINITY, ...sorted, Number.POSITIVE_INFINITY];
        const sides = edges.slice(1).map((end, i) => sideOf(ground, edges[i]!, end));
        const events = sides.reduce((sum, side) => sum + side.events, 0);
        expect(events).toBe(episodes.filter(({ onsetMs }) => contains(ground.covered, onsetMs)).length);
      },
    ),
  );
});

test("windows that touch or overlap are one for time, and keep their runs", () => {
  const windows = mergeWindows([span(1, 2), span(2, 3), span(5, 6), span(5.5, 5.6), span(9, 9)], 0, 0);
  expect(windows.map(({ startMs, endMs, runs }) => [startMs / HOUR, endMs / HOUR, runs])).toEqual([
    [1, 3, [0, 1]],
    [5, 6, [2, 3]],
  ]);
});
