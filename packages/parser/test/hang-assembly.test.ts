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

/** The same lines with every value one more. */
const oneMore = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/<(\w+)>/, (_, hex) => `<${(Number.parseInt(hex, 16) + 1).toString(16)}>`));
const MORE = Object.fromEntries(DUMP.map(([name, value]) => [name, value + 1]));

test("dumps of two adapters stay apart, however their lines are mixed", () => {
  const first = stamped([HEAD, ...dumpLines()], "[   12.345678] ")
    .trimEnd()
    .split("\n");
  const second = stamped([OTHER, ...oneMore(dumpLines())], "[   12.345700] ")
    .trimEnd()
    .split("\n");
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (order) => {
      const [a, b] = [[...first], [...second]];
      const mixed = order.flatMap((turn) => (turn ? a : b).splice(0, 1));
      const found = hangs(parseText(`${[...mixed, ...a, ...b].join("\n")}\n`).events);
      expect(new Map(found.map(({ adapter, registers }) => [adapter.interface, registers]))).toEqual(
        new Map([
          ["eno1", ALL],
          ["enp2s0", MORE],
        ]),
      );
    }),
  );
});

test("without stamps of the kernel a line goes to the dump whose next line it is", () => {
  const [first, second] = [dumpLines(), oneMore(dumpLines())];
  // The second begins when the first is so many lines on; then they take turns. One register ahead both wait for the same.
  for (let ahead = 3; ahead < first.length; ahead += 1) {
    const turns = first.slice(ahead).flatMap((line, index) => [second[index] ?? "", line]);
    const lines = [HEAD, ...first.slice(0, ahead), OTHER, ...turns, ...second.slice(first.length - ahead)];
    const found = hangs(parseText(stamped(lines, "Mar  2 10:00:00 pve kernel: ")).events);
    expect(
      found.map(({ registers }) => registers),
      `${ahead} ahead`,
    ).toEqual([ALL, MORE]);
  }
});

test("a line that is no number is no register", () => {
  for (const hex of ["zz", "", "2c ", "2g", "12345678901234567"]) {
    const [hang] = hangs(parseText(stamped([HEAD, `  TDH                  <${hex}>`])).events);
    expect(hang?.registers, hex).toEqual({});
  }
});

test("forty records of others may stand in a dump, and eighty lines without any time", () => {
  const [tdh = "", tdt = ""] = dumpLines();
  const between = (count: number) => {
    const others = Array.from({ length: count }, (_, index) => record("usb 1-1: new device", index + 3));
    return hangs(read([record(HEAD), record(tdh, 2), ...others, record(tdt, 99)]).events)[0]?.registers;
  };
  expect([between(40), between(41)]).toEqual([{ TDH: ALL.TDH, TDT: ALL.TDT }, { TDH: ALL.TDH }]);
  const NONE = {
    unixMs: null,
    bootMs: null,
    source: "none",
    uncertaintyMs: Number.POSITIVE_INFINITY,
    year: null,
  } as const;
  const apart = (lines: number, time: Partial<Parameters<typeof record>[2]> = { time: NONE, host: null }) =>
    hangs(read([record(HEAD, 1, time), record(tdh, 2, time), record(tdt, 2 + lines, time)]).events)[0]?.registers;
  expect([apart(80), apart(81)]).toEqual([{ TDH: ALL.TDH, TDT: ALL.TDT }, { TDH: ALL.TDH }]);
  // What has a time is known by that.
  expect(apart(5_000, {})).toEqual({ TDH: ALL.TDH, TDT: ALL.TDT });
});

test("a line two seconds from the head, by either clock, belongs to its dump, and a later one does not", () => {
  const [tdh = ""] = dumpLines();
  const { time } = record(HEAD);
  const after = (more: Partial<typeof time>) =>
    hangs(read([record(HEAD), record(tdh, 2, { time: { ...time, ...more } })]).events)[0]?.registers;
  const [unixMs, bootMs] = [time.unixMs ?? 0, time.bootMs ?? 0];
  for (const near of [
    { unixMs: unixMs + 2_000 },
    { bootMs: bootMs + 2_000 },
    { unixMs: unixMs - 2_000 },
    { unixMs: null },
  ])
    expect(after(near), JSON.stringify(near)).toEqual({ TDH: ALL.TDH });
  for (const far of [{ unixMs: unixMs + 2_001 }, { bootMs: bootMs + 2_001 }, { unixMs: unixMs - 2_001 }])
    expect(after(far), JSON.stringify(far)).toEqual({});
});

test("a line that names no host may be of any", () => {
  const [tdh = ""] = dumpLines();
  for (const [head, line] of [
    [null, "pve"],
    ["pve", null],
    [null, null],
  ] as const)
    expect(hangs(read([record(HEAD, 1, { host: head }), record(tdh, 2, { host: line })]).events)[0]?.registers).toEqual(
      {
        TDH: ALL.TDH,
      },
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

test.each([
  ["e1000 0000:02:01.0 eth0: Detected Tx Unit Hang", "e1000", "0000:02:01.0", "eth0"],
  ["e1000: eth0: e1000_clean_tx_irq: Detected Tx Unit Hang", "e1000", null, "eth0"],
  ["igb 0000:02:01.0: Detected Tx Unit Hang", "igb", "0000:02:01.0", null],
  ["ixgbe 0000:02:01.0 eth0: Detected Tx Unit Hang", "ixgbe", "0000:02:01.0", "eth0"],
  ["ixgbe 0000:02:01.0 eth0: Detected Tx Unit Hang <12>", "ixgbe", "0000:02:01.0", "eth0"],
])("%s is told with driver and adapter", (head, driver, pci, name) => {
  expect(parseText(stamped([head])).events).toMatchObject([
    { kind: "net.other_hang", driver, sign: "hang", adapter: { pci, interface: name } },
  ]);
});

test("of `Tx Unit Hang` only what has a colon, an address or a name, and no line of a sister, is e1000e's of 2.6.32", () => {
  const kinds = (...lines: string[]): string[] => parseText(stamped(lines)).events.map(({ kind }) => kind);
  expect(kinds("0000:00:19.0: eth0: Detected Tx Unit Hang:")).toEqual(["e1000e.hang"]);
  expect(kinds("e1000e 0000:00:19.0: Detected Tx Unit Hang:")).toEqual(["e1000e.hang"]);
  expect(kinds("e1000e: eth0: Detected Tx Unit Hang")).not.toContain("e1000e.hang");
  expect(kinds("0000:00:19.0: eth0: Detected Tx Unit Hang")).not.toContain("e1000e.hang");
  expect(kinds("Detected Tx Unit Hang:")).not.toContain("e1000e.hang");
  expect(kinds("0000:00:19.0: eth0: Detected Tx Unit Hang:\n  Tx Queue             <0>")).not.toContain("e1000e.hang");
});

test("drivers of another build are e1000e under a longer name, and no other word is", () => {
  const counts = (driver: string): number => hangs(parseText(stamped([HEAD.replace("e1000e", driver)])).events).length;
  for (const driver of ["e1000e", "e1000e-ext", "e1000e_oot"]) expect(counts(driver), driver).toBe(1);
  for (const driver of ["e1000", "e1000ex", "e1000e-", "xe1000e", "e1000e.b"]) expect(counts(driver), driver).toBe(0);
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
