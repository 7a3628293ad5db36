import { abilitiesOf, type EvidenceSummary, type TimeSource } from "@hangproof/parser";
import type { Block } from "../layout/document.js";
import { bytes, count, localTime, percent } from "../layout/format.js";

/** What each input is, and what it could not keep. */
export function formatBlocks(evidence: readonly EvidenceSummary[], timeZone: string): Block[] {
  return evidence.flatMap((one): Block[] => [
    { kind: "paragraph", text: one.evidence },
    { kind: "list", items: factsOf(one, timeZone) },
  ]);
}

/** The command that would have kept more; null when nothing does, or when the input is no log. */
export function betterExport(one: EvidenceSummary): string | null {
  return one.kernelRecords === 0 ? null : (abilitiesOf(one.form)?.better ?? null);
}

function factsOf(one: EvidenceSummary, timeZone: string): string[] {
  const better = betterExport(one);
  const others = Object.entries(one.forms).filter(([form]) => form !== one.form);
  const faults = Object.entries(one.diagnostics).map(([code, n]) => `${n} ${code}`);
  return [
    `form: ${one.form}, ${one.formReason}${one.formConfidence < 1 ? `, of ${percent(one.formConfidence)} of the records` : ""}`,
    ...(others.length === 0
      ? []
      : [`also in it: ${others.map(([form, n]) => `${n} records of the form ${form}`).join(", ")}`]),
    `hosts: ${one.hosts.length === 0 ? "not named" : one.hosts.join(", ")}`,
    ...(one.kernelRecords === 0 ? [] : [`boots: ${one.boots === 1 ? "1" : `${one.boots} at least`}`]),
    `span of the kernel's records: ${spanOf(one, timeZone)}`,
    `clock: ${clockOf(one)}`,
    `size: ${bytes(one.bytes)}, ${count(one.lines, "line")}, ${count(one.records, "record")}, ${one.kernelRecords} of the kernel`,
    `events: ${eventsOf(one)}`,
    `lost: ${lostOf(one)}`,
    ...(faults.length === 0 ? [] : [`damage: ${faults.join(", ")}`]),
    ...(better === null ? [] : [`to keep more, export with: ${better}`]),
  ];
}

function spanOf({ span, bootSpan }: EvidenceSummary, timeZone: string): string {
  if (span !== null) return `${localTime(span.startMs, timeZone)} to ${localTime(span.endMs, timeZone)}`;
  if (bootSpan)
    return `${bootSpan.startMs / 1000} to ${bootSpan.endMs / 1000} s since boot; the wall time is not known`;
  return "none";
}

const CLOCKS: Readonly<Record<TimeSource, string>> = {
  utc: "UTC",
  offset: "local, with offset",
  zone: "local, in the zone that was given",
  "zone-assumed": "local, zone assumed",
  "dmesg-ctime": "reckoned by dmesg -T on the machine that printed it",
  "boot-anchored": "since boot, tied to wall time",
  boot: "since boot",
  neighbour: "that of a record near it",
  none: "none",
};

function clockOf({ clocks, zone, year }: EvidenceSummary): string {
  const sources = (Object.entries(clocks) as [TimeSource, number][]).sort((a, b) => b[1] - a[1]);
  if (sources.length === 0) return "none";
  const named = sources.map(([source, n]) => (sources.length === 1 ? CLOCKS[source] : `${CLOCKS[source]} (${n})`));
  return `${named.join("; ")}${zone === null ? "" : `; read in ${zone}`}${year === null ? "" : `; year from ${year}`}`;
}

function eventsOf({ events }: EvidenceSummary): string {
  const kinds = Object.entries(events).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return kinds.length === 0 ? "none" : kinds.map(([kind, n]) => `${n} ${kind}`).join(", ");
}

function lostOf({ lost, events }: EvidenceSummary): string {
  const places = events["log.loss"] ?? 0;
  const found = [
    ...(lost.beforeMs === null ? [] : [`the first ${(lost.beforeMs / 1000).toFixed(1)} s of the boot are not in it`]),
    ...(lost.isTail ? ["it is the tail of a longer file"] : []),
    ...(places === 0
      ? []
      : [`${lost.atLeast ? "at least " : ""}${count(lost.records, "record")} in ${count(places, "place")}`]),
  ];
  return found.length === 0 ? "nothing that the log tells of" : found.join("; ");
}
