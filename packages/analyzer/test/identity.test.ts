import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, event, HOUR, linkUp, PCI, recovered, summary, T0 } from "./support/make-events.js";

const END = T0 + 30 * DAY;
const probe = (timeMs: number, mac: string): KernelEvent =>
  event("e1000e.probe", timeMs, {
    adapter: { pci: PCI, interface: "eth0" },
    mac,
    macType: null,
    phyType: null,
    partNumber: null,
  });
const report = (events: readonly KernelEvent[]) => analyze({ events, evidence: [summary(T0, END)] }, { now: END });

test("an adapter is the same one through a rename, a reload and a kernel update", () => {
  const { series } = report([
    boot(T0),
    probe(T0 + 1_000, "02:00:00:00:00:01"),
    event("net.rename", T0 + 2_000, { adapter: { pci: PCI, interface: "eno1" }, before: "eth0", after: "eno1" }),
    linkUp(T0 + 5_000),
    ...recovered(T0 + DAY),
    boot(T0 + 10 * DAY, "6.14.0-1-pve"),
    probe(T0 + 10 * DAY + 1_000, "02:00:00:00:00:01"),
    event("net.rename", T0 + 10 * DAY + 2_000, {
      adapter: { pci: PCI, interface: "nic0" },
      before: "eth0",
      after: "nic0",
    }),
    ...recovered(T0 + 11 * DAY),
  ]);
  expect(series).toHaveLength(1);
  expect(series[0]).toMatchObject({ adapter: { pci: PCI, mac: "02:00:00:00:00:01" } });
  expect(series[0]?.adapter.interfaces).toEqual(expect.arrayContaining(["eth0", "eno1", "nic0"]));
  expect(series[0]?.episodes).toHaveLength(2);
});

test("another card in the same place ends the series, and begins one of its own", () => {
  const swap = T0 + 10 * DAY;
  const { series } = report([
    boot(T0),
    probe(T0 + 1_000, "02:00:00:00:00:01"),
    ...recovered(T0 + DAY),
    ...recovered(T0 + 2 * DAY),
    boot(swap - HOUR),
    probe(swap, "02:00:00:00:00:02"),
    ...recovered(T0 + 20 * DAY),
  ]);
  expect(series.map(({ adapter, episodes }) => [adapter.mac, episodes.length])).toEqual([
    ["02:00:00:00:00:01", 2],
    ["02:00:00:00:00:02", 1],
  ]);
  for (const { adapter } of series) expect(adapter.pci).toBe(PCI);
  const [first, second] = series.map(({ coverage }) => coverage.span);
  expect(first?.endMs).toBe(swap);
  expect(second?.startMs).toBe(swap);
  const hours = series.reduce((sum, { coverage }) => sum + coverage.coveredHours, 0);
  expect(hours).toBeCloseTo((END - T0) / HOUR, 0);
});

test("a card that comes back is a third series, since another one stood there meanwhile", () => {
  const { series } = report([
    boot(T0),
    probe(T0 + 1_000, "02:00:00:00:00:01"),
    ...recovered(T0 + DAY),
    probe(T0 + 10 * DAY, "02:00:00:00:00:02"),
    probe(T0 + 20 * DAY, "02:00:00:00:00:01"),
    ...recovered(T0 + 21 * DAY),
  ]);
  expect(series).toHaveLength(3);
});
