import { expect, test } from "vitest";
import { COLLATERAL } from "../src/host/collateral.js";
import { holdsNeedle } from "../src/read/needles.js";
import { parseText, read, record } from "./support/records.js";

const NAMES = ["corosync", "pmxcfs", "pvedaemon"];

test("each sample gives one event, from those alone whose word it is, and holds a needle", () => {
  for (const { by, samples } of COLLATERAL) {
    for (const sample of samples) {
      const identifier = by === "kernel" ? "kernel" : (NAMES.find((name) => by.test(name)) ?? "");
      expect(read([record(sample, 1, { identifier })]).events, sample).toHaveLength(1);
      expect(read([record(sample, 1, { identifier: "someone", pid: 7 })]).events, sample).toEqual([]);
      expect(holdsNeedle(sample), sample).toBe(true);
    }
  }
});

test.each([
  [
    "kernel",
    "bond0: link status definitely down for interface eno1",
    { kind: "net.bond_link", bond: "bond0", interface: "eno1", state: "down" },
  ],
  [
    "kernel",
    "bond0: (slave eno1): link status definitely up, 1000 Mbps full duplex",
    { interface: "eno1", state: "up" },
  ],
  ["kernel", "bond0: now running without any active interface!", { interface: null, state: "none-active" }],
  ["kernel", "bond0: making interface eth1 the new active one", { interface: "eth1", state: "active" }],
  ["corosync", "  [KNET  ] link: host: 2 link: 0 is down", { kind: "cluster.link", node: 2, link: 0, state: "down" }],
  ["corosync", "  [TOTEM ] Token has not been received in 2737 ms", { kind: "cluster.token", waitedMs: 2737 }],
  [
    "corosync",
    "  [QUORUM] This node is within the non-primary component and will NOT provide any services.",
    { kind: "cluster.quorum", state: "lost" },
  ],
  ["pmxcfs", "[status] notice: node has quorum", { kind: "cluster.quorum", state: "gained" }],
  [
    "kernel",
    "nfs: server nas not responding, still trying",
    { kind: "storage.server", protocol: "nfs", server: "nas", state: "silent" },
  ],
  ["kernel", "nfs: server nas not responding, timed out", { state: "gave-up" }],
  ["kernel", "nfs: server nas OK", { state: "back" }],
  [
    "kernel",
    "CIFS: VFS: \\\\nas has not responded in 180 seconds. Reconnecting...",
    { protocol: "cifs", server: "nas" },
  ],
  ["pvedaemon", "VM 103 is locked (backup)", { kind: "guest.lock", guest: 103, lock: "backup" }],
  [
    "pvedaemon",
    "<root@pam> end task UPID:pve1:0000F1E2:00A1B2C3:65975F01:qmstart:104:root@pam: VM is locked (snapshot-delete)",
    { guest: 104, lock: "snapshot-delete" },
  ],
])("%s: %s", (identifier, message, expected) => {
  const pid = identifier === "kernel" ? null : 911;
  expect(read([record(message, 1, { identifier, pid })]).events).toMatchObject([expected]);
});

test("through a syslog file, too", () => {
  const { events } = parseText(
    [
      "Oct  5 02:00:01 pve corosync[911]:   [KNET  ] link: host: 2 link: 0 is down",
      "Oct  5 02:00:01 pve kernel: [ 9327.470501] nfs: server nas not responding, still trying",
      "Oct  5 02:00:09 pve pvestatd[1100]: VM 103 is locked (backup)",
      "",
    ].join("\n"),
  );
  expect(events.map(({ kind }) => kind)).toEqual(["cluster.link", "storage.server", "guest.lock"]);
});

test("a failed backup of a locked guest is the backup's end, once", () => {
  const message = "ERROR: Backup of VM 103 failed - VM is locked (backup)";
  const { events } = read([record(message, 1, { identifier: "pvescheduler", pid: 5 })]);
  expect(events.map(({ kind }) => kind)).toEqual(["backup.guest_end"]);
});
