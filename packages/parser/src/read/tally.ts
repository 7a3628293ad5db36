import type { PassedRecords } from "../formats/record-reader.js";
import type { Diagnostic, DiagnosticCode } from "../model/diagnostic.js";
import type { KernelEvent } from "../model/event.js";
import type { EvidenceSummary, FormName, MachineName } from "../model/evidence.js";
import type { EventTime, TimeSource, YearSource } from "../model/time.js";
import { ActiveHours } from "./hours.js";

/** The first records of a boot stand at 0 or within this. */
const RING_START_MS = 1_000;

/** Suspicious lines that are kept with their text. */
const MOST_SUSPICIOUS = 50;

/** A kernel record so long before the first boot banner is another boot's. */
const BOOT_MS = 60_000;

/** Boots that are told apart; more are not counted. */
const MOST_BOOTS = 100_000;

/** Hosts that are named; more are not told apart. */
const MOST_HOSTS = 1000;

/** Machine ids, each with a name, that are kept of one evidence: as many as hosts. */
const MOST_MACHINES = 1000;

/** What the summary says that only the reading itself knows. */
export type Tallied = Pick<
  EvidenceSummary,
  | "kernelRecords"
  | "events"
  | "hosts"
  | "machines"
  | "boots"
  | "clocks"
  | "lost"
  | "suspicious"
  | "span"
  | "bootSpan"
  | "activeHours"
  | "year"
  | "diagnostics"
>;

/** Counts what one evidence holds while it is read: whose records, of when and by which clocks, events, losses, faults. */
export class Tally {
  readonly #hours = new ActiveHours();
  readonly #hosts = new Set<string>();
  readonly #machines = new Map<string, MachineName>();
  readonly #events: Record<string, number> = {};
  readonly #faults: Partial<Record<DiagnosticCode, number>> = {};
  readonly #clocks: Partial<Record<TimeSource, number>> = {};
  readonly #bootIds = new Set<string>();
  readonly #suspicious: EvidenceSummary["suspicious"][number][] = [];
  #boots = 0;
  #lostRecords = 0;
  #lostAtLeast = false;
  #lostBeforeMs: number | null = null;
  #kernelRecords = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  #firstBootMs = Number.POSITIVE_INFINITY;
  #lastBootMs = Number.NEGATIVE_INFINITY;
  #isLocal = false;
  #year: YearSource | null = null;

  /** Whether any stamp was read in the assumed or named zone. */
  get isLocal(): boolean {
    return this.#isLocal;
  }

  get year(): YearSource | null {
    return this.#year;
  }

  boot(bootId: string | null): void {
    if (bootId !== null && this.#bootIds.size < MOST_BOOTS) this.#bootIds.add(bootId);
  }

  machine(id: string, host: string | null): void {
    const key = `${id} ${host ?? ""}`;
    if (this.#machines.size < MOST_MACHINES && !this.#machines.has(key)) this.#machines.set(key, { id, host });
  }

  /** A record is about to be heard: the first of a ring buffer tells whether others stood before it. */
  starts(form: FormName, { bootMs }: EventTime): void {
    if (this.#kernelRecords > 0) return;
    const isRing = form === "kmsg" || form.startsWith("dmesg") || form === "pstore";
    if (isRing && bootMs !== null && bootMs > RING_START_MS) this.#lostBeforeMs = bootMs;
  }

  /** Counts records of one time, wanted or not. */
  heard(host: string | null, identifier: string | null, time: EventTime, count = 1): void {
    if (host !== null && this.#hosts.size < MOST_HOSTS) this.#hosts.add(host);
    if (time.source === "zone" || time.source === "zone-assumed" || time.source === "dmesg-ctime") this.#isLocal = true;
    if (time.year !== null) this.#year = time.year;
    this.#clocks[time.source] = (this.#clocks[time.source] ?? 0) + count;
    if (identifier !== "kernel") return;
    this.#kernelRecords += count;
    const { unixMs, bootMs } = time;
    if (unixMs !== null) {
      if (unixMs < this.#firstMs) this.#firstMs = unixMs;
      if (unixMs > this.#lastMs) this.#lastMs = unixMs;
      this.#hours.add(unixMs);
    } else if (bootMs !== null) {
      this.#firstBootMs = Math.min(this.#firstBootMs, bootMs);
      this.#lastBootMs = Math.max(this.#lastBootMs, bootMs);
    }
  }

  /** Counts records that only differ in time and sender. */
  passed({ host, time, records, kernelRecords, firstKernelMs, lastKernelMs }: PassedRecords): void {
    if (records > kernelRecords) this.heard(host, null, time, records - kernelRecords);
    if (kernelRecords === 0) return;
    this.heard(host, "kernel", { ...time, unixMs: firstKernelMs }, kernelRecords - 1);
    this.heard(host, "kernel", { ...time, unixMs: lastKernelMs });
  }

  event(event: KernelEvent): void {
    if (event.kind === "host.boot") {
      const isFirst = this.#boots === 0;
      this.#boots += isFirst && this.#firstMs < (event.time.unixMs ?? Number.NEGATIVE_INFINITY) - BOOT_MS ? 2 : 1;
    } else if (event.kind === "log.loss") {
      this.#lostRecords += event.count ?? 0;
      if (event.count === null) this.#lostAtLeast = true;
    }
    this.#events[event.kind] = (this.#events[event.kind] ?? 0) + 1;
  }

  fault({ code, line, byteOffset, detail }: Diagnostic): void {
    if (code === "trust.suspicious" && this.#suspicious.length < MOST_SUSPICIOUS)
      this.#suspicious.push({ line: line ?? 1, byteOffset: byteOffset ?? 0, text: detail });
    this.#faults[code] = (this.#faults[code] ?? 0) + 1;
  }

  /** @param evidence - its name may tell that only the tail of a log is in it */
  summary(evidence: string): Tallied {
    const hasSpan = this.#firstMs <= this.#lastMs;
    return {
      kernelRecords: this.#kernelRecords,
      events: { ...this.#events },
      hosts: [...this.#hosts],
      ...(this.#machines.size === 0 ? {} : { machines: [...this.#machines.values()] }),
      boots: this.#kernelRecords === 0 ? 0 : Math.max(1, this.#bootIds.size, this.#boots),
      clocks: { ...this.#clocks },
      lost: {
        records: this.#lostRecords,
        atLeast: this.#lostAtLeast,
        beforeMs: this.#lostBeforeMs,
        isTail: /\.tailed(?:\.[a-z0-9]{1,4})?$/.test(evidence),
      },
      suspicious: [...this.#suspicious],
      span: hasSpan ? { startMs: this.#firstMs, endMs: this.#lastMs } : null,
      bootSpan:
        !hasSpan && this.#firstBootMs <= this.#lastBootMs
          ? { startMs: this.#firstBootMs, endMs: this.#lastBootMs }
          : null,
      activeHours: this.#hours.runs(),
      year: this.#year,
      diagnostics: { ...this.#faults },
    };
  }
}
