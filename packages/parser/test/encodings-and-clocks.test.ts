import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser, type KernelEvent } from "../src/index.js";

function read(chunks: readonly Uint8Array[], evidence = "log") {
  const parser = new EvidenceParser({ evidence, firstYear: 2025 });
  const events: KernelEvent[] = [];
  for (const chunk of chunks) events.push(...parser.push(chunk).events);
  const last = parser.end();
  events.push(...last.events);
  return { events, summary: parser.summary() };
}
const utf8 = (text: string) => [new TextEncoder().encode(text)];
const LINK = "e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: None";

function utf16(text: string, isBig: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2 + 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, !isBig);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + i * 2, text.charCodeAt(i), !isBig);
  return bytes;
}

test("a log that Windows wrote as UTF-16 gives the events of its text, however it is cut", () => {
  const text = `Oct  5 02:00:01 pve kernel: ${LINK}\r\nOct  5 02:00:02 pve vzdump: Grüße 🚀\r\n`.repeat(3);
  const expected = read(utf8(text)).events;
  expect(expected).toHaveLength(3);
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.nat({ max: text.length * 2 }), { maxLength: 6 }), (isBig, cuts) => {
      const bytes = utf16(text, isBig);
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, i) => bytes.slice(edges[i], end));
      expect(read(chunks).events).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("what holds logs and cannot be read here is refused with the command that unpacks it", () => {
  for (const [magic, command] of [
    ["PK\x03\x04", "unzip -p"],
    ["7z\xbc\xaf\x27\x1c", "7z e -so"],
    ["\x02\x21\x4c\x18", "lz4 -dc"],
  ] as const) {
    const parser = new EvidenceParser({ evidence: "x" });
    parser.push(Uint8Array.from(magic, (character) => character.charCodeAt(0)));
    const { diagnostics } = parser.end();
    expect(diagnostics).toMatchObject([{ code: "input.unsupported", detail: expect.stringContaining(command) }]);
  }
});

const RTC = "rtc_cmos 00:04: setting system clock to 2025-10-25T23:49:23 UTC (1761436163)";

for (const [form, line] of [
  ["dmesg", (seconds: number, message: string) => `[${seconds.toFixed(6).padStart(12)}] ${message}\n`],
  ["kmsg", (seconds: number, message: string) => `6,${seconds},${seconds * 1e6},-;${message}\n`],
] as const) {
  test(`${form}: the line that holds both clocks ties the stamps behind it`, () => {
    const { events } = read(utf8(line(3, RTC) + line(100, LINK)));
    expect(events.at(-1)?.time).toMatchObject({
      unixMs: 1_761_436_260_000,
      source: "boot-anchored",
      uncertaintyMs: 5000,
    });
  });

  test(`${form}: a sleep whose length the kernel tells moves the tie on`, () => {
    const text =
      line(3, RTC) +
      line(50, "PM: suspend entry (deep)") +
      line(51, "PM: Timekeeping suspended for 3600.500 seconds") +
      line(52, "PM: suspend exit") +
      line(100, LINK);
    const time = read(utf8(text)).events.at(-1)?.time;
    expect(time).toMatchObject({ unixMs: 1_761_436_260_000 + 3_600_500, uncertaintyMs: 5000 });
  });

  test(`${form}: after a sleep of unknown length the time is told with hours of uncertainty`, () => {
    const text = line(3, RTC) + line(50, "PM: suspend entry (deep)") + line(52, "PM: suspend exit") + line(100, LINK);
    expect(read(utf8(text)).events.at(-1)?.time.uncertaintyMs).toBeGreaterThan(3_600_000);
  });
}

test("records of a clock that was not set are known by their time since boot only, and counted", () => {
  const entry = (us: number, monotonic: number) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: String(us),
      __MONOTONIC_TIMESTAMP: String(monotonic),
      _BOOT_ID: "0".repeat(32),
      _TRANSPORT: "kernel",
      SYSLOG_IDENTIFIER: "kernel",
      MESSAGE: LINK,
    });
  const { events, summary } = read(utf8(`${entry(12_000_000, 12_000_000)}\n${entry(1.7613e15, 20_000_000)}\n`));
  expect(events.map(({ time }) => [time.unixMs, time.bootMs, time.source])).toEqual([
    [null, 12_000, "boot"],
    [1_761_300_000_000, 20_000, "utc"],
  ]);
  expect(summary.diagnostics).toMatchObject({ "time.unset": 1 });
  expect(summary.span).toEqual({ startMs: 1_761_300_000_000, endMs: 1_761_300_000_000 });

  const text = read(utf8(`1970-01-01T00:00:12+00:00 pve kernel: ${LINK}\n`));
  expect(text.events[0]?.time.unixMs).toBeNull();
  expect(text.summary.diagnostics).toMatchObject({ "time.unset": 1 });
});
