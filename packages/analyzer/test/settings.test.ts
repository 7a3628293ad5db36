import type { KernelEvent } from "@hangproof/parser";
import { expect, test } from "vitest";
import { analyze } from "../src/index.js";
import { boot, DAY, event, HOUR, itr, linkUp, load, MINUTE, recovered, summary, T0 } from "./support/make-events.js";

const END = T0 + 30 * DAY;

function settingsOf(events: readonly KernelEvent[]) {
  const report = analyze(
    { events: [boot(T0), load(T0 + 4_000), ...events, ...recovered(T0 + DAY)], evidence: [summary(T0, END)] },
    { now: END },
  );
  const series = report.series[0]!;
  return { ...series, byName: new Map(series.settings.map((setting) => [setting.name, setting])) };
}

const asked = (value: string, more: Partial<Extract<KernelEvent, { kind: "setting.file" }>> = {}) =>
  event(
    "setting.file",
    null,
    {
      file: "modprobe.d",
      module: "e1000e",
      interface: null,
      name: "InterruptThrottleRate",
      value,
      ignored: null,
      ...more,
    },
    { host: null, evidence: "modprobe.d/e1000e.conf" },
  );
const shown = (name: string, value: string, adapter: string | null = "eno1") =>
  event(
    "setting.snapshot",
    null,
    { tool: "ethtool", interface: adapter, name, value },
    { host: null, evidence: "k.txt" },
  );
const command = (timeMs: number, text: string, adapter: string | null = "eno1") =>
  event("setting.command", timeMs, { command: text, program: "ethtool", interface: adapter });

test("an option that the driver never followed is found, with where to look", () => {
  const { byName } = settingsOf([asked("0"), itr(T0 + 5_000), load(T0 + 2 * DAY), itr(T0 + 2 * DAY + 1_000)]);
  const setting = byName.get("InterruptThrottleRate")!;
  expect(setting.tookEffect).toBe(false);
  expect(setting.finding).toContain("The driver never did what was asked for");
  expect(setting.finding).toContain("update-initramfs -u");
});

test("an option that the driver follows is said to be in force", () => {
  const { byName } = settingsOf([asked("0,0"), itr(T0 + 5_000), load(T0 + 2 * DAY), itr(T0 + 2 * DAY + 1_000, "off")]);
  expect(byName.get("InterruptThrottleRate")).toMatchObject({ tookEffect: true });
  expect(byName.get("InterruptThrottleRate")?.finding).not.toContain("never");
});

test("a file that nothing reads, and options of another driver, are found and ask for nothing", () => {
  const reason = "modprobe reads only files whose names end in .conf";
  const { byName, changes } = settingsOf([
    asked("0", { ignored: reason }),
    asked("1", { module: "e1000" }),
    asked("1", { module: "kvm", name: "nested" }),
    itr(T0 + 5_000),
  ]);
  const setting = byName.get("InterruptThrottleRate")!;
  expect(setting.requested).toEqual([]);
  expect(setting.ignored.map(({ value }) => value)).toEqual(["0", "1"]);
  expect(setting.finding).toContain(reason);
  expect(setting.finding).toContain("e1000 is the driver of older cards");
  expect(byName.has("nested")).toBe(false);
  expect(changes.filter(({ kind }) => kind === "setting")).toEqual([]);
});

test("what ethtool showed decides whether a command was in force when the evidence was collected", () => {
  const off = command(T0 + 3 * DAY, "/sbin/ethtool -K eno1 tso off gso off");
  const { byName } = settingsOf([
    off,
    shown("offload.tso", "on"),
    shown("offload.gso", "off"),
    shown("driver", "e1000e"),
  ]);
  expect(byName.get("offload.tso")).toMatchObject({ tookEffect: false });
  expect(byName.get("offload.tso")?.finding).toContain("was not in force then");
  expect(byName.get("offload.gso")).toMatchObject({ tookEffect: true });
  expect(byName.has("driver")).toBe(false);
});

test("a command in a file counts as what it sets, and another interface's settings do not count", () => {
  const hook = asked("/sbin/ethtool -K eno1 tso off", { file: "interfaces", module: null, name: "command" });
  const others = [
    asked("/sbin/ethtool -K eno2 gso off", { file: "interfaces", module: null, name: "command", interface: "eno2" }),
    command(T0 + 3 * DAY, "/sbin/ethtool -K eno2 gro off", "eno2"),
    shown("offload.rx", "off", "eno2"),
  ];
  const { byName } = settingsOf([linkUp(T0 + MINUTE), hook, ...others]);
  expect([...byName.keys()]).toEqual(["offload.tso"]);
  expect(byName.get("offload.tso")?.requested).toMatchObject([{ value: "off", from: "interfaces" }]);
});

test("a reload that puts a setting in force is told with it, once, and changes are counted from 1", () => {
  const { changes, verdict } = settingsOf([
    itr(T0 + 5_000),
    load(T0 + 10 * DAY),
    itr(T0 + 10 * DAY + 1_000, "off"),
    asked("0"),
  ]);
  expect(changes.map(({ id, kind, title }) => [id, kind, title])).toEqual([
    [1, "boot", "reboot"],
    [2, "setting", "InterruptThrottleRate=0"],
  ]);
  expect(changes[1]?.together).toEqual(["driver reload"]);
  expect(verdict.change).toBe(2);
});

test("link speed, firmware and the way of backups are told as changes of their own", () => {
  const slow = event("e1000e.link_up", T0 + 5 * DAY, {
    adapter: { pci: "0000:00:19.0", interface: "eno1" },
    speedMbps: 100,
    duplex: "full",
    flowControl: "none",
  });
  const firmware = (timeMs: number, bios: string) => event("host.firmware", timeMs, { machine: "Dell", bios });
  const job = (timeMs: number, mode: string, limit: number | null) =>
    event("backup.job_start", timeMs, {
      command: `vzdump 103 --mode ${mode}`,
      upid: null,
      storage: "nas",
      mode,
      bandwidthLimitKiBps: limit,
    });
  const { changes } = settingsOf([
    linkUp(T0 + HOUR),
    slow,
    firmware(T0 + 1_000, "1.2"),
    firmware(T0 + 6 * DAY, "1.3"),
    job(T0 + 7 * DAY, "snapshot", null),
    job(T0 + 8 * DAY, "stop", 50_000),
  ]);
  const titles = changes.map(({ kind, title }) => `${kind}: ${title}`);
  expect(titles).toEqual(
    expect.arrayContaining([
      "link: link 1000 to 100 Mb/s",
      "firmware: BIOS 1.2 to 1.3",
      "backup: backup mode snapshot to stop",
      "backup: backup bandwidth limit none to 50000",
    ]),
  );
});
