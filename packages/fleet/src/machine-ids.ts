import type { EvidenceSummary } from "@hangproof/parser";

/** The machine ids that evidence tells by what is in it, sorted. */
export function machineIds({ machines = [] }: EvidenceSummary): string[] {
  return [...new Set(machines.map(({ id }) => id))].sort();
}

/** The machine that a path is of, as journald names its folders: `/var/log/journal/MACHINE/system.journal`. */
export function machineOfPath(label: string): string | null {
  return /\/journal\/([0-9a-f]{32})\/[^/]+$/.exec(label)?.[1] ?? null;
}
