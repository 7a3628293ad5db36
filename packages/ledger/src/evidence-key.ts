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
 * matter: a year from the log before a guessed one, a known zone before an assumed one, then the greater digest.
 */
export function isBetterReading(
  candidate: { readonly summary: EvidenceSummary; readonly reading: string },
  kept: { readonly summary: EvidenceSummary; readonly reading: string },
): boolean {
  const years = [null, "log", "caller", "evidence", "file-time", "unknown"] as const;
  const doubt = ({ year }: EvidenceSummary) => years.indexOf(year);
  const byYear = doubt(kept.summary) - doubt(candidate.summary);
  if (byYear !== 0) return byYear > 0;
  if (candidate.summary.zoneAssumed !== kept.summary.zoneAssumed) return kept.summary.zoneAssumed;
  return candidate.reading > kept.reading;
}
