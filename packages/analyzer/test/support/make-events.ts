import type { EvidenceSummary, KernelEvent } from "@hangproof/parser";

/** Hand-made events: only what a test is about is written out, the rest is filled in. */

export const PCI = "0000:00:19.0";
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const MINUTE = 60_000;
/** 1 September 2026, 00:00 UTC: a whole hour. */
export const T0 = Date.UTC(2026, 8, 1);

export interface Where {
  readonly evidence?: string;
  readonly host?: string | null;
  readonly trust?: "kernel" | "claimed";
  readonly uncertaintyMs?: number;
  readonly bootMs?: number | null;
  /** Boot-relative only. */
  readonly relative?: boolean;
  readonly bootId?: string | null;
}

let line = 0;

type Fields<Kind extends KernelEvent["kind"]> = Omit<
  Extract<KernelEvent, { kind: Kind }>,
  "kind" | "time" | "host" | "bootId" | "trust" | "provenance"
>;

/** An event at a moment: Unix milliseconds, milliseconds since boot with `relative`, or null for none. */
export function event<Kind extends KernelEvent["kind"]>(
  kind: Kind,
  timeMs: number | null,
  fields: Fields<Kind>,
  where: Where = {},
): KernelEvent {
  line++;
  const relative = where.relative === true;
  return {
    kind,
    time: {
      unixMs: relative ? null : timeMs,
      bootMs: relative ? timeMs : (where.bootMs ?? null),
      source: timeMs === null ? "none" : relative ? "boot" : "utc",
      uncertaintyMs: relative || timeMs === null ? Number.POSITIVE_INFINITY : (where.uncertaintyMs ?? 0),
      year: null,
    },
    host: where.host === undefined ? "pve" : where.host,
    bootId: where.bootId ?? null,
    trust: where.trust ?? "kernel",
    provenance: { evidence: where.evidence ?? "journal", line, byteOffset: line * 100, byteLength: 100 },
    ...fields,
  } as unknown as KernelEvent;
}

const adapter = { pci: PCI, interface: "eno1" };

/** A report of a stuck packet; the same packet has the same time stamp. */
export function hang(timeMs: number, where: Where & { readonly packet?: number } = {}): KernelEvent {
  const jiffies = Math.round((timeMs % 1e10) / 4);
  const registers = { TDH: 1, TDT: 2, jiffies, time_stamp: where.packet ?? jiffies - 500 };
  return event("e1000e.hang", timeMs, { adapter, registers, missing: [] }, where);
}

/** Reports every 2 s, of one packet. */
export function storm(startMs: number, reports: number, where: Where = {}): KernelEvent[] {
  return Array.from({ length: reports }, (_, i) => hang(startMs + i * 2_000, { packet: startMs % 1e9, ...where }));
}

export const reset = (timeMs: number, where?: Where): KernelEvent => event("e1000e.reset", timeMs, { adapter }, where);
export const linkUp = (timeMs: number, where?: Where): KernelEvent =>
  event("e1000e.link_up", timeMs, { adapter, speedMbps: 1000, duplex: "full", flowControl: "none" }, where);
export const linkDown = (timeMs: number, where?: Where): KernelEvent =>
  event("e1000e.link_down", timeMs, { adapter }, where);
export const boot = (timeMs: number, kernelRelease = "6.8.12-9-pve", where?: Where): KernelEvent =>
  event("host.boot", timeMs, { kernelRelease }, where);
export const shutdown = (timeMs: number, where?: Where): KernelEvent =>
  event("host.shutdown", timeMs, { how: "reboot" }, where);
export const load = (timeMs: number, where?: Where): KernelEvent =>
  event("e1000e.driver_load", timeMs, { version: null }, where);
export const itr = (
  timeMs: number,
  mode: Fields<"e1000e.parameter">["mode"] = "dynamic-conservative",
  where?: Where,
): KernelEvent =>
  event(
    "e1000e.parameter",
    timeMs,
    { adapter, name: "InterruptThrottleRate", value: null, mode, accepted: true },
    where,
  );

/** A hang that the driver's reset ends: three reports, reset, link up 12 s after the onset. */
export function recovered(startMs: number, where?: Where): KernelEvent[] {
  return [...storm(startMs, 3, where), reset(startMs + 8_000, where), linkUp(startMs + 12_000, where)];
}

/** A run as vzdump tells it in the journal. */
export function run(startMs: number, endMs: number, guest = 103, where?: Where): KernelEvent[] {
  return [
    event(
      "backup.job_start",
      startMs,
      { command: `vzdump ${guest}`, upid: null, storage: "nfs", mode: "snapshot", bandwidthLimitKiBps: null },
      where,
    ),
    event("backup.guest_start", startMs + 1_000, { guest, guestType: "qemu", upid: null }, where),
    event(
      "backup.guest_end",
      endMs - 1_000,
      { guest, outcome: "ok", durationMs: endMs - startMs - 2_000, detail: null, upid: null },
      where,
    ),
    event("backup.job_end", endMs, { outcome: "ok", upid: null, detail: null }, where),
  ];
}

/** A kernel log that is active in every hour of its span, but for the hours named. */
export function summary(
  startMs: number,
  endMs: number,
  more: Partial<EvidenceSummary> & { readonly silent?: readonly (readonly [number, number])[] } = {},
): EvidenceSummary {
  const { silent = [], ...fields } = more;
  const hours: [number, number][] = [];
  for (let hour = Math.floor(startMs / HOUR); hour <= Math.floor(endMs / HOUR); hour++) {
    if (silent.some(([from, to]) => hour * HOUR >= from && hour * HOUR < to)) continue;
    const last = hours.at(-1);
    if (last !== undefined && last[1] === hour - 1) last[1] = hour;
    else hours.push([hour, hour]);
  }
  return {
    evidence: "journal",
    form: "journal-json",
    formReason: "made by hand",
    formConfidence: 1,
    forms: {},
    sha256: null,
    storedBytes: null,
    bytes: 0,
    lines: 0,
    records: 100,
    kernelRecords: 100,
    events: {},
    hosts: ["pve"],
    boots: 1,
    clocks: { utc: 100 },
    lost: { records: 0, atLeast: false, beforeMs: null, isTail: false },
    suspicious: [],
    span: { startMs, endMs },
    activeHours: hours,
    zone: null,
    zoneAssumed: false,
    year: null,
    diagnostics: {},
    ...fields,
  };
}
