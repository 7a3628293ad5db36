import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser, type KernelEvent } from "../src/index.js";

function read(chunks: readonly (string | Uint8Array)[]): { events: KernelEvent[]; lines: number; codes: string[] } {
  const parser = new EvidenceParser({ evidence: "log", timeZone: "UTC", firstYear: 2025 });
  const events: KernelEvent[] = [];
  const codes: string[] = [];
  const encoder = new TextEncoder();
  for (const chunk of chunks) {
    const batch = parser.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
    events.push(...batch.events);
    codes.push(...batch.diagnostics.map(({ code }) => code));
  }
  const last = parser.end();
  events.push(...last.events);
  codes.push(...last.diagnostics.map(({ code }) => code));
  return { events, lines: parser.summary().lines, codes };
}

const LINK = "e1000e 0000:00:1f.6 eno1: NIC Link is Down";
const AT = Date.UTC(2025, 9, 5, 2, 0, 1);

const MARGINS = [
  "12:",
  "12-",
  "/var/log/kern.log:",
  "/var/log/kern.log-",
  "kern.log.1:4711:",
  "- ",
  "* ",
  "• ",
  "  - ",
  "   12  ",
  "    12\t",
  "12. ",
  "> ",
  "| ",
  "    ",
];
for (const margin of MARGINS) {
  test(`a stamp behind ${JSON.stringify(margin)} keeps its time, host and clock since boot`, () => {
    const syslog = read([`${margin}Oct  5 02:00:01 pve kernel: ${LINK}\n`]).events;
    expect(syslog).toMatchObject([{ kind: "e1000e.link_down", host: "pve", time: { unixMs: AT } }]);
    const iso = read([`${margin}2025-10-05T02:00:01.000000+00:00 pve kernel: ${LINK}\n`]).events;
    expect(iso).toMatchObject([{ kind: "e1000e.link_down", host: "pve", time: { unixMs: AT } }]);
    const dmesg = read([`${margin}[   12.000000] ${LINK}\n`]).events;
    expect(dmesg).toMatchObject([{ kind: "e1000e.link_down", time: { bootMs: 12_000 } }]);
  });
}

test("a kernel line behind what a terminal had not ended is a record of its own", () => {
  for (const before of ["login: ", "[  OK  ] Started foo.", "root@pve:~# ", "Starting network... "]) {
    const { events } = read([`[   11.000000] usb 1-1: new\n${before}[   12.500000] ${LINK}\r\n`]);
    expect(events, before).toMatchObject([{ kind: "e1000e.link_down", time: { bootMs: 12_500 } }]);
  }
});

test("the tag that somebody left out costs nothing but the kernel's name", () => {
  const { events } = read([`Oct  5 02:00:01 pve ${LINK}\nOct  5 02:00:01 pve e1000e: eth0 NIC Link is Down\n`]);
  expect(events).toMatchObject([
    { kind: "e1000e.link_down", host: "pve", trust: "claimed", adapter: { pci: "0000:00:1f.6" } },
    { kind: "e1000e.link_down", host: "pve", trust: "claimed", adapter: { interface: "eth0" } },
  ]);
});

test("the marks between parts of a crash dump belong to no record", () => {
  const part = (n: number) => `<3>[  10${n}.000000] ${LINK}\n`;
  const text = `Oops#1 Part2\n${part(1)}Oops#1 Part1\n${part(2)}====1761436163.123456-D\n${part(3)}`;
  expect(read([text]).events.map(({ kind }) => kind)).toEqual(Array.from({ length: 3 }, () => "e1000e.link_down"));
});

test("a journal entry as JSON between lines of text is read, and claimed: anybody may write such a line", () => {
  const entry = JSON.stringify({
    MESSAGE: LINK,
    _TRANSPORT: "kernel",
    __REALTIME_TIMESTAMP: String(AT * 1000),
    _HOSTNAME: "pve",
  });
  const { events, codes } = read([
    `Oct  5 02:00:00 pve kernel: ${LINK}\n${entry}\nOct  5 02:00:02 pve kernel: ${LINK}\n`,
  ]);
  expect(events.map(({ trust, time }) => [trust, time.unixMs])).toEqual([
    ["claimed", AT - 1000],
    ["claimed", AT],
    ["claimed", AT + 1000],
  ]);
  expect(codes).toEqual([]);
});

const message = fc
  .tuple(
    fc.nat({ max: 50 }),
    fc.boolean(),
    fc.string({ unit: fc.constantFrom("a", "ß", "漢", "\n", " "), maxLength: 20 }),
  )
  .map(([second, isLink, noise]) => ({
    isLink,
    text: `<3>1 2025-10-05T02:00:${String(second).padStart(2, "0")}Z pve kernel - - - ${isLink ? LINK : `usb 1-1: ${noise}x`}`,
  }));

test("messages that say their length are read by it, with line ends in and between them, however they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 12 }),
      fc.constantFrom("", "\n", "\r\n"),
      fc.array(fc.nat({ max: 2000 }), { maxLength: 8 }),
      (messages, between, cuts) => {
        const encoder = new TextEncoder();
        const framed = messages.map(({ text }) => `${encoder.encode(text).length} ${text}${between}`).join("");
        const bytes = encoder.encode(framed);
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const { events, lines } = read(edges.slice(1).map((end, at) => bytes.slice(edges[at], end)));
        expect(events).toHaveLength(messages.filter(({ isLink }) => isLink).length);
        expect(lines).toBe(messages.length);
        for (const { provenance } of events) {
          const { byteOffset, byteLength } = provenance;
          const found = new TextDecoder().decode(bytes.slice(byteOffset, byteOffset + byteLength));
          expect(found).toContain(LINK);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("a length that is none costs its line, and the messages behind it are read", () => {
  const text = `<3>1 2025-10-05T02:00:01Z pve kernel - - - ${LINK}`;
  const good = `${text.length} ${text}`;
  const { events } = read([`${good}${good}garbage without a length\n${good}`]);
  expect(events).toHaveLength(3);
});
