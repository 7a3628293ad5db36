import { Hosts, UNNAMED_HOST } from "@hangproof/analyzer";
import { evidenceKey } from "@hangproof/ledger";
import type { EvidenceSummary } from "@hangproof/parser";

/**
 * What makes two inputs of a fleet the same evidence: as in a ledger, and where no record names a host also the folder. A
 * thousand hosts have the same modprobe.d file, and each of them is told something by it.
 * @param reading digest of its summary and events
 */
export function fleetKey(summary: EvidenceSummary, reading: string): string {
  const key = evidenceKey(summary, reading);
  return namedHosts(summary.hosts).length === 0 ? `${key}@${folderOf(summary.evidence)}` : key;
}

/** The folder of a label, without a slash at its end; the root, and a label without any folder, are empty. */
export function folderOf(label: string): string {
  return label.slice(0, Math.max(0, label.lastIndexOf("/")));
}

/** The one host that evidence names, by its short name where it has two; null for none and for several. */
export function onlyHost(names: readonly string[]): string | null {
  const { all } = new Hosts(names);
  return all.length === 1 && all[0] !== UNNAMED_HOST ? (all[0] ?? null) : null;
}

/** The names less those that stand for no name, `localhost` and the like. */
export function namedHosts(names: readonly string[]): string[] {
  return names.filter((name) => onlyHost([name]) !== null);
}
