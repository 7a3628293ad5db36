import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser, type KernelEvent, memoryAccess, type Pack, ParserError, parseJournal } from "../src/index.js";
import { writeJournal } from "./support/journal-writer.js";

const { igc } = (await import(new URL("../../../examples/packs/igc.mjs", import.meta.url).href)) as { igc: Pack };
const { borgmatic } = (await import(new URL("../../../examples/packs/borgmatic.mjs", import.meta.url).href)) as {
  borgmatic: Pack;
};

const { r8169 } = (await import(new URL("../../../examples/packs/r8169.mjs", import.meta.url).href)) as { r8169: Pack };

/** A driver that nobody ever wrote: nothing in the library can know it. */
const acme: Pack = {
  name: "acme",
  drivers: [
    {
      driver: "acme_eth",
      hang: {
        head: "TX ring stuck",
        lines: [
          { label: "RING", radix: 10 },
          { label: "HEAD, TAIL", fields: ["head", "tail"] },
          { label: "state follows", fields: [] },
          { label: "PCI Status" },
          { label: "TDH" },
        ],
      },
      signs: [{ sign: "reset", pattern: /^restarted$/ }],
    },
  ],
  recognisers: [
    {
      name: "fan",
      by: ["ipmid"],
      needles: ["fan"],
      read: (message) => {
        const rpm = /^fan (\d{1,2}) at (\d{1,5})$/.exec(message);
        return rpm === null ? null : { fan: Number(rpm[1]), rpm: Number(rpm[2]) };
      },
    },
  ],
};

interface Result {
  readonly events: readonly KernelEvent[];
  readonly diagnostics: readonly { readonly code: string; readonly detail: string }[];
  readonly summary: unknown;
}

function read(
  text: string,
  packs: readonly Pack[],
  more: { cuts?: readonly number[]; everyLine?: boolean } = {},
): Result {
  const bytes = new TextEncoder().encode(text);
  const parser = new EvidenceParser({
    evidence: "log",
    timeZone: "UTC",
    firstYear: 2025,
    packs,
    everyLine: more.everyLine ?? false,
  });
  const edges = [0, ...(more.cuts ?? []).map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const batches = edges.slice(1).map((end, at) => parser.push(bytes.subarray(edges[at], end)));
  batches.push(parser.end());
  return {
    events: batches.flatMap(({ events }) => events),
    diagnostics: batches.flatMap(({ diagnostics }) => diagnostics),
    summary: parser.summary(),
  };
}

const stamped = (lines: readonly string[], everyS = 1): string =>
  lines
    .map((line, at) => `2025-10-05T02:00:${String((at * everyS) % 60).padStart(2, "0")}.000000+00:00 nas ${line}\n`)
    .join("");

const DUMP = [
  "  Tx Queue             <10>",
  "  TDH                  <a4>",
  "  TDT                  <b1>",
  "  next_to_use          <b1>",
  "  next_to_clean        <a4>",
  "buffer_info[next_to_clean]",
  "  time_stamp           <10019e800>",
  "  next_to_watch        <00000000be4e3f3c>",
  "  jiffies              <10019ec80>",
  "  desc.status          <a8000>",
];
const REGISTERS = {
  "Tx Queue": 10,
  TDH: 0xa4,
  TDT: 0xb1,
  next_to_use: 0xb1,
  next_to_clean: 0xa4,
  time_stamp: 0x10019e800,
  next_to_watch: 0xbe4e3f3c,
  jiffies: 0x10019ec80,
  "desc.status": 0xa8000,
};
const HEAD = "igc 0000:03:00.0 enp3s0: Detected Tx Unit Hang";
const HANG = {
  kind: "pack.hang",
  pack: "igc",
  driver: "igc",
  adapter: { pci: "0000:03:00.0", interface: "enp3s0" },
  registers: REGISTERS,
  missing: [],
};

test("a hang report of a driver that a pack describes is one event with its registers, in every form", () => {
  const forms = {
    "a record a line": [HEAD, ...DUMP].map((line) => `2025-10-05T02:00:00+00:00 nas kernel: ${line}\n`).join(""),
    "indented lines of one record": `Oct 05 02:00:00 nas kernel: ${[HEAD, ...DUMP].join(`\n${" ".repeat(28)}`)}\n`,
    dmesg: [HEAD, ...DUMP].map((line) => `[ 5963.353429] ${line}\n`).join(""),
    "rsyslog's escapes": `2025-10-05T02:00:00+00:00 nas kernel: ${[HEAD, ...DUMP].join("#012")}\n`,
    json: `${JSON.stringify({ _TRANSPORT: "kernel", SYSLOG_IDENTIFIER: "kernel", __REALTIME_TIMESTAMP: "1759629600000000", MESSAGE: [HEAD, ...DUMP].join("\n") })}\n`,
  };
  for (const [form, text] of Object.entries(forms)) expect(read(text, [igc]).events, form).toMatchObject([HANG]);
});

test("its resets and link lines are signs, and what nobody described stays what it was", () => {
  const lines = [
    "kernel: igc 0000:03:00.0 enp3s0: Reset adapter",
    "kernel: igc 0000:03:00.0 enp3s0: NIC Link is Up 2500 Mbps Full Duplex, Flow Control: RX/TX",
    "kernel: igc 0000:03:00.0 enp3s0: NIC Link is Down",
    "kernel: igc 0000:03:00.0 enp3s0: Tx timestamp timeout",
    "kernel: igb 0000:05:00.0 enp5s0: Reset adapter",
    "kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down",
  ];
  const found = read(stamped(lines), [igc]).events.map((event) =>
    event.kind === "pack.sign"
      ? [event.sign, event.speedMbps]
      : event.kind === "pack.event"
        ? [event.name, event.fields.interface]
        : [event.kind],
  );
  expect(found).toEqual([
    ["reset", null],
    ["link_up", 2500],
    ["link_down", null],
    ["tx-timestamp-timeout", "enp3s0"],
    ["net.other_hang"],
    ["e1000e.link_down"],
  ]);
  expect(read(stamped(lines), []).events.map(({ kind }) => kind)).toEqual([
    "net.other_hang",
    "net.other_hang",
    "e1000e.link_down",
  ]);
});

test("where a driver says nothing itself, the stack's watchdog says it, in the words of every kernel", () => {
  const lines = [
    "kernel: NETDEV WATCHDOG: enp2s0 (r8169): transmit queue 0 timed out",
    "kernel: r8169 0000:02:00.0 enp2s0: NETDEV WATCHDOG: CPU: 3: transmit queue 0 timed out 5120 ms",
    "kernel: r8169 0000:02:00.0 enp2s0: Link is Down",
    "kernel: r8169 0000:02:00.0 enp2s0: Link is Up - 100Mbps/Full - flow control rx/tx",
    "kernel: r8169 0000:02:00.0 enp2s0: Link is Up - 1Gbps/Full - flow control off",
    "kernel: NETDEV WATCHDOG: enp3s0 (tg3): transmit queue 0 timed out",
    "logger[7]: NETDEV WATCHDOG: enp2s0 (r8169): transmit queue 0 timed out",
  ];
  const adapter = { pci: "0000:02:00.0", interface: "enp2s0" };
  expect(read(stamped(lines), [r8169]).events).toMatchObject([
    { kind: "pack.hang", driver: "r8169", adapter: { pci: null, interface: "enp2s0" }, registers: { queue: 0 } },
    { kind: "pack.hang", driver: "r8169", adapter, registers: { queue: 0, stalledMs: 5120 }, missing: [] },
    { kind: "pack.sign", sign: "link_down", adapter },
    { kind: "pack.sign", sign: "link_up", speedMbps: 100 },
    { kind: "pack.sign", sign: "link_up", speedMbps: null },
    { kind: "net.tx_timeout", driver: "tg3" },
  ]);
});

test("two drivers that hang at once keep their registers apart", () => {
  const own = ["  TDH                  <1>", "  TDT                  <2>", "  next_to_use          <2>"];
  const lines = [
    `kernel: ${HEAD}`,
    `kernel: ${DUMP[0]}`,
    "kernel: e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:",
    ...DUMP.slice(1).map((line) => `kernel: ${line}`),
    ...own.map((line) => `kernel: ${line}`),
  ];
  const [first, second] = read(stamped(lines, 0), [igc]).events;
  expect(first).toMatchObject({ kind: "pack.hang", registers: { "Tx Queue": 10, "desc.status": 0xa8000 } });
  expect(second).toMatchObject({ kind: "e1000e.hang" });
  const values = [first, second].flatMap((event) =>
    event?.kind === "pack.hang" || event?.kind === "e1000e.hang" ? Object.values(event.registers) : [],
  );
  expect(values).toHaveLength(12);
});

test("several values of a line, decimals and headings are read as the pack says", () => {
  const lines = [
    "acme_eth 0000:01:00.0 eth7: TX ring stuck (2)",
    " RING <19>",
    " HEAD, TAIL <1f>, <20>",
    "state follows",
  ];
  const { events } = read(
    stamped(
      [...lines, " PCI Status <10>"].map((line) => `kernel: ${line}`),
      0,
    ),
    [acme],
  );
  expect(events).toMatchObject([
    {
      kind: "pack.hang",
      driver: "acme_eth",
      registers: { RING: 19, head: 31, tail: 32, "PCI Status": 16 },
      missing: ["TDH"],
    },
  ]);
});

test("a process that uses the driver's words makes no hang, and is told", () => {
  const { events, diagnostics } = read(
    stamped([`logger[77]: ${HEAD}`, "kernel: vmbr0: port 1(eno1) entered disabled state"]),
    [igc],
  );
  expect(events.map(({ kind }) => kind)).toEqual(["net.port_state"]);
  expect(diagnostics).toMatchObject([{ code: "trust.suspicious" }]);
});

test("a backup program that a pack describes gives runs", () => {
  const lines = [
    "borgmatic: INFO ssh://nas/./repo: Creating archive",
    "borgmatic: INFO /etc/borgmatic/config.yaml: Successfully ran configuration file",
    "borgmatic: INFO ssh://nas/./repo: Creating archive",
    "borgmatic: CRITICAL /etc/borgmatic/config.yaml: Error running configuration",
    "other: INFO ssh://nas/./repo: Creating archive",
  ];
  const { events } = read(stamped(lines), [borgmatic]);
  expect(events).toMatchObject([
    { kind: "backup.job_start", command: "ssh://nas/./repo" },
    { kind: "backup.job_end", outcome: "ok", detail: null },
    { kind: "backup.job_start" },
    { kind: "backup.job_end", outcome: "failed", detail: "Error running configuration" },
  ]);
});

test("a log in a form that only a pack knows is read, in local time, wherever it is cut", () => {
  const text = [
    "[2025-10-05 02:00:00,250] INFO: ssh://nas/./repo: Creating archive",
    "                       Original size      Compressed size",
    "[2025-02-30 02:00:00,000] INFO: /etc/borgmatic/config.yaml: Error running configuration",
    "[2025-10-05 03:10:00,000] INFO: /etc/borgmatic/config.yaml: Successfully ran configuration file",
    "",
  ].join("\r\n");
  const whole = read(text, [borgmatic]);
  expect(whole.events.map(({ kind, time }) => [kind, time.unixMs, time.source, time.uncertaintyMs])).toEqual([
    ["backup.job_start", Date.UTC(2025, 9, 5, 2, 0, 0, 250), "zone", 1],
    ["backup.job_end", Date.UTC(2025, 9, 5, 3, 10), "zone", 1],
  ]);
  expect(whole.diagnostics).toMatchObject([{ code: "time.unreadable", line: 3 }]);
  expect(whole.summary).toMatchObject({
    form: "pack",
    formReason: "form borgmatic --log-file of the pack borgmatic",
    lines: 4,
    records: 3,
    kernelRecords: 0,
    zone: "UTC",
  });
  for (let cut = 0; cut < text.length; cut += 3)
    expect(read(text, [borgmatic], { cuts: [cut, cut + 1] })).toEqual(whole);
  expect(read(text, []).summary).toMatchObject({ form: "bare" });
});

test("a form whose functions throw is told, and another pack's or the library's is tried", () => {
  const throws = (): never => {
    throw new Error("no");
  };
  const blind: Pack = { name: "blind", forms: [{ name: "x", resolutionMs: 1, isOne: throws, read: throws }] };
  const greedy: Pack = { name: "greedy", forms: [{ name: "x", resolutionMs: 1, isOne: () => true, read: throws }] };
  const lines = stamped(["kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down"]);
  expect(read(lines, [blind]).events.map(({ kind }) => kind)).toEqual(["e1000e.link_down"]);
  expect(read(lines, [greedy]).diagnostics).toMatchObject([{ code: "pack.failed", detail: "greedy: x threw no" }]);
});

test("a journal file is read for the tags that packs name, and for no others", () => {
  const bootId = "aaaaaaaa11114aaa8aaa000000000001";
  const tags = ["borgmatic", "kernel", "ipmid", "borgmatic"];
  const messages = ["INFO a: Creating archive", [HEAD, ...DUMP].join("\n"), "fan 3 at 9000", "nothing"];
  const entries = messages.map((message, at) => ({
    realtimeUs: 1_700_000_000_000_000 + at * 1e6,
    monotonicUs: 5_000_000 + at * 1e6,
    bootId,
    fields: [
      `MESSAGE=${message}`,
      `_BOOT_ID=${bootId}`,
      `SYSLOG_IDENTIFIER=${tags[at]}`,
      `_TRANSPORT=${tags[at] === "kernel" ? "kernel" : "syslog"}`,
    ],
  }));
  const read = (packs: readonly Pack[]) => {
    const steps = parseJournal(memoryAccess(writeJournal(entries)), { packs });
    const events: KernelEvent[] = [];
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) events.push(...step.value.events);
    return { kinds: events.map(({ kind }) => kind), records: step.value.records };
  };
  expect(read([igc, borgmatic])).toEqual({ kinds: ["backup.job_start", "pack.hang"], records: 3 });
  expect(read([igc, acme])).toEqual({ kinds: ["pack.hang", "pack.event"], records: 2 });
  expect(read([])).toEqual({ kinds: ["net.other_hang"], records: 1 });
});

test("a recogniser that throws, or gives what JSON cannot keep, is diagnosed and stops nobody", () => {
  const bad = (read: () => never): Pack => ({
    name: "bad",
    recognisers: [{ name: "x", by: "kernel", needles: ["usb"], read }],
  });
  const lines = stamped(["kernel: usb 1-1: gone", "kernel: e1000e 0000:00:1f.6 eno1: NIC Link is Down"]);
  const throwing = read(lines, [
    bad(() => {
      throw new TypeError("no group");
    }),
  ]);
  expect(throwing.events.map(({ kind }) => kind)).toEqual(["e1000e.link_down"]);
  expect(throwing.diagnostics).toMatchObject([{ code: "pack.failed", detail: "bad: x threw no group" }]);
  const nan = {
    name: "bad",
    recognisers: [{ name: "x", by: "kernel", needles: ["usb"], read: () => ({ n: Number.NaN }) }],
  } as const;
  expect(read(lines, [nan]).diagnostics).toMatchObject([
    { code: "pack.failed", detail: "bad: x gave n, which is no value" },
  ]);
});

test("packs that are not in order are refused, and the message says which and why", () => {
  const [driver] = igc.drivers ?? [];
  const reader = { name: "x", by: "kernel", needles: ["usb"], read: () => null } as const;
  const source = { name: "w", by: ["b"], needles: ["abc"], start: /a/, ok: /b/ } as const;
  const refused: readonly (readonly [readonly Pack[], RegExp])[] = [
    [[{ name: "Igc" }], /"Igc" is no name/],
    [[{ name: "a" }, { name: "a" }], /"a" is there twice/],
    [[{ name: "a", drivers: [{ ...driver!, driver: "e1000e" }] }], /cannot describe the driver "e1000e"/],
    [[{ name: "a", drivers: [{ ...driver!, driver: "e1000e-ext" }] }], /cannot describe/],
    [[igc, { name: "a", drivers: [driver!] }], /described already/],
    [[{ name: "a", drivers: [{ ...driver!, signs: [{ sign: "reset", pattern: /x/g }] }] }], /flag g or y/],
    [[{ name: "a", drivers: [{ ...driver!, hang: { head: "", lines: [] } }] }], /no head/],
    [[{ name: "a", drivers: [{ ...driver!, hang: { head: "x", lines: [{ label: "ü" }] } }] }], /label/],
    [
      [{ name: "a", drivers: [{ ...driver!, hang: { head: "x", lines: [{ label: "abc" }, { label: "abc" }] } }] }],
      /two values/,
    ],
    [[{ name: "a", recognisers: [{ ...reader, needles: [] }] }], /without needles/],
    [[{ name: "a", recognisers: [{ ...reader, needles: ["ab"] }] }], /3 to 200/],
    [[{ name: "a", recognisers: [{ ...reader, by: [] }] }], /tags/],
    [[{ name: "a", windows: [{ ...source, ok: /b/y }] }], /flag g or y/],
    [
      [{ name: "a", recognisers: [{ ...reader, needles: Array.from({ length: 200 }, (_, i) => `needle ${i}`) }] }],
      /more than 128/,
    ],
  ];
  for (const [packs, why] of refused) {
    const make = (): EvidenceParser => new EvidenceParser({ packs });
    expect(make).toThrow(why);
    expect(make).toThrow(ParserError);
  }
});

const P = "acme_eth 0000:01:00.0 eth7";
const quiet = fc.constantFrom(
  "kernel: usb 1-5: USB disconnect, device number 11",
  "kernel: ext4: mounted",
  "sshd[7]: session",
);
const loud = fc.constantFrom(
  `kernel: ${P}: TX ring stuck`,
  "kernel:  RING <19>",
  "kernel:  HEAD, TAIL <1f>, <20>",
  "kernel: state follows",
  "kernel:  PCI Status <10>",
  "kernel:   TDH                  <a>",
  "kernel:   TDT                  <b>",
  "kernel: PCI Status             <10>",
  `kernel: ${P}: restarted`,
  "ipmid[9]: fan 3 at 9000",
  "ipmid[9]: fan of nobody",
  "kernel: e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:",
  "kernel: e1000e 0000:00:1f.6 eno1: Reset adapter unexpectedly",
  "kernel: vmbr0: port 1(eno1) entered disabled state",
);
/** Dumps are seldom, or the lines between them would never be passed over unread. */
const line = fc.oneof({ weight: 6, arbitrary: quiet }, loud);

/** The same lines as syslog, and as two exports of the journal; `kernel` is vouched for there. */
const FORMS: Readonly<Record<string, (lines: readonly string[], everyS: number) => string>> = {
  syslog: stamped,
  "journal-json": (lines, everyS) =>
    lines.map((line, at) => `${JSON.stringify(Object.fromEntries(journalFields(line, at * everyS)))}\n`).join(""),
  "journal-export": (lines, everyS) =>
    lines
      .map(
        (line, at) =>
          `${journalFields(line, at * everyS)
            .map(([name, value]) => `${name}=${value}\n`)
            .join("")}\n`,
      )
      .join(""),
};

function journalFields(line: string, second: number): readonly (readonly [string, string])[] {
  const [, tag = "", pid, message = ""] = /^([\w-]+)(?:\[(\d+)\])?: (.*)$/s.exec(line) ?? [];
  return [
    ["__REALTIME_TIMESTAMP", String(1_759_629_600_000_000 + second * 1e6)],
    ["_BOOT_ID", "aaaaaaaa11114aaa8aaa000000000001"],
    ["_TRANSPORT", tag === "kernel" ? "kernel" : "syslog"],
    ["SYSLOG_IDENTIFIER", tag],
    ...(pid === undefined ? [] : ([["SYSLOG_PID", pid]] as const)),
    ["_HOSTNAME", "nas"],
    ["MESSAGE", message],
  ];
}

const logs = fc
  .tuple(
    fc.constantFrom(...Object.values(FORMS)),
    fc.array(line, { minLength: 20, maxLength: 80 }),
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom(0, 1),
  )
  .map(([write, lines, times, everyS]) => write(Array.from({ length: times }, () => lines).flat(), everyS));

test("with packs, too, reading some lines gives what reading every line gives, wherever the input is cut", () => {
  fc.assert(
    fc.property(logs, fc.array(fc.nat(200_000), { maxLength: 5 }), (text, cuts) => {
      const whole = read(text, [acme]);
      expect(read(text, [acme], { cuts })).toEqual(whole);
      expect(read(text, [acme], { cuts, everyLine: true })).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test("readers of a pack only add: every other event, and every count of lines, is as without it", () => {
  const { drivers: _drivers, ...readers } = acme;
  const rest = ({ events, diagnostics, summary }: Result) => ({
    events: events.filter(({ kind }) => kind !== "pack.event"),
    diagnostics,
    summary: { ...(summary as object), events: null },
  });
  fc.assert(
    fc.property(logs, (text) => {
      expect(rest(read(text, [readers, borgmatic]))).toEqual(rest(read(text, [])));
    }),
    { numRuns: 60 },
  );
});
