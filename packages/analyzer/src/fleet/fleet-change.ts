import { countsOf, type Side, sideOf, type Unit } from "../epochs/ground.js";
import { finiteRatio, plain } from "../questions/comparison.js";
import { insufficient, type Outcome, ok } from "../result.js";
import type { Stratum } from "../stats/conditional-strata.js";
import { ratioOfRatios } from "../stats/ratio-of-ratios.js";
import { stratifiedRateRatio } from "../stats/stratified-rate-ratio.js";
import type { FleetControlled, FleetRatio } from "./fleet-report.js";
import type { FleetUnit, UnitChange } from "./fleet-unit.js";

/** A change of one adapter that is compared with the same change of others. */
export interface Made {
  readonly unit: FleetUnit;
  readonly change: UnitChange;
}

/** The ratio before adjustment for the number of changes. */
export function changeRatio(made: readonly Made[], unit: Unit, level: number): Outcome<FleetRatio> {
  const strata = made.flatMap(({ change }) => stratumOf(change.before, change.after, unit));
  const result = stratifiedRateRatio(strata, level);
  if (result.status !== "ok") return result;
  const { value } = result;
  return ok({
    ...countsOn(strata),
    ratio: finiteRatio(value.ratio),
    interval: plain(value.interval),
    pLess: value.pLess,
    pGreater: value.pGreater,
    pLessAdjusted: null,
    pGreaterAdjusted: null,
    strata: value.strata,
    method:
      value.method === "exact"
        ? "exact, stratified by adapter, given each one's total"
        : "stratified by adapter, normal approximation: more than 5,000 episodes",
    homogeneityP: value.homogeneity?.p ?? null,
  });
}

/**
 * Did the rates of those who made the change move otherwise than the rates of those who changed nothing, at the same
 * time? Each control is set beside one of the changed, dealt in the order of names, and split at that one's date within
 * that one's time: no episode is counted twice.
 */
export function controlledRatio(
  made: readonly Made[],
  unchanged: readonly FleetUnit[],
  level: number,
): Outcome<FleetControlled> {
  const dated = made.filter(({ unit }) => unit.hasDates);
  const treated = dated.flatMap(({ change }) => stratumOf(change.before, change.after, "hour"));
  if (dated.length === 0) return insufficient("no change has a date that other hosts can be set beside");
  const controls = unchanged
    .filter(({ hasDates }) => hasDates)
    .flatMap((unit, i) => {
      for (let k = 0; k < dated.length; k++) {
        const { change } = dated[(i + k) % dated.length]!;
        const before = sideOf(unit.ground, change.startMs, change.timeMs);
        const [stratum] = stratumOf(before, sideOf(unit.ground, change.timeMs, change.endMs), "hour");
        if (stratum !== undefined) return [stratum];
      }
      return [];
    });
  if (controls.length === 0)
    return insufficient(
      "no host that changed nothing was watched before and after",
      "evidence of such a host over the same time",
    );
  const result = ratioOfRatios(treated, controls, level);
  if (result.status !== "ok") return result;
  const { ratio, interval, pLess, pGreater } = result.value;
  const calendar = stratifiedRateRatio(controls, level);
  if (calendar.status !== "ok") return calendar;
  return ok({
    ratio: ratio === Number.POSITIVE_INFINITY ? "infinite" : ratio,
    interval: plain(interval),
    pLess,
    pGreater,
    treated: treated.length,
    controls: controls.length,
    calendar: {
      ...countsOn(controls),
      ratio: finiteRatio(calendar.value.ratio),
      interval: plain(calendar.value.interval),
    },
    method: "difference in differences on ln rates: exact, given each adapter's total and all episodes after",
    assumption: "without the change, the rates of those who made it would have moved as those of the controls did",
  });
}

function countsOn(strata: readonly Stratum[]): Pick<FleetRatio, "before" | "after"> {
  const sum = (of: (stratum: Stratum) => number): number => strata.reduce((total, one) => total + of(one), 0);
  return {
    before: { episodes: sum((one) => one.referenceEvents), hours: sum((one) => one.referenceExposure) },
    after: { episodes: sum((one) => one.events), hours: sum((one) => one.exposure) },
  };
}

/** Nothing where a side was not watched, or was all hang. */
function stratumOf(before: Side, after: Side, unit: Unit): Stratum[] {
  const [old, recent] = [countsOf(before, unit), countsOf(after, unit)];
  if (old.exposure === 0 || recent.exposure === 0) return [];
  return [
    {
      events: recent.events,
      exposure: recent.exposure,
      referenceEvents: old.events,
      referenceExposure: old.exposure,
    },
  ];
}
