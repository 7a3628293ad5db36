import type { AdapterRef } from "@hangproof/parser";
import type { AdapterIdentity } from "../report.js";
import type { Span } from "../result.js";
import type { Fact } from "../timeline/fact.js";
import type { HangTable } from "../timeline/hang-table.js";
import type { HostTimeline } from "../timeline/timeline.js";

/**
 * The e1000e adapters of one host. The PCI address is the identity: interface names change (renames, pinning), and
 * before 5.6 the driver's link lines have only the name. Another MAC address at a probe in the same place is another
 * card, and another adapter from then on.
 */
export class Adapters {
  #keys: readonly string[] = [];
  #keySet: ReadonlySet<string> = new Set();
  readonly #pairs = new Map<string, { readonly pci: string; firstMs: number; lastMs: number }[]>();
  readonly #pcis = new Set<string>();
  /** By an address without its function: those that begin with it. */
  readonly #longer = new Map<string, string[]>();
  /** The addresses, each as whole as it is known. */
  readonly #places = new Set<string>();
  /** By PCI address: its interface names, and when each was last seen. */
  readonly #names = new Map<string, Map<string, number>>();
  readonly #macs = new Map<string, string>();
  /** By PCI address: later cards in the same place, oldest first. The first has the address for a key. */
  readonly #cards = new Map<string, { readonly fromMs: number; readonly key: string }[]>();
  readonly #versions: string[] = [];

  /** By adapter: its hang reports, once they are asked for. */
  #reports: ReadonlyMap<string, readonly number[]> | null = null;
  /** By fact: its adapter. Each adapter's report asks for all of them, some times over. */
  readonly #ofFacts = new Map<Fact, string | null>();

  readonly #hangs: HostTimeline["hangs"];
  readonly #table: HangTable;
  readonly #words: readonly string[];

  constructor(timeline: HostTimeline, table: HangTable, words: readonly string[]) {
    this.#hangs = timeline.hangs;
    this.#table = table;
    this.#words = words;
    const loose = new Set<string>();
    let isNameless = false;
    const see = (adapter: AdapterRef, timeMs: number): void => {
      const { pci } = adapter;
      const name = nameOf(adapter);
      if (pci !== null) this.#pcis.add(pci);
      if (pci !== null && name !== null) this.#pair(pci, name, timeMs);
      if (pci === null && name !== null) loose.add(name);
      if (pci === null && name === null) isNameless = true;
    };
    const seen = new Set<number>();
    const { hangs } = timeline;
    for (let i = 0; i < hangs.rows.length; i++) {
      const row = hangs.rows[i]!;
      const pair = (table.pci[row]! + 1) * 0x100000 + table.interface[row]! + 1;
      const isEdge = i === 0 || i === hangs.rows.length - 1;
      if (seen.has(pair) && !isEdge) continue;
      seen.add(pair);
      see(this.#refOf(row), hangs.timeMs[i]!);
    }
    for (const fact of timeline.facts) {
      const { event } = fact;
      if (event.kind.startsWith("e1000e.") && "adapter" in event) see(event.adapter, fact.timeMs);
      else if (event.kind === "net.tx_timeout" && event.driver === "e1000e") see(event.adapter, fact.timeMs);
      if (event.kind === "e1000e.driver_load" && event.version !== null && !this.#versions.includes(event.version))
        this.#versions.push(event.version);
    }
    for (const pci of this.#pcis) {
      const place = pci.slice(0, Math.max(0, pci.lastIndexOf(".")));
      const longer = this.#longer.get(place);
      if (longer === undefined) this.#longer.set(place, [pci]);
      else longer.push(pci);
    }
    for (const { timeMs, event } of timeline.facts)
      if (event.kind === "net.rename" && event.adapter.pci !== null && this.#pcis.has(event.adapter.pci)) {
        // The old name is the older one, though no line showed it before.
        this.#pair(event.adapter.pci, event.before, timeMs - 1);
        this.#pair(event.adapter.pci, event.after, timeMs);
      }
    for (const { timeMs, event } of timeline.facts)
      if (event.kind === "e1000e.probe" && event.mac !== null) {
        const key = this.find(event.adapter, timeMs);
        if (key === null) continue;
        const before = this.#macs.get(key);
        if (before === undefined || before === event.mac) this.#macs.set(key, event.mac);
        else this.#swapped(key.split(" ")[0]!, event.mac, timeMs);
      }
    for (const pci of this.#pcis) this.#places.add(this.#whole(pci));
    const keys = new Set(this.#places);
    for (const cards of this.#cards.values()) for (const { key } of cards) keys.add(key);
    // A name without an address is an adapter of its own only where no address can stand for it.
    if (keys.size !== 1) for (const name of loose) if (!this.#pairs.has(name)) keys.add(name);
    // Reports that could be of any of several adapters are of none of them, and must not be lost.
    const isLoose = isNameless && hangs.rows.length > 0 && keys.size !== 1;
    if (isLoose || (keys.size === 0 && timeline.unplacedHangs > 0)) keys.add(UNNAMED);
    this.#keys = [...keys].sort();
    this.#keySet = keys;
  }

  /** Keys of all adapters, sorted. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  /** Key of the adapter that a message means; null when none fits. */
  find(adapter: AdapterRef, timeMs: number): string | null {
    if (adapter.pci !== null) return this.#cardAt(this.#whole(adapter.pci), timeMs);
    const name = nameOf(adapter);
    if (name !== null) {
      const pairs = this.#pairs.get(name);
      if (pairs !== undefined) return this.#cardAt(this.#whole(nearest(pairs, timeMs)), timeMs);
    }
    if (this.keys.length === 1) return this.keys[0]!;
    if (name !== null && this.#keySet.has(name)) return name;
    return name === null && this.#keySet.has(UNNAMED) ? UNNAMED : null;
  }

  /** The hang reports that are about an adapter, by their places among the host's. */
  reportsOf(key: string): Uint32Array {
    this.#reports ??= this.#sorted();
    return Uint32Array.from(this.#reports.get(key) ?? []);
  }

  /** Boot id of a hang report of the table; null when it is not known. */
  bootIdOf(row: number): string | null {
    const number = this.#table.bootId[row]!;
    return number < 0 ? null : this.#words[number]!;
  }

  /** Key of the adapter that a fact is about; null for facts of other adapters or of none. */
  of(fact: Fact): string | null {
    let key = this.#ofFacts.get(fact);
    if (key === undefined) {
      key = this.#keyOf(fact);
      this.#ofFacts.set(fact, key);
    }
    return key;
  }

  #keyOf(fact: Fact): string | null {
    const { event } = fact;
    if (event.kind === "net.tx_timeout") {
      if (event.driver !== null && event.driver !== "e1000e") return null;
      // Without a driver's name only an interface that is known to be ours counts.
      const known =
        event.adapter.pci !== null ? this.#pcis.has(event.adapter.pci) : this.#knows(event.adapter.interface);
      if (event.driver === null && !known) return null;
    }
    return "adapter" in event ? this.find(event.adapter, fact.timeMs) : null;
  }

  /** From when on, and until when, a card was in its place; infinite where no other was there. */
  life(key: string): Span {
    const [pci = ""] = key.split(" ");
    const cards = this.#cards.get(pci) ?? [];
    const at = cards.findIndex((card) => card.key === key);
    const next = cards[at + 1];
    return { startMs: cards[at]?.fromMs ?? Number.NEGATIVE_INFINITY, endMs: next?.fromMs ?? Number.POSITIVE_INFINITY };
  }

  identity(key: string): AdapterIdentity {
    const [place = ""] = key.split(" ");
    const isPci = this.#places.has(place);
    const names = [...(this.#names.get(place) ?? [])].sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1));
    return {
      pci: isPci ? place : null,
      interfaces: names.length > 0 ? names.map(([name]) => name) : isPci || key === UNNAMED ? [] : [key],
      mac: this.#macs.get(key) ?? null,
      driverVersions: this.#versions,
    };
  }

  /** A probe with another MAC address: a card that stood here before may be back. */
  #swapped(pci: string, mac: string, fromMs: number): void {
    const cards = this.#cards.get(pci) ?? [];
    const key = `${pci} ${mac}${cards.some((card) => card.key === `${pci} ${mac}`) ? ` ${cards.length}` : ""}`;
    cards.push({ fromMs, key });
    this.#cards.set(pci, cards);
    this.#macs.set(key, mac);
  }

  #cardAt(pci: string, timeMs: number): string {
    return this.#cards.get(pci)?.findLast((card) => card.fromMs <= timeMs)?.key ?? pci;
  }

  /** The places of the host's hang reports, by the adapter that each is about. */
  #sorted(): Map<string, number[]> {
    const { rows, timeMs } = this.#hangs;
    const sorted = new Map<string, number[]>();
    for (let i = 0; i < rows.length; i++) {
      const key = this.#keys.length === 1 ? this.#keys[0]! : this.find(this.#refOf(rows[i]!), timeMs[i]!);
      if (key === null) continue;
      const places = sorted.get(key);
      if (places === undefined) sorted.set(key, [i]);
      else places.push(i);
    }
    return sorted;
  }

  #refOf(row: number): AdapterRef {
    const word = (number: number): string | null => (number < 0 ? null : this.#words[number]!);
    return { pci: word(this.#table.pci[row]!), interface: word(this.#table.interface[row]!) };
  }

  #knows(name: string | null): boolean {
    return name !== null && (this.#pairs.has(name) || this.#keySet.has(name));
  }

  #pair(pci: string, name: string, timeMs: number): void {
    const pairs = this.#pairs.get(name) ?? [];
    const pair = pairs.find((known) => known.pci === pci);
    if (pair === undefined) pairs.push({ pci, firstMs: timeMs, lastMs: timeMs });
    else {
      pair.firstMs = Math.min(pair.firstMs, timeMs);
      pair.lastMs = Math.max(pair.lastMs, timeMs);
    }
    this.#pairs.set(name, pairs);
    const names = this.#names.get(pci) ?? new Map<string, number>();
    names.set(name, Math.max(names.get(name) ?? timeMs, timeMs));
    this.#names.set(pci, names);
  }

  /** Some pastes lost the function number: an address that only one other begins with is that one. */
  #whole(pci: string): string {
    if (/\.[0-7]$/.test(pci)) return pci;
    const longer = this.#longer.get(pci);
    return longer?.length === 1 ? longer[0]! : pci;
  }
}

/** Stands for an adapter that no message names. */
const UNNAMED = "adapter";

function nearest(pairs: readonly { pci: string; firstMs: number; lastMs: number }[], timeMs: number): string {
  const distance = (pair: { firstMs: number; lastMs: number }): number =>
    timeMs < pair.firstMs ? pair.firstMs - timeMs : timeMs > pair.lastMs ? timeMs - pair.lastMs : 0;
  let best = pairs[0]!;
  for (const pair of pairs) {
    const difference = distance(pair) - distance(best);
    if (difference < 0 || (difference === 0 && pair.pci < best.pci)) best = pair;
  }
  return best.pci;
}

/** The interface, unless the driver printed the PCI address in its place (before registration). */
function nameOf(adapter: AdapterRef): string | null {
  const name = adapter.interface;
  return name === null || /^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}/.test(name) || name.startsWith("(") ? null : name;
}
