import type { EvidenceSummary, FormName } from "@hangproof/parser";

/** Forms whose file name carries facts: the UPID of a task, the guest of a vzdump log. Rotation never renames them. */
const NAMED_FORMS: ReadonlySet<FormName> = new Set<FormName>(["pve-task-log", "pbs-task-log", "vzdump-log"]);

/**
 * What makes two inputs the same evidence: the SHA-256 of the stored bytes, and the file's own name where it carries
 * facts. Input without a hash (a pipe, a folder's count) is known by what was read from it.
 * @param reading digest of its summary and events
 */
export function evidenceKey({ sha256, form, evidence }: EvidenceSummary, reading: string): string {
  if (sha256 === null) return `read:${reading}`;
  return NAMED_FORMS.has(form) ? `${sha256}:${baseName(evidence)}` : sha256;
}

function baseName(label: string): string {
  return label.slice(label.lastIndexOf("/") + 1);
}

/**
 * Whether a new reading of known bytes replaces the one that is kept. A total order, so that the order of feeding does not
 * matter: the one with less doubt, then the greater digest.
 */
export function isBetterReading(
  candidate: { readonly summary: EvidenceSummary; readonly reading: string },
  kept: { readonly summary: EvidenceSummary; readonly reading: string },
): boolean {
  const less = readingDoubt(kept.summary) - readingDoubt(candidate.summary);
  return less === 0 ? candidate.reading > kept.reading : less > 0;
}

/** How far the times of a reading rest on guesses: a year from the log before a guessed one, a known zone before an assumed. */
export function readingDoubt({ year, zoneAssumed }: EvidenceSummary): number {
  const years = [null, "log", "caller", "evidence", "file-time", "unknown"] as const;
  return years.indexOf(year) * 2 + Number(zoneAssumed);
}
