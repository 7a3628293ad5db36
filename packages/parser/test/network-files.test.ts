import { expect, test } from "vitest";
import { parseText } from "./support/records.js";

const settings = (text: string, label: string) =>
  parseText(text, label).events.map((event) =>
    event.kind === "setting.file"
      ? [event.file, event.interface, event.name, event.value, ...(event.ignored === null ? [] : [event.ignored])]
      : event.kind === "setting.snapshot"
        ? [event.tool, event.interface, event.name, event.value]
        : [event.kind],
  );

test("interfaces(5): hooks that run ethtool and its package's attributes, under the interface they stand in", () => {
  const text = `# The loopback network interface
auto lo
iface lo inet loopback

iface eno1 inet manual
	post-up /usr/sbin/ethtool -K eno1 tso off gso off
	offload-gro off
	post-up echo ethtool-like
iface vmbr0 inet static
	address 10.0.0.2/24
	bridge-ports eno1
	up ip link set eno1 txqueuelen 10000
`;
  expect(settings(text, "etc/network/interfaces")).toEqual([
    ["interfaces", "eno1", "command", "/usr/sbin/ethtool -K eno1 tso off gso off"],
    ["interfaces", "eno1", "offload.gro", "off"],
  ]);
});

test("systemd units that run ethtool, and link files", () => {
  const unit = `[Unit]
Description=Disable NIC offload
After=network-pre.target
[Service]
Type=oneshot
ExecStart=/sbin/ethtool -K eno1 gso off gro off tso off
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
`;
  expect(settings(unit, "disable-offload.service")).toEqual([
    ["systemd-unit", null, "command", "/sbin/ethtool -K eno1 gso off gro off tso off"],
  ]);
  const link = `[Match]
OriginalName=eno1
[Link]
TCPSegmentationOffload=no
GenericReceiveOffload=true
RxBufferSize=4096
WakeOnLan=off
`;
  expect(settings(link, "10-eno1.link")).toEqual([
    ["link", "eno1", "offload.tso", "off"],
    ["link", "eno1", "offload.gro", "on"],
    ["link", "eno1", "ring.rx", "4096"],
  ]);
});

test("what ethtool showed is the value in force then", () => {
  const text = `Features for eno1:
rx-checksumming: on
tx-checksumming: on
	tx-checksum-ipv4: off [fixed]
tcp-segmentation-offload: off
generic-receive-offload: on
large-receive-offload: off [fixed]
`;
  expect(settings(text, "sos_commands/networking/ethtool_-k_eno1")).toEqual([
    ["ethtool", "eno1", "offload.rx", "on"],
    ["ethtool", "eno1", "offload.tx", "on"],
    ["ethtool", "eno1", "offload.tso", "off"],
    ["ethtool", "eno1", "offload.gro", "on"],
    ["ethtool", "eno1", "offload.lro", "off"],
  ]);
  expect(settings("Coalesce parameters for eno1:\nAdaptive RX: n/a  TX: n/a\nrx-usecs: 3\n", "c")).toEqual([
    ["ethtool", "eno1", "coalesce.adaptive-rx", "n/a"],
    ["ethtool", "eno1", "coalesce.adaptive-tx", "n/a"],
    ["ethtool", "eno1", "coalesce.rx-usecs", "3"],
  ]);
  expect(settings("EEE settings for eno1:\n\tEEE status: enabled - active\n\tTx LPI: 17 (us)\n", "e")).toEqual([
    ["ethtool", "eno1", "eee", "enabled - active"],
  ]);
  expect(
    settings("driver: e1000e\nversion: 6.8.12-15-pve\nfirmware-version: 0.5-4\nbus-info: 0000:00:1f.6\n", "i"),
  ).toEqual([
    ["ethtool", null, "driver", "e1000e"],
    ["ethtool", null, "version", "6.8.12-15-pve"],
    ["ethtool", null, "firmware-version", "0.5-4"],
    ["ethtool", null, "bus-info", "0000:00:1f.6"],
  ]);
});

test("rings and pause frames as ethtool shows them; what keeps the driver from loading", () => {
  const ring =
    "Ring parameters for eno1:\nPre-set maximums:\nRX: 4096\nTX: 4096\nCurrent hardware settings:\nRX: 256\nTX: 512\n";
  expect(settings(ring, "g")).toEqual([
    ["ethtool", "eno1", "ring.rx", "256"],
    ["ethtool", "eno1", "ring.tx", "512"],
  ]);
  expect(settings("Pause parameters for eno1:\nAutonegotiate: on\nRX: off\nTX: off\n", "a")).toEqual([
    ["ethtool", "eno1", "pause.autoneg", "on"],
    ["ethtool", "eno1", "pause.rx", "off"],
    ["ethtool", "eno1", "pause.tx", "off"],
  ]);
  expect(settings("blacklist e1000e\ninstall e1000e /bin/true\nblacklist mei\n", "etc/modprobe.d/x.conf")).toEqual([
    ["modprobe.d", null, "blacklist", ""],
    ["modprobe.d", null, "install", "/bin/true"],
  ]);
});

test("a file that modprobe passes over says so; any name will do outside its folder", () => {
  const line = "options e1000e InterruptThrottleRate=3\n";
  expect(settings(line, "etc/modprobe.d/e1000e")).toEqual([
    ["modprobe.d", null, "InterruptThrottleRate", "3", "modprobe reads only files whose names end in .conf"],
  ]);
  expect(settings(line, "etc/modprobe.d/e1000e.conf")).toEqual([["modprobe.d", null, "InterruptThrottleRate", "3"]]);
  expect(settings(line, "what-i-set.txt")).toEqual([["modprobe.d", null, "InterruptThrottleRate", "3"]]);
});

test("the machine's firmware is told at each boot", () => {
  expect(
    parseText("[    0.000000] DMI: Dell Inc. OptiPlex 7050/0NW6H5, BIOS 1.12.2 09/05/2019\n").events,
  ).toMatchObject([{ kind: "host.firmware", machine: "Dell Inc. OptiPlex 7050/0NW6H5", bios: "1.12.2 09/05/2019" }]);
});
