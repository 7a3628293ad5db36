import type { FormName } from "../model/evidence.js";

/** What a form can say about a record, and what it cannot: the reason why the same facts look different in it. */
export interface FormAbilities {
  /** What makes it. */
  readonly madeBy: string;
  /** Finest part of a second that its stamps have; null: it has no wall time. */
  readonly wall: "µs" | "ms" | "s" | null;
  /** How its wall time is tied to UTC; `none`: local time of a zone that is not named. */
  readonly zone: "utc" | "offset" | "name" | "none" | null;
  readonly year: boolean;
  /** Time since boot. */
  readonly monotonic: "µs" | "ms" | "if kept" | null;
  readonly host: boolean;
  /** How boots are told apart. */
  readonly boot: "id" | "marker" | "banner" | null;
  /** Whether it tells the kernel's records from those of any process. */
  readonly vouches: boolean;
  readonly priority: boolean;
  /** How the lines of one record stay together; null: they do not. */
  readonly multiLine: "exact" | "indent" | "escape" | "repeat" | null;
  /** Whether bytes that are no text survive. */
  readonly bytes: boolean;
  /** The command, on the machine that had the trouble, whose output would have kept more; null: nothing keeps more. */
  readonly better: string | null;
}

const EXPORT = "journalctl -k -o export > kernel.export";
const DMESG = `${EXPORT} (or, without a journal: dmesg -J > dmesg.json)`;

const JOURNAL: FormAbilities = {
  madeBy: "journalctl -o export",
  wall: "µs",
  zone: "utc",
  year: true,
  monotonic: "µs",
  host: true,
  boot: "id",
  vouches: true,
  priority: true,
  multiLine: "exact",
  bytes: true,
  better: null,
};
const SHORT: FormAbilities = {
  madeBy: "journalctl (short), journalctl -o short-precise",
  wall: "µs",
  zone: "none",
  year: false,
  monotonic: null,
  host: true,
  boot: "marker",
  vouches: false,
  priority: false,
  multiLine: "indent",
  bytes: false,
  better: EXPORT,
};
const DMESG_PLAIN: FormAbilities = {
  madeBy: "dmesg, dmesg -x, dmesg -S; vmcore-dmesg; a serial console",
  wall: null,
  zone: null,
  year: false,
  monotonic: "µs",
  host: false,
  boot: null,
  vouches: true,
  priority: false,
  multiLine: "indent",
  bytes: false,
  better: DMESG,
};
const SYSLOG: FormAbilities = {
  madeBy: "rsyslog, syslog-ng (RSYSLOG_TraditionalFileFormat)",
  wall: "s",
  zone: "none",
  year: false,
  monotonic: "if kept",
  host: true,
  boot: "banner",
  vouches: false,
  priority: false,
  multiLine: "escape",
  bytes: false,
  better: `${EXPORT} (or in rsyslog.conf: RSYSLOG_FileFormat)`,
};

const NO_CLOCK: FormAbilities = {
  ...SHORT,
  madeBy: "",
  wall: null,
  zone: null,
  host: false,
  boot: null,
  multiLine: null,
  better: null,
};

/** By form, in the order of the documentation. Sources: journalctl(1), dmesg(1), rsyslog's templates, RFC 5424. */
export const FORM_ABILITIES: Readonly<
  Record<Exclude<FormName, "unknown" | "folder" | "archive" | "pack">, FormAbilities>
> = {
  "journal-file": { ...JOURNAL, madeBy: "systemd-journald (a copy of /var/log/journal)" },
  "journal-export": JOURNAL,
  "journal-json": {
    ...JOURNAL,
    madeBy: "journalctl -o json, json-pretty, json-seq, json-sse",
    better: "the same with --all, where messages of 4 KiB and more are wanted",
  },
  "journal-verbose": { ...JOURNAL, madeBy: "journalctl -o verbose", zone: "name", bytes: false, better: EXPORT },
  "journal-short-full": {
    ...SHORT,
    madeBy: "journalctl -o short-full, with-unit",
    wall: "s",
    zone: "name",
    year: true,
  },
  "journal-short-iso": {
    ...SHORT,
    madeBy: "journalctl -o short-iso, short-iso-precise",
    zone: "offset",
    year: true,
  },
  "journal-short-unix": { ...SHORT, madeBy: "journalctl -o short-unix", zone: "utc", year: true },
  "journal-short": SHORT,
  "journal-short-monotonic": {
    ...SHORT,
    madeBy: "journalctl -o short-monotonic, short-delta",
    wall: null,
    zone: null,
    monotonic: "µs",
  },
  kmsg: {
    ...DMESG_PLAIN,
    madeBy: "cat /dev/kmsg; extended netconsole",
    priority: true,
    multiLine: "exact",
    bytes: true,
    better: EXPORT,
  },
  "dmesg-json": { ...DMESG_PLAIN, madeBy: "dmesg -J", priority: true, multiLine: "exact", better: EXPORT },
  "dmesg-raw": { ...DMESG_PLAIN, madeBy: "dmesg -r; netconsole", priority: true, multiLine: "repeat" },
  dmesg: DMESG_PLAIN,
  "dmesg-delta": { ...DMESG_PLAIN, madeBy: "dmesg -d" },
  "dmesg-reltime": { ...DMESG_PLAIN, madeBy: "dmesg -e, dmesg -H", wall: "s", zone: "none" },
  "dmesg-ctime": {
    ...DMESG_PLAIN,
    madeBy: "dmesg -T",
    wall: "s",
    zone: "none",
    year: true,
    monotonic: null,
    better: `${DMESG}; dmesg -T reckons with the clock of the machine on which it runs, and errs after a suspend`,
  },
  "dmesg-iso": {
    ...DMESG_PLAIN,
    madeBy: "dmesg --time-format=iso",
    wall: "µs",
    zone: "offset",
    year: true,
    monotonic: null,
    better: `${DMESG}; wall times that dmesg reckons err after a suspend`,
  },
  "syslog-rfc5424": {
    ...SYSLOG,
    madeBy: "rsyslog (RSYSLOG_SyslogProtocol23Format)",
    wall: "µs",
    zone: "offset",
    year: true,
    priority: true,
    better: EXPORT,
  },
  "syslog-iso": {
    ...SYSLOG,
    madeBy: "rsyslog (RSYSLOG_FileFormat)",
    wall: "µs",
    zone: "offset",
    year: true,
    better: EXPORT,
  },
  "syslog-traditional": SYSLOG,
  logread: {
    ...SYSLOG,
    madeBy: "logread (OpenWrt, BusyBox)",
    year: true,
    priority: true,
    multiLine: null,
    better: null,
  },
  pstore: { ...DMESG_PLAIN, madeBy: "pstore, ramoops", priority: true, multiLine: "repeat", better: null },
  bare: { ...NO_CLOCK, madeBy: "dmesg -t, journalctl -o cat; messages without stamps", better: DMESG },
  "pve-task-log": { ...NO_CLOCK, madeBy: "Proxmox VE, /var/log/pve/tasks/*/UPID:…" },
  "pve-task-index": { ...NO_CLOCK, madeBy: "Proxmox VE, /var/log/pve/tasks/index", wall: "s", zone: "utc", year: true },
  "vzdump-log": { ...NO_CLOCK, madeBy: "Proxmox VE, /var/log/vzdump/*.log", wall: "s", zone: "none", year: true },
  "pbs-task-log": {
    ...NO_CLOCK,
    madeBy: "Proxmox Backup Server, /var/log/proxmox-backup/tasks/*/UPID:…",
    wall: "s",
    zone: "offset",
    year: true,
  },
  "modprobe-config": { ...NO_CLOCK, madeBy: "a copy of /etc/modprobe.d" },
  "interfaces-config": { ...NO_CLOCK, madeBy: "a copy of /etc/network/interfaces" },
  "systemd-unit": { ...NO_CLOCK, madeBy: "a copy of a systemd unit that runs ethtool" },
  "systemd-link": { ...NO_CLOCK, madeBy: "a copy of a systemd .link file" },
  "machine-id": { ...NO_CLOCK, madeBy: "a copy of /etc/machine-id" },
  "ethtool-output": { ...NO_CLOCK, madeBy: "ethtool -k, -c, -g, -a, -i, --show-eee" },
  "kernel-command-line": { ...NO_CLOCK, madeBy: "a copy of /proc/cmdline" },
};

/** Null for what is no form of a log. */
export function abilitiesOf(form: FormName): FormAbilities | null {
  return form in FORM_ABILITIES ? FORM_ABILITIES[form as keyof typeof FORM_ABILITIES] : null;
}
