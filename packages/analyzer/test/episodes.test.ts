import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import {
  boot,
  DAY,
  event,
  HOUR,
  hang,
  linkDown,
  linkUp,
  load,
  MINUTE,
  recovered,
  reset,
  shutdown,
  storm,
  summary,
  T0,
} from "./support/make-events.js";

const END = T0 + 2 * DAY;
const ON = T0 + 10 * HOUR + 1_234;

function episodesOf(events: readonly KernelEvent[], endMs = END) {
  const report = analyze({ events, evidence: [summary(T0, endMs)] }, { now: endMs });
  expect(report.series).toHaveLength(1);
  return report.series[0]!.episodes;
}

test("reset and link up end an episode at the link, not at the reset", () => {
  const [episode, ...others] = episodesOf(recovered(ON));
  expect(others).toEqual([]);
  expect(episode).toMatchObject({
    onsetMs: ON,
    endMs: ON + 12_000,
    end: "driver-reset",
    reports: 3,
    resets: 1,
    cadenceS: 2,
  });
  expect(episode?.censored).toBe(false);
});

test("hangs that come back right after a reset are the same episode, with the rounds counted", () => {
  const events = [...recovered(ON), ...recovered(ON + 30_000), ...recovered(ON + 60_000)];
  expect(episodesOf(events)).toMatchObject([{ resets: 3, reports: 9, endMs: ON + 72_000 }]);
});

test("recovery that held makes the next hang another episode", () => {
  expect(episodesOf([...recovered(ON), ...recovered(ON + 5 * MINUTE)])).toHaveLength(2);
});

test("a gap of exactly the threshold is still one episode, a longer one is not", () => {
  expect(episodesOf([hang(ON), hang(ON + 60_000)])).toHaveLength(1);
  expect(episodesOf([hang(ON), hang(ON + 60_001)])).toHaveLength(2);
});

test("a wedge of six days is one episode, holes in the log or not", () => {
  const start = T0 + HOUR;
  const end = start + 6 * DAY;
  const reports = Array.from({ length: 6 * 24 * 6 }, (_, i) => hang(start + i * 10 * MINUTE, { packet: 42 }));
  const [episode, ...others] = episodesOf([...reports, linkDown(end), linkUp(end + 4_000)], T0 + 10 * DAY);
  expect(others).toEqual([]);
  expect(episode?.downHours).toBeGreaterThan(143);
});

test("the link taken down and up ends an episode as a link cycle, however long it stayed down", () => {
  const events = [...storm(ON, 20), linkDown(ON + 41_000), linkUp(ON + HOUR)];
  expect(episodesOf(events)).toMatchObject([{ end: "link-cycle", endMs: ON + HOUR, resets: 0 }]);
});

test("a driver reload ends an episode when the link is back", () => {
  const events = [...storm(ON, 20), linkDown(ON + 41_000), load(ON + 50_000), linkUp(ON + 55_000)];
  expect(episodesOf(events)).toMatchObject([{ end: "driver-reload", endMs: ON + 55_000 }]);
});

test("an orderly reboot ends an episode, and a hang after it is another one", () => {
  const up = ON + 3 * MINUTE;
  const events = [...storm(ON, 20), shutdown(ON + 50_000), boot(up), linkUp(up + 5_000), ...recovered(up + 20_000)];
  expect(episodesOf(events)).toMatchObject([{ end: "reboot", endMs: up + 5_000 }, { end: "driver-reset" }]);
});

test("a boot without a shutdown record is a crash", () => {
  const up = ON + 3 * MINUTE;
  expect(episodesOf([...storm(ON, 20), boot(up), linkUp(up + 5_000)])).toMatchObject([
    { end: "host-crash", endMs: up + 5_000 },
  ]);
});

test("a crash long after the last report, the kernel having spoken in between, did not end the stall", () => {
  const up = ON + 8 * HOUR;
  expect(episodesOf([...storm(ON, 20), boot(up), linkUp(up + 5_000)])).toMatchObject([
    { end: "stall-dissolved", endMs: ON + 38_000 },
  ]);
});

test("a new boot id ends an episode, though the log lacks the boot's first line", () => {
  const again = ON + 3 * MINUTE;
  const events = [...storm(ON, 20, { bootId: "a" }), ...storm(again, 5, { bootId: "b" })];
  const report = analyze({ events, evidence: [summary(T0, END)] }, { now: END }).series[0]!;
  expect(report.episodes).toMatchObject([{ end: "host-crash", endMs: again }, { end: "stall-dissolved" }]);
  expect(report.boots.map((one) => one.endedBy)).toEqual(["crash", "crash", "log-ends"]);
});

test("reports that stop without a line are a stall that dissolved; at the log's end nothing is known", () => {
  expect(episodesOf(storm(ON, 5))).toMatchObject([{ end: "stall-dissolved", censored: false, endMs: ON + 8_000 }]);
  expect(episodesOf(storm(ON, 5), ON + 9_000)).toMatchObject([{ end: "log-ends", censored: true, endMs: ON + 8_000 }]);
});

test("a reset without any report is listed, and is no episode", () => {
  const report = analyze({ events: [reset(ON), linkUp(ON + 4_000)], evidence: [summary(T0, END)] }, { now: END });
  expect(report.series[0]?.episodes).toEqual([]);
  expect(report.series[0]?.resetsWithoutReport).toMatchObject([{ timeMs: ON }]);
});

test("link lines without a PCI address belong to the adapter of that name, through renames", () => {
  const rename = event("net.rename", T0 + 1_000, {
    adapter: { pci: "0000:00:19.0", interface: "eno1" },
    before: "eth0",
    after: "eno1",
  });
  const up = event("e1000e.link_up", ON + 12_000, {
    adapter: { pci: null, interface: "eth0" },
    speedMbps: 1000,
    duplex: "full",
    flowControl: "none",
  });
  const other = event("e1000e.link_up", T0, {
    adapter: { pci: "0000:03:00.0", interface: "eno2" },
    speedMbps: 1000,
    duplex: "full",
    flowControl: "none",
  });
  const report = analyze(
    { events: [rename, other, ...storm(ON, 3), reset(ON + 8_000), up], evidence: [summary(T0, END)] },
    { now: END },
  );
  expect(
    report.series.map((series) => [series.adapter.pci, series.adapter.interfaces, series.episodes.length]),
  ).toEqual([
    ["0000:00:19.0", ["eth0", "eno1"], 1],
    ["0000:03:00.0", ["eno2"], 0],
  ]);
  expect(report.series[0]?.episodes[0]?.endMs).toBe(ON + 12_000);
});

test("a transmit timeout of another driver is no one's", () => {
  const timeout = event("net.tx_timeout", ON + 1_000, {
    adapter: { pci: null, interface: "enp3s0" },
    driver: "r8169",
    queue: 0,
    stalledMs: null,
  });
  expect(episodesOf([...storm(ON, 3), timeout])).toMatchObject([{ timeouts: 0 }]);
});
