import { expect, test } from "vitest";
import { CATALOGUE } from "../src/drivers/e1000e/catalogue.js";
import { DEBUG_MESSAGES, isDebugMessage } from "../src/drivers/e1000e/debug-messages.js";
import { readDriverLine } from "../src/drivers/e1000e/prefix.js";
import type { KernelEvent } from "../src/model/event.js";
import { holdsNeedle } from "../src/read/needles.js";
import { read, record } from "./support/records.js";

const kinds = (message: string, identifier = "kernel"): string[] =>
  read([record(message, 1, { identifier })]).events.map((event) => event.kind);

/** Values that stand in for the conversions of a format string. */
const rendered = (format: string): string =>
  format
    .replace(/%ptSp/g, "1.000000002")
    .replace(/%0?\d*(?:\.\d)?l{0,2}[du]/g, "7")
    .replace(/%0?\d*(?:\.\d)?[xX]/g, "1F")
    .replace(/%s/g, "Full");

test("each sample of the catalogue has one owner, and it is its entry", () => {
  for (const entry of CATALOGUE) {
    for (const sample of entry.samples) {
      const text = sample.trim();
      expect(
        CATALOGUE.filter(({ pattern }) => pattern.test(text)).map(({ id }) => id),
        sample,
      ).toEqual([entry.id]);
      const { events } = read([record(`e1000e 0000:00:1f.6 eno1: ${sample}`)]);
      expect(events, sample).toMatchObject([{ kind: "e1000e.message", id: entry.id }]);
    }
  }
});

test("each debug message is known as such", () => {
  for (const format of DEBUG_MESSAGES.flatMap(({ formats }) => formats)) {
    expect(isDebugMessage(rendered(format)), format).toBe(true);
    expect(kinds(`[1168] e1000e:e1000_f:12: e1000e 0000:00:1f.6 net0: ${rendered(format)}`), format).toEqual([
      "e1000e.message",
    ]);
  }
});

const LINES: readonly (readonly [kind: string, message: string])[] = [
  ["e1000e.link_up", "e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx"],
  ["e1000e.link_up", "e1000e: eth0 NIC Link is Up 100 Mbps Half Duplex, Flow Control: RX/TX"],
  ["e1000e.link_up", "0000:00:19.0: eth0: Link is Up 100 Mbps Full Duplex, Flow Control: RX/TX"],
  ["e1000e.link_up", "<6>vmnic0 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None"],
  ["e1000e.link_up", "e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps"],
  ["e1000e.link_down", "e1000e: eth0 NIC Link is Down"],
  ["e1000e.link_down", "e1000e 0000:00:1f.6 eno1 (unregistering): NIC Link is Down"],
  ["e1000e.reset", "e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly"],
  ["e1000e.reset", "e1000e 0000:00:19.0: eth0: Reset adapter"],
  ["e1000e.driver_load", "e1000e: Intel(R) PRO/1000 Network Driver"],
  ["e1000e.driver_load", "e1000e: Intel(R) PRO/1000 Network Driver - 3.8.7-NAPI"],
  ["e1000e.probe", "e1000e 0000:00:1f.6 eth0: (PCI Express:2.5GT/s:Width x1) 02:00:00:00:00:01"],
  ["e1000e.probe", "e1000e 0000:00:1f.6 eth0: MAC: 13, PHY: 12, PBA No: FFFFFF-0FF"],
  ["e1000e.remove", "e1000e 0000:00:1f.6 eno1: removed PHC"],
  ["e1000e.parameter", "e1000e 0000:00:1f.6: Interrupt Throttling Rate (ints/sec) set to dynamic conservative mode"],
  ["e1000e.parameter", "e1000e 0000:00:19.0: (unregistered net_device): CRC Stripping Enabled"],
  ["e1000e.parameter", "0000:00:19.0: 0000:00:19.0: Interrupt Throttling Rate (ints/sec) turned off"],
  ["net.rename", "e1000e 0000:00:1f.6 eno1: renamed from eth0"],
  ["net.rename", "udev: renamed network interface eth0 to eth1"],
  ["net.tx_timeout", "NETDEV WATCHDOG: eno1 (e1000e): transmit queue 0 timed out"],
  ["net.tx_timeout", "e1000e 0000:00:1f.6 eno1: NETDEV WATCHDOG: CPU: 3: transmit queue 0 timed out 6048 ms"],
  ["net.tx_timeout", "NETDEV WATCHDOG: vmnic0: transmit timed out"],
  ["net.other_hang", "e1000 0000:02:01.0 eth0: Detected Tx Unit Hang"],
  ["net.other_hang", "igb 0000:06:00.0: Detected Tx Unit Hang"],
  ["net.other_hang", "igb 0000:06:00.0 eth0: Reset adapter"],
  ["net.port_state", "vmbr0: port 1(eno1) entered forwarding state"],
  ["host.boot", "Linux version 6.8.12-15-pve (build@proxmox) (gcc) #1 SMP"],
  ["host.command_line", "Kernel command line: BOOT_IMAGE=/boot/vmlinuz ro quiet"],
  ["host.shutdown", "reboot: Restarting system"],
  ["host.suspend", "PM: suspend entry (deep)"],
  ["host.resume", "PM: suspend exit"],
  ["log.loss", "net_ratelimit: 12 callbacks suppressed"],
  ["e1000e.unrecognised", "e1000e 0000:00:1f.6 eno1: a message of a kernel that is not written yet"],
];

test("the samples of all recognisers give one event each, and hold a needle", () => {
  for (const [kind, message] of LINES) {
    expect(kinds(message), message).toEqual([kind]);
    expect(holdsNeedle(message), message).toBe(true);
  }
});

test("lines of sister drivers, of prose and of the PCI core give nothing", () => {
  for (const message of [
    "e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX",
    "igb 0000:06:00.0 eth0: igb: eth0 NIC Link is Down",
    "igc 0000:06:00.0 eth0: NIC Link is Up 2500 Mbps Full Duplex, Flow Control: RX/TX",
    "r8169 0000:02:00.0 eth0: Link is Down",
    "e1000e 0000:00:1f.6: PM: pci_pm_suspend+0x0/0x206 returned 0 after 425190 usecs",
    "e1000e 0000:00:1f.6: AER: Multiple Corrected error received: 0000:00:1f.6",
    "e1000e 0000:00:1f.6: vgaarb: deactivate vga console",
    "e1000e 0000:00:1f.6: enabling device (0000 -> 0002)",
    "e1000e: loading out-of-tree module taints kernel.",
    "the e1000e driver is said to be fine",
  ]) {
    expect(kinds(message), message).toEqual([]);
  }
});

test("a prefix of any era names driver, address and interface", () => {
  const adapter = { pci: "0000:00:19.0", interface: "eth0" };
  for (const [prefix, expected] of [
    ["e1000e 0000:00:19.0 eth0: ", { driver: "e1000e", adapter }],
    ["e1000e 0000:00:19.0: eth0: ", { driver: "e1000e", adapter }],
    ["0000:00:19.0: eth0: ", { driver: null, adapter }],
    [
      "e1000e 0000:00:19.0 0000:00:19.0 (uninitialized): ",
      { driver: "e1000e", adapter: { ...adapter, interface: null } },
    ],
    ["e1000e 0000:00:19.0 (unregistered net_device): ", { driver: "e1000e", adapter: { ...adapter, interface: null } }],
    ["e1000e 0000:00:19.0: ", { driver: "e1000e", adapter: { ...adapter, interface: null } }],
    ["e1000e 0000:00:19 eth0: ", { driver: "e1000e", adapter: { pci: "0000:00:19", interface: "eth0" } }],
    ["e1000e eth0: ", { driver: "e1000e", adapter: { pci: null, interface: "eth0" } }],
    ["e1000e-ext 10000:00:19.0 eth0: ", { driver: "e1000e-ext", adapter: { pci: "10000:00:19.0", interface: "eth0" } }],
  ] as const) {
    expect(readDriverLine(`${prefix}Hardware Error`), prefix).toEqual({ ...expected, text: "Hardware Error" });
  }
});

test("what a process writes in the kernel's words is suspicious and no event", () => {
  for (const [, message] of LINES.filter(([kind]) => kind === "e1000e.reset" || kind === "e1000e.link_down")) {
    const { events, diagnostics } = read([record(message, 1, { identifier: "logger", trust: "claimed" })]);
    expect(events).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["trust.suspicious"]);
  }
});

test("the driver's last word at suspend is no shutdown", () => {
  const lines = ["PM: suspend entry (deep)", "e1000e: EEE TX LPI TIMER: 00000011", "PM: suspend exit"];
  const found: readonly KernelEvent[] = read(lines.map((line, index) => record(line, index + 1))).events;
  expect(found.map(({ kind }) => kind)).toEqual(["host.suspend", "e1000e.message", "host.resume"]);
  expect(kinds("e1000e: EEE TX LPI TIMER: 00000011")).toEqual(["e1000e.message", "host.shutdown"]);
});

test("a command counts where it changes the adapter, not where it only looks", () => {
  const sudo = (command: string): string[] =>
    kinds(`root : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=${command}`, "sudo");
  for (const command of [
    "/usr/sbin/ethtool -K eno1 tso off",
    "/sbin/ip link set eno1 down",
    "/sbin/modprobe -r e1000e",
  ]) {
    expect(sudo(command), command).toEqual(["setting.command"]);
  }
  for (const command of ["/usr/sbin/ethtool -i eno1", "/sbin/ip -s link", "/sbin/modprobe nfs", "/bin/cat x"]) {
    expect(sudo(command), command).toEqual([]);
  }
});

test("task lists give start and end at the times that they hold", () => {
  const upid = "UPID:pve:0000F1E2:00A1B2C3:65975F01:vzdump:103:root@pam:";
  const start = { kind: "backup.job_start", upid, time: { unixMs: 0x65975f01 * 1000, source: "utc" } };
  const end = { kind: "backup.job_end", upid, outcome: "ok", time: { unixMs: 0x65976000 * 1000 } };
  for (const [line, expected] of [
    [`${upid} 65976000 OK`, [start, end]],
    [`${upid} 1 65976000 OK`, [start, end]],
    [`${upid} 0 (running)`, [start]],
  ] as const) {
    const { events } = read([record(line, 1, { identifier: "pve-task-index" })]);
    expect(events).toHaveLength(expected.length);
    expect(events, line).toMatchObject(expected);
  }
});

test("guest logs from before 2017 count, though their level reads like a tag", () => {
  expect(kinds("Starting Backup of VM 103 (qemu)", "INFO")).toEqual(["backup.guest_start"]);
  expect(kinds("Backup of VM 103 failed - got timeout", "ERROR")).toEqual(["backup.guest_end"]);
});
