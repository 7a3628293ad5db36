import { expect, test } from "vitest";
import { recordFromJournalFields } from "../src/formats/journal-fields.js";
import type { LogRecord } from "../src/model/record.js";

const provenance = { evidence: "e", line: 1, byteOffset: 0, byteLength: 1 };

function recordOf(fields: Readonly<Record<string, string | Uint8Array>>): LogRecord {
  return recordFromJournalFields((name) => fields[name] ?? null, provenance);
}

const KERNEL = { _TRANSPORT: "kernel", __REALTIME_TIMESTAMP: "1761436166010000", __MONOTONIC_TIMESTAMP: "3210000" };

test("what the kernel printed before journald ran is dated by the lag, with the lag as uncertainty", () => {
  const { time } = recordOf({ ...KERNEL, _SOURCE_MONOTONIC_TIMESTAMP: "1210000" });
  expect(time).toEqual({ unixMs: 1761436164010, bootMs: 1210, source: "utc", uncertaintyMs: 2000, year: null });
});

test("a printk stamp after its own reception leaves the time of reception", () => {
  const { time } = recordOf({ ...KERNEL, _SOURCE_MONOTONIC_TIMESTAMP: "9210000" });
  expect(time).toMatchObject({ unixMs: 1761436166010, bootMs: 9210, uncertaintyMs: 1000 });
});

test("systemd 257 and later may name the printk stamp by another clock", () => {
  expect(recordOf({ ...KERNEL, _SOURCE_BOOTTIME_TIMESTAMP: "1210000" }).time.bootMs).toBe(1210);
});

test("user space is dated by its own stamp, to the microsecond", () => {
  const { time } = recordOf({ ...KERNEL, _TRANSPORT: "syslog", _SOURCE_REALTIME_TIMESTAMP: "1761436166009963" });
  expect(time).toMatchObject({ unixMs: 1761436166009.963, bootMs: 3210, uncertaintyMs: 0.001 });
});

test("the kernel's trust needs its transport and its facility", () => {
  expect(recordOf({ _TRANSPORT: "kernel" })).toMatchObject({ trust: "kernel", identifier: "kernel" });
  expect(recordOf({ _TRANSPORT: "kernel", SYSLOG_FACILITY: "0" }).trust).toBe("kernel");
  expect(recordOf({ _TRANSPORT: "kernel", SYSLOG_FACILITY: "3" }).trust).toBe("claimed");
  expect(recordOf({ _TRANSPORT: "syslog", SYSLOG_IDENTIFIER: "kernel", SYSLOG_FACILITY: "0" }).trust).toBe("claimed");
});

test("the cursor stands in for clocks and boot that are not there", () => {
  const boot = "aaaaaaaa11114aaa8aaa000000000001";
  const record = recordOf({ __CURSOR: `t=6420450f83490;m=30fb10;b=${boot};z=9` });
  expect(record).toMatchObject({ bootId: boot, time: { unixMs: 1761436166010, bootMs: 3210 } });
});

test("impossible values are absent", () => {
  const record = recordOf({ _BOOT_ID: "x", PRIORITY: "8", _PID: "-1", __REALTIME_TIMESTAMP: "9".repeat(16) });
  expect(record).toMatchObject({ bootId: null, priority: null, pid: null, time: { unixMs: null, source: "none" } });
});

test("bytes become text, and what is not UTF-8 is replaced", () => {
  expect(recordOf({ MESSAGE: Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xe4) }).message).toBe("\ufeffa\ufffd");
});
