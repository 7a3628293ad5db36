import type { Hosts } from "@hangproof/analyzer";
import { folderOf, namedHosts } from "./fleet-key.js";
import type { Belonging } from "./host-of-evidence.js";
import { Neighbourhood } from "./neighbourhood.js";

/** A machine with an id and what it is called; without an id, a host that is known by its name or its folder. */
export interface NamedMachine {
  readonly id: string | null;
  /** Of its names the first in code unit order; the folder that stands for one. */
  readonly name: string;
}

/** Of an id so many digits are shown. */
const SHOWN_DIGITS = 12;
const MOST_SHOWN = 10;

/** Which machines bear which names, as all evidence of a lake tells it. */
export class MachineNames {
  readonly #names: Hosts;
  readonly #idsOf = new Map<string, Set<string>>();
  readonly #namesOf = new Map<string, Set<string>>();
  readonly #places = new Neighbourhood<string>();
  readonly #identities = new Map<string, NamedMachine>();

  constructor(all: readonly Belonging[], names: Hosts) {
    this.#names = names;
    const named = new Neighbourhood<string>();
    for (const { labels, hosts } of all) for (const name of namedHosts(hosts)) named.add(labels, names.of(name, hosts));
    for (const one of all) {
      for (const { id } of one.machines) {
        if (!this.#namesOf.has(id)) this.#namesOf.set(id, new Set());
        this.#places.add(one.labels.map(rootOf), id);
      }
      for (const [id, name] of pairsOf(one, names)) this.#pair(id, name);
      const id = onlyIdOf(one);
      if (id === null || namedHosts(one.hosts).length > 0) continue;
      for (const label of one.labels) {
        const [name, ...more] = named.within(folderOf(rootOf(label)));
        if (name !== undefined && more.length === 0) this.#pair(id, name);
      }
    }
  }

  /** The machine that evidence means by a name. */
  identityOf(name: string, one: Belonging): NamedMachine {
    const own = new Set(pairsOf(one, this.#names).flatMap(([id, of]) => (of === name ? [id] : [])));
    const ids = own.size > 0 ? own : (this.#idsOf.get(name) ?? new Set());
    const id =
      ids.size === 1
        ? [...ids][0]!
        : own.size > 0
          ? null
          : this.#places.nearest(one.labels[0] ?? "", (other) => ids.has(other));
    return id === null ? this.#identity(null, name) : this.#machine(id);
  }

  /** The one machine that evidence without any name is of; null where it tells none, or several. */
  onlyOf(one: Belonging): NamedMachine | null {
    const id = onlyIdOf(one);
    return id === null ? null : this.#machine(id);
  }

  /** The host that a folder stands for. */
  folder(name: string): NamedMachine {
    return this.#identity(null, name);
  }

  /** What a host is called in a report: its name, with a part of its id where others bear that name, too. */
  shown({ id, name }: NamedMachine): string {
    if (id === null) return name;
    if (name === "") return `machine ${id}`;
    return (this.#idsOf.get(name)?.size ?? 0) > 1 ? `${name} (machine ${short(id)})` : name;
  }

  /** @param folders of logs by the host that they name, where no id tells it */
  clashes(folders: ReadonlyMap<string, readonly string[]>): string[] {
    const ids = [...this.#idsOf].filter(([, its]) => its.size > 1);
    const names = [...this.#namesOf].filter(([, its]) => its.size > 1);
    const places = [...folders].filter(([, its]) => its.length > 1);
    return [
      ...listed(
        ids,
        "host name",
        "of several machines, told apart by machine id",
        (name, its) => `${name} (${its.map(short).join(", ")})`,
      ),
      ...listed(
        names,
        "machine id",
        "with several host names, counted as one machine each (renamed, or cloned with the id)",
        (id, its) => `${short(id)} (${its.join(", ")})`,
      ),
      ...listed(
        places,
        "host name",
        "in logs of several folders where no machine id tells whether it is one machine, taken as one",
        (name, its) => `${name} (${its.slice(0, MOST_SHOWN).join(", ")})`,
      ),
    ];
  }

  #pair(id: string, name: string): void {
    this.#namesOf.get(id)?.add(name);
    const ids = this.#idsOf.get(name);
    if (ids === undefined) this.#idsOf.set(name, new Set([id]));
    else ids.add(id);
  }

  #machine(id: string): NamedMachine {
    return this.#identity(id, [...(this.#namesOf.get(id) ?? [])].sort()[0] ?? "");
  }

  /** Always the same object for the same host. */
  #identity(id: string | null, name: string): NamedMachine {
    const key = id === null ? `name ${name}` : `id ${id}`;
    const known = this.#identities.get(key);
    if (known !== undefined) return known;
    const identity = { id, name };
    this.#identities.set(key, identity);
    return identity;
  }
}

/** Ids with the names that evidence gives them. */
function pairsOf({ hosts, machines }: Belonging, names: Hosts): (readonly [id: string, name: string])[] {
  const [only, ...more] = [...new Set(namedHosts(hosts).map((name) => names.of(name, hosts)))];
  return machines.flatMap(({ id, host }) => {
    const [named] = namedHosts(host === null ? [] : [host]);
    const name = named === undefined ? (more.length === 0 ? only : undefined) : names.of(named, hosts);
    return name === undefined ? [] : [[id, name] as const];
  });
}

function onlyIdOf({ machines }: Belonging): string | null {
  const [id, ...more] = new Set(machines.map(({ id: one }) => one));
  return id === undefined || more.length > 0 ? null : id;
}

/** What a file is about whose place says so: of `/srv/a/etc/machine-id` all of `/srv/a`. */
function rootOf(label: string): string {
  return label.replace(/\/(?:etc|var\/lib\/dbus)\/machine-id$/, "/machine-id");
}

function short(id: string): string {
  return id.slice(0, SHOWN_DIGITS);
}

function listed(
  of: readonly (readonly [string, Iterable<string>])[],
  noun: string,
  what: string,
  show: (one: string, its: readonly string[]) => string,
): string[] {
  if (of.length === 0) return [];
  const sorted = [...of].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST_SHOWN).map(([one, its]) => show(one, [...its].sort()));
  const more = of.length > shown.length ? ` and ${of.length - shown.length} more` : "";
  return [`${of.length} ${noun}${of.length === 1 ? "" : "s"} ${what}: ${shown.join("; ")}${more}`];
}
