import {
  Analysis,
  type AnalyzeOptions,
  type FleetReport,
  type FleetUnit,
  fleetReport,
  fleetUnit,
} from "@hangproof/analyzer";
import type { KernelEvent } from "@hangproof/parser";
import { HardwareNames } from "./hardware-names.js";
import type { LakeHost, LakeReader } from "./lake-reader.js";

/** What decides the numbers of a fleet report; told changes and windows are of single hosts. */
export type FleetReportOptions = Pick<
  AnalyzeOptions,
  "now" | "since" | "until" | "confidence" | "lagMs" | "inductionMs" | "gapThresholdMs"
>;

/**
 * The report on all hosts of a lake: each host is analyzed by itself, as `hangproof report` would, and what the fleet's
 * questions need of it is kept. Memory grows with hosts, not with events.
 * @throws FleetError `FAILED`; RangeError that names the option when a value is out of range
 */
export async function reportLake(lake: LakeReader, options: FleetReportOptions): Promise<FleetReport> {
  const units: FleetUnit[] = [];
  const hardware = new HardwareNames();
  let without = 0;
  for (const host of lake.hosts) {
    const found = await unitsOf(lake, host, options, hardware);
    if (found.length === 0) without++;
    units.push(...found);
  }
  const { now, confidence } = options;
  const remarks = [...(await remarksOn(lake)), ...hardware.clashes()];
  if (without > 0)
    remarks.push(
      `${without === 1 ? "1 host is" : `${without} hosts are`} in no figure: no line of the evidence names an adapter of this driver`,
    );
  return fleetReport(units, { now, remarks, ...(confidence === undefined ? {} : { confidence }) });
}

/** Nothing for a host whose evidence names no adapter: it may well have other hardware, and its hours are no exposure. */
async function unitsOf(
  lake: LakeReader,
  host: LakeHost,
  options: FleetReportOptions,
  hardware: HardwareNames,
): Promise<FleetUnit[]> {
  const analysis = new Analysis(options);
  for (const { summary } of host.evidence)
    analysis.addEvidence(summary.hosts.length === 0 ? summary : { ...summary, hosts: [host.host] });
  for await (const event of lake.events(host)) {
    analysis.add(event);
    if (isProbe(event)) hardware.add(host.host, event);
  }
  return analysis
    .finish()
    .series.filter(({ adapter }) => adapter.pci !== null || adapter.interfaces.length > 0)
    .map((series) => fleetUnit(series, { host: host.host, nic: hardware.of(host.host, series.adapter.pci) }));
}

function isProbe(event: KernelEvent): event is Extract<KernelEvent, { kind: "e1000e.probe" }> {
  return event.kind === "e1000e.probe";
}

async function remarksOn(lake: LakeReader): Promise<string[]> {
  const remarks: string[] = [...lake.clashes];
  const nearBy = lake.hosts.reduce((sum, host) => sum + host.nearBy, 0);
  if (nearBy > 0)
    remarks.push(`${nearBy} pieces of evidence name no host and were taken as of the one that lies beside them`);
  const unnamed = lake.hosts.filter(({ isNamed }) => !isNamed).length;
  if (unnamed > 0) remarks.push(`${unnamed} hosts are known by their folder only: no record names them`);
  const undated = lake.evidence.filter(
    ({ summary }) => summary.year === "file-time" || summary.year === "unknown",
  ).length;
  if (undated > 0)
    remarks.push(
      `${undated} pieces of evidence do not name their year, and only the time of the file told it: a copy that lost its time is put into a wrong year`,
    );
  const astray = await lake.strayEvents();
  if (astray > 0)
    remarks.push(`${astray} events are in no figure: they name no host, and their evidence names several`);
  return remarks;
}
