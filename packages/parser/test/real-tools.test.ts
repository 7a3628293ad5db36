import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { abilitiesOf } from "../src/formats/abilities.js";
import { EvidenceParser, type KernelEvent } from "../src/index.js";
import { randomLog, type SourceRecord } from "./support/random-log.js";

/*
 * New inputs from the real tools: random records become a journal by systemd-journal-remote, and each of journalctl's
 * and dmesg's forms of it must give the events of the records, up to what `FORM_ABILITIES` says that the form lacks.
 * HANGPROOF_RUNS sets how many logs are tried for each form.
 */
const RUNS = Number(process.env.HANGPROOF_RUNS ?? 4);
const REMOTE = "/usr/lib/systemd/systemd-journal-remote";
const isThere = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const haveJournal = isThere("journalctl") && isThere(REMOTE);
const haveDmesg = isThere("dmesg");
if (!haveJournal) console.warn("journalctl or systemd-journal-remote is not here: tests against them are skipped");
if (!haveDmesg) console.warn("dmesg is not here: tests against it are skipped");

const folder = mkdtempSync(join(tmpdir(), "hangproof-tools-"));
afterAll(() => rmSync(folder, { recursive: true }), 120_000);

const START_US = Date.UTC(2025, 9, 5, 12) * 1000;
const BOOT_US = 90_000_000;
const BOOT_ID = "c0ffee00111122223333444455556666";

interface Expected {
  readonly event: Readonly<Record<string, unknown>>;
  readonly unixMs: number;
  readonly bootMs: number;
}

function withTimes(records: readonly SourceRecord[]): (SourceRecord & { readonly us: number })[] {
  let us = 0;
  return records.map((one) => {
    us += one.afterUs;
    return { ...one, us };
  });
}

/** Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS). */
function exportOf(records: readonly SourceRecord[]): Buffer {
  const parts: Buffer[] = [];
  for (const one of withTimes(records)) {
    const fields = [
      `__REALTIME_TIMESTAMP=${START_US + one.us}`,
      `__MONOTONIC_TIMESTAMP=${BOOT_US + one.us}`,
      `_BOOT_ID=${BOOT_ID}`,
      "_MACHINE_ID=0123456789abcdef0123456789abcdef",
      "_HOSTNAME=pve1",
      `SYSLOG_IDENTIFIER=${one.identifier}`,
      "PRIORITY=3",
      ...(one.writer === "kernel"
        ? ["_TRANSPORT=kernel", "SYSLOG_FACILITY=0", `_SOURCE_MONOTONIC_TIMESTAMP=${BOOT_US + one.us}`]
        : ["_TRANSPORT=syslog", "SYSLOG_FACILITY=3", `_PID=${one.pid}`, `SYSLOG_PID=${one.pid}`]),
    ];
    const message = Buffer.from(one.message);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(message.length));
    parts.push(Buffer.from(`${fields.join("\n")}\nMESSAGE\n`), length, message, Buffer.from("\n\n"));
  }
  return Buffer.concat(parts);
}

let files = 0;
function journalOf(records: readonly SourceRecord[]): string {
  const path = join(folder, `${files++}.journal`);
  execFileSync(REMOTE, ["-o", path, "-"], { input: exportOf(records), stdio: ["pipe", "ignore", "ignore"] });
  return path;
}

function eventsOf(bytes: Uint8Array): { events: KernelEvent[]; suspicious: number; form: string } {
  const parser = new EvidenceParser({ evidence: "out", timeZone: "Europe/Berlin", firstYear: 2025 });
  const events = [...parser.push(bytes).events, ...parser.end().events];
  const { form, diagnostics } = parser.summary();
  return { events, suspicious: diagnostics["trust.suspicious"] ?? 0, form };
}

/** What the records say, in their order; hang reports of imitators only where nothing can tell. */
function expectedOf(records: readonly SourceRecord[]): Expected[] {
  return withTimes(records).flatMap(({ event, us }) =>
    event === null ? [] : [{ event, unixMs: (START_US + us) / 1000, bootMs: (BOOT_US + us) / 1000 }],
  );
}

const counted = (event: KernelEvent): boolean =>
  event.trust === "kernel" || !(event.kind.startsWith("e1000e.") || event.kind.startsWith("net."));

const JOURNALCTL: readonly (readonly string[])[] = [
  ...[
    "short",
    "short-precise",
    "short-iso",
    "short-iso-precise",
    "short-full",
    "short-unix",
    "short-monotonic",
    "short-delta",
  ].map((form) => ["-o", form]),
  ...["with-unit", "verbose", "export", "json", "json-pretty", "json-sse", "json-seq"].map((form) => ["-o", form]),
  ["-o", "short", "--utc"],
  ["-o", "short-full", "--utc"],
  ["-o", "short-precise", "--no-hostname"],
  ["-o", "short-iso", "--no-hostname"],
  ["-o", "short-iso-precise", "-r"],
  ["-o", "json", "-r"],
  ["-o", "export", "-r"],
  ["-o", "short", "-x"],
  ["-o", "short", "COLOUR"],
  ["-o", "short-full", "NEW_YORK"],
];

test.skipIf(!haveJournal).each(JOURNALCTL)("journalctl %s %s %s gives the events of the records", (...options) => {
  fc.assert(
    fc.property(randomLog, (records) => {
      const flags = options.filter((option) => option !== undefined && !/^[A-Z_]+$/.test(option));
      const zone = options.includes("NEW_YORK")
        ? "America/New_York"
        : options.includes("--utc")
          ? "UTC"
          : "Europe/Berlin";
      const output = execFileSync("journalctl", [`--file=${journalOf(records)}`, "--no-pager", "-a", ...flags], {
        env: {
          ...process.env,
          TZ: zone,
          LC_ALL: "C.UTF-8",
          ...(options.includes("COLOUR") ? { SYSTEMD_COLORS: "1" } : {}),
        },
      });
      const { events, suspicious, form } = eventsOf(output);
      const abilities = abilitiesOf(form as Parameters<typeof abilitiesOf>[0]);
      const expected = expectedOf(records);
      if (options.includes("-r")) expected.reverse();
      const real = abilities?.vouches === true ? events.filter(counted) : events;
      expect(real).toMatchObject(expected.map(({ event }) => event));
      // Local stamps of a zone that is not named were read in Berlin.
      const shiftMs = abilities?.zone === "none" && zone === "UTC" ? 2 * 3_600_000 : 0;
      for (const [at, { time, bootId, host }] of real.entries()) {
        const { unixMs, bootMs } = expected[at] ?? { unixMs: 0, bootMs: 0 };
        if (abilities?.wall === null) expect(Math.abs((time.bootMs ?? 0) - bootMs)).toBeLessThan(0.01);
        else {
          const errorMs = unixMs - shiftMs - (time.unixMs ?? 0);
          expect(Math.abs(errorMs), `${form} at ${at}`).toBeLessThan(time.uncertaintyMs + 0.001);
          expect(time.uncertaintyMs).toBeLessThanOrEqual(1000);
        }
        if (abilities?.host === true && !options.includes("--no-hostname")) expect(host).toBe("pve1");
        if (abilities?.boot === "id") expect(bootId).toBe(BOOT_ID);
      }
      const imitations = records.filter(({ imitates }) => imitates).length;
      expect(suspicious + events.length - real.length).toBe(imitations);
    }),
    { numRuns: RUNS },
  );
});

test.skipIf(!haveJournal)("journalctl -o cat keeps the events and their order, and nothing of when and who", () => {
  fc.assert(
    fc.property(randomLog, (records) => {
      const output = execFileSync("journalctl", [`--file=${journalOf(records)}`, "--no-pager", "-a", "-o", "cat"]);
      const { events } = eventsOf(output);
      const shown = withTimes(records).filter(({ event, imitates }) => event !== null || imitates);
      expect(events.map(({ kind }) => kind)).toEqual(
        shown.map(({ event }) => (event === null ? "e1000e.hang" : event.kind)),
      );
      for (const { time, trust } of events) expect([time.unixMs, time.bootMs, trust]).toEqual([null, null, "claimed"]);
    }),
    { numRuns: RUNS },
  );
});

test.skipIf(!haveJournal)("the journal file itself gives the events, to the microsecond", async () => {
  const { readEvidence } = await import("../src/node.js");
  await fc.assert(
    fc.asyncProperty(randomLog, async (records) => {
      const path = journalOf(records);
      const { events } = await readEvidence([path], { timeZone: "UTC" });
      const direct = eventsOf(execFileSync("journalctl", [`--file=${path}`, "-o", "export"]));
      const bare = ({ provenance: _, ...event }: KernelEvent) => event;
      expect(events.filter(counted).map(bare)).toEqual(direct.events.filter(counted).map(bare));
    }),
    { numRuns: RUNS },
  );
});

/** As syslog(2) hands it out: each line of a record with the record's head (kernel/printk/printk.c, record_print_text). */
function ringBufferOf(records: readonly SourceRecord[]): string {
  return withTimes(records)
    .filter(({ writer }) => writer === "kernel")
    .flatMap(({ message, us }) =>
      message.split("\n").map((line) => `<3>[${((BOOT_US + us) / 1e6).toFixed(6).padStart(12)}] ${line}\n`),
    )
    .join("");
}

const DMESG: readonly (readonly string[])[] = [
  [],
  ["-T"],
  ["-d"],
  ["-e"],
  ["-H", "--color=always", "-P"],
  ["-x"],
  ["-r"],
  ["-t"],
  ["-p"],
  ["-J"],
  ["--time-format=iso"],
  ["--time-format=ctime", "-x"],
  ["-d", "-T"],
];

test.skipIf(!haveDmesg).each(DMESG.map((flags) => [flags.join(" "), flags] as const))(
  "dmesg %s gives the events of the records",
  (_name, flags) => {
    fc.assert(
      fc.property(randomLog, (records) => {
        fc.pre(records.some(({ writer }) => writer === "kernel"));
        const path = join(folder, `${files++}.dmesg`);
        writeFileSync(path, ringBufferOf(records));
        const output = execFileSync("dmesg", ["-F", path, ...flags], { env: { ...process.env, TZ: "Europe/Berlin" } });
        const { events, form } = eventsOf(output);
        const expected = expectedOf(records.map((one) => (one.writer === "kernel" ? one : { ...one, event: null })));
        expect(events, readFileSync(path, "utf8")).toMatchObject(expected.map(({ event }) => event));
        const isSinceBoot = ["dmesg", "dmesg-raw", "dmesg-json", "dmesg-delta"].includes(form);
        for (const [at, { time, trust }] of isSinceBoot ? events.entries() : []) {
          expect(Math.abs((time.bootMs ?? 0) - (expected[at]?.bootMs ?? 0))).toBeLessThan(0.01);
          expect(trust).toBe("kernel");
        }
      }),
      { numRuns: RUNS },
    );
  },
);
