/**
 * A distinct name for each evidence: its label, the first in code unit order where the same bytes came under several.
 * Evidence that shares a label with other evidence (kern.log of each week) has `#` and 8 digits of its key after it, all
 * of them, so that the order of arrival does not show.
 * @param labels by key of evidence, each in order
 */
export function evidenceNames(labels: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const keysOf = new Map<string, string[]>();
  for (const [key, [label = key]] of labels) keysOf.set(label, [...(keysOf.get(label) ?? []), key]);
  const names = new Map<string, string>();
  for (const [label, keys] of keysOf)
    for (const key of keys) names.set(key, keys.length === 1 ? label : distinct(label, key, keys, keysOf));
  return names;
}

function distinct(label: string, key: string, rivals: readonly string[], taken: ReadonlyMap<string, unknown>): string {
  const digits = (of: string) => of.replace(/^read:/, "").slice(0, 8);
  const short = `${label}#${digits(key)}`;
  const clashes = taken.has(short) || rivals.some((rival) => rival !== key && digits(rival) === digits(key));
  return clashes ? `${label}#${key}` : short;
}
