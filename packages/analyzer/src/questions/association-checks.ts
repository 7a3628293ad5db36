import type { Ground, Onset } from "../epochs/ground.js";
import type { AssociationCheck } from "../report.js";
import type { Span } from "../result.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { caseSeries } from "../stats/case-series.js";
import type { Stratum } from "../stats/conditional-strata.js";
import { holm } from "../stats/holm.js";
import { rateRatio } from "../stats/rate-ratio.js";
import { stratifiedRateRatio } from "../stats/stratified-rate-ratio.js";
import { boschlooTest } from "../stats/unconditional-test.js";
import { contains, holds, hours, intersect, overlaps, subtract, union } from "../timeline/spans.js";
import { type Cell, cellsBy, clockHour } from "./clock-cells.js";
import { finiteRatio, plain } from "./comparison.js";
import type { Clock } from "./words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Control windows keep clear of the backups: what leads up to one, or winds down after it, is no control. */
const BEFORE_MS = 30 * MINUTE_MS;
const AFTER_MS = 2 * HOUR_MS;

export interface CheckInput {
  readonly ground: Ground;
  /** Merged, with lag and induction. */
  readonly windows: readonly Span[];
  /** Moments that divide epochs, ascending. */
  readonly borders: readonly number[];
  readonly bootAt: (timeMs: number) => number | null;
  readonly clock: Clock;
  readonly level: number;
}

type Found = AssociationCheck["result"];

/**
 * The same question asked in ways that take away one other explanation each: the time of day, the boot, both, the days
 * after a hang, on which people postpone backups. And two controls that must show nothing: windows as long as the
 * backups, ended 30 minutes before them and begun 2 hours after them. Exploratory: the rung rests on the controls only.
 * Linear in hours of coverage, besides the tests.
 */
export function associationChecks(input: CheckInput): AssociationCheck[] {
  const { ground, windows, clock } = input;
  const noClock = insufficient("the time of day is not known");
  return [
    {
      check: "same-clock-hours",
      isControl: false,
      result: clock.relative ? noClock : sameClockHours(input),
      method: "exact, one common ratio over clock hours and epochs",
    },
    {
      check: "same-boot",
      isControl: false,
      result: overCells(
        cellsBy(ground, (timeMs) => `${input.bootAt(timeMs)} ${epochOf(input.borders, timeMs)}`),
        input.level,
        "no boot has time both in backups and outside",
      ),
      method: "exact, one common ratio over boots and epochs",
    },
    {
      check: "self-controlled",
      isControl: false,
      result: clock.relative ? noClock : selfControlled(input),
      method: "self-controlled case series: boots as units, quarters of the day as second factor; Wald interval",
    },
    {
      check: "day-after-left-out",
      isControl: false,
      result: dayAfterLeftOut(input),
      method: "exact, one common ratio over epochs, without the 24 hours after each hang",
    },
    {
      check: "nights-without",
      isControl: false,
      result: clock.relative ? noClock : nightsWithout(ground, windows),
      method: "Boschloo, two-sided: backups against the same hours a day earlier or later without one",
    },
    {
      check: "before-backups",
      isControl: true,
      result: control(ground, windows, ({ startMs, endMs }) => ({
        startMs: startMs - BEFORE_MS - (endMs - startMs),
        endMs: startMs - BEFORE_MS,
      }))(input.level),
      method: "exact: windows as long, ended 30 minutes before, against all other time outside backups",
    },
    {
      check: "after-backups",
      isControl: true,
      result: control(ground, windows, ({ startMs, endMs }) => ({
        startMs: endMs + AFTER_MS,
        endMs: endMs + AFTER_MS + (endMs - startMs),
      }))(input.level),
      method: "exact: windows as long, begun 2 hours after, against all other time outside backups",
    },
  ];
}

/** Whether a control shows the excess that only backups should show (Holm over the controls). */
export function controlsFail(checks: readonly AssociationCheck[], alpha: number): boolean {
  const results = checks.flatMap(({ isControl, result }) =>
    isControl && result.status === "ok" ? [result.value] : [],
  );
  const adjusted = holm(results.map(({ p }) => p));
  return results.some(
    ({ ratio }, i) => adjusted[i]! <= alpha && (ratio === "infinite" || (ratio !== null && ratio > 1)),
  );
}

function sameClockHours({ ground, borders, clock, level }: CheckInput): Found {
  const hourOf = clockHour(clock.timeZone);
  return overCells(
    cellsBy(ground, (timeMs) => `${hourOf(timeMs)} ${epochOf(borders, timeMs)}`),
    level,
    "backups cannot be told apart from their time of day: no hour of the day has time both in backups and outside",
  );
}

function selfControlled({ ground, bootAt, clock, level }: CheckInput): Found {
  const hourOf = clockHour(clock.timeZone);
  const cells = cellsBy(ground, (timeMs) => `${bootAt(timeMs)} ${Math.floor(hourOf(timeMs) / 6)}`).flatMap((cell) => {
    const [unit = "", group = ""] = cell.key.split(" ");
    return [
      { unit, group, inWindow: true, exposure: cell.insideHours, events: cell.insideEvents },
      { unit, group, inWindow: false, exposure: cell.outsideHours, events: cell.outsideEvents },
    ];
  });
  const series = caseSeries(cells, level);
  if (series.status !== "ok") return series;
  const { ratio, interval, p } = series.value;
  return ok({ ratio, interval: plain(interval), p, inside: null, outside: null });
}

/** After a hang people postpone backups: exposure that events change must not carry the answer. */
function dayAfterLeftOut({ ground, borders, level }: CheckInput): Found {
  const kept: Onset[] = [];
  const out: Span[] = [];
  for (const onset of ground.onsets) {
    const last = out.at(-1);
    if (last !== undefined && onset.timeMs < last.endMs) continue;
    kept.push(onset);
    out.push({ startMs: onset.timeMs, endMs: onset.timeMs + DAY_MS });
  }
  const rest: Ground = {
    ...ground,
    atRisk: subtract(ground.atRisk, union(out)),
    inWindows: subtract(ground.inWindows, union(out)),
    onsets: kept,
  };
  return overCells(
    cellsBy(rest, (timeMs) => String(epochOf(borders, timeMs))),
    level,
    "without the days after hangs, no epoch has time both in backups and outside",
  );
}

/** Backups as units: immune to several hangs in one. A day's shift keeps the hour of the day. */
function nightsWithout(ground: Ground, windows: readonly Span[]): Found {
  const watched = windows.filter((window) => holds(ground.covered, window));
  const taken: Span[] = [];
  for (const { startMs, endMs } of watched)
    for (const days of [-1, 1]) {
      const control = { startMs: startMs + days * DAY_MS, endMs: endMs + days * DAY_MS };
      const isFree = control.startMs >= (taken.at(-1)?.endMs ?? control.startMs) && !overlaps(windows, control);
      if (isFree && holds(ground.covered, control)) taken.push(control);
    }
  if (watched.length === 0) return insufficient("no backup was watched from start to end");
  if (taken.length === 0) return insufficient("no day without a backup was watched at the hours of backups");
  const onsets = ground.onsets.map(({ timeMs }) => ({ startMs: timeMs, endMs: timeMs + 1 }));
  const hit = (spans: readonly Span[]): number => spans.filter((span) => overlaps(onsets, span)).length;
  const before = { runs: taken.length, hit: hit(taken) };
  const after = { runs: watched.length, hit: hit(watched) };
  const tested = boschlooTest({ before, after });
  if (tested.status !== "ok") return tested;
  const [share, shareWithout] = [after.hit / after.runs, before.hit / before.runs];
  return ok({
    ratio: shareWithout > 0 ? share / shareWithout : share > 0 ? "infinite" : null,
    interval: null,
    p: tested.value.pTwoSided,
    inside: { hangs: after.hit, of: after.runs, unit: "windows" },
    outside: { hangs: before.hit, of: before.runs, unit: "windows" },
  });
}

/** Windows where no backup runs, moved along from those where one does. */
function control(ground: Ground, windows: readonly Span[], move: (window: Span) => Span): (level: number) => Found {
  return (level) => {
    const outside = subtract(ground.atRisk, ground.inWindows);
    const shifted = subtract(union(windows.map(move)), union(windows));
    const inControl = hours(intersect(outside, shifted));
    const onsets = ground.onsets.filter(({ isInWindow }) => !isInWindow);
    const events = onsets.filter(({ timeMs }) => contains(shifted, timeMs)).length;
    const counts = {
      events,
      exposure: inControl,
      referenceEvents: onsets.length - events,
      referenceExposure: Math.max(0, hours(outside) - inControl),
    };
    if (counts.exposure === 0) return insufficient("no covered time lies in such windows");
    if (counts.referenceExposure <= 1e-9) return insufficient("no other covered time lies outside backups");
    const ratio = rateRatio({ ...counts, level });
    if (ratio.status !== "ok") return ratio;
    return ok({
      ratio: finiteRatio(ratio.value.ratio),
      interval: plain(ratio.value.interval),
      p: ratio.value.pCentral,
      inside: { hangs: events, of: counts.exposure, unit: "hours" },
      outside: { hangs: counts.referenceEvents, of: counts.referenceExposure, unit: "hours" },
    });
  };
}

function overCells(cells: readonly Cell[], level: number, without: string): Found {
  const strata: Stratum[] = cells
    .filter((cell) => cell.insideHours > 0 && cell.outsideHours > 0)
    .map((cell) => ({
      events: cell.insideEvents,
      exposure: cell.insideHours,
      referenceEvents: cell.outsideEvents,
      referenceExposure: cell.outsideHours,
    }));
  if (strata.length === 0) return insufficient(without);
  const common: Outcome<{ ratio: number | null; interval: Parameters<typeof plain>[0]; pCentral: number }> =
    stratifiedRateRatio(strata, level);
  if (common.status !== "ok") return common;
  const sum = (field: keyof Stratum): number => strata.reduce((total, stratum) => total + stratum[field], 0);
  return ok({
    ratio: finiteRatio(common.value.ratio),
    interval: plain(common.value.interval),
    p: common.value.pCentral,
    inside: { hangs: sum("events"), of: sum("exposure"), unit: "hours" },
    outside: { hangs: sum("referenceEvents"), of: sum("referenceExposure"), unit: "hours" },
  });
}

function epochOf(borders: readonly number[], timeMs: number): number {
  return borders.filter((border) => border <= timeMs).length;
}
