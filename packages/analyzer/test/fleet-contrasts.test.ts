import { expect, test } from "vitest";
import { layGround, sideOf } from "../src/epochs/ground.js";
import { fleetReport } from "../src/fleet/fleet.js";
import type { FleetContrast, FleetContrasts } from "../src/fleet/fleet-report.js";
import type { FleetUnit } from "../src/fleet/fleet-unit.js";

const HOURS = 1000;
const HOUR_MS = 3_600_000;

/** An adapter that was watched for 1,000 hours under each kernel, with so many hangs. */
function unit(host: string, nic: string | null, kernels: Readonly<Record<string, number>>): FleetUnit {
  const onsets = Object.values(kernels).flatMap((n, k) =>
    Array.from({ length: n }, (_, i) => (k + (i + 0.5) / n) * HOURS * HOUR_MS),
  );
  const ground = layGround({
    covered: [{ startMs: 0, endMs: Object.keys(kernels).length * HOURS * HOUR_MS }],
    windows: [],
    episodes: onsets.map((onsetMs) => ({ onsetMs, endMs: onsetMs })),
    runs: [],
  });
  return {
    host,
    adapter: "0000:00:19.0",
    nic,
    hasDates: true,
    whole: sideOf(ground, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    kernels: new Map(Object.entries(kernels).map(([name, events]) => [name, { events, hours: HOURS }])),
    settings: new Map(),
    changes: [],
    ground,
  };
}

const times = (n: number, make: (i: number) => FleetUnit): FleetUnit[] => Array.from({ length: n }, (_, i) => make(i));
function group(units: readonly FleetUnit[], by: FleetContrasts["by"], within: FleetContrasts["within"]) {
  return fleetReport(units, { now: 0 }).contrasts.find((one) => one.by === by && one.within === within)!.contrasts;
}
function only(units: readonly FleetUnit[], by: FleetContrasts["by"], within: FleetContrasts["within"]): FleetContrast {
  const contrasts = group(units, by, within);
  if (contrasts.status !== "ok" || contrasts.value.length !== 1) throw new Error(JSON.stringify(contrasts));
  return contrasts.value[0]!;
}

test("hardware that never ran under one kernel with other hardware cannot be told from its kernel", () => {
  const units = [
    ...times(5, (i) => unit(`a${i}`, "I217", { "5.15": 4 })),
    ...times(5, (i) => unit(`b${i}`, "I219", { "6.8": 0 })),
  ];
  for (const { contrasts } of fleetReport(units, { now: 0 }).contrasts)
    expect(contrasts).toMatchObject({
      status: "insufficient",
      because: expect.stringContaining("cannot be told apart"),
    });
});

test("kinds of hardware under the same kernels: the ratio is stratified, strata are named, and no cause is claimed", () => {
  // The old kernel doubles both; more hosts of one kind run it, so that crude rates mislead.
  const units = [
    ...times(8, (i) => unit(`a${i}`, "I217", { "5.15": 12 })),
    ...times(2, (i) => unit(`b${i}`, "I217", { "6.8": 6 })),
    ...times(2, (i) => unit(`c${i}`, "I219", { "5.15": 12 })),
    ...times(8, (i) => unit(`d${i}`, "I219", { "6.8": 6 })),
  ];
  const hardware = only(units, "nic", "kernel");
  expect(hardware).toMatchObject({ level: "I217", hosts: 10, otherHosts: 10, rung: "not-shown", spread: 1 });
  expect(hardware.ratio).toBeCloseTo(1, 10);
  expect(hardware.strata.map(({ name, own, others }) => [name, own.hosts, others.hosts])).toEqual([
    ["5.15", 8, 2],
    ["6.8", 2, 8],
  ]);
  expect(hardware.sentence).toContain("(5.15, 6.8)");
  expect(hardware.sentence).toContain("proves no cause");
  const kernel = only(units, "kernel", "nic");
  expect(kernel.ratio).toBeCloseTo(2, 10);
  expect(kernel).toMatchObject({ level: "5.15", rung: "more-shown" });
});

test("a single odd host makes no claim about its kind, and neither does a kind of one host", () => {
  const calm = times(9, (i) => unit(`a${i}`, "I217", { "6.8": 1 }));
  const others = times(10, (i) => unit(`b${i}`, "I219", { "6.8": 1 }));
  const odd = only([...calm, unit("odd", "I217", { "6.8": 60 }), ...others], "nic", "kernel");
  expect(odd.pGreaterAdjusted).toBeLessThan(1e-6);
  expect(odd).toMatchObject({ rung: "not-shown" });
  expect(odd.spread).toBeGreaterThan(10);
  expect(odd.sentence).toContain("as few hosts make it");
  const single = only([unit("odd", "I217", { "6.8": 60 }), ...others], "nic", "kernel");
  expect(single).toMatchObject({ rung: "insufficient-evidence" });
  expect(single.sentence).toContain("single host");
});

test("a side without any hang is judged by its number of hosts as well", () => {
  const quiet = times(6, (i) => unit(`a${i}`, "I219", { "6.8": 0 }));
  const even = only([...quiet, ...times(6, (i) => unit(`b${i}`, "I217", { "6.8": 3 }))], "nic", "kernel");
  expect(even).toMatchObject({ level: "I217", ratio: "infinite", spreadInterval: null, rung: "more-shown" });
  const lumped = times(6, (i) => unit(`b${i}`, "I217", { "6.8": i === 0 ? 18 : 0 }));
  expect(only([...quiet, ...lumped], "nic", "kernel")).toMatchObject({ rung: "not-shown" });
});

test("kernels on the same adapters are compared host by host, and the date is named as what comes with them", () => {
  const units = times(4, (i) => unit(`a${i}`, "I219", { "5.15": 10 * (i + 1), "6.8": 2 * (i + 1) }));
  const same = only(units, "kernel", "adapter");
  expect(same.ratio).toBeCloseTo(5, 10);
  expect(same).toMatchObject({ level: "5.15", rung: "more-shown", spread: 1 });
  expect(same.sentence).toContain("a kernel comes with a date");
});

test("adapters called worse by Holm are among those by the false discovery rate", () => {
  const units = times(60, (i) => unit(`h${i}`, null, { "6.8": i === 0 ? 14 : i < 4 ? 9 : 2 }));
  const { units: reports } = fleetReport(units, { now: 0 });
  const named = (pick: "isWorse" | "isSuspect") =>
    reports
      .filter((one) => one[pick])
      .map(({ host }) => host)
      .sort();
  expect(named("isWorse")).toEqual(["h0"]);
  expect(named("isSuspect")).toEqual(["h0", "h1", "h2", "h3"]);
});
