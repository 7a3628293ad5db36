import fc from "fast-check";
import { expect, test } from "vitest";
import { layGround, sideOf } from "../src/epochs/ground.js";
import { fleetReport } from "../src/fleet/fleet.js";
import type { FleetUnit } from "../src/fleet/fleet-unit.js";

const HOUR_MS = 3_600_000;
const DAYS = 100;
const CHANGE_MS = 50 * 24 * HOUR_MS;

interface Shape {
  readonly before: number;
  readonly after: number;
  readonly changed: boolean;
  readonly noOp?: boolean;
}

/** A host that is watched for 100 days, with its hangs spread evenly over each half. */
function unit(host: string, { before, after, changed, noOp = false }: Shape): FleetUnit {
  const times = (n: number, fromMs: number): number[] =>
    Array.from({ length: n }, (_, i) => fromMs + ((i + 0.5) / n) * CHANGE_MS);
  const onsets = [...times(before, 0), ...times(after, CHANGE_MS)];
  const ground = layGround({
    covered: [{ startMs: 0, endMs: DAYS * 24 * HOUR_MS }],
    windows: [],
    episodes: onsets.map((onsetMs) => ({ onsetMs, endMs: onsetMs })),
    runs: [],
  });
  const [startMs, endMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const whole = sideOf(ground, startMs, endMs);
  const change = {
    kind: "setting" as const,
    title: "tso=off",
    timeMs: CHANGE_MS,
    noOp,
    startMs,
    endMs,
    before: sideOf(ground, startMs, CHANGE_MS),
    after: sideOf(ground, CHANGE_MS, endMs),
  };
  return {
    host,
    adapter: "0000:00:19.0",
    nic: null,
    hasDates: true,
    whole,
    kernels: new Map([["6.8.12", whole]]),
    settings: new Map(),
    changes: changed ? [change] : [],
    ground,
  };
}

const fleet = (shape: Shape, n: number, from = 0): FleetUnit[] =>
  Array.from({ length: n }, (_, i) => unit(`web${from + i}`, shape));
const changeOf = (units: readonly FleetUnit[]) => fleetReport(units, { now: 0 }).changes[0]!;

test("a drop that no single host could show is shown by all of them", () => {
  const treated = fleet({ before: 2, after: 0, changed: true }, 8);
  expect(changeOf(treated.slice(0, 1)).rung).toBe("not-shown");
  const change = changeOf([...treated, ...fleet({ before: 2, after: 2, changed: false }, 8, 8)]);
  expect(change.rung).toBe("fewer-shown");
  // 16 of 16 hangs before, in equal times: 2^-16.
  expect(change.perHour).toMatchObject({ value: { pLess: expect.closeTo(2 ** -16, 12), strata: 8, ratio: 0 } });
  expect(change.controlled).toMatchObject({ value: { ratio: 0, treated: 8, controls: 8 } });
  expect(change.without).toHaveLength(8);
});

test("a drop that hosts without the change show as well is no claim", () => {
  const units = [
    ...fleet({ before: 4, after: 1, changed: true }, 6),
    ...fleet({ before: 4, after: 0, changed: false }, 6, 6),
  ];
  const change = changeOf(units);
  expect(change.perHour).toMatchObject({ value: { pLessAdjusted: expect.any(Number) } });
  expect(change.rung).toBe("not-shown");
  expect(change.sentence).toContain("hosts without the change show as well");
});

test("a change that changed no effective value is said to be none, beside the claim and in the headline", () => {
  const report = fleetReport(fleet({ before: 3, after: 0, changed: true, noOp: true }, 5), { now: 0 });
  expect(report.changes[0]!.sentence).toContain("on 5 of 5 the effective value stayed what it was");
  expect(report.headline).toContain("though what it sets was in force before");
});

test("without any hang nothing is claimed, however many hosts are silent", () => {
  const report = fleetReport(fleet({ before: 0, after: 0, changed: true }, 50), { now: 0 });
  expect(report.changes[0]!.rung).toBe("insufficient-evidence");
  expect(report.variation).toMatchObject({ status: "insufficient" });
  expect(report.units.every(({ isWorse }) => !isWorse)).toBe(true);
});

test("the host with far more hangs is worse than chance, by exact p and Holm, and its rate is shrunken towards the rest", () => {
  const report = fleetReport(
    [...fleet({ before: 1, after: 1, changed: false }, 19), unit("bad", { before: 10, after: 10, changed: false })],
    { now: 0 },
  );
  const [worst, ...others] = report.units;
  expect(worst).toMatchObject({ host: "bad", isWorse: true });
  expect(worst!.pWorseAdjusted).toBeCloseTo(worst!.pWorse! * 20, 12);
  expect(worst!.shrunken!.per1000Hours).toBeLessThan(worst!.per1000Hours!);
  expect(others.every(({ isWorse }) => !isWorse)).toBe(true);
});

test("the order of hosts makes no difference, and the report holds nothing that JSON cannot", () => {
  const shape = fc.record({ before: fc.nat(4), after: fc.nat(4), changed: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(shape, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      (shapes, keys) => {
        const units = shapes.map((one, i) => unit(`web${i}`, one));
        const report = fleetReport(units, { now: 0 });
        const mixed = units.map((one, i) => [keys[i]!, one] as const).sort(([a], [b]) => a - b);
        expect(
          fleetReport(
            mixed.map(([, one]) => one),
            { now: 0 },
          ),
        ).toEqual(report);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      },
    ),
    { numRuns: 50 },
  );
});

test("a confidence out of range is named", () => {
  expect(() => fleetReport([], { now: 0, confidence: 1 })).toThrow("confidence");
});
