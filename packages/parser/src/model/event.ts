import type { PackValue, SignName } from "./pack.js";
import type { Provenance, Trust } from "./record.js";
import type { EventTime } from "./time.js";

/** A network adapter as a message names it. */
export interface AdapterRef {
  /** PCI address as printed, `0000:00:1f.6`; null when the message has none. */
  readonly pci: string | null;
  /** Interface name as printed; null when the message has none or it is not yet registered. */
  readonly interface: string | null;
}

/** What every event has, whatever it tells. */
export interface EventOf<Kind extends string> {
  readonly kind: Kind;
  readonly time: EventTime;
  /** As the record names it; null where it does not. */
  readonly host: string | null;
  /** Of the journal, 32 hexadecimal digits; null where the form has none. */
  readonly bootId: string | null;
  readonly trust: Trust;
  readonly provenance: Provenance;
}

/** The fields of the driver's dump, under the driver's names. */
export const HANG_FIELDS = [
  "TDH",
  "TDT",
  "next_to_use",
  "next_to_clean",
  "time_stamp",
  "next_to_watch",
  "jiffies",
  "next_to_watch.status",
  "MAC Status",
  "PHY Status",
  "PHY 1000BASE-T Status",
  "PHY Extended Status",
  "PCI Status",
] as const;
/** A field of the driver's dump. */
export type HangField = (typeof HANG_FIELDS)[number];

/** One `Detected Hardware Unit Hang` with its register dump. */
export interface HangEvent extends EventOf<"e1000e.hang"> {
  readonly adapter: AdapterRef;
  /** Values as numbers; `time_stamp` and `jiffies` of 64-bit kernels are exact up to 2^53. */
  readonly registers: Readonly<Partial<Record<HangField, number>>>;
  /** Fields that this kernel's dump should have and that are not in the evidence. */
  readonly missing: readonly HangField[];
}

/** `Reset adapter unexpectedly` (3.9 on) or `Reset adapter` (2.6.35 to 3.8). */
export interface ResetEvent extends EventOf<"e1000e.reset"> {
  readonly adapter: AdapterRef;
}

/** The driver has a link. */
export interface LinkUpEvent extends EventOf<"e1000e.link_up"> {
  readonly adapter: AdapterRef;
  /** 10, 100 or 1000. */
  readonly speedMbps: number | null;
  readonly duplex: "full" | "half" | null;
  readonly flowControl: "rx/tx" | "rx" | "tx" | "none" | null;
}

/** The driver lost the link. */
export interface LinkDownEvent extends EventOf<"e1000e.link_down"> {
  readonly adapter: AdapterRef;
}

/** The driver's banner: the module was loaded. */
export interface DriverLoadEvent extends EventOf<"e1000e.driver_load"> {
  /** `3.2.6-k` and the like; null since the banner has none (5.11 on). */
  readonly version: string | null;
}

/** What the driver says of one port when it takes it over. One event a line; fields that the line lacks are null. */
export interface ProbeEvent extends EventOf<"e1000e.probe"> {
  readonly adapter: AdapterRef;
  readonly mac: string | null;
  /** MAC type number of the driver (hw.h, enum e1000_mac_type). */
  readonly macType: number | null;
  readonly phyType: number | null;
  readonly partNumber: string | null;
}

/** `removed PHC`: the driver lets go of the port (unload, unbind, unplug). */
export interface RemoveEvent extends EventOf<"e1000e.remove"> {
  readonly adapter: AdapterRef;
}

/** A module parameter as the driver understood it at load. */
export interface ParameterEvent extends EventOf<"e1000e.parameter"> {
  readonly adapter: AdapterRef;
  /** Name as in modprobe.d: `InterruptThrottleRate`, … */
  readonly name: string;
  /** The number in the line; null when the line has none. */
  readonly value: number | null;
  /** For InterruptThrottleRate the mode in force; `on`/`off` for switches; null otherwise. */
  readonly mode: "off" | "dynamic" | "dynamic-conservative" | "simplified" | "fixed" | "on" | null;
  readonly accepted: boolean;
}

/** Every other line of the driver that the catalogue knows. */
export interface DriverMessageEvent extends EventOf<"e1000e.message"> {
  readonly adapter: AdapterRef;
  /** Id in the catalogue of messages (docs/events.md). */
  readonly id: string;
  readonly text: string;
}

/** A line of the driver that matches nothing in the catalogue. */
export interface UnrecognisedEvent extends EventOf<"e1000e.unrecognised"> {
  readonly text: string;
}

/** The network stack's transmit watchdog (net/sched/sch_generic.c, dev_watchdog). */
export interface TxTimeoutEvent extends EventOf<"net.tx_timeout"> {
  readonly adapter: AdapterRef;
  /** `e1000e`, `r8169`, …; null when the line does not say. */
  readonly driver: string | null;
  readonly queue: number | null;
  /** Age of the oldest stopped queue, where printed (6.4 on). */
  readonly stalledMs: number | null;
}

/**
 * Another driver's adapter hung: `Detected Tx Unit Hang` or `Reset adapter` of e1000, igb, igc, ixgbe and the like. Told so
 * that nobody takes it for e1000e's; no rate counts it.
 */
export interface OtherHangEvent extends EventOf<"net.other_hang"> {
  readonly adapter: AdapterRef;
  /** Null where the line does not name it. */
  readonly driver: string | null;
  readonly sign: "hang" | "reset";
}

/** The network core gave an interface another name. */
export interface RenameEvent extends EventOf<"net.rename"> {
  readonly adapter: AdapterRef;
  readonly before: string;
  readonly after: string;
}

/** A bridge port's state, `vmbr0: port 1(eno1) entered forwarding state`. */
export interface PortStateEvent extends EventOf<"net.port_state"> {
  readonly bridge: string;
  readonly interface: string;
  readonly state: "disabled" | "listening" | "learning" | "forwarding" | "blocking";
}

/** A bond's word on one of its members (drivers/net/bonding/bond_main.c). */
export interface BondLinkEvent extends EventOf<"net.bond_link"> {
  readonly bond: string;
  /** The member; null where the line is of the bond as a whole. */
  readonly interface: string | null;
  /** `active`: traffic goes over this member now; `none-active`: over none. */
  readonly state: "up" | "down" | "active" | "none-active";
}

/** A cluster's link to another node (corosync, kronosnet). */
export interface ClusterLinkEvent extends EventOf<"cluster.link"> {
  /** Node id, as corosync.conf has it. */
  readonly node: number;
  readonly link: number;
  readonly state: "up" | "down";
}

/** A cluster's token did not come round in time: the node hears nothing of the others. */
export interface ClusterTokenEvent extends EventOf<"cluster.token"> {
  readonly waitedMs: number;
}

/** A node fell out of the majority of its cluster, or came back to it. */
export interface ClusterQuorumEvent extends EventOf<"cluster.quorum"> {
  readonly state: "lost" | "gained";
}

/** A file server stopped answering, was given up, or is back. */
export interface StorageServerEvent extends EventOf<"storage.server"> {
  readonly protocol: "nfs" | "cifs";
  readonly server: string;
  readonly state: "silent" | "gave-up" | "back";
}

/** Something could not be done with a guest that another task, often a backup that hangs, has locked. */
export interface GuestLockEvent extends EventOf<"guest.lock"> {
  /** Null where the line does not name it. */
  readonly guest: number | null;
  /** `backup`, `snapshot`, … */
  readonly lock: string;
}

/** The machine's firmware, as a boot printed it (drivers/firmware/dmi_scan.c). */
export interface FirmwareEvent extends EventOf<"host.firmware"> {
  /** `Dell Inc. OptiPlex 7050/0NW6H5`. */
  readonly machine: string;
  /** `1.12.2 09/05/2019`. */
  readonly bios: string;
}

/** A boot's first line, `Linux version …`. */
export interface BootEvent extends EventOf<"host.boot"> {
  /** `6.8.12-15-pve`. */
  readonly kernelRelease: string | null;
}

/** The kernel's command line, as a boot printed it. */
export interface CommandLineEvent extends EventOf<"host.command_line"> {
  readonly commandLine: string;
}

/** An orderly end: `reboot` and `power-off` targets, `EEE TX LPI TIMER` of the driver at shutdown. */
export interface ShutdownEvent extends EventOf<"host.shutdown"> {
  readonly how: "reboot" | "power-off" | "halt" | "unknown";
}

/** The host goes to sleep. */
export interface SuspendEvent extends EventOf<"host.suspend"> {
  readonly how: string | null;
}
/** The host woke up. */
export interface ResumeEvent extends EventOf<"host.resume"> {
  readonly how: string | null;
}

/** The wall clock was set. */
export interface ClockStepEvent extends EventOf<"host.clock_step"> {
  /** Seconds forward (> 0) or back (< 0); null when the line does not say. */
  readonly stepS: number | null;
}

/** A backup run begins. */
export interface BackupJobStartEvent extends EventOf<"backup.job_start"> {
  /** The option list of the job, as printed; null when only the task's start is known. */
  readonly command: string | null;
  readonly upid: string | null;
  readonly storage: string | null;
  readonly mode: string | null;
  /** `--bwlimit`, KiB/s. */
  readonly bandwidthLimitKiBps: number | null;
}
/** A backup run ended. */
export interface BackupJobEndEvent extends EventOf<"backup.job_end"> {
  readonly outcome: BackupOutcome;
  readonly upid: string | null;
  readonly detail: string | null;
}
/** How a backup ended. */
export type BackupOutcome = "ok" | "failed" | "warnings" | "unknown";

/** The backup of one guest begins. */
export interface BackupGuestStartEvent extends EventOf<"backup.guest_start"> {
  readonly guest: number;
  readonly guestType: string | null;
  readonly upid: string | null;
}
/** The backup of one guest ended. */
export interface BackupGuestEndEvent extends EventOf<"backup.guest_end"> {
  readonly guest: number;
  readonly outcome: BackupOutcome;
  readonly durationMs: number | null;
  readonly detail: string | null;
  readonly upid: string | null;
}

/** A command in the log that changes a setting or the adapter's state: `ethtool`, `modprobe`, `ip link`. */
export interface SettingCommandEvent extends EventOf<"setting.command"> {
  readonly command: string;
  readonly program: "ethtool" | "modprobe" | "ip" | "other";
  readonly interface: string | null;
}

/** A configuration file that asks for a setting. Its time is the file's, or none. */
export interface SettingFileEvent extends EventOf<"setting.file"> {
  readonly file: "modprobe.d" | "cmdline" | "interfaces" | "systemd-unit" | "link" | "other";
  readonly module: string | null;
  /** The interface that the file names; null: all that the file is about. */
  readonly interface: string | null;
  /** The option; `command` where the file runs one. */
  readonly name: string;
  readonly value: string;
  /** Why nothing reads this line; null: it is read. */
  readonly ignored: string | null;
}

/** What a tool showed when the evidence was collected: the value in force then. */
export interface SettingSnapshotEvent extends EventOf<"setting.snapshot"> {
  readonly tool: "ethtool";
  /** Null where the output does not name it. */
  readonly interface: string | null;
  /** `offload.tso`, `coalesce.rx-usecs`, `eee`, `driver`, …: the family of the command that sets it, and its name there. */
  readonly name: string;
  readonly value: string;
}

/** Records that the log itself says are missing. */
export interface LogLossEvent extends EventOf<"log.loss"> {
  readonly what: "kernel-missed" | "rate-limited" | "overrun" | "sequence-gap" | "printk-dropped" | "truncated";
  /** How many records; null when not said. */
  readonly count: number | null;
  /** When the loss began, Unix milliseconds; it ends at `time`. Null when not said. */
  readonly sinceMs: number | null;
}

/** A hang report of a driver that a pack describes. */
export interface PackHangEvent extends EventOf<"pack.hang"> {
  /** The pack's name. */
  readonly pack: string;
  readonly driver: string;
  readonly adapter: AdapterRef;
  /** Values of the dump under the names that the pack gives them. */
  readonly registers: Readonly<Record<string, number>>;
  /** Names of the pack's dump that are not in the evidence. */
  readonly missing: readonly string[];
}

/** A line of a driver that a pack describes, and that tells the end of a hang, or its start. */
export interface PackSignEvent extends EventOf<"pack.sign"> {
  readonly pack: string;
  readonly driver: string;
  readonly adapter: AdapterRef;
  readonly sign: SignName;
  /** Of a `link_up`, where the line has it. */
  readonly speedMbps: number | null;
}

/** A line that a pack recognises. */
export interface PackEvent extends EventOf<"pack.event"> {
  readonly pack: string;
  /** The recogniser's name. */
  readonly name: string;
  readonly fields: Readonly<Record<string, PackValue>>;
}

/** Every event that the parser gives: a closed union on `kind`. */
export type KernelEvent =
  | HangEvent
  | ResetEvent
  | LinkUpEvent
  | LinkDownEvent
  | DriverLoadEvent
  | ProbeEvent
  | RemoveEvent
  | ParameterEvent
  | DriverMessageEvent
  | UnrecognisedEvent
  | TxTimeoutEvent
  | OtherHangEvent
  | RenameEvent
  | PortStateEvent
  | BondLinkEvent
  | ClusterLinkEvent
  | ClusterTokenEvent
  | ClusterQuorumEvent
  | StorageServerEvent
  | GuestLockEvent
  | BootEvent
  | FirmwareEvent
  | CommandLineEvent
  | ShutdownEvent
  | SuspendEvent
  | ResumeEvent
  | ClockStepEvent
  | BackupJobStartEvent
  | BackupJobEndEvent
  | BackupGuestStartEvent
  | BackupGuestEndEvent
  | SettingCommandEvent
  | SettingFileEvent
  | SettingSnapshotEvent
  | LogLossEvent
  | PackHangEvent
  | PackSignEvent
  | PackEvent;

/** The kinds of events. */
export type EventKind = KernelEvent["kind"];

/** What a recogniser reads from a message: the event less what the record already says. */
export type Finding<Event extends KernelEvent = KernelEvent> = Event extends KernelEvent
  ? Omit<Event, "time" | "host" | "bootId" | "trust" | "provenance">
  : never;
