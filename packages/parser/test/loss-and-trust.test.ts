import { expect, test } from "vitest";
import { EvidenceParser, type KernelEvent } from "../src/index.js";

function read(text: string, evidence = "log") {
  const parser = new EvidenceParser({ evidence, firstYear: 2025 });
  const first = parser.push(new TextEncoder().encode(text));
  const last = parser.end();
  const events: readonly KernelEvent[] = [...first.events, ...last.events];
  return { events, diagnostics: [...first.diagnostics, ...last.diagnostics], summary: parser.summary() };
}

const LOSSES: readonly (readonly [string, string, number | null])[] = [
  ["systemd-journald[300]: Missed 93 kernel messages", "kernel-missed", 93],
  ["systemd-journald[300]: Forwarding to syslog missed 12 messages.", "overrun", 12],
  ["systemd-journald[300]: Suppressed 700 messages from cron.service", "rate-limited", 700],
  ["systemd-journald[300]: /dev/kmsg buffer overrun, some messages lost.", "overrun", null],
  ["kernel: [  12.000000] net_ratelimit: 12 callbacks suppressed", "rate-limited", 12],
  ["kernel: [  12.000000] printk: 7 messages suppressed.", "rate-limited", 7],
  ["kernel: [  12.000000] dump_stack: 21 output lines suppressed due to ratelimiting", "rate-limited", 21],
  ["kernel: ** 44 printk messages dropped **", "printk-dropped", 44],
  ["rsyslogd: imjournal: 61 messages lost due to rate-limiting (20000 allowed within 600 seconds)", "rate-limited", 61],
  ["rsyslogd: imuxsock[pid 712]: begin to drop messages due to rate-limiting", "rate-limited", null],
  ["rsyslogd-2177: imuxsock lost 320 messages from pid 712 due to rate-limiting", "rate-limited", 320],
];

for (const [message, what, count] of LOSSES) {
  test(`a loss that the log tells of is an event with its count: ${message}`, () => {
    const { events, summary } = read(`Oct  5 02:00:01 pve ${message}\n`);
    expect(events).toMatchObject([{ kind: "log.loss", what, count }]);
    expect(summary.lost).toMatchObject({ records: count ?? 0, atLeast: count === null });
  });
}

test("a ring buffer that does not begin with its boot says how much of it is missing", () => {
  expect(read("[ 5123.250000] e1000e: loading\n[ 5124.000000] usb 1-1: new\n").summary.lost.beforeMs).toBe(5_123_250);
  expect(
    read("[    0.000000] Linux version 6.8.12-15-pve (a@b) #1\n[ 90.000000] x\n").summary.lost.beforeMs,
  ).toBeNull();
  expect(read("6,812,5123250000,-;usb 1-1: new device\n").summary.lost.beforeMs).toBe(5_123_250);
  expect(read("Oct  5 02:00:01 pve kernel: [ 5123.250000] usb 1-1: new\n").summary.lost.beforeMs).toBeNull();
});

test("the tail that sosreport keeps of a long log is known by its name", () => {
  const line = "Oct  5 02:00:01 pve kernel: [ 5123.250000] usb 1-1: new\n";
  expect(read(line, "sos_strings/logs/var.log.messages.tailed").summary.lost.isTail).toBe(true);
  expect(read(line, "var/log/messages").summary.lost.isTail).toBe(false);
});

const HANG = "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:";

test("a process that calls itself kernel is no kernel where the form can tell: suspicious, no event", () => {
  for (const tag of ["kernel[4711]", "backdoor[12]", "backdoor"]) {
    const { events, summary } = read(`Oct  5 02:00:01 pve ${tag}: ${HANG}\n`);
    expect(events, tag).toEqual([]);
    expect(summary.diagnostics, tag).toEqual({ "trust.suspicious": 1 });
    expect(summary.suspicious, tag).toMatchObject([{ line: 1, byteOffset: 0, text: expect.stringContaining(HANG) }]);
  }
});

test("what a process writes into the kernel's buffer is told by its facility, and counts as claimed", () => {
  const { events } = read(`12,7,5123250000,-;${HANG}\n`);
  expect(events.map(({ kind, trust }) => [kind, trust])).toEqual([["e1000e.hang", "claimed"]]);
});

test("lines that a process put under its message are part of it, whatever they look like", () => {
  const indent = " ".repeat("Oct 05 12:00:05 pve evil[9]: ".length);
  for (const head of ["[  105.000000] ", "<3>[  105.000000] ", "kern  :err   : [  105.000000] "]) {
    const text = `Oct 05 12:00:05 pve evil[9]: hi\n${indent}${head}${HANG}\nOct 05 12:00:06 pve kernel: usb 1-1: new\n`;
    const { events, summary } = read(text);
    expect(events, head).toEqual([]);
    expect(summary.form, head).toBe("journal-short");
  }
});

test("a ring buffer's stamp is nobody's word below lines that any process could have written", () => {
  const dmesg = `[  105.000000] ${HANG}\n`;
  const syslog = "Oct  5 12:00:05 pve evil[9]: hi\n";
  expect(read(`${syslog}${dmesg}`).events.map(({ trust }) => trust)).toEqual(["claimed"]);
  expect(read(`${dmesg}${syslog}`).events.map(({ trust }) => trust)).toEqual(["kernel"]);
});

test("a process that writes what a sister driver prints at a hang is listed, and its line is no event", () => {
  for (const message of [
    "igb 0000:02:01.0: Detected Tx Unit Hang",
    "e1000 0000:02:01.0 eth0: Detected Tx Unit Hang",
    "ixgbe 0000:02:01.0 eth0: Reset adapter",
  ]) {
    const { events, diagnostics } = read(`Mar  2 10:00:00 pve monitor[812]: ${message}\n`);
    expect(events, message).toEqual([]);
    expect(
      diagnostics.map(({ code }) => code),
      message,
    ).toEqual(["trust.suspicious"]);
  }
  expect(read("Mar  2 10:00:00 pve monitor[812]: igb: all adapters are well\n").diagnostics).toEqual([]);
});
