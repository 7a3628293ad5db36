import { Hosts } from "@hangproof/analyzer";
import type { MachineName } from "@hangproof/parser";
import { folderOf, namedHosts } from "./fleet-key.js";
import { MachineNames, type NamedMachine } from "./machine-names.js";
import { foldersAbove, Neighbourhood } from "./neighbourhood.js";

/** What tells whose evidence is. */
export interface Belonging {
  readonly key: string;
  readonly labels: readonly string[];
  readonly hosts: readonly string[];
  /** Machine ids that it tells; those of its place where it tells none. */
  readonly machines: readonly MachineName[];
  /** Whether it holds kernel records; a configuration file has none. */
  readonly isLog: boolean;
}

/** How evidence came to its host. */
export type Basis = "machine" | "records" | "near-by" | "folder";

export interface HostOfEvidence {
  /** The host's name, or the folder that stands for one; distinct in the lake. */
  readonly host: string;
  readonly basis: Basis;
  /** What the evidence calls it; empty where it does not. */
  readonly names: readonly string[];
}

export interface HostsOfEvidence {
  readonly of: ReadonlyMap<string, readonly HostOfEvidence[]>;
  /** Where ids, names and folders do not agree, sentences. */
  readonly clashes: readonly string[];
}

interface Settled {
  readonly identity: NamedMachine;
  readonly basis: Basis;
  readonly names: readonly string[];
}

/**
 * The hosts that each evidence is about: by machine id, then by the name in its records, then by folder. Evidence that
 * names a host and no id is of the machine with that name; of several, of the one that evidence beside it tells. Evidence
 * that tells neither belongs to the one host of the evidence beside it: in its folder, or in the nearest folder above it in
 * which any host is known. Where nothing is known, or several are, its own folder stands for a host. It follows from the
 * whole set of evidence, so the order in which evidence came does not matter.
 */
export function hostsOfEvidence(all: readonly Belonging[]): HostsOfEvidence {
  const names = new Hosts(all.flatMap(({ hosts, machines }) => [...hosts, ...machines.flatMap(nameOf)]));
  const machines = new MachineNames(all, names);
  const found = new Map<string, readonly Settled[]>();
  const near = new Neighbourhood<NamedMachine>();
  const settle = (one: Belonging, settled: readonly Settled[]): void => {
    found.set(one.key, settled);
    for (const { identity } of settled) near.add(one.labels, identity);
  };
  const nameless: Belonging[] = [];
  for (const one of all) {
    const called = new Map<NamedMachine, string[]>();
    for (const name of namedHosts(one.hosts)) {
      const identity = machines.identityOf(names.of(name, one.hosts), one);
      called.set(identity, [...(called.get(identity) ?? []), name]);
    }
    const own = called.size === 0 ? machines.onlyOf(one) : null;
    if (called.size > 0)
      settle(
        one,
        [...called].map(([identity, its]) => ({
          identity,
          basis: identity.id === null ? "records" : "machine",
          names: its,
        })),
      );
    else if (own !== null) settle(one, [{ identity: own, basis: "machine", names: [] }]);
    else nameless.push(one);
  }
  // Logs before the rest: a folder that stands for a host takes the configuration below it.
  for (const isLog of [true, false]) {
    const part = nameless.filter((one) => one.isLog === isLog);
    const placed = part.map((one) => [one, near.nearest(one.labels[0] ?? "")] as const);
    for (const [one, identity] of placed)
      if (identity === null) {
        const folder = machines.folder(folderOf(one.labels[0] ?? ""));
        settle(one, [{ identity: folder, basis: "folder", names: [] }]);
      } else settle(one, [{ identity, basis: "near-by", names: [] }]);
  }
  return {
    of: new Map(
      [...found].map(([key, settled]) => [
        key,
        settled.map(({ identity, ...rest }) => ({ host: machines.shown(identity), ...rest })),
      ]),
    ),
    clashes: machines.clashes(foldersOf(all, found)),
  };
}

/** The folders of the logs that name a host, where no machine id tells which it is. */
function foldersOf(
  all: readonly Belonging[],
  found: ReadonlyMap<string, readonly Settled[]>,
): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, Set<string>>();
  for (const { key, labels, isLog } of all)
    for (const { identity, basis } of found.get(key) ?? []) {
      // Task logs of one host lie in many folders.
      if (basis !== "records" || !isLog) continue;
      const own = folders.get(identity.name) ?? new Set();
      folders.set(identity.name, own.add(folderOf(labels[0] ?? "")));
    }
  // A folder in another one is no second place.
  const outermost = (own: ReadonlySet<string>): string[] =>
    [...own].filter((folder) => !foldersAbove(folder).some((above) => own.has(above))).sort();
  return new Map([...folders].map(([name, own]) => [name, outermost(own)]));
}

function nameOf({ host }: MachineName): string[] {
  return host === null ? [] : [host];
}
