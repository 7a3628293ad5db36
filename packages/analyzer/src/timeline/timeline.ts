import type { KernelEvent } from "@hangproof/parser";
import type { Sample } from "../report.js";
import type { Span } from "../result.js";
import { clocksOf, type EvidenceClock } from "./clock-groups.js";
import { knownLosses } from "./coverage.js";
import type { Fact } from "./fact.js";
import { type HangRows, mergeHangRows } from "./hang-rows.js";
import type { HangTable } from "./hang-table.js";
import { Hosts, UNNAMED_HOST } from "./hosts.js";
import { E1000E } from "./judged-driver.js";
import { matchAcross } from "./match.js";
import { union } from "./spans.js";
import type { EventStore, EvidenceState } from "./store.js";
import { watchedByAll } from "./watched.js";

/** One host on one clock: everything that is told of it, once, in the order of time. */
export interface HostTimeline {
  readonly host: string;
  /** True: the wall time is not known, times are milliseconds since boot and nothing else is comparable with them. */
  readonly relative: boolean;
  readonly facts: readonly Fact[];
  /** Events without a time on this clock: configuration files. */
  readonly untimed: readonly KernelEvent[];
  readonly hangs: HangRows;
  /** Evidence that tells of this host on this clock, in the caller's order. */
  readonly evidence: readonly EvidenceState[];
  /** When its evidence would have shown a hang, sorted and disjoint; the host's own absences are still in it. */
  readonly watched: readonly Span[];
  /** Hang reports without any time: known to have happened, in no rate. */
  readonly unplacedHangs: number;
}

/** All timelines, and what could not be put on any. */
export interface Timelines {
  readonly table: HangTable;
  readonly hosts: readonly HostTimeline[];
  /** Reports that a process other than the kernel wrote into a container that can tell. */
  readonly suspicious: readonly Sample[];
  /** Events without a time that need one, hang reports included. */
  readonly unplaced: number;
}

interface Group {
  readonly host: string;
  readonly relative: boolean;
  readonly rows: number[];
  readonly facts: Fact[];
  readonly untimed: KernelEvent[];
  readonly evidence: Set<EvidenceState>;
  unplacedHangs: number;
}

const MOST_SUSPICIOUS = 50;
/** Forms whose container tells the kernel's records from those of any other process. */
const VOUCHING: ReadonlySet<string> = new Set([
  "journal-file",
  "journal-json",
  "journal-export",
  "journal-verbose",
  "kmsg",
  "dmesg-raw",
  "dmesg-json",
]);

/**
 * Puts stored events on timelines: one for each host with wall time, one for each boot whose wall time is not known.
 * O(n log n) in events; linear where exports are already in order.
 */
export function buildTimelines(store: EventStore): Timelines {
  store.settle();
  const clocks = clocksOf(store);
  const hosts = new Hosts(store.evidence.flatMap((evidence) => [...evidence.hosts]));
  const hostLists = store.evidence.map((evidence) => [...evidence.hosts].sort());
  const groups = new Map<string, Group>();
  const groupOf = (host: string, clock: EvidenceClock): Group => {
    const key = clock.kind === "boot" ? `${host}\n${clock.group}` : host;
    let group = groups.get(key);
    if (group === undefined) {
      const relative = clock.kind === "boot";
      group = { host, relative, rows: [], facts: [], untimed: [], evidence: new Set(), unplacedHangs: 0 };
      groups.set(key, group);
    }
    return group;
  };
  const suspicious: Sample[] = [];
  let unplaced = 0;

  const timeMs = new Float64Array(store.hangs.length);
  const uncertaintyMs = new Float64Array(store.hangs.length);
  for (let row = 0; row < store.hangs.length; row++) {
    const index = store.hangs.evidence[row]!;
    const evidence = store.evidence[index]!;
    if (store.hangs.vouched[row] === 0 && canTell(evidence)) {
      suspicious.push(sampleOf(store, row));
      continue;
    }
    const clock = clocks[index]!;
    const number = store.hangs.host[row]!;
    const host = hosts.of(number < 0 ? null : store.names.hosts.list[number]!, hostLists[index]!);
    const group = groupOf(host, clock);
    group.evidence.add(evidence);
    const placed = place(store.hangs.unixMs[row]!, store.hangs.bootMs[row]!, store.hangs.uncertaintyMs[row]!, clock);
    if (placed === null) {
      group.unplacedHangs++;
      unplaced++;
      continue;
    }
    timeMs[row] = placed.timeMs;
    uncertaintyMs[row] = placed.uncertaintyMs;
    group.rows.push(row);
  }

  for (const event of store.facts) {
    const index = store.names.evidence.of(event.provenance.evidence);
    const evidence = store.evidence[index]!;
    if (isImitation(event, evidence)) {
      const { evidence: label, line, byteOffset } = event.provenance;
      suspicious.push({
        evidence: label,
        line,
        byteOffset,
        text: `a process wrote what is the kernel's: ${event.kind}`,
      });
      continue;
    }
    const clock = clocks[index]!;
    const host = hosts.of(event.host, hostLists[index]!);
    const { time } = event;
    const placed = place(time.unixMs ?? Number.NaN, time.bootMs ?? Number.NaN, time.uncertaintyMs, clock);
    const group = groupOf(host, clock);
    group.evidence.add(evidence);
    if (placed !== null) group.facts.push({ ...placed, event, rank: evidence.rank });
    else if (event.kind === "setting.file" || event.kind === "setting.snapshot") group.untimed.push(event);
    else unplaced++;
  }

  for (const [index, evidence] of store.evidence.entries()) {
    // Evidence without any event still says how long the host was watched.
    const named = hostLists[index]!.length === 0 ? [null] : hostLists[index]!;
    if ((evidence.summary?.kernelRecords ?? 0) > 0)
      for (const name of named) groupOf(hosts.of(name, hostLists[index]!), clocks[index]!).evidence.add(evidence);
  }
  shareUntimed(groups);

  const ranks = store.evidence.map((evidence) => evidence.rank);
  const timelines = [...groups.values()].map(
    (group): HostTimeline => ({
      host: group.host,
      relative: group.relative,
      facts: mergeFacts(group.facts),
      untimed: mergeUntimed(group.untimed),
      hangs: mergeHangRows(store.hangs, group.rows, { timeMs, uncertaintyMs, ranks }),
      evidence: [...group.evidence].sort((a, b) => a.rank - b.rank),
      watched: watchedByAll(
        [...group.evidence].map((evidence) => ({ evidence, clock: clocks[evidence.index]! })),
        union(knownLosses(group.facts)),
      ),
      unplacedHangs: group.unplacedHangs,
    }),
  );
  timelines.sort(
    (a, b) =>
      (a.host < b.host ? -1 : a.host > b.host ? 1 : 0) ||
      Number(a.relative) - Number(b.relative) ||
      (a.evidence[0]?.rank ?? 0) - (b.evidence[0]?.rank ?? 0),
  );
  for (const { label, summary } of store.evidence)
    for (const one of summary?.suspicious ?? []) suspicious.push({ evidence: label, ...one });
  const rankOf = new Map(store.evidence.map((evidence) => [evidence.label, evidence.rank]));
  suspicious.sort((a, b) => rankOf.get(a.evidence)! - rankOf.get(b.evidence)! || a.byteOffset - b.byteOffset);
  return { table: store.hangs, hosts: timelines, suspicious: suspicious.slice(0, MOST_SUSPICIOUS), unplaced };
}

/** Whether the container tells the kernel's records from others, and did so: some of its records are the kernel's. */
function canTell({ vouched, summary }: EvidenceState): boolean {
  return vouched && VOUCHING.has(summary?.form ?? "unknown");
}

/** What the kernel alone can tell of a host. */
const KERNELS: ReadonlySet<string> = new Set(["host.boot", "host.firmware", "host.command_line"]);

/** Facts that the kernel alone can tell, from a process. Renames are told by udev, too. */
function isImitation(event: KernelEvent, evidence: EvidenceState): boolean {
  const { kind, trust } = event;
  const isKernels =
    (/^(?:e1000e|net|storage)\./.test(kind) && kind !== "net.rename") ||
    KERNELS.has(kind) ||
    (kind === "setting.file" && event.file === "cmdline");
  return isKernels && trust === "claimed" && canTell(evidence);
}

function place(
  unixMs: number,
  bootMs: number,
  uncertaintyMs: number,
  clock: EvidenceClock,
): { timeMs: number; uncertaintyMs: number } | null {
  if (clock.kind === "boot") return Number.isNaN(bootMs) ? null : { timeMs: bootMs, uncertaintyMs: 0 };
  if (!Number.isNaN(unixMs)) return { timeMs: unixMs, uncertaintyMs };
  if (clock.kind === "tied" && !Number.isNaN(bootMs))
    return { timeMs: bootMs + clock.offsetMs, uncertaintyMs: clock.uncertaintyMs + TIE_MS };
  return null;
}

/** A boot clock tied at one point may run apart from the wall clock elsewhere. */
const TIE_MS = 1_000;

/**
 * Configuration files have no clock: they stand beside whatever timeline their host has. Files of an unnamed host
 * cannot be given to one of several.
 */
function shareUntimed(groups: Map<string, Group>): void {
  for (const [key, group] of groups) {
    const empty = group.rows.length === 0 && group.facts.length === 0 && group.unplacedHangs === 0;
    const watched = [...group.evidence].some((evidence) => (evidence.summary?.kernelRecords ?? 0) > 0);
    if (!empty || watched || group.untimed.length === 0) continue;
    const others = [...groups.values()].filter((other) => other !== group);
    const same = others.filter((other) => other.host === group.host);
    const owners = same.length > 0 ? same : group.host === UNNAMED_HOST && others.length === 1 ? others : [];
    if (owners.length === 0) continue;
    for (const owner of owners) {
      owner.untimed.push(...group.untimed);
      for (const evidence of group.evidence) owner.evidence.add(evidence);
    }
    groups.delete(key);
  }
}

/** Tells each fact once: the surest clock wins, then the container that vouches, then the first evidence. */
function mergeFacts(facts: readonly Fact[]): Fact[] {
  const byContent = new Map<string, Fact[]>();
  for (const fact of facts) {
    const key = contentOf(fact.event);
    const equal = byContent.get(key);
    if (equal === undefined) byContent.set(key, [fact]);
    else equal.push(fact);
  }
  const merged: Fact[] = [];
  for (const equal of byContent.values()) {
    if (equal.length === 1) {
      merged.push(equal[0]!);
      continue;
    }
    const matched = matchAcross(equal, {
      timeMs: (fact) => fact.timeMs,
      uncertaintyMs: (fact) => fact.uncertaintyMs,
      evidence: (fact) => fact.rank,
      line: (fact) => fact.event.provenance.line,
    });
    for (const members of matched) merged.push(together([...members].sort(bySureness)));
  }
  return merged.sort(byTime);
}

/** The surest telling, with the boot that another of them names: text forms know it only behind a boot marker. */
function together(members: readonly Fact[]): Fact {
  const surest = members[0]!;
  const named = members.find(({ event }) => event.bootId !== null);
  if (surest.event.bootId !== null || named === undefined) return surest;
  return { ...surest, event: { ...surest.event, bootId: named.event.bootId } };
}

function bySureness(a: Fact, b: Fact): number {
  const vouched = (fact: Fact): number => (fact.event.trust === "kernel" ? 0 : 1);
  return a.uncertaintyMs - b.uncertaintyMs || vouched(a) - vouched(b) || byTime(a, b);
}

/** The order of a timeline: time, then the caller's order of evidence, then the place in it. */
function byTime(a: Fact, b: Fact): number {
  return (
    a.timeMs - b.timeMs ||
    a.rank - b.rank ||
    a.event.provenance.line - b.event.provenance.line ||
    a.event.provenance.byteOffset - b.event.provenance.byteOffset ||
    (a.event.kind < b.event.kind ? -1 : a.event.kind > b.event.kind ? 1 : 0)
  );
}

function mergeUntimed(events: readonly KernelEvent[]): KernelEvent[] {
  const first = new Map<string, KernelEvent>();
  const sorted = [...events].sort((a, b) =>
    a.provenance.evidence === b.provenance.evidence
      ? a.provenance.byteOffset - b.provenance.byteOffset
      : a.provenance.evidence < b.provenance.evidence
        ? -1
        : 1,
  );
  for (const event of sorted) {
    const key = `${event.provenance.evidence}\n${contentOf(event)}`;
    if (!first.has(key)) first.set(key, event);
  }
  return [...first.values()];
}

/** What a message says, without when and where. */
function contentOf(event: KernelEvent): string {
  const { time: _time, host: _host, bootId: _bootId, trust: _trust, provenance: _provenance, ...content } = event;
  return JSON.stringify(content, Object.keys(flat(content)).sort());
}

/** Key names on every level, for a stringification that does not depend on the order of keys. */
function flat(value: object): Record<string, true> {
  const names: Record<string, true> = {};
  for (const [name, inner] of Object.entries(value)) {
    names[name] = true;
    if (typeof inner === "object" && inner !== null) Object.assign(names, flat(inner));
  }
  return names;
}

function sampleOf(store: EventStore, row: number): Sample {
  const { hangs, names } = store;
  const word = (number: number): string => (number < 0 ? "" : ` ${names.words.list[number]}`);
  const words = store.driver === E1000E ? "Detected Hardware Unit Hang:" : "a hang report";
  return {
    evidence: store.evidence[hangs.evidence[row]!]!.label,
    line: hangs.line[row]!,
    byteOffset: hangs.byteOffset[row]!,
    text: `${store.driver}${word(hangs.pci[row]!)}${word(hangs.interface[row]!)}: ${words}`,
  };
}
