/**
 * Journal entries as a hypervisor's journald writes them: many senders in turns, each with the fields that journald adds for it
 * (systemd.journal-fields(7)), messages that are seldom the same twice, some beyond ASCII. Seeded: the same every time.
 */

const BOOT = "0f6ee3d8a2a54d1c9d4f0b6f3f6a1b2c";
const MACHINE = "c0ffee00c0ffee00c0ffee00c0ffee00";
const START_US = 1_735_689_600_000_000;

const DUMP = [
  "e1000e 0000:00:19.0 eno1: Detected Hardware Unit Hang:",
  "  TDH                  <5>",
  "  TDT                  <9>",
  "  next_to_use          <9>",
  "  next_to_clean        <5>",
  "buffer_info[next_to_clean]:",
  "  time_stamp           <10004ab12>",
  "  next_to_watch        <6>",
  "  jiffies              <10004ac55>",
  "  next_to_watch.status <0>",
  "MAC Status             <80083>",
  "PHY Status             <796d>",
  "PHY 1000BASE-T Status  <3800>",
  "PHY Extended Status    <3000>",
  "PCI Status             <10>",
].join("\n");

/** A linear congruential generator (Numerical Recipes' constants): whole numbers below `most`. */
function generator(seed) {
  let state = seed;
  const below = (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const hex = (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join("");
  return { below, hex, pick: (list) => list[below(list.length)] };
}

const KERNEL_MESSAGES = [
  ({ below }) => `usb 1-${below(8)}: reset high-speed USB device number ${below(128)} using xhci_hcd`,
  ({ below, hex }) => `EXT4-fs (dm-${below(20)}): mounted filesystem ${hex(8)}-${hex(4)} r/w with ordered data mode.`,
  ({ below }) =>
    `audit: type=1400 audit(${below(1e9)}.${below(999)}:${below(9999)}): apparmor="DENIED" operation="mount" class="mount" ` +
    `profile="lxc-${below(200)}_</var/lib/lxc>" name="/run/" pid=${below(99_999)} comm="(ogrotate)" flags="rw, rslave"`,
  ({ below, hex }) => `x86/split lock detection: #AC: CPU ${below(8)}/KVM/${below(99_999)} took a trap at ${hex(12)}`,
  ({ below }) => `perf: interrupt took too long (${below(9999)} > 3928), lowering kernel.perf_event_max_sample_rate`,
  ({ below }) => `TCP: request_sock_TCP: Possible SYN flooding on port ${below(65_536)}. Sending cookies.`,
];

const DAEMONS = [
  { name: "pvestatd", comm: "perl", exe: "/usr/bin/perl", line: "pvestatd", unit: "pvestatd.service", facility: 3 },
  {
    name: "pmxcfs",
    comm: "pmxcfs",
    exe: "/usr/bin/pmxcfs",
    line: "/usr/bin/pmxcfs",
    unit: "pve-cluster.service",
    facility: 3,
  },
  { name: "sshd", comm: "sshd", exe: "/usr/sbin/sshd", line: "sshd: root [priv]", unit: "ssh.service", facility: 4 },
  { name: "CRON", comm: "cron", exe: "/usr/sbin/cron", line: "/usr/sbin/CRON -f", unit: "cron.service", facility: 9 },
  {
    name: "postfix/qmgr",
    comm: "qmgr",
    exe: "/usr/lib/postfix/sbin/qmgr",
    line: "qmgr -l",
    unit: "postfix.service",
    facility: 2,
  },
];
const DAEMON_MESSAGES = [
  ({ below }) => `status update time (${below(9)}.${below(999)} seconds)`,
  () => "[dcdb] notice: data verification successful",
  ({ below }) => `pam_unix(cron:session): session opened for user root(uid=0) by (uid=${below(1000)})`,
  ({ below, hex }) =>
    `Accepted publickey for root from 10.0.0.${below(255)} port ${below(65_536)} ssh2: ED25519 ${hex(43)}`,
  ({ below, hex }) => `${hex(10).toUpperCase()}: from=<root@pve1.local>, size=${below(9999)}, nrcpt=1 (queue active)`,
  ({ below }) => `temperature of disk ${below(12)} is ${below(70)} °C – größer als sonst`,
  ({ below }) => `worker ${below(9999)}: path "C:\\data\\${below(99)}" is "odd"`,
];
const UNITS = ["logrotate.service", "man-db.service", "pve-daily-update.service", "user@0.service", "session-4.scope"];

/** Fields that journald adds for a process. */
function ofProcess({ below }, { comm, exe, line, unit }) {
  return {
    _PID: String(300 + below(60_000)),
    _UID: "0",
    _GID: "0",
    _COMM: comm,
    _EXE: exe,
    _CMDLINE: line,
    _CAP_EFFECTIVE: "1ffffffffff",
    _SELINUX_CONTEXT: "unconfined\n",
    _SYSTEMD_CGROUP: `/system.slice/${unit}`,
    _SYSTEMD_UNIT: unit,
    _SYSTEMD_SLICE: "system.slice",
    _SYSTEMD_INVOCATION_ID: Buffer.from(unit.padEnd(16).slice(0, 16)).toString("hex"),
    _RUNTIME_SCOPE: "system",
  };
}

function ofDaemon(random, us, daemons) {
  const daemon = random.pick(daemons);
  const process = ofProcess(random, daemon);
  return {
    PRIORITY: "6",
    _TRANSPORT: "syslog",
    SYSLOG_FACILITY: String(daemon.facility),
    SYSLOG_IDENTIFIER: daemon.name,
    SYSLOG_PID: process._PID,
    SYSLOG_TIMESTAMP: "Jan  1 00:00:00 ",
    MESSAGE: random.pick(DAEMON_MESSAGES)(random),
    ...process,
    ...(daemon.name === "sshd" ? { _AUDIT_SESSION: "4", _AUDIT_LOGINUID: "0" } : {}),
    _SOURCE_REALTIME_TIMESTAMP: String(us - 40),
  };
}

function ofSystemd(random, us) {
  const unit = random.pick(UNITS);
  const systemd = { comm: "systemd", exe: "/usr/lib/systemd/systemd", line: "/sbin/init", unit: "init.scope" };
  return {
    PRIORITY: "6",
    _TRANSPORT: "journal",
    SYSLOG_FACILITY: "3",
    SYSLOG_IDENTIFIER: "systemd",
    TID: "1",
    CODE_FILE: "src/core/job.c",
    CODE_LINE: "768",
    CODE_FUNC: "job_emit_done_message",
    MESSAGE_ID: "39f53479d3a045ac8e11786248231fbf",
    JOB_ID: String(random.below(99_999)),
    JOB_TYPE: "start",
    JOB_RESULT: "done",
    UNIT: unit,
    INVOCATION_ID: random.hex(32),
    MESSAGE: `Finished ${unit} - a unit of this host.`,
    ...ofProcess(random, systemd),
    _SOURCE_REALTIME_TIMESTAMP: String(us - 30),
  };
}

/** What a service prints. */
function ofService(random, us) {
  const line = "/usr/bin/python3 /usr/local/bin/exporter --port 9100";
  const python = { comm: "python3", exe: "/usr/bin/python3.11", line, unit: "exporter.service" };
  return {
    PRIORITY: "6",
    _TRANSPORT: "stdout",
    SYSLOG_FACILITY: "3",
    SYSLOG_IDENTIFIER: "exporter",
    _STREAM_ID: random.hex(32),
    MESSAGE: `${new Date(us / 1000).toISOString()} INFO scraped ${random.below(999)} metrics`,
    ...ofProcess(random, python),
  };
}

function ofKernel(random, monotonicUs, isHang) {
  return {
    _TRANSPORT: "kernel",
    SYSLOG_FACILITY: "0",
    SYSLOG_IDENTIFIER: "kernel",
    _RUNTIME_SCOPE: "system",
    _SOURCE_BOOTTIME_TIMESTAMP: String(monotonicUs - 120),
    _SOURCE_MONOTONIC_TIMESTAMP: String(monotonicUs - 120),
    PRIORITY: isHang ? "3" : "6",
    MESSAGE: isHang ? DUMP : random.pick(KERNEL_MESSAGES)(random),
  };
}

/** Those of whom no entry is asked for: neither backups nor what explains silence. */
const UNASKED = DAEMONS.filter(({ name }) => name !== "pvestatd" && name !== "pmxcfs");

/**
 * Entries of one boot. Of every `kernelEvery` one is the kernel's, of every 4,000 of those one is a hang report.
 * @param isAsked whether the others are all of a host's, or only those whom the parser asks for nothing
 * @returns fields in the order in which journald stores them, and whether they report a hang
 */
export function* hostEntries(count, kernelEvery, isAsked = true) {
  const daemons = isAsked ? DAEMONS : UNASKED;
  const random = generator(1);
  let monotonicUs = 1_000_000;
  for (let i = 0; i < count; i += 1) {
    monotonicUs += random.below(500_000);
    const us = START_US + monotonicUs;
    const isKernel = i % kernelEvery === 0;
    const isHang = isKernel && (i / kernelEvery) % 4_000 === 2_000;
    const kind = random.below(10);
    const other = kind < 6 ? ofDaemon : kind < 8 && isAsked ? ofSystemd : ofService;
    yield {
      isHang,
      fields: {
        __CURSOR: `s=${MACHINE};i=${i.toString(16)};b=${BOOT};m=${monotonicUs.toString(16)};t=${us.toString(16)};x=${random.hex(16)}`,
        __REALTIME_TIMESTAMP: String(us),
        __MONOTONIC_TIMESTAMP: String(monotonicUs),
        _BOOT_ID: BOOT,
        _MACHINE_ID: MACHINE,
        _HOSTNAME: "pve1",
        ...(isKernel ? ofKernel(random, monotonicUs, isHang) : other(random, us, daemons)),
      },
    };
  }
}

/** Names of an entry's fields in an order that hangs on which there are, as that of journalctl's JSON does. */
function shuffled(names) {
  const scored = names.map((name) => {
    let score = names.length;
    for (let at = 0; at < name.length; at += 1) score = Math.imul(score ^ name.charCodeAt(at), 0x01000193) >>> 0;
    return [score, name];
  });
  return scored.sort(([a], [b]) => a - b).map(([, name]) => name);
}

/** As `journalctl -o json` writes an entry. */
export function asJson(fields) {
  const names = shuffled(Object.keys(fields));
  return Buffer.from(`{${names.map((name) => `"${name}":${JSON.stringify(fields[name])}`).join(",")}}\n`);
}

/** As `journalctl -o export` writes an entry. */
export function asExport(fields) {
  const parts = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!value.includes("\n")) parts.push(Buffer.from(`${name}=${value}\n`));
    else {
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
      parts.push(Buffer.from(`${name}\n`), size, Buffer.from(`${value}\n`));
    }
  }
  parts.push(Buffer.from("\n"));
  return Buffer.concat(parts);
}
