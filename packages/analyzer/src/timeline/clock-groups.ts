import type { EventStore } from "./store.js";

/** Which clock an evidence is read on. */
export type EvidenceClock =
  /** Its stamps are wall time. */
  | { readonly kind: "wall" }
  /** Its stamps count from boot, and another evidence that holds the same hang report ties them to wall time. */
  | { readonly kind: "tied"; readonly offsetMs: number; readonly uncertaintyMs: number }
  /** Its stamps count from boot and nothing ties them: the boot has a timeline of its own, which starts at 0. */
  | { readonly kind: "boot"; readonly group: number }
  /** It has no times, as a configuration file. */
  | { readonly kind: "none" };

/**
 * Finds the clock of every evidence.
 *
 * Two boot-relative exports of one boot are recognised by a hang report that stands in both (jiffies and time stamp of
 * a packet do not repeat) or by the boot id, and share a group. Cost: linear in hang reports.
 */
export function clocksOf(store: EventStore): EvidenceClock[] {
  const relative = new Set<number>();
  const clocks = store.evidence.map((evidence, index): EvidenceClock => {
    if (!Number.isNaN(evidence.firstUnixMs) || (evidence.summary?.span ?? null) !== null) return { kind: "wall" };
    if (Number.isNaN(evidence.firstBootMs)) return { kind: "none" };
    relative.add(index);
    return { kind: "boot", group: index };
  });
  if (relative.size === 0) return clocks;

  const { hangs } = store;
  const groups = new Map<number, number>([...relative].map((index) => [index, index]));
  const root = (index: number): number => {
    let at = index;
    while (groups.get(at) !== at) at = groups.get(at)!;
    return at;
  };
  const join = (a: number, b: number): void => {
    const [low, high] = [root(a), root(b)].sort((x, y) => store.evidence[x]!.rank - store.evidence[y]!.rank);
    groups.set(high!, low!);
  };

  const firstWith = new Map<string, number>();
  const bootMsOf = new Map<string, number>();
  for (let row = 0; row < hangs.length; row++) {
    const evidence = hangs.evidence[row]!;
    if (!relative.has(evidence) || !hangs.isExact(row)) continue;
    const key = hangs.registerKey(row);
    const other = firstWith.get(key);
    if (other === undefined) {
      firstWith.set(key, evidence);
      bootMsOf.set(key, hangs.bootMs[row]!);
    } else join(other, evidence);
  }
  const byBootId = new Map<string, number>();
  for (const fact of store.facts) {
    if (fact.bootId === null) continue;
    const evidence = store.names.evidence.of(fact.provenance.evidence);
    if (!relative.has(evidence)) continue;
    const other = byBootId.get(fact.bootId);
    if (other === undefined) byBootId.set(fact.bootId, evidence);
    else join(other, evidence);
  }

  // The tie with the least uncertainty wins; equal ones by the smaller offset, so that order does not matter.
  const ties = new Map<number, { offsetMs: number; uncertaintyMs: number }>();
  for (let row = 0; row < hangs.length; row++) {
    const unixMs = hangs.unixMs[row]!;
    if (Number.isNaN(unixMs) || !hangs.isExact(row)) continue;
    const key = hangs.registerKey(row);
    const evidence = firstWith.get(key);
    const bootMs = bootMsOf.get(key);
    if (evidence === undefined || bootMs === undefined || Number.isNaN(bootMs)) continue;
    const tie = { offsetMs: unixMs - bootMs, uncertaintyMs: hangs.uncertaintyMs[row]! };
    const group = root(evidence);
    const best = ties.get(group);
    if (
      best === undefined ||
      tie.uncertaintyMs < best.uncertaintyMs ||
      (tie.uncertaintyMs === best.uncertaintyMs && tie.offsetMs < best.offsetMs)
    )
      ties.set(group, tie);
  }
  for (const index of relative) {
    const group = root(index);
    const tie = ties.get(group);
    clocks[index] = tie === undefined ? { kind: "boot", group } : { kind: "tied", ...tie };
  }
  return clocks;
}
