import { type Ground, sideOf } from "../epochs/ground.js";
import type { RandomSource } from "../random/random-source.js";
import type { Association } from "../report.js";
import type { Span } from "../result.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { circularShift } from "../stats/circular-shift.js";
import type { Stratum } from "../stats/conditional-strata.js";
import { stratifiedRateRatio } from "../stats/stratified-rate-ratio.js";
import { intersect, lengthMs, passedIn } from "../timeline/spans.js";
import { associationChecks, type CheckInput, controlsFail } from "./association-checks.js";
import { compareRates, finiteRatio, plain } from "./comparison.js";
import { associationSentence } from "./wording.js";

/** A ratio below this is not what anyone means by "tied to backups". */
const RELEVANT_RATIO = 2;

/**
 * Are hangs tied to backup windows? In windows against outside: crude, one common ratio over the epochs, and an exact
 * circular shift, which needs no constant rate. The rung asks for both of the last two, and for controls that show
 * nothing.
 */
export function association(input: CheckInput, random: RandomSource): Association {
  const { ground, windows, borders, level } = input;
  const whole = sideOf(ground, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const inside = { events: whole.eventsInWindows, exposure: whole.windowHours };
  const outside = { events: whole.events - inside.events, exposure: outsideHours(whole.hours, inside.exposure) };
  const reason = lacking(whole.events, inside.exposure, outside.exposure);
  if (reason !== null) {
    const none = insufficient(reason);
    return {
      rung: "insufficient",
      crude: none,
      stratified: none,
      circularShift: none,
      checks: [],
      controlsFail: false,
      sentence: associationSentence("insufficient", reason),
    };
  }
  const crude = impossible(inside, outside)
    ? insufficient("all covered time on one side is time in which the adapter hung")
    : compareRates(
        {
          events: inside.events,
          exposure: inside.exposure,
          referenceEvents: outside.events,
          referenceExposure: outside.exposure,
        },
        "hour",
        { reference: "outside backups", compared: "in backups" },
        level,
      );

  const edges = [Number.NEGATIVE_INFINITY, ...borders, Number.POSITIVE_INFINITY];
  const strata: Stratum[] = [];
  for (let i = 1; i < edges.length; i++) {
    const side = sideOf(ground, edges[i - 1]!, edges[i]!);
    const stratum = {
      events: side.eventsInWindows,
      exposure: side.windowHours,
      referenceEvents: side.events - side.eventsInWindows,
      referenceExposure: outsideHours(side.hours, side.windowHours),
    };
    const contradicts = impossible(
      { events: stratum.events, exposure: stratum.exposure },
      { events: stratum.referenceEvents, exposure: stratum.referenceExposure },
    );
    if (!contradicts) strata.push(stratum);
  }
  const common = strata.length === 0 ? insufficient("no epoch has exposure") : stratifiedRateRatio(strata, level);
  const shift = shifted(ground, windows, random);

  const checks = associationChecks(input);
  const alpha = 1 - level;
  const fails = controlsFail(checks, alpha);
  const sameHours = checks.find(({ check }) => check === "same-clock-hours")?.result;
  const isApartFromHour = sameHours?.status === "ok" && sameHours.value.p <= alpha;
  let rung: Association["rung"] = "insufficient";
  if (common.status === "ok") {
    const { pCentral, interval, ratio } = common.value;
    const more = ratio !== null && ratio > 1;
    const shiftShown =
      shift.status === "ok" && (shift.value.p <= alpha || shift.value.p <= shift.value.smallestPossible * (1 + 1e-9));
    if (more && pCentral <= alpha && shiftShown && !fails) rung = "association-shown";
    else if (interval.upper < RELEVANT_RATIO) rung = "no-association-shown";
    else if (more) rung = "consistent-with-association";
  }
  return {
    rung,
    crude,
    stratified:
      common.status === "ok"
        ? ok({
            ratio: finiteRatio(common.value.ratio),
            interval: plain(common.value.interval),
            pCentral: common.value.pCentral,
            strata: common.value.strata,
          })
        : common,
    circularShift: shift,
    checks,
    controlsFail: fails,
    sentence: associationSentence(rung, { inside, outside, shift, alpha, controlsFail: fails, isApartFromHour }),
  };
}

function lacking(events: number, insideHours: number, outsideHoursTotal: number): string | null {
  if (insideHours === 0) return "no covered time lies in backup windows";
  if (outsideHoursTotal === 0) return "no covered time lies outside backup windows";
  return events === 0 ? "no hang was seen" : null;
}

/** Rounding must not leave a sliver of time where there is none. */
function outsideHours(all: number, inside: number): number {
  const outside = all - inside;
  return outside > 1e-9 * Math.max(1, all) ? outside : 0;
}

function impossible(...sides: readonly { readonly events: number; readonly exposure: number }[]): boolean {
  return sides.some((side) => side.events > 0 && side.exposure === 0);
}

/** All coverage put end to end; windows stay, onsets go round together. */
function shifted(ground: Ground, windows: readonly Span[], random: RandomSource): Association["circularShift"] {
  const length = lengthMs(ground.covered);
  if (length === 0) return insufficient("nothing is covered");
  const position = passedIn(ground.covered);
  const stretches = intersect(ground.covered, windows).map(({ startMs, endMs }): [number, number] => {
    const start = position(startMs);
    return [start, start + (endMs - startMs)];
  });
  const joined: [number, number][] = [];
  for (const [start, end] of stretches) {
    const last = joined.at(-1);
    // A window that a gap cut in two is one stretch of the circle; rounding must not make its parts overlap.
    if (last !== undefined && start <= last[1] + 1e-6) last[1] = Math.min(length, end);
    else joined.push([start, Math.min(length, end)]);
  }
  const result: Outcome<{ p: number; smallestPossible: number; expected: number; observed: number }> = circularShift(
    { length, windows: joined, events: ground.onsets.map((onset) => position(onset.timeMs)) },
    random,
  );
  if (result.status !== "ok") return result;
  const { p, smallestPossible, expected, observed } = result.value;
  return ok({ p, smallestPossible, expected, observed });
}
