import { sideOf } from "../epochs/ground.js";
import { plain } from "../questions/comparison.js";
import { insufficient, ok } from "../result.js";
import { stratifiedTrend } from "../stats/stratified-trend.js";
import { fleetRate } from "./fleet-rates.js";
import type { FleetCalendar } from "./fleet-report.js";
import type { FleetUnit } from "./fleet-unit.js";

/** Months are told apart so far back; what is older is left out. */
const MOST_MONTHS = 240;

/**
 * The whole fleet's rate month by month, and whether the rates of adapters that changed nothing drift together: what a
 * change on one date cannot be told from. Adapters without dates are in neither. Cost: months times spans.
 */
export function fleetCalendar(units: readonly FleetUnit[], level: number): FleetCalendar {
  const dated = units.filter(({ hasDates, ground }) => hasDates && ground.atRisk.length > 0);
  const months = monthsOf(dated);
  const counts = dated.map(({ ground }) => months.map(({ startMs, endMs }) => sideOf(ground, startMs, endMs)));
  const unchanged = counts.filter((_, i) => dated[i]!.changes.length === 0);
  const result =
    unchanged.length === 0
      ? insufficient("every adapter with dates changed something", "adapters that changed nothing")
      : stratifiedTrend(
          unchanged.map((sides) => sides.map(({ events, hours }, at) => ({ at, events, exposure: hours }))),
          level,
        );
  return {
    months: months.map(({ month }, at) => {
      const watched = dated.filter((_, i) => counts[i]![at]!.hours > 0);
      const events = counts.reduce((sum, sides) => sum + sides[at]!.events, 0);
      const hours = counts.reduce((sum, sides) => sum + sides[at]!.hours, 0);
      return { month, hosts: new Set(watched.map(({ host }) => host)).size, ...fleetRate({ events, hours }, level) };
    }),
    trend:
      result.status === "ok"
        ? ok({
            ratioPerMonth: result.value.ratio,
            interval: plain(result.value.interval),
            p: result.value.p,
            adapters: result.value.strata,
            method: "log-linear trend of adapters that changed nothing, given each one's total; likelihood ratio",
          })
        : result,
  };
}

interface Month {
  readonly month: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** From the first watched hour to the last, the last 240 of them. */
function monthsOf(units: readonly FleetUnit[]): Month[] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { ground } of units) {
    first = Math.min(first, ground.atRisk[0]?.startMs ?? first);
    last = Math.max(last, ground.atRisk.at(-1)?.endMs ?? last);
  }
  const months: Month[] = [];
  if (!(first < last)) return months;
  const end = new Date(last);
  for (let back = 0; back < MOST_MONTHS; back++) {
    const startMs = Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - back);
    const endMs = Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - back + 1);
    if (Number.isNaN(startMs) || endMs <= first) break;
    if (startMs < last) months.push({ month: new Date(startMs).toISOString().slice(0, 7), startMs, endMs });
  }
  return months.reverse();
}
