import type { EvidenceReport, Report, Sample } from "@hangproof/analyzer";
import type { Block } from "../layout/document.js";
import { bytes, count as countOf, localTime } from "../layout/format.js";
import { placeName } from "./names.js";

const SAMPLES = 5;
const TEXT = 160;

/** What was not understood, what looks planted, and the inputs themselves with what was wrong with them. */
export function evidenceBlocks(report: Report): Block[] {
  const zone = report.options.timeZone;
  const blocks: Block[] = [];
  if (report.suspicious.length > 0)
    blocks.push(
      { kind: "heading", text: `Suspicious (${report.suspicious.length})` },
      { kind: "list", items: samples(report.suspicious, report.suspicious.length) },
    );
  const { notUnderstood } = report;
  blocks.push({ kind: "heading", text: `Not understood (${notUnderstood.count})` });
  if (notUnderstood.count === 0) blocks.push({ kind: "paragraph", text: "Every line of the driver was understood." });
  else blocks.push({ kind: "list", items: samples(notUnderstood.samples, notUnderstood.count) });
  if (report.unplaced > 0)
    blocks.push({ kind: "list", items: [`${countOf(report.unplaced, "event")} without any time, in no rate`] });
  blocks.push({ kind: "heading", text: `Evidence (${report.evidence.length})` });
  if (report.evidence.length === 0) blocks.push({ kind: "paragraph", text: "No input." });
  const { single, grouped } = bySize(report.evidence);
  for (const one of single) {
    blocks.push({ kind: "paragraph", text: one.evidence }, { kind: "list", items: factsOf(one, zone) });
  }
  for (const [form, many] of grouped) {
    const total = many.reduce((sum, one) => sum + one.bytes, 0);
    const count = many.reduce((sum, one) => sum + eventsOf(one), 0);
    const faulty = many.filter((one) => Object.keys(one.diagnostics).length > 0).length;
    blocks.push(
      { kind: "paragraph", text: `${many.length} inputs of the form ${form}` },
      {
        kind: "list",
        items: [
          `${bytes(total)}, ${countOf(count, "event")}; from ${many[0]?.evidence} to ${many.at(-1)?.evidence}`,
          ...(faulty === 0 ? [] : [`damage in ${faulty} of them`]),
          "each with its SHA-256 in --format json",
        ],
      },
    );
  }
  return blocks;
}

/** More inputs of one form than this, none of them a kernel log, are told together. */
const MANY = 4;

/** Inputs that are told one by one, and those of which there are many alike. */
function bySize(evidence: readonly EvidenceReport[]): {
  readonly single: readonly EvidenceReport[];
  readonly grouped: ReadonlyMap<string, readonly EvidenceReport[]>;
} {
  const forms = new Map<string, EvidenceReport[]>();
  for (const one of evidence.filter(({ span }) => span === null)) {
    forms.set(one.form, [...(forms.get(one.form) ?? []), one]);
  }
  const grouped = new Map([...forms].filter(([, many]) => many.length > MANY));
  return { single: evidence.filter((one) => one.span !== null || !grouped.has(one.form)), grouped };
}

function eventsOf(one: EvidenceReport): number {
  return Object.values(one.events).reduce((sum, count) => sum + count, 0);
}

function factsOf(one: EvidenceReport, zone: string): string[] {
  const zoneText = one.zone === null ? "" : `, local stamps read in ${one.zone}${one.zoneAssumed ? " (assumed)" : ""}`;
  const year = one.year === null ? "" : `, year from ${one.year}`;
  const faults = Object.entries(one.diagnostics).map(([code, count]) => `${count} ${code}`);
  const span =
    one.span === null
      ? "no wall-clock time of a kernel record"
      : `${localTime(one.span.startMs, zone)} to ${localTime(one.span.endMs, zone)}`;
  return [
    `${one.form} (${one.formReason}); ${bytes(one.bytes)}, ${countOf(one.lines, "line")}, ${countOf(one.records, "record")}, ${countOf(eventsOf(one), "event")}`,
    `${span}${zoneText}${year}`,
    ...(one.sha256 === null ? [] : [`SHA-256 ${one.sha256}`]),
    ...(faults.length === 0 ? [] : [`damage: ${faults.join(", ")}`]),
  ];
}

function samples(shown: readonly Sample[], total: number): string[] {
  const items = shown.slice(0, SAMPLES).map((sample) => `${placeName(sample)}: ${clip(sample.text)}`);
  const more = total - items.length;
  if (more > 0) items.push(`${more} more; hangproof events --kind e1000e.unrecognised lists what was not understood`);
  return items;
}

function clip(text: string): string {
  const characters = [...text.slice(0, TEXT * 2)];
  return characters.length > TEXT ? `${characters.slice(0, TEXT).join("")} [cut]` : text;
}
