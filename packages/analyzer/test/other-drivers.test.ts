import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { DAY, event, HOUR, summary, T0 } from "./support/make-events.js";

const other = (timeMs: number, driver: string | null, name: string, evidence?: string) =>
  event(
    "net.other_hang",
    timeMs,
    { adapter: { pci: null, interface: name }, driver, sign: "hang" },
    evidence === undefined ? {} : { evidence },
  );

test("hangs of other drivers are told by adapter and counted in no rate, whatever order they come in", () => {
  const events = [other(T0, "igc", "eth0", "b.log"), other(T0 + HOUR, "igc", "eth0", "a.log"), other(T0, null, "eth1")];
  const evidence = [summary(T0, T0 + DAY)];
  const report = analyze({ events, evidence }, { now: T0 + DAY });
  expect(report.otherDrivers).toMatchObject([
    { host: "pve", driver: "igc", interface: "eth0", lines: 2, place: { evidence: "a.log" } },
    { host: "pve", driver: null, interface: "eth1", lines: 1 },
  ]);
  for (const { episodes } of report.series) expect(episodes).toEqual([]);
  expect(analyze({ events: [...events].reverse(), evidence }, { now: T0 + DAY }).otherDrivers).toEqual(
    report.otherDrivers,
  );
});

test("a log that names thousands of adapters costs no more than a thousand, and tells twenty", () => {
  const events = Array.from({ length: 5_000 }, (_, i) => other(T0 + i, "igb", `eth${i}`));
  const report = analyze({ events, evidence: [summary(T0, T0 + DAY)] }, { now: T0 + DAY });
  expect(report.otherDrivers.length).toBe(20);
});
