import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { HangExplainer } from "../src/index.js";
import { event, hang, PCI, T0 } from "./support/make-events.js";

const adapter = { pci: PCI, interface: "eno1" };
const explain = (events: readonly KernelEvent[]) => {
  const explainer = new HangExplainer();
  for (const one of events) explainer.add(one);
  return explainer.finish();
};
const linkUp = (at: number, speedMbps: number, pci: string | null = PCI) =>
  event("e1000e.link_up", at, { adapter: { pci, interface: "eno1" }, speedMbps, duplex: "full", flowControl: "none" });

test("two adapters are never mixed, and two boots of one are told apart", () => {
  const other = { ...hang(T0 + 2_000), adapter: { pci: "0000:02:00.0", interface: "eno2" } } as KernelEvent;
  const { adapters } = explain([
    hang(T0),
    other,
    event("host.boot", T0 + 5_000, { kernelRelease: "6.8.12-1-pve" }),
    hang(T0 + 9_000),
  ]);
  expect(adapters.map(({ adapter: { pci }, reports, kernelRelease }) => [pci, reports, kernelRelease])).toEqual([
    [PCI, 1, null],
    ["0000:02:00.0", 1, null],
    [PCI, 1, "6.8.12-1-pve"],
  ]);
});

test("a link line that names the interface only is of the adapter of that name", () => {
  const { adapters } = explain([linkUp(T0 - 3_000, 100, null), hang(T0), hang(T0 + 2_000)]);
  expect(adapters).toHaveLength(1);
  expect(adapters[0]?.signs).toMatchObject({ linkSpeedMbps: 100, sinceLinkUpMs: 3_000, reports: 2, spanMs: 2_000 });
});

test("a hang soon after resume says so; a boot between them ends that", () => {
  const resume = event("host.resume", T0 - 5_000, { how: null });
  expect(explain([resume, hang(T0), hang(T0 + 2_000)]).adapters[0]?.judgement.mode).toBe("after-resume");
  const boot = event("host.boot", T0 - 2_000, { kernelRelease: null });
  expect(explain([resume, boot, hang(T0)]).adapters[0]?.signs.sinceResumeMs).toBeNull();
});

test("timeouts that name no driver, beside another driver's hang of that interface, are not ours", () => {
  const { adapters, others } = explain([
    event("net.other_hang", T0, { adapter: { pci: null, interface: "eth0" }, driver: "e1000", sign: "hang" }),
    event("net.tx_timeout", T0, {
      adapter: { pci: null, interface: "eth0" },
      driver: null,
      queue: null,
      stalledMs: null,
    }),
  ]);
  expect(adapters.map(({ judgement }) => judgement.mode)).toEqual(["other-driver"]);
  expect(others).toHaveLength(1);
});

test("what came after the last report is how it ended; after a reset that stays open", () => {
  const down = event("e1000e.link_down", T0 + 9_000, { adapter });
  const storm = [hang(T0), hang(T0 + 2_000), hang(T0 + 4_000)];
  const endOf = (...after: KernelEvent[]) => explain([...storm, ...after]).adapters[0]?.signs.end;
  expect(endOf()).toBeNull();
  expect(endOf(down, linkUp(T0 + 12_000, 1000))).toBe("link-cycle");
  expect(endOf(event("e1000e.driver_load", T0 + 9_000, { version: null }))).toBe("driver-reload");
  expect(endOf(event("host.shutdown", T0 + 9_000, { how: "reboot" }))).toBe("reboot");
  expect(endOf(event("e1000e.reset", T0 + 8_000, { adapter }), linkUp(T0 + 12_000, 1000))).toBeNull();
  expect(endOf(down, hang(T0 + 11_000))).toBeNull();
});

test("a report that stands twice in a paste counts once", () => {
  expect(explain([hang(T0), hang(T0 + 2_000), hang(T0), hang(T0 + 2_000)]).adapters[0]?.reports).toBe(2);
});

test("a hundred thousand reports are counted, and twelve are kept", () => {
  const explainer = new HangExplainer();
  for (let i = 0; i < 100_000; i++) explainer.add(hang(T0 + i * 2_000));
  const [one] = explainer.finish().adapters;
  expect(one?.reports).toBe(100_000);
  expect(one?.shown).toHaveLength(12);
});

test("resets and link-ups between reports at 100 Mb/s are flapping", () => {
  const events: KernelEvent[] = [];
  for (let i = 0; i < 4; i++) {
    const at = T0 + i * 30_000;
    events.push(linkUp(at, 100), hang(at + 12_000), event("e1000e.reset", at + 14_000, { adapter }));
  }
  expect(explain(events).adapters[0]?.judgement.mode).toBe("flapping");
});
