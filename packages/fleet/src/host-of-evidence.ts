import { Hosts } from "@hangproof/analyzer";
import { folderOf, namedHosts } from "./fleet-key.js";

/** What tells whose evidence is. */
export interface Belonging {
  readonly key: string;
  readonly labels: readonly string[];
  readonly hosts: readonly string[];
  /** Whether it holds kernel records; a configuration file has none. */
  readonly isLog: boolean;
}

/** How evidence came to its host. */
export type Basis = "records" | "near-by" | "folder";

export interface HostOfEvidence {
  /** The host's name, or the folder that stands for one. */
  readonly host: string;
  readonly basis: Basis;
  /** What the evidence calls it; empty where it does not. */
  readonly names: readonly string[];
}

/**
 * The hosts that each evidence is about. Records that name them decide. Evidence that names none belongs to the one host
 * that evidence beside it names: in its folder, or in the nearest folder above it in which any host is named. Where
 * nothing is named, or several are, its own folder stands for a host. It follows from the whole set of evidence, so the
 * order in which evidence came does not matter.
 */
export function hostsOfEvidence(all: readonly Belonging[]): Map<string, readonly HostOfEvidence[]> {
  const names = new Hosts(all.flatMap(({ hosts }) => hosts));
  const found = new Map<string, readonly HostOfEvidence[]>();
  const near = new Map<string, Set<string>>();
  const settle = (one: Belonging, called: ReadonlyMap<string, readonly string[]>, basis: Basis): void => {
    const hosts = [...called.keys()];
    found.set(
      one.key,
      hosts.map((host) => ({ host, basis, names: called.get(host) ?? [] })),
    );
    for (const label of one.labels)
      for (const folder of foldersAbove(label)) {
        const there = near.get(folder) ?? new Set();
        for (const host of hosts) there.add(host);
        near.set(folder, there);
      }
  };
  const nameless: Belonging[] = [];
  for (const one of all) {
    const called = new Map<string, string[]>();
    for (const name of namedHosts(one.hosts)) {
      const host = names.of(name, one.hosts);
      called.set(host, [...(called.get(host) ?? []), name]);
    }
    if (called.size > 0) settle(one, called, "records");
    else nameless.push(one);
  }
  // Logs before the rest: a folder that stands for a host takes the configuration below it.
  for (const isLog of [true, false]) {
    const part = nameless.filter((one) => one.isLog === isLog);
    const placed = part.map((one) => [one, nearest(one, near)] as const);
    for (const [one, host] of placed)
      if (host === null) settle(one, new Map([[folderOf(one.labels[0] ?? ""), []]]), "folder");
      else settle(one, new Map([[host, []]]), "near-by");
  }
  return found;
}

/** The one host of the nearest folder in which any is known; null for none and for several. */
function nearest({ labels }: Belonging, near: ReadonlyMap<string, ReadonlySet<string>>): string | null {
  for (const folder of foldersAbove(labels[0] ?? "")) {
    const [only, ...more] = near.get(folder) ?? [];
    if (only !== undefined) return more.length === 0 ? only : null;
  }
  return null;
}

/** The folder of a label and those above it, the innermost first. */
function foldersAbove(label: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(label); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === "") return folders;
  }
}
