import type { EvidenceReport, Report } from "./report.js";

/** What is different about an evidence. */
export interface EvidenceDifference {
  readonly evidence: string;
  /** `missing`: the report has it and it was not read now. `added`: the other way round. `bytes`: its SHA-256 differs. */
  readonly what: "missing" | "added" | "bytes";
}

/** A value that differs, described in at most 80 characters; a field that one side lacks is `nothing`. */
export interface ValueDifference {
  /** `series[0].episodes[2].onsetMs`; an evidence goes by its label, `evidence["kern.log"].lines`. */
  readonly path: string;
  readonly told: string;
  readonly found: string;
}

/** What two reports disagree on. */
export interface ReportDifferences {
  readonly evidence: readonly EvidenceDifference[];
  /** The first of them, in the order of the report. */
  readonly values: readonly ValueDifference[];
  /** Differing values in all. */
  readonly count: number;
}

/**
 * Where a report, as parsed from JSON, differs from the one that was made again. Lists of different lengths are one
 * difference and are not compared further.
 * @param told whatever stands in the file; only what the other side has too is looked into, so its depth is bounded
 * @param most of the values that are described
 */
export function reportDifferences(told: unknown, found: Report, most: number): ReportDifferences {
  const values: ValueDifference[] = [];
  let count = 0;
  const differs = (path: string, a: unknown, b: unknown): void => {
    count += 1;
    if (values.length < most) values.push({ path, told: description(a), found: description(b) });
  };
  const compare = (path: string, a: unknown, b: unknown): void => {
    if (Object.is(a, b) || a === b) return;
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) differs(path, a, b);
      else for (const [at, one] of a.entries()) compare(`${path}[${at}]`, one, b[at]);
    } else if (isObject(a) && isObject(b)) {
      for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(path === "" ? name : `${path}${member(name)}`, field(a, name), field(b, name));
    } else differs(path, a, b);
  };
  // Through JSON as the report went: there undefined is absent and Infinity null.
  const again: unknown = JSON.parse(JSON.stringify(found));
  const [toldEvidence, toldRest] = split(told);
  const [foundEvidence, foundRest] = split(again);
  compare("", toldRest, foundRest);
  const evidence: EvidenceDifference[] = [];
  for (const [label, one] of toldEvidence) {
    const now = foundEvidence.get(label);
    if (now === undefined) evidence.push({ evidence: label, what: "missing" });
    else {
      if (one.sha256 !== now.sha256) evidence.push({ evidence: label, what: "bytes" });
      compare(`evidence[${JSON.stringify(label)}]`, { ...one, sha256: null }, { ...now, sha256: null });
    }
  }
  for (const label of foundEvidence.keys())
    if (!toldEvidence.has(label)) evidence.push({ evidence: label, what: "added" });
  return { evidence, values, count };
}

type Fields = Readonly<Record<string, unknown>>;

/** The list of evidence by label, and all else. What is no such list, or has a label twice, stays with the rest. */
function split(report: unknown): [ReadonlyMap<string, Fields>, unknown] {
  if (!isObject(report)) return [new Map(), report];
  const { evidence, ...rest } = report;
  if (!Array.isArray(evidence) || !evidence.every(isEvidence)) return [new Map(), report];
  const byLabel = new Map(evidence.map((one) => [one.evidence, one]));
  return byLabel.size === evidence.length ? [byLabel, rest] : [new Map(), report];
}

function isEvidence(value: unknown): value is Fields & Pick<EvidenceReport, "evidence"> {
  return isObject(value) && typeof value.evidence === "string";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own field only: a name such as `constructor` is on every object. */
function field(of: Fields, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function member(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

const MOST_CHARACTERS = 78;

function description(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length <= MOST_CHARACTERS ? value : `${value.slice(0, MOST_CHARACTERS - 1)}…`);
}
