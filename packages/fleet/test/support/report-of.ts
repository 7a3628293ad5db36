import { Analysis, type FleetReport, fleetReport, fleetUnit } from "@hangproof/analyzer";
import type { Read } from "./lakes.js";

export const NOW: number = Date.UTC(2026, 1, 1);

/** The report on all hosts as one analysis of everything that was read gives it: no tables in between. */
export function reportAtOnce(all: readonly Read[]): FleetReport {
  const analysis = new Analysis({ now: NOW });
  for (const { summary } of all) analysis.addEvidence(summary);
  for (const { events } of all) for (const event of events) analysis.add(event);
  const units = analysis
    .finish()
    .series.filter(({ adapter }) => adapter.pci !== null || adapter.interfaces.length > 0)
    .map((series) => fleetUnit(series, { host: series.host, nic: null }));
  return fleetReport(units, { now: NOW });
}
