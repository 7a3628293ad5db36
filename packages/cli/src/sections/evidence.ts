import type { Report, Sample } from "@hangproof/analyzer";
import type { Block } from "../output/document.js";
import { bytes, localTime } from "../output/format.js";
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
    blocks.push({ kind: "list", items: [`${report.unplaced} events have no time and are in no rate`] });
  blocks.push({ kind: "heading", text: `Evidence (${report.evidence.length})` });
  if (report.evidence.length === 0) blocks.push({ kind: "paragraph", text: "No input." });
  for (const one of report.evidence) {
    const zoneText =
      one.zone === null ? "" : `, local stamps read in ${one.zone}${one.zoneAssumed ? " (assumed)" : ""}`;
    const year = one.year === null ? "" : `, year from ${one.year}`;
    const faults = Object.entries(one.diagnostics).map(([code, n]) => `${n} ${code}`);
    const events = Object.values(one.events).reduce((sum, n) => sum + n, 0);
    blocks.push({ kind: "paragraph", text: one.evidence });
    blocks.push({
      kind: "list",
      items: [
        `${one.form} (${one.formReason}); ${bytes(one.bytes)}, ${one.lines} lines, ${one.records} records, ${events} events`,
        (one.span === null
          ? "no wall-clock time"
          : `${localTime(one.span.startMs, zone)} to ${localTime(one.span.endMs, zone)}`) +
          zoneText +
          year,
        ...(one.sha256 === null ? [] : [`SHA-256 ${one.sha256}`]),
        ...(faults.length === 0 ? [] : [`damage: ${faults.join(", ")}`]),
      ],
    });
  }
  return blocks;
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
