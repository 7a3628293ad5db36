import { type Outcome, ok } from "../result.js";
import { holm } from "../stats/holm.js";
import { DEFAULT_LEVEL } from "../stats/interval.js";
import { fleetCalendar } from "./fleet-calendar.js";
import { changeRatio, controlledRatio, type Made } from "./fleet-change.js";
import { fleetContrasts } from "./fleet-contrasts.js";
import { fleetRate, groupings, total, unitReports } from "./fleet-rates.js";
import {
  FLEET_REPORT_VERSION,
  type FleetChange,
  type FleetRatio,
  type FleetReport,
  type FleetRung,
} from "./fleet-report.js";
import type { FleetUnit } from "./fleet-unit.js";
import { changeSentence, fleetHeadline } from "./fleet-wording.js";

/** What the caller of the fleet report decides. */
export interface FleetOptions {
  /** The caller's clock, Unix milliseconds. */
  readonly now: number;
  /** Two-sided level of intervals, in (0, 1); default 0.95. Claims are made at (1 - confidence) one-sided. */
  readonly confidence?: number;
  /** What a reader must know of the evidence, sentences; default none. */
  readonly remarks?: readonly string[];
}

const ASSUMPTIONS: readonly string[] = [
  "episodes are independent of each other, and their rate is constant within each side of an adapter",
  "claims are for one look: who reads this every week and stops when it pleases will sooner or later see a claim",
  "a host that was changed because it had just hung would have hung less anyway (regression to the mean); each host's own report checks that, pooling does not take it away",
  "rates by hardware, kernel or setting compare different hosts: they describe, and prove no cause",
];

/**
 * What many hosts say together. Hosts may come in any order; the report is the same. Cost: for each change the square of
 * its episodes, else linear in adapters.
 * @throws RangeError when the confidence is out of range
 */
export function fleetReport(given: readonly FleetUnit[], options: FleetOptions): FleetReport {
  const confidence = options.confidence ?? DEFAULT_LEVEL;
  if (!(confidence > 0 && confidence < 1)) throw new RangeError("confidence must lie between 0 and 1");
  const units = [...given].sort(
    (a, b) =>
      byText(a.host, b.host) ||
      byText(a.adapter ?? "", b.adapter ?? "") ||
      Number(b.hasDates) - Number(a.hasDates) ||
      b.whole.hours - a.whole.hours,
  );
  const { units: reports, variation } = unitReports(units, confidence);
  const changes = changesOf(units, confidence);
  const all = fleetRate(total(units), confidence);
  const hosts = new Set(units.map(({ host }) => host)).size;
  return {
    fleetReportVersion: FLEET_REPORT_VERSION,
    now: options.now,
    confidence,
    headline: fleetHeadline({ hosts, adapters: units.length, total: all, changes }),
    hosts,
    // The sort is stable: equal rates stay in the order of their names.
    units: reports.sort((a, b) => shown(b.shrunken ?? b) - shown(a.shrunken ?? a)),
    total: all,
    groups: groupings(units, confidence),
    contrasts: fleetContrasts(units, confidence),
    calendar: fleetCalendar(units, confidence),
    variation,
    changes,
    remarks: options.remarks ?? [],
    assumptions: ASSUMPTIONS,
  };
}

function shown({ per1000Hours }: { readonly per1000Hours: number | null }): number {
  return per1000Hours ?? -1;
}

function changesOf(units: readonly FleetUnit[], confidence: number): FleetChange[] {
  const groups = new Map<string, Made[]>();
  for (const unit of units)
    for (const change of unit.changes) {
      const key = JSON.stringify([change.kind, change.title]);
      const made = groups.get(key) ?? [];
      // Of one that an adapter made again, the first counts: what lies between two of them is after one and before the other.
      if (made.at(-1)?.unit !== unit) groups.set(key, [...made, { unit, change }]);
    }
  const all = [...groups.values()].sort((a, b) => b.length - a.length);
  const shared = all.filter((made) => new Set(made.map(({ unit }) => unit.host)).size > 1);
  const asked = shared.length > 0 ? shared : all;
  const ratios = asked.map((made) => changeRatio(made, "hour", confidence));
  const adjusted = adjust(ratios);
  const unchanged = units.filter(({ changes }) => changes.length === 0);
  const hosts = [...new Set(units.map(({ host }) => host))];
  return asked.map((made, i): FleetChange => {
    const { kind, title } = made[0]!.change;
    const perHour = adjusted[i]!;
    const controlled = controlledRatio(made, unchanged, confidence);
    const makers = new Set(made.map(({ unit }) => unit.host));
    const change = {
      kind,
      title,
      compared: made.filter(({ change: { before, after } }) => before.hours > 0 && after.hours > 0).length,
      made: made.length,
      noOp: made.filter((one) => one.change.noOp).length,
      rung: rungOf(perHour, controlled, 1 - confidence),
      perHour,
      perBackupHour: changeRatio(made, "backup-hour", confidence),
      dates: datesOf(made),
      controlled,
      units: made.map(({ unit, change: { timeMs, noOp, before, after } }) => ({
        host: unit.host,
        adapter: unit.adapter,
        timeMs,
        noOp,
        before: { episodes: before.events, hours: before.hours },
        after: { episodes: after.events, hours: after.hours },
      })),
      without: hosts.filter((host) => !makers.has(host)),
    };
    return { ...change, sentence: changeSentence(change) };
  });
}

function datesOf(made: readonly Made[]): FleetChange["dates"] {
  const times = made.filter(({ unit }) => unit.hasDates).map(({ change }) => change.timeMs);
  if (times.length === 0) return null;
  const [firstMs, lastMs] = times.reduce(
    ([first, last], timeMs): [number, number] => [Math.min(first, timeMs), Math.max(last, timeMs)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { firstMs, lastMs };
}

/** Both directions of all changes are one family. */
function adjust(ratios: readonly Outcome<FleetRatio>[]): Outcome<FleetRatio>[] {
  const pValues = ratios.flatMap((one) => (one.status === "ok" ? [one.value.pLess, one.value.pGreater] : []));
  const adjusted = holm(pValues);
  let next = 0;
  return ratios.map((one) =>
    one.status === "ok"
      ? ok({ ...one.value, pLessAdjusted: adjusted[next++]!, pGreaterAdjusted: adjusted[next++]! })
      : one,
  );
}

/** A change that hosts without it show as well is no claim. */
function rungOf(perHour: Outcome<FleetRatio>, controlled: FleetChange["controlled"], alpha: number): FleetRung {
  if (perHour.status !== "ok" || perHour.value.ratio === null) return "insufficient-evidence";
  const { pLessAdjusted, pGreaterAdjusted } = perHour.value;
  const against = controlled.status === "ok" ? controlled.value.ratio : null;
  if (pLessAdjusted !== null && pLessAdjusted <= alpha)
    return against === null || (against !== "infinite" && against < 1) ? "fewer-shown" : "not-shown";
  if (pGreaterAdjusted !== null && pGreaterAdjusted <= alpha)
    return against === null || against === "infinite" || against > 1 ? "more-shown" : "not-shown";
  return "not-shown";
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
