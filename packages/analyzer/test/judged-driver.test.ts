import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { type AdapterReport, analyze, readReport } from "../src/index.js";
import { DAY, event, HOUR, hang, MINUTE, recovered, reset, run, summary, T0 } from "./support/make-events.js";

const DRIVER = "acme_eth";
const common = { pack: "acme", driver: DRIVER };

/** The same fact, told by a driver that a pack describes. */
function ofPack(told: KernelEvent): KernelEvent {
  const { time, host, bootId, trust, provenance } = told;
  const same = { time, host, bootId, trust, provenance, ...common };
  switch (told.kind) {
    case "e1000e.hang": {
      const { TDH = 0, TDT = 0, jiffies = 0, time_stamp = 0 } = told.registers;
      const registers = { ring: 7, "MAC Status": 0xffffffff, TDH, TDT, jiffies, time_stamp };
      return { kind: "pack.hang", ...same, adapter: told.adapter, registers, missing: [] };
    }
    case "e1000e.reset":
      return { kind: "pack.sign", ...same, adapter: told.adapter, sign: "reset", speedMbps: null };
    case "e1000e.link_up":
      return { kind: "pack.sign", ...same, adapter: told.adapter, sign: "link_up", speedMbps: told.speedMbps };
    default:
      return told;
  }
}

const nights = Array.from({ length: 40 }, (_, night) => T0 + night * DAY + 2 * HOUR);
const own = nights.flatMap((startMs, night) => [
  ...run(startMs, startMs + HOUR),
  ...(night < 20 ? recovered(startMs + 10 * MINUTE) : []),
]);
const evidence = [summary(T0, T0 + 40 * DAY)];
const options = { now: T0 + 41 * DAY, changes: [{ timeMs: T0 + 20 * DAY, title: "flow control off" }] };

/** All but what is known of e1000e alone. */
function numbers({ failureModes: _modes, withoutReport: _without, episodes, ...rest }: AdapterReport): unknown {
  return { ...rest, episodes: episodes.map(({ failureMode: _mode, ...episode }) => episode) };
}

test("a driver that a pack describes gets, of the same facts, every number that e1000e gets", () => {
  const expected = analyze({ events: own, evidence }, options);
  const report = analyze({ events: own.map(ofPack), evidence }, { ...options, driver: DRIVER });
  expect(report.series.map(numbers)).toEqual(expected.series.map(numbers));
  expect(report.series[0]?.episodes).toHaveLength(20);
  expect(report.series[0]?.verdict.rung).toBe("improvement-shown");
  expect(report.series[0]?.episodes[0]?.failureMode).toMatchObject({ mode: "other-driver" });
  expect(report.options.driver).toBe(DRIVER);
  expect(readReport(JSON.stringify(report)).options.driver).toBe(DRIVER);
});

test("unless it is asked for, it is another driver's and in no rate", () => {
  const report = analyze({ events: own.map(ofPack), evidence }, options);
  expect(report.series.flatMap(({ episodes }) => episodes)).toEqual([]);
  expect(report.otherDrivers).toMatchObject([{ driver: DRIVER, interface: "eno1", lines: 80 }]);
  expect(report.options).not.toHaveProperty("driver");
});

test("where another driver is asked for, e1000e's hangs, resets, timeouts and options are not its", () => {
  const timeout = { adapter: { pci: null, interface: "eno1" }, driver: "e1000e", queue: 0, stalledMs: null };
  const option = {
    file: "modprobe.d",
    interface: null,
    name: "InterruptThrottleRate",
    value: "3",
    ignored: null,
  } as const;
  const events = [
    ...own.map(ofPack),
    hang(T0 + 5 * DAY),
    reset(T0 + 5 * DAY + MINUTE),
    event("net.tx_timeout", T0 + 6 * DAY, timeout),
    event("setting.file", null, { ...option, module: "e1000e" }),
    event("setting.file", null, { ...option, module: DRIVER }),
  ];
  const report = analyze({ events, evidence }, { ...options, driver: DRIVER });
  expect(report.series).toHaveLength(1);
  expect(report.series[0]?.episodes).toHaveLength(20);
  expect(report.series[0]?.timeoutsWithoutReport).toEqual([]);
  expect(report.series[0]?.settings.map(({ name }) => name)).toEqual([`${DRIVER}.InterruptThrottleRate`]);
  expect(report.otherDrivers).toMatchObject([{ driver: "e1000e", lines: 2 }]);
});

test("a driver's own transmit timeouts belong to its episodes", () => {
  const timeout = { adapter: { pci: null, interface: "eno1" }, queue: 0, stalledMs: null };
  const at = nights[3]! + 10 * MINUTE + 5_000;
  const events = [...own.map(ofPack), event("net.tx_timeout", at, { ...timeout, driver: DRIVER })];
  const [series] = analyze({ events, evidence }, { ...options, driver: DRIVER }).series;
  expect(series?.episodes.map(({ timeouts }) => timeouts)).toEqual(
    nights.slice(0, 20).map((_, i) => (i === 3 ? 1 : 0)),
  );
});

test("a driver without a name is refused", () => {
  for (const driver of ["", "E1000E", "a b", "../x"])
    expect(() => analyze({ events: [], evidence: [] }, { now: 0, driver })).toThrow(RangeError);
});
