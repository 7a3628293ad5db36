import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { KernelEvent } from "../src/index.js";
import { EvidenceParser } from "../src/read/parse.js";

const folder = resolve(dirname(fileURLToPath(import.meta.url)), "../../../../shared/samples/field");
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .sort()
  : [];

interface Truth {
  readonly hangs: number;
  readonly hangs_with_registers?: number;
  readonly hang_detail?: readonly {
    readonly iface: string | null;
    readonly pci: string | null;
    readonly registers: Readonly<Record<string, string>>;
  }[];
  readonly resets: number;
  readonly link_up: number;
  readonly link_down: number;
  readonly watchdog: number;
  readonly itr_lines: number;
  readonly backup: Readonly<Record<string, number>>;
}

function eventsOf(name: string): KernelEvent[] {
  const parser = new EvidenceParser({ evidence: name });
  const first = parser.push(readFileSync(join(folder, name)));
  return [...first.events, ...parser.end().events];
}

const of = <Kind extends KernelEvent["kind"]>(events: readonly KernelEvent[], kind: Kind) =>
  events.filter((event): event is Extract<KernelEvent, { kind: Kind }> => event.kind === kind);

describe.skipIf(names.length === 0)("real excerpts from the field (skipped where the samples are not there)", () => {
  for (const name of names) {
    test(`${name}: the events are those that were counted by hand`, () => {
      const truth = JSON.parse(readFileSync(join(folder, name.replace(/\.log$/, ".json")), "utf8")) as Truth;
      const events = eventsOf(name);
      const hangs = of(events, "e1000e.hang");
      const detail = truth.hang_detail ?? [];
      expect({
        hangs: hangs.length,
        withRegisters: hangs.filter((hang) => Object.keys(hang.registers).length > 0).length,
        resets: of(events, "e1000e.reset").length,
        linkUp: of(events, "e1000e.link_up").length,
        linkDown: of(events, "e1000e.link_down").length,
        watchdog: of(events, "net.tx_timeout").filter(isOwn).length,
        itr: of(events, "e1000e.parameter").filter((event) => event.name === "InterruptThrottleRate").length,
        registers: hangs.map((hang) => hang.registers),
        adapters: hangs.map((hang) => [hang.adapter.pci, hang.adapter.interface]),
        ...backups(events),
      }).toEqual({
        hangs: truth.hangs,
        withRegisters: truth.hangs_with_registers ?? 0,
        resets: truth.resets,
        linkUp: truth.link_up,
        linkDown: truth.link_down,
        watchdog: truth.watchdog,
        itr: truth.itr_lines,
        registers: detail.map(({ registers }) =>
          Object.fromEntries(Object.entries(registers).map(([field, hex]) => [field, Number.parseInt(hex, 16)])),
        ),
        adapters: detail.map(({ pci, iface }) => [pci, iface]),
        jobStart: (truth.backup.job_start ?? 0) + (truth.backup.upid_vzdump ?? 0),
        guestStart: truth.backup.starting ?? 0,
        guestEnd: (truth.backup.finished ?? 0) + (truth.backup.error ?? 0),
        jobEnd: (truth.backup.job_end ?? 0) + (truth.backup.task_status ?? 0),
      });
    });
  }
});

/** A watchdog line of another driver, or of one that names neither driver nor interface, is not the adapter's. */
function isOwn(event: Extract<KernelEvent, { kind: "net.tx_timeout" }>): boolean {
  if (event.driver !== null) return event.driver === "e1000e";
  return event.adapter.interface?.startsWith("vmnic") === true;
}

function backups(events: readonly KernelEvent[]): Record<string, number> {
  return {
    jobStart: of(events, "backup.job_start").length,
    guestStart: of(events, "backup.guest_start").length,
    guestEnd: of(events, "backup.guest_end").length,
    jobEnd: of(events, "backup.job_end").length,
  };
}
