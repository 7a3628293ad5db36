/**
 * Every way that we know in which a process can write what looks like the driver's report, in every form that can carry
 * it. What a form can vouch for, and what not, stands in SECURITY.md.
 */
import { Analysis, type Report } from "@hangproof/analyzer";
import { EvidenceParser, memoryAccess, parseJournal } from "@hangproof/parser";
import { describe, expect, test } from "vitest";
import { writeJournal } from "../../parser/test/support/journal-writer.js";

const HANG = "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:";
const LINK = "e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx";
const US = 1_760_000_000_000_000;
const BOOT = "aaaaaaaa11114aaa8aaa000000000001";

type Fields = Readonly<Record<string, string>>;

const kernels = (message: string): Fields => ({
  _TRANSPORT: "kernel",
  SYSLOG_FACILITY: "0",
  SYSLOG_IDENTIFIER: "kernel",
  PRIORITY: "6",
  MESSAGE: message,
});

/** What journald stores of a process, by the way in which it spoke. Names that begin with `_` are journald's own. */
const JOURNAL_WAYS: Readonly<Record<string, Fields>> = {
  "logger -t kernel": {
    _TRANSPORT: "syslog",
    SYSLOG_FACILITY: "1",
    SYSLOG_IDENTIFIER: "kernel",
    _PID: "4711",
    MESSAGE: HANG,
  },
  "logger -p kern.err": { _TRANSPORT: "syslog", SYSLOG_FACILITY: "0", SYSLOG_IDENTIFIER: "kernel", MESSAGE: HANG },
  "a write to /dev/kmsg": { _TRANSPORT: "kernel", SYSLOG_FACILITY: "1", SYSLOG_IDENTIFIER: "evil", MESSAGE: HANG },
  "a write to /dev/kmsg as daemon": {
    _TRANSPORT: "kernel",
    SYSLOG_FACILITY: "3",
    SYSLOG_IDENTIFIER: "kernel",
    MESSAGE: HANG,
  },
  "sd_journal_send with a field of another name": {
    _TRANSPORT: "journal",
    TRANSPORT: "kernel",
    SYSLOG_FACILITY: "0",
    SYSLOG_IDENTIFIER: "kernel",
    _PID: "4711",
    MESSAGE: HANG,
  },
  "sd_journal_send with a kernel's device": {
    _TRANSPORT: "journal",
    KERNEL_DEVICE: "+pci:0000:00:1f.6",
    SYSLOG_IDENTIFIER: "kernel",
    MESSAGE: HANG,
  },
  "stdout of a service": { _TRANSPORT: "stdout", SYSLOG_FACILITY: "3", SYSLOG_IDENTIFIER: "kernel", MESSAGE: HANG },
  "the audit transport": { _TRANSPORT: "audit", SYSLOG_IDENTIFIER: "kernel", MESSAGE: HANG },
  "the driver transport": { _TRANSPORT: "driver", SYSLOG_IDENTIFIER: "kernel", MESSAGE: HANG },
  "a line break in the message": { _TRANSPORT: "journal", SYSLOG_IDENTIFIER: "evil", MESSAGE: `hello\n${HANG}` },
  "a whole entry behind a line break": {
    _TRANSPORT: "journal",
    SYSLOG_IDENTIFIER: "evil",
    MESSAGE: `hello\n\n__REALTIME_TIMESTAMP=${US}\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=${HANG}\n\n`,
  },
  "an entry of the verbose form behind a line break": {
    _TRANSPORT: "journal",
    SYSLOG_IDENTIFIER: "evil",
    MESSAGE: `hello\n    _TRANSPORT=kernel\n    SYSLOG_FACILITY=0\n    MESSAGE=${HANG}`,
  },
  "an object of JSON behind a line break": {
    _TRANSPORT: "journal",
    SYSLOG_IDENTIFIER: "evil",
    MESSAGE: `hello"}\n{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","MESSAGE":"${HANG}"}`,
  },
};

/** What a container's engine, another host's journal or a contradictory entry carries. */
const MORE_WAYS: Readonly<Record<string, Fields>> = {
  "a container that logs as kernel": {
    _TRANSPORT: "journal",
    CONTAINER_NAME: "kernel",
    CONTAINER_ID: "0123456789ab",
    SYSLOG_IDENTIFIER: "kernel",
    _COMM: "dockerd",
    MESSAGE: HANG,
  },
  "a transport in small letters": {
    _transport: "kernel",
    _TRANSPORT: "journal",
    SYSLOG_IDENTIFIER: "kernel",
    MESSAGE: HANG,
  },
  "no transport, and a field that looks like one": { TRANSPORT: "kernel", SYSLOG_IDENTIFIER: "kernel", MESSAGE: HANG },
  "the kernel's transport with a process's number": { ...kernels(HANG), _PID: "4711", _UID: "1000" },
  "the kernel's transport with a facility that only begins like the kernel's": {
    ...kernels(HANG),
    SYSLOG_FACILITY: "00",
  },
  "an empty facility": { ...kernels(HANG), SYSLOG_FACILITY: "" },
};

/** The kernel's own records around one of the process, so that the form shows that it can tell them apart. */
const entriesWith = (fields: Fields): Fields[] =>
  [kernels("Linux version 6.8.12-15-pve (a@b) #1 SMP"), kernels(LINK), fields, kernels("usb 1-1: new device")].map(
    (one, n) => ({
      ...one,
      __REALTIME_TIMESTAMP: String(US + n * 1_000_000),
      __MONOTONIC_TIMESTAMP: String(5_000_000 + n * 1_000_000),
      _BOOT_ID: BOOT,
      _HOSTNAME: "pve1",
    }),
  );

function exportForm(entries: readonly Fields[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    for (const [name, value] of Object.entries(entry)) {
      const bytes = Buffer.from(value);
      if (!value.includes("\n")) parts.push(Buffer.from(`${name}=${value}\n`));
      else {
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(bytes.length));
        parts.push(Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n"));
      }
    }
    parts.push(Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}

const jsonForm = (entries: readonly Fields[]): Uint8Array =>
  Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));

/** As journalctl lays it out: further lines of a value stand under its first. */
function verboseForm(entries: readonly Fields[]): Uint8Array {
  const text = entries.map((entry, n) => {
    const us = Number(entry.__REALTIME_TIMESTAMP);
    const stamp = new Date(us / 1000).toISOString().replace("T", " ").slice(0, 19);
    const m = Number(entry.__MONOTONIC_TIMESTAMP).toString(16);
    const head = `Thu ${stamp}.000000 UTC [s=d89f5a866bf740d68a6b0e8fe7f3e8c7;i=${n + 1};b=${BOOT};m=${m};t=${us.toString(16)};x=1]\n`;
    const fields = Object.entries(entry).filter(([name]) => !name.startsWith("__"));
    return (
      head +
      fields
        .map(([name, value]) => `    ${name}=${value.replaceAll("\n", `\n${" ".repeat(name.length + 5)}`)}\n`)
        .join("")
    );
  });
  return Buffer.from(text.join(""));
}

const NOW = { now: Date.UTC(2025, 11, 1), timeZone: "UTC" };

function reportOnText(bytes: Uint8Array, evidence = "log"): Report {
  const parser = new EvidenceParser({ evidence, timeZone: "UTC", firstYear: 2025, yearSource: "caller" });
  const analysis = new Analysis(NOW);
  for (const { events } of [parser.push(bytes), parser.end()]) for (const event of events) analysis.add(event);
  analysis.addEvidence({ ...parser.summary(), sha256: null, storedBytes: bytes.length });
  return analysis.finish();
}

function reportOnJournal(entries: readonly Fields[]): Report {
  const bytes = writeJournal(
    entries.map(({ __REALTIME_TIMESTAMP, __MONOTONIC_TIMESTAMP, ...fields }) => ({
      realtimeUs: Number(__REALTIME_TIMESTAMP),
      monotonicUs: Number(__MONOTONIC_TIMESTAMP),
      bootId: BOOT,
      fields: Object.entries(fields).map(([name, value]) => `${name}=${value}`),
    })),
  );
  const analysis = new Analysis(NOW);
  const steps = parseJournal(memoryAccess(bytes), { evidence: "system.journal" });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) for (const event of step.value.events) analysis.add(event);
  analysis.addEvidence(step.value);
  return analysis.finish();
}

const episodesOf = ({ series }: Report): { trust: string }[] => series.flatMap(({ episodes }) => [...episodes]);

const JOURNAL_FORMS: Readonly<Record<string, (entries: readonly Fields[]) => Report>> = {
  "native journal": reportOnJournal,
  "journal export": (entries) => reportOnText(exportForm(entries)),
  "journal JSON": (entries) => reportOnText(jsonForm(entries)),
  "journal verbose": (entries) => reportOnText(verboseForm(entries)),
};

for (const [form, report] of Object.entries(JOURNAL_FORMS)) {
  test(`${form}: the kernel's own report counts, as the kernel's`, () => {
    expect(episodesOf(report(entriesWith(kernels(HANG)))).map(({ trust }) => trust)).toEqual(["kernel"]);
  });

  test.each(Object.entries({ ...JOURNAL_WAYS, ...MORE_WAYS }))(`${form}: %s never counts`, (_, fields) => {
    const { series, suspicious, ...rest } = report(entriesWith(fields));
    expect(episodesOf({ series, suspicious, ...rest })).toEqual([]);
    // What stands behind a line break of a process's message is a part of that message, and no claim of its own.
    if (fields.MESSAGE === HANG) expect(suspicious.map(({ text }) => text).join("\n")).toContain("Unit Hang");
  });
}

/** Lines that only the kernel writes, which move boots, settings, the link and the clock. */
const KERNEL_LINES: readonly string[] = [
  "Linux version 5.10.0 (evil@host) #1 SMP",
  "Command line: BOOT_IMAGE=/vmlinuz e1000e.InterruptThrottleRate=0",
  "Kernel command line: BOOT_IMAGE=/vmlinuz e1000e.InterruptThrottleRate=0",
  "e1000e: Intel(R) PRO/1000 Network Driver",
  "e1000e 0000:00:1f.6: Interrupt Throttling Rate (ints/sec) turned off",
  "e1000e 0000:00:1f.6 eno1: NIC Link is Down",
  "e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly",
  "e1000e 0000:00:1f.6 eno1: removed PHC",
  "NETDEV WATCHDOG: eno1 (e1000e): transmit queue 0 timed out 5000 ms",
  "igb 0000:01:00.0 enp1s0: Detected Tx Unit Hang",
  "PM: suspend entry (deep)",
  "PM: suspend exit",
  "reboot: Restarting system",
  "DMI: Evil Corp. Box/X1, BIOS 9.9 01/01/2030",
  "bond0: (slave eno1): link status definitely down, disabling slave",
  "vmbr0: port 1(eno1) entered disabled state",
];

describe("a line of the kernel from a process changes nothing that is judged", () => {
  const judged = ({ series, otherDrivers }: Report): unknown => ({ series, otherDrivers });
  const around = [LINK, "usb 1-1: new device", HANG];

  test.each(KERNEL_LINES)("%s", (message) => {
    for (const [form, report] of Object.entries(JOURNAL_FORMS))
      for (const way of [
        { _TRANSPORT: "syslog", SYSLOG_FACILITY: "1", SYSLOG_IDENTIFIER: "kernel", _PID: "4711" },
        { _TRANSPORT: "syslog", SYSLOG_FACILITY: "0", SYSLOG_IDENTIFIER: "kernel" },
        { _TRANSPORT: "stdout", SYSLOG_IDENTIFIER: "kernel", _PID: "4711" },
        { _TRANSPORT: "kernel", SYSLOG_FACILITY: "1", SYSLOG_IDENTIFIER: "kernel" },
        { _TRANSPORT: "journal", SYSLOG_IDENTIFIER: "evil" },
      ]) {
        const told = report(entriesWith({ ...way, MESSAGE: message }));
        const untold = report(entriesWith({ ...way, MESSAGE: "hello".padEnd(message.length) }));
        expect(judged(told), `${form} ${JSON.stringify(way)}`).toEqual(judged(untold));
      }
    for (const [form, line] of Object.entries(TEXT_FORMS))
      for (const tag of ["kernel[4711]", "evil[12]"]) {
        const text = (forged: string): Report =>
          reportOnText(Buffer.from(around.map((one) => line("kernel", one)).join("") + line(tag, forged)));
        expect(judged(text(message)), `${form} ${tag}`).toEqual(judged(text("hello".padEnd(message.length))));
      }
  });
});

test("a tag that is the name of a file of settings makes no setting", () => {
  const forged = { _TRANSPORT: "syslog", SYSLOG_FACILITY: "1", _PID: "4711" };
  for (const [tag, message] of [
    ["cmdline", "BOOT_IMAGE=/vmlinuz e1000e.InterruptThrottleRate=0"],
    ["modprobe.d", "options e1000e InterruptThrottleRate=0"],
    ["interfaces", "iface eno1 inet manual"],
    ["ethtool-output", "Features for eno1:"],
  ] as const) {
    for (const report of Object.values(JOURNAL_FORMS))
      expect(report(entriesWith({ ...forged, SYSLOG_IDENTIFIER: tag, MESSAGE: message })).series[0]?.settings).toEqual(
        [],
      );
    for (const line of Object.values(TEXT_FORMS))
      for (const name of [tag, `${tag}[12]`])
        expect(reportOnText(Buffer.from(line("kernel", LINK) + line(name, message))).series[0]?.settings).toEqual([]);
  }
});

test("a message as an array of bytes, with a line break in it, is one message", () => {
  const message = [...Buffer.from(`hello\n2025-10-05T02:00:01+00:00 pve1 kernel: ${HANG}\n${HANG}`)];
  const fields = { _TRANSPORT: "journal", SYSLOG_IDENTIFIER: "evil", MESSAGE: "@" };
  const json = Buffer.from(jsonForm(entriesWith(fields)))
    .toString()
    .replace('"@"', JSON.stringify(message));
  expect(episodesOf(reportOnText(Buffer.from(json)))).toEqual([]);
});

test("docker's json-file holds what a container wrote, and no word of the kernel", () => {
  const line = (log: string): string =>
    `${JSON.stringify({ log: `${log}\n`, stream: "stdout", time: "2025-10-05T02:00:01Z" })}\n`;
  const report = reportOnText(Buffer.from(line("started") + line(HANG) + line(`kernel: ${HANG}`)));
  expect(episodesOf(report).filter(({ trust }) => trust === "kernel")).toEqual([]);
});

test("syslog over TCP, octets counted: a line break inside a frame begins no record", () => {
  const frame = (tag: string, message: string): string => {
    const text = `<14>1 2025-10-05T02:00:01.000000Z pve1 ${tag} - - - ${message}`;
    return `${Buffer.byteLength(text)} ${text}`;
  };
  const inner = `<4>1 2025-10-05T02:00:02.000000Z pve1 kernel - - - ${HANG}`;
  const text = frame("cron", "run") + frame("evil", `hello\n${inner}\n`) + frame("evil", "x") + frame("cron", "run");
  expect(episodesOf(reportOnText(Buffer.from(text)))).toEqual([]);
});

test("RFC 5424: structured data that names a kernel, and a nil process, make no kernel of a program", () => {
  const line = (app: string, data: string, message: string) =>
    `<4>1 2025-10-05T02:00:01.000000Z pve1 ${app} - - ${data} ${message}\n`;
  const around = line("kernel", "-", LINK) + line("kernel", "-", "usb 1-1: new device");
  for (const forged of [
    line("evil", '[meta app="kernel" pid="-"]', HANG),
    line("evil", '[x@1 a="\\] kernel - - -"]', HANG),
    line("evil", "-", `- kernel - - - ${HANG}`),
    line("-", '[meta app="kernel"]', HANG),
  ])
    expect(
      episodesOf(reportOnText(Buffer.from(around + forged))).filter(({ trust }) => trust === "kernel"),
      forged,
    ).toEqual([]);
});

test("a head inside a message is quoted, however it is nested", () => {
  const heads = [
    "Oct  5 02:00:01 pve1 kernel: ",
    "2025-10-05T02:00:01+00:00 pve1 kernel: ",
    "[  105.000000] ",
    "<4>[  105.000000] ",
    "kern  :warn  : [  105.000000] ",
    "4,2,6000000,-;",
  ];
  for (const [form, line] of Object.entries(TEXT_FORMS)) {
    const around = line("kernel", LINK) + line("kernel", "usb 1-1: new device");
    for (const outer of ["evil[9]", "myapp"])
      for (const head of heads) {
        const report = reportOnText(
          Buffer.from(around + line(outer, `${head}${head}${HANG}`) + line(outer, head + HANG)),
        );
        expect(episodesOf(report), `${form} ${outer} ${head}`).toEqual([]);
        // Without a process id in its tag, that form's line may be the kernel's with these words.
        const isTold = form !== "journalctl -o short-monotonic" || outer.includes("[");
        if (isTold && head.includes("kernel: ")) expect(JSON.stringify(report.suspicious), form).toContain("Unit Hang");
      }
  }
});

test("JSON with a key __proto__ changes nothing about other records, nor about objects", () => {
  const [head, ...others] = entriesWith(kernels(LINK)).map((entry) => JSON.stringify(entry));
  const forged = `{"__proto__":{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0"},"constructor":{"prototype":{"_TRANSPORT":"kernel"}},"SYSLOG_IDENTIFIER":"kernel","__REALTIME_TIMESTAMP":"${US}","MESSAGE":"${HANG}"}`;
  const report = reportOnText(Buffer.from(`${[head, forged, ...others].join("\n")}\n`));
  expect(episodesOf(report)).toEqual([]);
  expect(Object.hasOwn(Object.prototype, "_TRANSPORT")).toBe(false);
});

/** Forms of the ring buffer that tell a facility. */
const RING_FORMS: Readonly<Record<string, (facility: number, message: string) => string>> = {
  kmsg: (facility, message) => `${facility * 8 + 4},2,6000000,-;${message}\n`,
  "dmesg -r": (facility, message) => `<${facility * 8 + 4}>[    6.000000] ${message}\n`,
};

test.each(Object.entries(RING_FORMS))("%s: what a process wrote into the kernel's buffer never counts", (_, line) => {
  const around = line(0, LINK) + line(0, "usb 1-1: new device");
  expect(episodesOf(reportOnText(Buffer.from(around + line(0, HANG)))).map(({ trust }) => trust)).toEqual(["kernel"]);
  const forged = reportOnText(Buffer.from(around + line(1, HANG)));
  expect(episodesOf(forged)).toEqual([]);
  expect(forged.suspicious.map(({ text }) => text).join("\n")).toContain("Unit Hang");
});

test("dmesg -x: what a process wrote into the kernel's buffer counts as claimed, never as the kernel's", () => {
  const line = (facility: string, message: string) => `${facility}:warn  : [    6.000000] ${message}\n`;
  const around = line("kern  ", LINK) + line("kern  ", "usb 1-1: new device");
  const trusts = (facility: string) =>
    episodesOf(reportOnText(Buffer.from(around + line(facility, HANG)))).map(({ trust }) => trust);
  expect([trusts("kern  "), trusts("user  "), trusts("daemon")]).toEqual([["kernel"], ["claimed"], ["claimed"]]);
});

test("dmesg -J: what a process wrote into the kernel's buffer never counts", () => {
  const entry = (fac: string, msg: string) => ({ fac, pri: "warn", time: 6, msg });
  const dump = (fac: string) =>
    Buffer.from(JSON.stringify({ dmesg: [entry("kern", LINK), entry(fac, HANG), entry("kern", "usb 1-1: new")] }));
  expect(episodesOf(reportOnText(dump("kern")))).toHaveLength(1);
  const forged = reportOnText(dump("user"));
  expect(episodesOf(forged)).toEqual([]);
  expect(forged.suspicious).toHaveLength(1);
});

/** Text that anybody could have written: only the tag tells, and the tag is the sender's word. */
const TEXT_FORMS: Readonly<Record<string, (tag: string, message: string) => string>> = {
  "traditional syslog": (tag, message) => `Oct  5 02:00:01 pve1 ${tag}: ${message}\n`,
  "syslog with ISO stamps": (tag, message) => `2025-10-05T02:00:01.000000+00:00 pve1 ${tag}: ${message}\n`,
  "journalctl -o short-iso": (tag, message) => `2025-10-05T02:00:01+00:00 pve1 ${tag}: ${message}\n`,
  "journalctl -o short-monotonic": (tag, message) => `[  105.000000] pve1 ${tag}: ${message}\n`,
  "journalctl -o short-unix": (tag, message) => `1759629601.000000 pve1 ${tag}: ${message}\n`,
};

for (const [form, line] of Object.entries(TEXT_FORMS)) {
  const around = line("kernel", LINK) + line("kernel", "usb 1-1: new device");

  test(`${form}: a tag of a process never counts, and is listed`, () => {
    for (const tag of ["kernel[4711]", "evil", "evil[12]", "Kernel", "kernel.err", "kernelx", "xkernel"]) {
      const report = reportOnText(Buffer.from(around + line(tag, HANG)));
      expect(episodesOf(report), tag).toEqual([]);
      // Without a process id in its tag, that form's line may be the kernel's with these words: no driver's head, no event.
      if (form === "journalctl -o short-monotonic" && !tag.includes("[")) continue;
      expect(report.suspicious.map(({ text }) => text).join("\n"), tag).toContain("Unit Hang");
    }
  });

  test(`${form}: a tag that is the kernel's counts as claimed, and the report says so`, () => {
    const report = reportOnText(Buffer.from(around + line("kernel", HANG)));
    expect(episodesOf(report).map(({ trust }) => trust)).toEqual(["claimed"]);
    expect(JSON.stringify(report.series.map(({ verdict }) => verdict))).toMatch(/any (?:process|program)|vouch/);
  });

  test(`${form}: a report inside another message is quoted, not made`, () => {
    for (const message of [`user said "${HANG}"`, `kernel: ${HANG}`, `[  105.000000] ${HANG}`]) {
      const report = reportOnText(Buffer.from(around + line("evil[9]", message)));
      expect(episodesOf(report), message).toEqual([]);
    }
  });

  test(`${form}: what rsyslog escapes of a line break stays in its record`, () => {
    const report = reportOnText(Buffer.from(around + line("evil[9]", `hello#012${line("kernel", HANG).trimEnd()}`)));
    expect(episodesOf(report)).toEqual([]);
  });
}

test("RFC 5424: a process under the kernel's facility or name is no kernel where it has a process id", () => {
  const line = (pri: number, app: string, pid: string, message: string) =>
    `<${pri}>1 2025-10-05T02:00:01.000000Z pve1 ${app} ${pid} - - ${message}\n`;
  const around = line(4, "kernel", "-", LINK) + line(4, "kernel", "-", "usb 1-1: new device");
  for (const forged of [line(4, "kernel", "4711", HANG), line(12, "evil", "-", HANG), line(4, "evil", "9", HANG)])
    expect(episodesOf(reportOnText(Buffer.from(around + forged))), forged).toEqual([]);
  const told = reportOnText(Buffer.from(around + line(4, "kernel", "-", HANG)));
  expect(episodesOf(told).map(({ trust }) => trust)).toEqual(["claimed"]);
});

test("an export that was written by hand is as good as who wrote it: the report names its hash", () => {
  const entries = entriesWith(kernels(HANG));
  expect(episodesOf(reportOnText(exportForm(entries))).map(({ trust }) => trust)).toEqual(["kernel"]);
});
