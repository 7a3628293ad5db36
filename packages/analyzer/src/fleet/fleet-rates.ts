import { plain } from "../questions/comparison.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { benjaminiHochberg } from "../stats/benjamini-hochberg.js";
import { exactHomogeneity } from "../stats/exact-homogeneity.js";
import { holm } from "../stats/holm.js";
import { poissonRate } from "../stats/poisson-rate.js";
import { rateRatio } from "../stats/rate-ratio.js";
import { rateShrinkage } from "../stats/rate-shrinkage.js";
import type { FleetGrouping, FleetRate, FleetUnitReport, FleetVariation } from "./fleet-report.js";
import type { Counted, FleetUnit } from "./fleet-unit.js";

/** Rates are told per so many hours. */
const PER_HOURS = 1000;

/** Episodes in hours at risk, with the exact interval of their rate. */
export function fleetRate({ events, hours }: Counted, level: number): FleetRate {
  const counts = { episodes: events, atRiskHours: hours };
  const rate = hours > 0 ? poissonRate({ events, exposure: hours / PER_HOURS, level }) : insufficient("no exposure");
  return rate.status === "ok"
    ? { ...counts, per1000Hours: rate.value.rate, interval: plain(rate.value.interval) }
    : { ...counts, per1000Hours: null, interval: { level, lower: 0, upper: null } };
}

/** What is known of all together. */
export function total(units: readonly FleetUnit[]): Counted {
  return {
    events: units.reduce((sum, { whole }) => sum + whole.events, 0),
    hours: units.reduce((sum, { whole }) => sum + whole.hours, 0),
  };
}

/** Each adapter with its own rate, the shrunken one, and whether it is worse than chance would have it. */
export function unitReports(
  units: readonly FleetUnit[],
  level: number,
): { readonly units: FleetUnitReport[]; readonly variation: Outcome<FleetVariation> } {
  const all = total(units);
  const shrunken = rateShrinkage(
    units.map(({ whole }) => ({ events: whole.events, exposure: whole.hours / PER_HOURS })),
    level,
  );
  const pWorse = units.map(({ whole }) => worseThanOthers(whole, all));
  const tested = pWorse.flatMap((p, i) => (p === null ? [] : [i]));
  const adjusted = holm(tested.map((i) => pWorse[i]!));
  const discovery = benjaminiHochberg(tested.map((i) => pWorse[i]!));
  const adjustedOf = new Map(tested.map((i, k) => [i, { family: adjusted[k]!, discovery: discovery[k]! }]));
  const reports = units.map(({ host, adapter, nic, whole, changes }, i): FleetUnitReport => {
    const own = shrunken.status === "ok" ? shrunken.value.units[i] : undefined;
    const pWorseAdjusted = adjustedOf.get(i)?.family ?? null;
    const pWorseDiscovery = adjustedOf.get(i)?.discovery ?? null;
    return {
      host,
      adapter,
      nic,
      ...fleetRate({ events: whole.events, hours: whole.hours }, level),
      shrunken:
        own === undefined ? null : { per1000Hours: own.rate, interval: plain(own.interval), weight: own.weight },
      pWorse: pWorse[i] ?? null,
      pWorseAdjusted,
      pWorseDiscovery,
      isWorse: pWorseAdjusted !== null && pWorseAdjusted <= 1 - level,
      isSuspect: pWorseDiscovery !== null && pWorseDiscovery <= 1 - level,
      changes: changes.map(({ title }) => title),
    };
  });
  if (shrunken.status !== "ok") return { units: reports, variation: shrunken };
  const { mean, variation, p } = shrunken.value;
  return {
    units: reports,
    variation: ok({
      per1000Hours: mean,
      variation,
      p,
      method: "gamma-Poisson, empirical Bayes by maximum likelihood; p from the likelihood ratio, halved at the border",
    }),
  };
}

/** Given both counts, that so many or more are its own; null without anything to compare. */
function worseThanOthers({ events, hours }: Counted, all: Counted): number | null {
  const result = rateRatio({
    events,
    exposure: hours,
    referenceEvents: all.events - events,
    // Sums that were rounded must not come out below nothing.
    referenceExposure: Math.max(0, all.hours - hours),
  });
  return result.status === "ok" && all.events > 0 ? result.value.pGreater : null;
}

/** Rates by kind of hardware, by kernel, and by each setting that has two values or more. */
export function groupings(units: readonly FleetUnit[], level: number): FleetGrouping[] {
  const byNic = grouping("nic", units, (unit) => [[unit.nic, unit.whole]], level);
  const byKernel = grouping("kernel", units, (unit) => [...unit.kernels], level);
  const names = [...new Set(units.flatMap(({ settings }) => [...settings.keys()]))].sort();
  const bySetting = names
    .map((name) => grouping(name, units, (unit) => [...(unit.settings.get(name) ?? [])], level))
    .filter(({ levels }) => levels.length > 1);
  return [byNic, byKernel, ...bySetting];
}

function grouping(
  by: string,
  units: readonly FleetUnit[],
  countsOf: (unit: FleetUnit) => readonly (readonly [string | null, Counted])[],
  level: number,
): FleetGrouping {
  const groups = new Map<string | null, { counted: Counted; hosts: Set<string> }>();
  for (const unit of units)
    for (const [key, { events, hours }] of countsOf(unit)) {
      if (hours === 0 && events === 0) continue;
      const group = groups.get(key) ?? { counted: { events: 0, hours: 0 }, hosts: new Set() };
      group.counted = { events: group.counted.events + events, hours: group.counted.hours + hours };
      group.hosts.add(unit.host);
      groups.set(key, group);
    }
  const levels = [...groups].sort(([a], [b]) => order(a, b));
  const known = levels.filter(([key]) => key !== null);
  const test = exactHomogeneity(known.map(([, { counted }]) => ({ events: counted.events, exposure: counted.hours })));
  return {
    by,
    levels: levels.map(([key, { counted, hosts }]) => ({
      level: key,
      hosts: hosts.size,
      ...fleetRate(counted, level),
    })),
    test:
      test.status === "ok"
        ? ok({ p: test.value.p, method: `one rate for all: ${test.value.method}, likelihood ratio` })
        : test,
  };
}

/** In code unit order, what is not known last. */
function order(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}
