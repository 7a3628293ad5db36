import fc from "fast-check";
import { expect, test } from "vitest";
import type { HangEvent, KernelEvent } from "../src/model/event.js";
import { holdsNeedle } from "../src/read/needles.js";
import { DUMP, dumpLines, parseText, read, record } from "./support/records.js";

const HEAD = "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:";
const OTHER = "e1000e 0000:02:00.0 enp2s0: Detected Hardware Unit Hang:";
const ALL = Object.fromEntries(DUMP);
const hangs = (events: readonly KernelEvent[]): HangEvent[] =>
  events.filter((event): event is HangEvent => event.kind === "e1000e.hang");
const stamped = (lines: readonly string[], stamp = "[   12.345678] "): string =>
  lines.map((line) => `${stamp}${line}\n`).join("");

/** One dump in the ways in which logs and pages hold it. */
const FORMS: readonly (readonly [what: string, text: string])[] = [
  ["every line with its stamp", stamped([HEAD, ...dumpLines()])],
  [
    "journalctl's indented lines",
    `Mar 02 10:00:00 pve kernel: ${HEAD}\n${dumpLines()
      .map((line) => `${" ".repeat(28)}${line}\n`)
      .join("")}`,
  ],
  [
    "without indent",
    `Mar  2 10:00:00 pve kernel: ${HEAD}\n${dumpLines()
      .map((line) => `${line.trim().replace(/ +</, " <")}\n`)
      .join("")}`,
  ],
  [
    "one flat line",
    `kernel: ${HEAD} ${dumpLines()
      .map((line) => line.trim().replace(/ +</, " <"))
      .join(" ")}\n`,
  ],
  [
    "a flat line, wrapped",
    `kernel: ${HEAD} ${dumpLines()
      .map((line) => line.trim().replace(/ +</, " <"))
      .join(" ")}\n`.replace(/(.{60,72}) /g, "$1\n"),
  ],
  ["escaped by rsyslog", `Mar  2 10:00:00 pve kernel: [   12.345678] ${HEAD}#012${dumpLines().join("#012")}\n`],
  [
    "as HTML",
    `Mar  2 10:00:00 pve kernel: ${HEAD}\n${dumpLines().join("\n").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}\n`,
  ],
  [
    "with remarks",
    `Mar  2 10:00:00 pve kernel: ${HEAD}\n${dumpLines()
      .map((line) => `${line}  ← see below\n`)
      .join("")}`,
  ],
  ["no log form", `${HEAD}\n${dumpLines().join("\n")}\n`],
  ["a list item", `- ${HEAD}\n${dumpLines().join("\n")}\n`],
  ["what grep prints", `/var/log/kern.log:${HEAD}\n${dumpLines().join("\n")}\n`],
  ["a head wrapped by mail", `${HEAD.replace(" Hang:", "\nHang:")}\n${dumpLines().join("\n")}\n`],
  [
    "a stamped head wrapped by mail",
    `Mar  2 10:00:00 pve kernel: ${HEAD.replace(" eno1", "\neno1")}\n${dumpLines().join("\n")}\n`,
  ],
  ["with other lines between", stamped([HEAD, ...dumpLines().flatMap((line) => [line, "usb 1-1: new device"])])],
];

for (const [what, text] of FORMS) {
  test(`a dump is whole: ${what}`, () => {
    const found = hangs(parseText(text).events);
    expect(found).toMatchObject([{ adapter: { pci: "0000:00:1f.6", interface: "eno1" }, registers: ALL, missing: [] }]);
  });
}

test("the provenance of a dump covers its head to its last line", () => {
  const text = `${stamped(["before"])}${stamped([HEAD, ...dumpLines()])}${stamped(["after"])}`;
  const [hang] = hangs(parseText(text).events);
  const { byteOffset, byteLength, line } = hang?.provenance ?? { byteOffset: 0, byteLength: 0, line: 0 };
  expect(text.slice(byteOffset, byteOffset + byteLength)).toBe(stamped([HEAD, ...dumpLines()]));
  expect(line).toBe(2);
});

test("a dump cut at any line is a report that says what is missing", () => {
  const lines = dumpLines();
  fc.assert(
    fc.property(fc.nat(lines.length), (kept) => {
      const [hang] = hangs(parseText(stamped([HEAD, ...lines.slice(0, kept)])).events);
      const have = Object.keys(hang?.registers ?? {}).length;
      expect(have + (hang?.missing.length ?? 0)).toBe(DUMP.length);
      expect(have).toBe(kept > 4 ? kept - 1 : kept);
    }),
  );
});

test("dumps of two adapters stay apart, however their lines are mixed", () => {
  const first = stamped([HEAD, ...dumpLines()], "[   12.345678] ")
    .trimEnd()
    .split("\n");
  const second = stamped([OTHER, ...dumpLines()], "[   12.345700] ")
    .trimEnd()
    .split("\n");
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (order) => {
      const [a, b] = [[...first], [...second]];
      const mixed = order.flatMap((turn) => (turn ? a : b).splice(0, 1));
      const found = hangs(parseText(`${[...mixed, ...a, ...b].join("\n")}\n`).events);
      expect(found.map(({ registers }) => registers)).toEqual([ALL, ALL]);
      expect(new Set(found.map(({ adapter }) => adapter.interface))).toEqual(new Set(["eno1", "enp2s0"]));
    }),
  );
});

test("a dump does not go on on another host, in another boot, or much later", () => {
  const [, second = ""] = dumpLines();
  const late = { unixMs: 1_700_000_009_000, bootMs: 21_345, source: "utc", uncertaintyMs: 1, year: null } as const;
  for (const more of [{ host: "other" }, { bootId: "0".repeat(32) }, { time: late }]) {
    const { events, diagnostics } = read([record(HEAD), record(second, 2, more)]);
    expect(hangs(events)[0]?.registers).toEqual({});
    expect(diagnostics.map(({ code }) => code)).toEqual(["hang.headless"]);
  }
});

test("events leave in the order of their first lines", () => {
  const lines = [HEAD, ...dumpLines(4), "e1000e 0000:00:1f.6 eno1: NIC Link is Down", ...dumpLines().slice(5)];
  expect(parseText(stamped(lines)).events.map(({ kind }) => kind)).toEqual(["e1000e.hang", "e1000e.link_down"]);
});

test("the 2.6.32 dump counts with its colon, and lacks nothing after nine lines", () => {
  const text = stamped(["0000:00:19.0: eth0: Detected Tx Unit Hang:", ...dumpLines(8)]);
  const [hang, ...more] = hangs(parseText(text).events);
  expect(more).toEqual([]);
  expect(hang?.missing).toEqual([]);
  expect(hang?.adapter).toEqual({ pci: "0000:00:19.0", interface: "eth0" });
});

test("dumps of sister drivers are told as such, count as nothing and are no complaint", () => {
  const body = dumpLines(8).map((line) => line.replace("]:", "]"));
  for (const head of [
    "e1000 0000:02:01.0 eth0: Detected Tx Unit Hang",
    "e1000: eth0: e1000_clean_tx_irq: Detected Tx Unit Hang",
    "igb 0000:02:01.0: Detected Tx Unit Hang",
    "ixgbe 0000:02:01.0 eth0: Detected Tx Unit Hang",
    "0000:02:01.0: eth0: Detected Tx Unit Hang:",
  ]) {
    const { events, diagnostics } = parseText(stamped([head, "  Tx Queue             <0>", ...body]));
    expect(
      events.filter(({ kind }) => kind !== "net.other_hang"),
      head,
    ).toEqual([]);
    expect(diagnostics, head).toEqual([]);
  }
});

test("register lines without a head are said once a block", () => {
  const { events, diagnostics } = parseText(stamped([...dumpLines(), "usb 1-1: x e1000e", ...dumpLines()]));
  expect(events).toEqual([]);
  expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([
    ["hang.headless", 1],
    ["hang.headless", 16],
  ]);
});

test("text that quotes the message is no hang", () => {
  for (const text of [
    "Mar  2 10:00:00 pve sudo[9]: root : USER=root ; COMMAND=/bin/grep 'e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang' x\n",
    "root@pve:~# journalctl -k | grep 'Detected Hardware Unit Hang'\n",
    "Detected Hardware Unit Hang means that the adapter stopped.\n",
    "My e1000e says Detected Hardware Unit Hang: what now?\n",
    "e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang is a known problem of this driver\n",
  ]) {
    expect(hangs(parseText(text).events), text).toEqual([]);
  }
});

test("thousands of heads in a row give thousands of reports", () => {
  const count = 3000;
  expect(hangs(read(Array.from({ length: count }, (_, index) => record(HEAD, index + 1))).events)).toHaveLength(count);
});

test("every line of a dump holds a needle", () => {
  for (const line of [HEAD, ...dumpLines()]) expect(holdsNeedle(line), line).toBe(true);
});
