import type { AdapterRef, HangEvent, KernelEvent } from "@hangproof/parser";
import type { EpisodeEnd, FailureAdvice, FailureJudgement, Place } from "../report.js";
import { placeOf } from "../timeline/fact.js";
import { HangTable, Names } from "../timeline/hang-table.js";
import { asJudged, E1000E } from "../timeline/judged-driver.js";
import { judgeFailureMode } from "./failure-mode.js";
import { failureAdvice } from "./failure-modes.js";
import { dumpSigns, type HangSigns, NO_DUMPS } from "./hang-signs.js";

/** What a piece of a log shows of one adapter in one boot. */
export interface HangExplanation {
  readonly adapter: AdapterRef;
  readonly bootId: string | null;
  readonly kernelRelease: string | null;
  readonly reports: number;
  /** The first reports, `MOST_SHOWN` at most, as they came. */
  readonly shown: readonly HangEvent[];
  /** Of all reports the first that lacks the fewest fields: the one to decode. Null without any report. */
  readonly fullest: HangEvent | null;
  readonly signs: HangSigns;
  readonly judgement: FailureJudgement;
  readonly advice: FailureAdvice | null;
}

/** A line about another driver's adapter: told, and counted as nothing. */
export interface OtherHang {
  readonly driver: string | null;
  readonly adapter: AdapterRef;
  /** How many such lines. */
  readonly lines: number;
  readonly place: Place;
}

/** What a piece of a log shows of every adapter in it. */
export interface Explained {
  /** In the order of their first lines; those with hang reports first. */
  readonly adapters: readonly HangExplanation[];
  readonly others: readonly OtherHang[];
}

/** Reports kept whole for each adapter. */
const MOST_SHOWN = 12;
/** Adapters and boots told apart; what comes after them joins the last. */
const MOST_GROUPS = 64;
const MOST_OTHERS = 64;
/** Reports that are known again when they come a second time. */
const MOST_SEEN = 10_000;

type Fact = Extract<
  KernelEvent,
  { kind: "e1000e.reset" | "e1000e.link_up" | "e1000e.link_down" | "net.tx_timeout" | "host.resume" }
>;

interface Group {
  adapter: AdapterRef;
  readonly boot: Boot;
  readonly bootId: string | null;
  readonly rows: number[];
  readonly shown: HangEvent[];
  /** Registers of reports that were seen: a paste often has the same report twice. */
  readonly seen: Set<string>;
  fullest: HangEvent | null;
  first: Clock | null;
  last: Clock | null;
  resets: number;
  timeouts: number;
  linkDowns: number;
  linkUps: number;
  /** What came after the last report and can have ended the hang; null for a reset: whether it held is not known. */
  end: EpisodeEnd | null;
  wasReset: boolean;
  sinceLinkUpMs: number | null;
  sinceResumeMs: number | null;
  /** Last link-up and resume before the first report. */
  upAt: Clock | null;
  speedMbps: number | null;
  flowControl: HangSigns["flowControl"];
}

interface Boot {
  kernelRelease: string | null;
  resumeAt: Clock | null;
}

interface Clock {
  readonly unixMs: number | null;
  readonly bootMs: number | null;
}

/**
 * Reads a piece of a log, as somebody pastes it, and tells what failed in it; needs no clock. About 100 bytes a hang
 * report. `finish()` may be called once.
 */
export class HangExplainer {
  readonly #table = new HangTable();
  readonly #names = { evidence: new Names(), hosts: new Names(), words: new Names() };
  readonly #groups: Group[] = [];
  readonly #others = new Map<string, { -readonly [Field in keyof OtherHang]: OtherHang[Field] }>();
  #boot: Boot = { kernelRelease: null, resumeAt: null };

  /** Events in the order of the evidence. */
  add(told: KernelEvent): void {
    const event = asJudged(told, E1000E);
    switch (event?.kind) {
      case "e1000e.hang":
        this.#hang(event);
        break;
      case "net.other_hang":
        this.#other(event.driver, event.adapter, event);
        break;
      case "net.tx_timeout":
        if (event.driver === null || event.driver === "e1000e") this.#fact(event, event.adapter);
        else this.#other(event.driver, event.adapter, event);
        break;
      case "e1000e.reset":
      case "e1000e.link_up":
      case "e1000e.link_down":
        this.#fact(event, event.adapter);
        break;
      case "e1000e.driver_load":
      case "e1000e.remove":
        for (const group of this.#groups) if (group.boot === this.#boot) ended(group, "driver-reload");
        break;
      case "host.shutdown":
        for (const group of this.#groups) if (group.boot === this.#boot) ended(group, "reboot");
        break;
      case "host.resume":
        this.#boot.resumeAt = event.time;
        break;
      case "host.boot":
        this.#boot = { kernelRelease: event.kernelRelease, resumeAt: null };
        break;
      default:
        break;
    }
  }

  finish(): Explained {
    const others = [...this.#others.values()];
    const drivers = [...new Set(others.map(({ driver }) => driver ?? "another driver"))];
    const groups = this.#groups.filter((group) => this.#isOwn(group, others));
    const first = others[0];
    if (groups.length === 0 && first !== undefined) groups.push(this.#newGroup(first.adapter, null));
    const adapters = groups.map((group): HangExplanation => {
      const signs = this.#signsOf(group, drivers);
      const judgement = judgeFailureMode(signs);
      return {
        adapter: group.adapter,
        bootId: group.bootId,
        kernelRelease: group.boot.kernelRelease,
        reports: group.rows.length,
        shown: group.shown,
        fullest: group.fullest,
        signs,
        judgement,
        advice: failureAdvice([judgement], null, group.adapter.interface)[0] ?? null,
      };
    });
    return { adapters: adapters.sort((a, b) => Number(b.reports > 0) - Number(a.reports > 0)), others };
  }

  /** Some timeouts name no driver: beside another driver's hang they are of that one. */
  #isOwn({ adapter, rows, timeouts, resets }: Group, others: readonly OtherHang[]): boolean {
    if (rows.length + resets > 0) return true;
    return timeouts > 0 && !others.some((other) => isSame(other.adapter, adapter));
  }

  #hang(event: HangEvent): void {
    const group = this.#groupOf(event.adapter, event.bootId);
    if (isRepeated(event, group.seen)) return;
    if (group.rows.length === 0) {
      group.first = event.time;
      group.sinceLinkUpMs = elapsed(group.upAt, event.time);
      group.sinceResumeMs = elapsed(group.boot.resumeAt, event.time);
      group.linkDowns = 0;
      group.linkUps = 0;
    }
    group.last = event.time;
    group.end = null;
    group.wasReset = false;
    group.rows.push(this.#table.length);
    this.#table.push(event, this.#names);
    if (group.shown.length < MOST_SHOWN) group.shown.push(event);
    if (group.fullest === null || sizeOf(event) > sizeOf(group.fullest)) group.fullest = event;
  }

  #fact(event: Fact, adapter: AdapterRef): void {
    const group = this.#groupOf(adapter, event.bootId);
    if (event.kind === "e1000e.reset") {
      group.resets++;
      group.wasReset = true;
    } else if (event.kind === "net.tx_timeout") group.timeouts++;
    else ended(group, "link-cycle");
    if (event.kind === "e1000e.link_down") group.linkDowns++;
    else if (event.kind === "e1000e.link_up") {
      group.linkUps++;
      group.upAt = event.time;
      group.speedMbps = event.speedMbps;
      group.flowControl = event.flowControl;
    }
  }

  #other(driver: string | null, adapter: AdapterRef, event: KernelEvent): void {
    const key = `${driver}|${adapter.pci}|${adapter.interface}`;
    const known = this.#others.get(key);
    if (known !== undefined) known.lines++;
    else if (this.#others.size < MOST_OTHERS) {
      this.#others.set(key, { driver, adapter, lines: 1, place: placeOf(event) });
    }
  }

  /** The adapter's group in this boot; a line that names less than another joins it. */
  #groupOf(adapter: AdapterRef, bootId: string | null): Group {
    const open = this.#groups.filter((group) => group.boot === this.#boot && group.bootId === bootId);
    const found = open.findLast((group) => isSame(group.adapter, adapter));
    if (found !== undefined) {
      found.adapter = {
        pci: found.adapter.pci ?? adapter.pci,
        interface: adapter.interface ?? found.adapter.interface,
      };
      return found;
    }
    const last = this.#groups.at(-1);
    if (this.#groups.length >= MOST_GROUPS && last !== undefined) return last;
    const group = this.#newGroup(adapter, bootId);
    this.#groups.push(group);
    return group;
  }

  #newGroup(adapter: AdapterRef, bootId: string | null): Group {
    return {
      adapter,
      boot: this.#boot,
      bootId,
      rows: [],
      shown: [],
      seen: new Set(),
      fullest: null,
      first: null,
      last: null,
      resets: 0,
      timeouts: 0,
      linkDowns: 0,
      linkUps: 0,
      end: null,
      wasReset: false,
      sinceLinkUpMs: null,
      sinceResumeMs: null,
      upAt: null,
      speedMbps: null,
      flowControl: null,
    };
  }

  #signsOf(group: Group, otherDrivers: readonly string[]): HangSigns {
    const dumps = group.rows.length === 0 ? NO_DUMPS : dumpSigns(this.#table, group.rows);
    return {
      ...dumps,
      spanMs: group.rows.length < 2 ? null : elapsed(group.first, group.last),
      resets: group.resets,
      timeouts: group.timeouts,
      linkDowns: group.linkDowns,
      linkUps: group.linkUps,
      sinceLinkUpMs: group.sinceLinkUpMs,
      sinceResumeMs: group.sinceResumeMs,
      linkSpeedMbps: group.speedMbps,
      flowControl: group.flowControl,
      kernelRelease: group.boot.kernelRelease,
      end: group.end,
      nearEpisodes: 0,
      otherDrivers,
    };
  }
}

/** Whether a report came before: the tick counter and the packet's stamp name it exactly. Remembers it. */
function isRepeated({ registers }: HangEvent, seen: Set<string>): boolean {
  const { jiffies, time_stamp: stamp, TDH, TDT } = registers;
  if (jiffies === undefined || stamp === undefined) return false;
  const key = `${jiffies}|${stamp}|${TDH}|${TDT}`;
  if (seen.has(key)) return true;
  if (seen.size < MOST_SEEN) seen.add(key);
  return false;
}

/** The first thing after the last report that ends a hang, unless the driver had reset it before. */
function ended(group: Group, end: EpisodeEnd): void {
  if (group.rows.length > 0 && !group.wasReset) group.end ??= end;
}

function isSame(a: AdapterRef, b: AdapterRef): boolean {
  if (a.pci !== null && b.pci !== null) return a.pci === b.pci;
  if (a.interface !== null && b.interface !== null) return a.interface === b.interface;
  return true;
}

/** Milliseconds from one moment to a later one, on a clock that both have; null where there is none. */
function elapsed(from: Clock | null, to: Clock | null): number | null {
  if (from === null || to === null) return null;
  const [a, b] = from.bootMs !== null && to.bootMs !== null ? [from.bootMs, to.bootMs] : [from.unixMs, to.unixMs];
  return a === null || b === null || b < a ? null : b - a;
}

function sizeOf(event: HangEvent): number {
  return Object.keys(event.registers).length;
}
