import { expect, test } from "vitest";
import type { KernelEvent } from "../src/index.js";
import { parseText } from "./support/records.js";

const told = (event: KernelEvent | undefined) =>
  event === undefined
    ? null
    : [event.kind, event.host, event.trust, "adapter" in event ? event.adapter.interface : null];

test.each([
  ["Oct  5 02:00:01 pve e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:", "e1000e.hang", "pve", "eno1"],
  ["Oct  5 02:00:01 e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:", "e1000e.hang", null, "eno1"],
  ["2025-10-05T02:00:01+02:00 pve e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly", "e1000e.reset", "pve", "eno1"],
  ["Oct  5 02:00:03 host e1000e: eth0 NIC Link is Up 1000 Mbps Full Duplex", "e1000e.link_up", "host", "eth0"],
  ["Oct  5 02:00:03 e1000e: eth0 NIC Link is Down", "e1000e.link_down", null, "eth0"],
  ["Oct  5 02:00:03 pve e1000e 0000:00:19.0: eth0: Reset adapter", "e1000e.reset", "pve", "eth0"],
  ["12:  Oct  5 02:00:03 pve kernel: e1000e 0000:00:19.0: eth0: Reset adapter", "e1000e.reset", "pve", "eth0"],
  ["  - Oct  5 02:00:03 pve e1000e 0000:00:19.0: eth0: Reset adapter", "e1000e.reset", "pve", "eth0"],
])("a line without its kernel tag, or behind a margin, is read, and claimed: %s", (line, kind, host, name) => {
  const { events } = parseText(`${line}\n`);
  expect(events.map(told)).toEqual([[kind, host, "claimed", name]]);
});

test("register lines whose tag is missing too belong to their head", () => {
  const lines = ["e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:", "  TDH                  <13>", "  TDT <88>"];
  const { events } = parseText(lines.map((line) => `Oct  5 02:00:01 pve ${line}\n`).join(""));
  expect(events).toMatchObject([{ kind: "e1000e.hang", registers: { TDH: 0x13, TDT: 0x88 } }]);
});

test("a process that calls itself e1000e is no kernel", () => {
  for (const line of [
    "Oct  5 02:00:03 pve e1000e[412]: eth0 NIC Link is Down",
    "Oct  5 02:00:03 pve e1000e[412]: e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly",
  ]) {
    expect(parseText(`${line}\n`).events, line).toEqual([]);
  }
  const entry = { MESSAGE: "e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly", SYSLOG_IDENTIFIER: "e1000e" };
  const fields = { __REALTIME_TIMESTAMP: "1759629601000000", _TRANSPORT: "syslog", _PID: "412", ...entry };
  const { events, diagnostics } = parseText(`${JSON.stringify(fields)}\n`);
  expect(events).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["trust.suspicious"]);
});
