import type { Bounces } from "../episodes/bounces.js";
import type { Side, Unit } from "../epochs/ground.js";
import type {
  Association,
  Burstiness,
  ChangeDate,
  Recurrence,
  Rung,
  SettingState,
  VerdictFlag,
  Waiting,
} from "../report.js";
import type { Outcome } from "../result.js";
import type { Counts } from "./comparison.js";
import { type Clock, count, day, exposure, figure, moment, probability } from "./words.js";

/**
 * Every sentence of the report. Rules: no claim beyond the rung; every count of hangs with the exposure in which it was
 * seen; no percentage from a zero; at most three significant digits; a probability is never 0.
 */

/** What a headline is made of. */
export interface HeadlineInput {
  readonly rung: Rung;
  readonly counts: Counts | null;
  readonly unit: Unit;
  readonly changeMs: number;
  readonly clock: Clock;
  /** One-sided limits that go with the claim; null for none. */
  readonly upperLimit: number | null;
  readonly lowerLimit: number | null;
  readonly chanceOfSilence: number | null;
  /** Name and value of a setting that changed nothing; null for any other change. */
  readonly noOp: string | null;
  /** Why the sides cannot be compared. */
  readonly because: string | null;
  readonly confidence: number;
}

export function headline(input: HeadlineInput): string {
  const { counts, unit, rung, clock } = input;
  const since = `since the change of ${day(input.changeMs, clock)}`;
  if (counts === null) return `Cannot say: ${input.because ?? "the two sides cannot be compared"}.`;
  const after = `${count(counts.events, "hang")} in ${exposure(counts.exposure, unit)}`;
  const before = `${counts.referenceEvents} in ${figure(counts.referenceExposure)} before`;
  const per = unit === "backup-hour" ? "backup-hour" : "hour";
  if (counts.referenceExposure === 0)
    return `Cannot say: no ${noun(unit)} before the change of ${day(input.changeMs, clock)}, so no old rate to compare with.`;
  if (counts.exposure === 0) return `Cannot say: no ${noun(unit)} ${since}; ${before}.`;
  if (input.noOp !== null) {
    const from = `since ${day(input.changeMs, clock)}`;
    if (rung === "improvement-shown")
      return `Fewer hangs ${from} (at most ${figure(input.upperLimit ?? 1)} of the old rate), but ${input.noOp} changed nothing in force.`;
    return `${input.noOp} changed nothing in force; ${after} ${from}, ${before}.`;
  }
  switch (rung) {
    case "improvement-shown":
      return `Fewer hangs per ${per} ${since}: at most ${figure(input.upperLimit ?? 1)} of the old rate (${percent(input.confidence)}, one-sided).`;
    case "worse":
      return `More hangs per ${per} ${since}: at least ${figure(input.lowerLimit ?? 1)} times the old rate (${percent(input.confidence)}).`;
    case "consistent-with-improvement":
      return `Fits an improvement, does not show one: ${after} ${since}, ${before}.`;
    case "no-effect-shown":
      return `A reduction to half or less is ruled out (${percent(input.confidence)}): ${after} ${since}, ${before}.`;
    default:
      if (counts.events === 0 && counts.referenceEvents === 0)
        return `Cannot say: 0 hangs in ${exposure(counts.referenceExposure, unit)} before and ${exposure(counts.exposure, unit)} after the change.`;
      return counts.events === 0 && input.chanceOfSilence !== null
        ? `Cannot say yet: ${after} ${since}; that silence would happen by chance with probability ${probability(input.chanceOfSilence)}.`
        : `Cannot say yet: ${after} ${since}, ${before}.`;
  }
}

/** The one thing that would change the verdict. */
export function wouldMove(
  rung: Rung,
  counts: Counts | null,
  unit: Unit,
  plan: Outcome<Waiting>,
  looks: "single" | "repeated",
  clock: Clock,
  confidence: number,
): string {
  if (counts === null) return "Kernel logs of a time in which the adapter was not hanging.";
  if (counts.referenceExposure === 0) return `Older kernel logs: ${noun(unit)} before the change.`;
  if (counts.referenceEvents === 0 && counts.events === 0)
    return "Older kernel logs that show when it hung, or a hang from now on.";
  if (counts.exposure === 0) return `Newer kernel logs: ${noun(unit)} since the change.`;
  if (rung === "worse") return "A long stretch without a hang; better, going back to the setting before.";
  if (rung === "improvement-shown") return "Further hangs; every new export is weighed again.";
  if (plan.status !== "ok")
    return plan.need === null ? "Another change, watched for as long as this one." : `${capital(plan.need)}.`;
  const hoursLeft = looks === "single" ? plan.value.remainingHours : plan.value.remainingHoursAnytime;
  if (hoursLeft === 0) return "The doubts named below; of hang-free time there is enough.";
  const what = unit === "backup-hour" ? "hang-free backup-hours" : "hang-free covered hours";
  const details: string[] = [];
  if (plan.value.remainingRuns !== null) details.push(`about ${count(plan.value.remainingRuns, "backup run")}`);
  if (plan.value.dateMs !== null) details.push(`until about ${day(plan.value.dateMs, clock)}`);
  const detail = details.length === 0 ? "" : ` (${details.join(", ")})`;
  return `${figure(hoursLeft)} more ${what}${detail} would be enough for ${percent(confidence)}.`;
}

/** The present state, where no change is there to judge. */
export function stateHeadline(side: Side, watchedKernel: boolean, unplaced: number): string {
  if (!watchedKernel && side.events === 0 && unplaced === 0)
    return "Cannot say: no kernel log with dates among the evidence, so there is no time in which a hang would have been seen.";
  if (unplaced > 0 && side.events === 0)
    return `Cannot say: ${count(unplaced, "hang report carries", "hang reports carry")} no time, so no rate can be told.`;
  if (side.coveredHours === 0)
    return "Cannot say: the evidence covers no stretch of time in which a hang would have been seen.";
  const inBackups = side.windowHours > 0 ? `, ${side.eventsInWindows} of them in backups` : "";
  const seen = `${count(side.events, "hang")} in ${exposure(side.coveredHours, "hour")}`;
  const detail =
    side.events === 0 ? (side.windowHours > 0 ? `, ${figure(side.windowHours)} of them in backups` : "") : inBackups;
  return `${seen}${detail}; no change of a setting was found to judge.`;
}

export function stateWouldMove(watchedKernel: boolean): string {
  return watchedKernel
    ? "A dated change: say when something was changed, or add the files and logs that show it."
    : "A kernel log of the host with dates: journalctl -o short-iso-precise, or kern.log.";
}

/** Why the verdict stands where it stands, one fact a sentence. */
export function comparisonReason(reference: Side, compared: Side, unit: Unit): string {
  const [before, after] = [
    unit === "hour" ? [reference.events, reference.hours] : [reference.eventsInWindows, reference.windowHours],
    unit === "hour" ? [compared.events, compared.hours] : [compared.eventsInWindows, compared.windowHours],
  ] as [[number, number], [number, number]];
  return `Before: ${count(before[0], "hang")} in ${exposure(before[1], unit)}. Since: ${count(after[0], "hang")} in ${exposure(after[1], unit)}.`;
}

export function silenceReason(p: number): string {
  return `Had nothing changed, a silence this long would happen with probability ${probability(p)}.`;
}

export function ratioReason(
  ratio: number | null | "infinite",
  interval: { readonly level: number; readonly lower: number; readonly upper: number | null },
): string {
  const estimate = ratio === null ? "not defined" : ratio === "infinite" ? "without limit" : figure(ratio);
  const upper = interval.upper === null ? "no upper limit" : figure(interval.upper);
  return `Rate after over rate before: ${estimate} (${percent(interval.level)} interval ${figure(interval.lower)} to ${upper}).`;
}

export function evidenceReason(eValue: number, boundary: number): string {
  return `Evidence for fewer hangs: e-value ${figure(eValue)}; ${figure(boundary)} is enough, at any look.`;
}

export function borderlineReason(): string {
  return "Borderline: the one-sided limit and the two-sided interval do not agree on which side of 1 they lie.";
}

/** When the rate changed, if it did, and whether that is when the claimed change was made. */
export function changeDateSentence(
  date: Pick<ChangeDate, "mostLikelyMs" | "fromMs" | "toMs" | "isLikely" | "claimedIsAmong">,
  clock: Clock,
): string {
  if (!date.isLikely) return "The hangs alone do not say that their rate changed at any date.";
  const when =
    `Going by the hangs alone, their rate most likely changed about ${day(date.mostLikelyMs, clock)} ` +
    `(95 %: ${day(date.fromMs, clock)} to ${day(date.toMs, clock)})`;
  if (date.claimedIsAmong === null) return `${when}.`;
  return date.claimedIsAmong
    ? `${when}, which takes in the judged change.`
    : `${when}, which is not when the judged change was made.`;
}

export function burstReason({ phi, p, clustersBefore, clustersAfter, rungOnClusters }: Burstiness): string {
  return (
    `Hangs before the change come together: their counts vary ${figure(phi)} times as much as those of independent ` +
    `hangs would (p ${probability(p)}). With the hangs of one backup counted once: ${clustersBefore} before ` +
    `and ${clustersAfter} since; the verdict on those would be ${rungOnClusters}.`
  );
}

export function firstShownReason(timeMs: number, clock: Clock): string {
  return `First shown on ${day(timeMs, clock)}.`;
}

export function noOpReason(effective: string | null): string {
  const value = effective === null ? "" : ` (${effective})`;
  return `The setting cannot be the cause: its effective value was the same before${value}; what is left is the driver reload (and chance).`;
}

export function defaultReason(): string {
  return "InterruptThrottleRate=3 is what the driver does without any option, in every version; asking for it changes nothing unless another value was in force.";
}

export function tiedReason(timeMs: number, clock: Clock): string {
  return `The request has no time of its own; it is tied to the driver reload of ${moment(timeMs, clock)}.`;
}

export function bundleReason(together: readonly string[]): string {
  return together.length === 0
    ? "It was the only change recorded in that interval."
    : `Changed together with ${together.join("; ")}: whose effect it is cannot be separated.`;
}

export function outsideReason(onsets: number): string {
  return `${count(onsets, "onset lies", "onsets lie")} outside the covered time and ${onsets === 1 ? "is" : "are"} in no rate; evidence seems to be missing.`;
}

export function unplacedReason(reports: number): string {
  return `${count(reports, "hang report carries", "hang reports carry")} no time and ${reports === 1 ? "is" : "are"} in no rate.`;
}

export function resetReason(resets: number): string {
  return `${count(resets, "reset")} of the adapter without a hang report ${resets === 1 ? "is" : "are"} listed and not counted as ${resets === 1 ? "a hang" : "hangs"}.`;
}

export function uncleanReason(boots: number): string {
  return `${count(boots, "boot")} ended without a shutdown record; a hang there may have left no line.`;
}

export function relativeReason(): string {
  return "The wall time is not known: times count from boot, and dates or backups of other evidence cannot be set against them.";
}

export function claimedReason(episodes: number, all: number): string {
  return `${episodes} of ${count(all, "episode")} rest on text files alone, which any process could have written.`;
}

const FLAG_REASONS: Readonly<Record<VerdictFlag, string>> = {
  trigger_sensitive: "The change followed a burst of hangs; without that burst the claim does not stand.",
  cluster_sensitive: "With hangs that come together counted once the claim does not stand.",
  placebo_failed: "The time before the change had drops like this one by itself.",
  trend_before: "Hangs were getting rarer before the change already.",
  coverage_low: "Less than half of the time on one side of the change is covered by logs.",
  clock_uncertain: "Times of hangs are less certain than the lag after a backup.",
};

export function flagReason(flag: VerdictFlag): string {
  return FLAG_REASONS[flag];
}

/** How often hangs come back, and what the silence at the end is worth. */
export function recurrenceSentence(values: Omit<Recurrence, "sentence">): string {
  const { unit, hangs, exposureHours, medianHours, quietHours, pQuietAnywhere, trend } = values;
  const seen = `${count(hangs, "hang")} in ${exposure(exposureHours, unit)}`;
  const next =
    medianHours === null
      ? "too few to say how long it takes from one to the next"
      : `half of the time the next came within ${exposure(medianHours, unit)}`;
  const moving =
    trend === null || trend.p > 0.05
      ? ""
      : ` They come ${trend.laplaceU < 0 ? "less" : "more"} often as time goes on (p ${probability(trend.p)}).`;
  return (
    `${seen}; ${next}.${moving} The last ${exposure(quietHours, unit)} were quiet: somewhere in such a log a silence as ` +
    `long as that would be found with probability ${probability(pQuietAnywhere)}, had nothing changed.`
  );
}

/** Hangs that a bounced link ended. */
export function bounceReason(bounces: Bounces, episodes: number): string {
  const { episodes: n, medianS, isScript } = bounces;
  const who = isScript ? "a script, always after about the same time," : "a person or a script";
  const one = n === 1;
  return (
    `${n} of ${count(episodes, "hang")} ended when ${who} took the link down and up, ${medianS < 120 ? `${Math.round(medianS)} s` : `${figure(medianS / 60)} min`} ` +
    `after ${one ? "its" : "their"} onset (median): ${one ? "it" : "they"} did not recover by ${one ? "itself" : "themselves"}, and how long ${one ? "it" : "they"} would have lasted is not known.`
  );
}

/** Do requested and effective values agree, did anything change, and what was asked for in vain. */
export function settingFinding(
  setting: Pick<SettingState, "name" | "requested" | "effective" | "ignored" | "shown">,
  details: {
    readonly asksDefault: boolean;
    readonly silentDefault: boolean;
    readonly tookEffect: boolean | null;
    readonly tiedToMs: number | null;
    readonly clock: Clock;
  },
): string {
  const { name, requested, effective, ignored, shown } = setting;
  const modes = [...new Set(effective.map((effect) => effect.mode))];
  const values = [...new Set(requested.map((request) => request.value))];
  const asked = values.length === 0 ? `${name} was not asked for` : `${name}=${values.join(", then ")} was asked for`;
  const tied =
    details.tiedToMs === null
      ? ""
      : ` (no time of its own; tied to the driver reload of ${moment(details.tiedToMs, details.clock)})`;
  let force = "what is in force is not in the evidence";
  if (shown.length > 0) force = `when the evidence was collected it was ${shown.at(-1)!.value}`;
  else if (modes.length === 1) force = `the driver said ${modes[0]} at every load (${count(effective.length, "load")})`;
  else if (modes.length > 1) force = `the driver said ${modes.join(", then ")}`;
  else if (details.silentDefault)
    force = "the driver printed nothing, which on kernels before 3.4 means its default, dynamic-conservative";
  const same = details.asksDefault ? "; that is the driver's default, so asking for it changes nothing by itself" : "";
  const never =
    details.tookEffect === false
      ? shown.length > 0
        ? " What was asked for last was not in force then: it failed, was undone, or was asked of another interface."
        : " The driver never did what was asked for: look whether the file is in the initramfs (update-initramfs -u), and whether the driver was reloaded after it was written."
      : "";
  const unread = ignored.map(
    ({ value, place, reason }) => ` ${name}=${value} in ${place.evidence} is not read: ${reason}.`,
  );
  return `${asked}${tied}; ${force}${same}.${never}${[...new Set(unread)].join("")}`;
}

/** The sentence on backups. */
export function associationSentence(
  rung: Association["rung"],
  details:
    | string
    | {
        readonly inside: { readonly events: number; readonly exposure: number };
        readonly outside: { readonly events: number; readonly exposure: number };
        readonly shift: Association["circularShift"];
        readonly alpha: number;
        readonly controlsFail: boolean;
        /** Whether backups stand out among other days at the same hours. */
        readonly isApartFromHour: boolean;
      },
): string {
  if (typeof details === "string") return `Cannot say whether hangs are tied to backups: ${details}.`;
  const { inside, outside, shift } = details;
  const counts = `${count(inside.events, "hang")} in ${exposure(inside.exposure, "backup-hour")}, ${outside.events} in ${exposure(outside.exposure, "hour")} outside`;
  const moved =
    shift.status === "ok"
      ? `; moving the hangs along the clock at random would put as many into backups with probability ${probability(shift.value.p)}`
      : "";
  const least =
    shift.status === "ok" && shift.value.smallestPossible > details.alpha
      ? ` (not less than ${probability(shift.value.smallestPossible)} was possible here)`
      : "";
  switch (rung) {
    case "association-shown":
      return `Hangs are tied to backups: ${counts}${moved}${least}.${
        details.isApartFromHour
          ? ""
          : " The hour of the day is not ruled out: a backup at another hour, or a night without one, would tell."
      }`;
    case "consistent-with-association":
      return `Fits a tie to backups, does not show one: ${counts}${moved}${least}.${
        details.controlsFail
          ? " Times near backups show an excess too, so something else at these hours may be behind it."
          : ""
      }`;
    case "no-association-shown":
      return `A rate in backups of twice the rate outside or more is ruled out: ${counts}.`;
    default:
      return `Cannot say whether hangs are tied to backups: ${counts}.`;
  }
}

function noun(unit: Unit): string {
  return unit === "backup-hour" ? "covered backup time" : "covered time";
}

function percent(level: number): string {
  return `${figure(level * 100)} %`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
