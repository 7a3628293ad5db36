import type { EvidenceDifference, Report, ReportDifferences } from "@hangproof/analyzer";
import { visible } from "../layout/escape.js";
import { count } from "../layout/format.js";

const WORDS: Readonly<Record<EvidenceDifference["what"], string>> = {
  missing: "in the report, not among what was read now",
  added: "read now, not in the report",
  bytes: "its bytes differ: another SHA-256",
};

/** Evidence that is told one by one. */
const MOST_EVIDENCE = 20;

/** What differs between a report and the one that was made again: evidence first, as the rest may follow from it. */
export function differenceLines({ evidence, values, count: all }: ReportDifferences, again: Report): string {
  const years = again.evidence.filter(({ year }) => year === "file-time").map((one) => one.evidence);
  const lines = [
    "The report does not hold: made again from this evidence it differs.",
    ...evidence.slice(0, MOST_EVIDENCE).map((one) => `evidence ${visible(one.evidence)}: ${WORDS[one.what]}`),
    ...more(evidence.length - MOST_EVIDENCE, "more input", "more inputs"),
    ...values.map(({ path, told, found }) => `${visible(path)}: report ${visible(told)}, now ${visible(found)}`),
    ...more(all - values.length, "more value that differs", "more values that differ"),
    ...(evidence.length === 0 && all === 0 ? ["Every value is the same: the file is laid out in another way."] : []),
    ...years
      .slice(0, 1)
      .map(
        (label) =>
          `note: the years of ${visible(label)}${years.length > 1 ? ` and ${years.length - 1} more` : ""} come from the file's time, which a copy may not have kept`,
      ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function more(n: number, singular: string, plural: string): string[] {
  return n > 0 ? [`and ${count(n, singular, plural)}`] : [];
}
