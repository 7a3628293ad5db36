import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EvidenceParser } from "../src/index.js";

/*
 * The fast way (a scanner names the lines to read, lines like the one before are counted from their bytes) against the
 * slow one, which reads every line: events, diagnostics and summary must be the same.
 */
const here = dirname(fileURLToPath(import.meta.url));

function read(chunks: readonly Uint8Array[], everyLine: boolean, timeZone: string, evidence = "log") {
  const parser = new EvidenceParser({ evidence, timeZone, firstYear: 2025, yearSource: "file-time", everyLine });
  const events: unknown[] = [];
  const diagnostics: unknown[] = [];
  const take = (batch: ReturnType<EvidenceParser["push"]>): void => {
    events.push(...batch.events);
    diagnostics.push(...batch.diagnostics);
  };
  for (const chunk of chunks) take(parser.push(chunk));
  take(parser.end());
  return { events, diagnostics, summary: parser.summary() };
}

function expectSame(bytes: Uint8Array, cuts: readonly number[], timeZone = "Europe/Berlin", evidence = "log"): void {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
  expect(read(chunks, false, timeZone, evidence)).toEqual(read(chunks, true, timeZone, evidence));
}

const PCI = "e1000e 0000:00:1f.6 eno1";
const quiet = fc.constantFrom(
  "usb 1-5: USB disconnect, device number 11",
  "EXT4-fs (dm-4): mounted filesystem with ordered data mode",
  "kvm: vcpu1, guest rIP: 0xfff ignored rdmsr: 0x16c",
  "x",
  "",
  "Grüße aus dem Kernel 漢",
  "a&lt;b",
  "Oct  5 02:00:01 pve sshd[1]: quoted",
  "rtc_cmos 00:04: setting system clock to 2025-10-25T23:49:23 UTC (1761436163)",
);
/** Bytes that send a line the slow way, some of which hide a literal. */
const UNSEEN = [
  "no-break\u00a0space",
  "\x1b[31mred\x1b[0m",
  "nul\0inside",
  "45\u00b0 and no more",
  "e1000e\u00a00000:00:19.0 eno1: NIC Link\u00a0is Down",
  "e10\x1b[1m00e 0000:00:19.0 eno1: Reset ad\0apter unexpectedly",
];
const loud = fc.constantFrom(
  `${PCI}: Detected Hardware Unit Hang:`,
  "  TDH                  <a>",
  `${PCI}: NIC Link is Down`,
  `${PCI}: Reset adapter unexpectedly`,
  "vmbr0: port 1(eno1) entered disabled state",
  "Linux version 6.8.12-15-pve (build@proxmox) #1 SMP",
  "Missed 93 kernel messages",
);
const tag = fc.oneof(
  { weight: 6, arbitrary: fc.constant("kernel:") },
  fc.constantFrom(
    "kernel[12]:",
    "sshd[812]:",
    "CRON[1]:",
    "systemd-logind[7]:",
    "-- MARK --",
    "kern.info kernel:",
    "a b:",
  ),
);
const stamp = fc.constantFrom("", "", "[    1.000000] ", "[12345.678901][    T1] ");
const line = fc
  .tuple(
    fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.integer({ min: -90, max: 7200 })),
    fc.oneof({ weight: 12, arbitrary: fc.constant("pve") }, fc.constantFrom("other", "other", "third.example.org", "")),
    tag,
    stamp,
    fc.oneof({ weight: 25, arbitrary: quiet }, loud),
    fc.oneof({ weight: 30, arbitrary: fc.constant("") }, fc.constantFrom("  continued", "\r", "> ")),
  )
  .map(([step, host, name, kept, message, odd]) => ({
    step,
    head: `${host === "" ? "" : `${host} `}${name} ${kept}`,
    message,
    odd,
  }));

const two = (value: number) => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const STAMPS = {
  traditional: (t: Date) =>
    `${MONTHS[t.getUTCMonth()]} ${String(t.getUTCDate()).padStart(2)} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`,
  precise: (t: Date) =>
    `${MONTHS[t.getUTCMonth()]} ${two(t.getUTCDate())} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}.${String(t.getTime() % 997).padStart(6, "0")}`,
  iso: (t: Date) => `${t.toISOString().slice(0, 19)}.${String(t.getTime() % 997).padStart(6, "1")}+02:00`,
  "iso without offset colon": (t: Date) => `${t.toISOString().slice(0, 19)}+0530`,
  "short-full": (t: Date) => `Sun ${t.toISOString().slice(0, 10)} ${t.toISOString().slice(11, 19)} CEST`,
  dmesg: (t: Date) => `[${(t.getTime() % 1e9) / 1000}]`,
};

/** Moments about which something is special: a repeated hour, a skipped one, New Year, a leap day, nothing at all. */
const STARTS = ["2025-10-26T00:40:00Z", "2025-03-30T01:50:00Z", "2025-12-31T23:20:00Z", "2025-06-01T10:00:00Z"];

for (const [name, write] of Object.entries(STAMPS)) {
  for (const timeZone of ["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]) {
    test(`${name} in ${timeZone}: reading some lines gives what reading every line gives`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...STARTS),
          fc.array(line, { minLength: 40, maxLength: 120 }),
          fc.integer({ min: 6, max: 14 }),
          fc.array(fc.nat({ max: 400_000 }), { maxLength: 2 }),
          fc.array(fc.tuple(fc.nat({ max: 119 }), fc.constantFrom(...UNSEEN)), { maxLength: 3 }),
          (start, lines, times, cuts, unseen) => {
            let ms = Date.parse(start);
            let text = "";
            for (let round = 0; round < times; round++) {
              for (const [index, { step, head, message, odd }] of lines.entries()) {
                for (const [, hiding] of unseen.filter(([at]) => at === index))
                  text += `${write(new Date(ms))} pve kernel: ${hiding}\n`;
                ms += step * 1000 + 1;
                text += odd.startsWith("  ")
                  ? `${odd} ${message}\n`
                  : `${odd === "\r" ? "" : odd}${write(new Date(ms))} ${head}${message}${odd === "\r" ? odd : ""}\n`;
              }
            }
            expectSame(new TextEncoder().encode(text), cuts, timeZone);
          },
        ),
        { numRuns: 12 },
      );
    });
  }
}

const inputs = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
    : [];

test("every fixture and sample, as it is and many times over, gives the same both ways", () => {
  const paths = [
    ...inputs(resolve(here, "../../../fixtures/cases")),
    ...inputs(resolve(here, "../../../../shared/samples/formats/syslog")),
    ...inputs(resolve(here, "../../../../shared/samples/formats/journalctl")),
    ...inputs(resolve(here, "../../../../shared/samples/formats/dmesg")),
    ...inputs(resolve(here, "../../../../shared/samples/field")),
  ];
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) {
    const stored = readFileSync(path);
    const bytes = path.endsWith(".gz") ? gunzipSync(stored) : stored;
    const copies = Math.max(1, Math.min(20, Math.ceil(40_000 / Math.max(1, bytes.length))));
    expectSame(
      new Uint8Array(Buffer.concat(Array.from({ length: copies }, () => bytes))),
      [bytes.length],
      "Europe/Berlin",
      path,
    );
  }
});
