import type { BondLinkEvent, Finding } from "../model/event.js";
import { type LogRecord, mayBeKernels } from "../model/record.js";

type Read = (match: RegExpExecArray) => Finding | null;

/** A message that somebody else prints when an adapter hangs. */
interface Collateral {
  /** Whose word it is: the kernel's, or that of processes under these names. */
  readonly by: "kernel" | RegExp;
  /** Linear, anchored at the message's begin but for margins of a fixed length. */
  readonly pattern: RegExp;
  /** Source file and function. */
  readonly printedBy: string;
  readonly read: Read;
  readonly samples: readonly string[];
}

const number = (text: string | undefined): number => Number(text ?? 0);

function bond(state: BondLinkEvent["state"]): Read {
  return ([, name = "", first, second]) => {
    const slave = first ?? second ?? null;
    return { kind: "net.bond_link", bond: name, interface: slave, state };
  };
}

const BOND = String.raw`^(?:bonding: )?(\S{1,15}): (?:\(slave (\S{1,15})\): )?`;
const bonding = (rest: string, state: BondLinkEvent["state"], ...samples: string[]): Collateral => ({
  by: "kernel",
  pattern: new RegExp(BOND + rest),
  printedBy: "drivers/net/bonding/bond_main.c",
  read: bond(state),
  samples,
});

const COROSYNC = /^corosync$/;
/** The library that a message is of, as corosync's log lines have it. */
const PART = String.raw`^(?:warning|notice|info|error)? *(?:\[[A-Z]{2,8} *\] )?`;

/** What hosts, clusters and storage say of a network that is gone. Data: one entry a message. */
export const COLLATERAL: readonly Collateral[] = [
  bonding(
    String.raw`link status definitely down(?: for (?:\w{1,16} )?interface ([^\s,]{1,15}))?`,
    "down",
    "bond0: link status definitely down for interface eno1, disabling it",
    "bonding: bond0: link status definitely down for interface eth0, disabling it",
    "bond0: (slave eno1): link status definitely down, disabling slave",
  ),
  bonding(
    String.raw`link status definitely up(?: for interface ([^\s,]{1,15}))?`,
    "up",
    "bond0: link status definitely up for interface eno1, 1000 Mbps full duplex",
    "bond0: (slave eno1): link status definitely up, 1000 Mbps full duplex",
  ),
  bonding(
    String.raw`making interface (?:([^\s,]{1,15}) )?the new active one`,
    "active",
    "bond0: making interface eth1 the new active one",
    "bond0: (slave eno2): making interface the new active one",
  ),
  bonding(
    "now running without any active interface",
    "none-active",
    "bond0: now running without any active interface!",
  ),
  {
    by: COROSYNC,
    pattern: new RegExp(`${PART}(?:link|rx): host: (\\d{1,5}) link: (\\d{1,3}) is (down|up)\\b`),
    printedBy: "corosync, exec/totemknet.c; kronosnet, links.c",
    read: ([, node, link, state]) => ({
      kind: "cluster.link",
      node: number(node),
      link: number(link),
      state: state === "up" ? "up" : "down",
    }),
    samples: ["  [KNET  ] link: host: 2 link: 0 is down", "[KNET  ] rx: host: 2 link: 0 is up"],
  },
  {
    by: COROSYNC,
    pattern: new RegExp(`${PART}Token has not been received in (\\d{1,9}) ms`),
    printedBy: "corosync, exec/totemsrp.c",
    read: ([, waited]) => ({ kind: "cluster.token", waitedMs: number(waited) }),
    samples: ["  [TOTEM ] Token has not been received in 2737 ms"],
  },
  {
    by: COROSYNC,
    pattern: new RegExp(`${PART}This node is within the (non-)?primary component`),
    printedBy: "corosync, exec/vsf_quorum.c",
    read: ([, non]) => ({ kind: "cluster.quorum", state: non === undefined ? "gained" : "lost" }),
    samples: [
      "  [QUORUM] This node is within the non-primary component and will NOT provide any services.",
      "  [QUORUM] This node is within the primary component and will provide service.",
    ],
  },
  {
    by: /^pmxcfs$/,
    pattern: /^\[(?:status|dcdb)\] \w{1,16}: node (lost|has) quorum$/,
    printedBy: "pve-cluster, src/pmxcfs/quorum.c",
    read: ([, what]) => ({ kind: "cluster.quorum", state: what === "lost" ? "lost" : "gained" }),
    samples: ["[status] notice: node lost quorum", "[dcdb] notice: node has quorum"],
  },
  {
    by: "kernel",
    pattern:
      /^(nfs4?|lockd|nlm|mount|NFS): server (\S{1,255}) (not responding, still trying|not responding, timed out|OK)$/,
    printedBy: "net/sunrpc/clnt.c, rpc_check_timeout() and call_decode()",
    read: ([, , server = "", what]) => ({
      kind: "storage.server",
      protocol: "nfs",
      server,
      state: what === "OK" ? "back" : what === "not responding, timed out" ? "gave-up" : "silent",
    }),
    samples: [
      "nfs: server nas.example not responding, still trying",
      "nfs: server 192.0.2.7 not responding, timed out",
      "lockd: server nas.example OK",
      "nfs: server 192.0.2.7 OK",
    ],
  },
  {
    by: "kernel",
    pattern: /^CIFS(?: VFS)?: (?:VFS: )?(?:[Ss]erver )?(\S{1,255}) has not responded in \d{1,9} seconds\./,
    printedBy: "fs/smb/client/connect.c (fs/cifs/connect.c), server_unresponsive()",
    read: ([, server = ""]) => ({
      kind: "storage.server",
      protocol: "cifs",
      server: server.replace(/^\\{1,4}/, ""),
      state: "silent",
    }),
    samples: [
      "CIFS VFS: Server nas.example has not responded in 120 seconds. Reconnecting...",
      "CIFS: VFS: \\\\nas.example has not responded in 180 seconds. Reconnecting...",
    ],
  },
  {
    by: /^(?:pvedaemon|pvescheduler|pvestatd|pvesh|pveproxy|pve-ha-lrm|vzdump|qm|pct|qmeventd)$/,
    pattern: /^.{0,400}?\b(?:VM|CT) (?:(\d{3,9}) )?is locked \(([a-z][a-z-]{0,31})\)/s,
    printedBy: "pve-guest-common, PVE/AbstractConfig.pm, check_lock()",
    read: ([whole, guest, lock = ""]) => {
      const named = guest ?? /UPID:[^:\s]{1,64}:(?:[0-9A-F]{8,9}:){3}\w{1,32}:(\d{3,9}):/i.exec(whole)?.[1];
      return { kind: "guest.lock", guest: named === undefined ? null : Number(named), lock };
    },
    samples: [
      "VM 103 is locked (backup)",
      "CT 104 is locked (snapshot)",
      "<root@pam> end task UPID:pve1:0000F1E2:00A1B2C3:65975F01:qmstart:103:root@pam: VM is locked (backup)",
    ],
  },
];

/** What a record says of the network's absence, elsewhere than at the adapter. Linear. */
export function readCollateral(record: LogRecord): Finding | null {
  const { identifier } = record;
  const isKernel = mayBeKernels(record);
  const message = (record.message.split("\n")[0] ?? "").trim();
  for (const { by, pattern, read } of COLLATERAL) {
    if (by === "kernel" ? !isKernel : identifier === null || !by.test(identifier)) continue;
    const match = pattern.exec(message);
    if (match !== null) return read(match);
  }
  return null;
}
