import { asksForDefault, type FoundChange } from "../epochs/changes.js";
import { countsOf, type Ground, type Side, sideOf, type Unit } from "../epochs/ground.js";

import type { ResolvedOptions } from "../options.js";
import type {
  Efficacy,
  EpisodeSensitivity,
  IfHang,
  Rung,
  SequentialEvidence,
  Verdict,
  VerdictFlag,
  Waiting,
} from "../report.js";
import { insufficient, type Outcome, ok } from "../result.js";
import { ratioConfidenceSequence } from "../stats/confidence-sequence.js";
import { gammaPoisson, JEFFREYS } from "../stats/gamma-poisson.js";
import { runComparison } from "../stats/run-comparison.js";
import { FEWER, lnMixture, MORE, sequentialEvidence } from "../stats/sequential.js";
import { boschlooLess } from "../stats/unconditional-test.js";
import { chanceOfSilence } from "../stats/waiting.js";
import { clip, hull, passedMs } from "../timeline/spans.js";
import { burstiness, restsOnBursts } from "./burstiness.js";
import { type Counts, compareRates, countsBetween, finite, plain } from "./comparison.js";
import { climb, type FlagInput, type LadderOptions, runChecks, type Stage } from "./flags.js";
import { ifHang, waiting } from "./waiting.js";
import * as wording from "./wording.js";
import type { Clock } from "./words.js";

/** A change to judge, with the epochs on its sides. */
export interface Judged {
  readonly id: number;
  readonly change: FoundChange;
  readonly together: readonly string[];
  /** Start of the epoch before and end of the epoch after; infinite at the ends of time. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface EfficacyInput {
  readonly ground: Ground;
  readonly judged: Judged;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  /** Grounds at other gap thresholds. */
  readonly otherGrounds: readonly {
    readonly gapThresholdMs: number;
    readonly episodes: number;
    readonly ground: Ground;
  }[];
  readonly checks: Pick<FlagInput, "coveredShare" | "uncertaintyMs" | "uncleanEnds">;
  readonly trend: (side: Side) => { readonly statistic: number; readonly p: number } | null;
  /** Sentences on the evidence as a whole. */
  readonly remarks: readonly string[];
}

export interface EfficacyResult {
  readonly efficacy: Efficacy;
  readonly waiting: Outcome<Waiting>;
  readonly ifHang: Outcome<IfHang>;
  readonly sensitivity: readonly EpisodeSensitivity[];
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 86_400_000;
const MOST_LOOKS = 1_000;

/**
 * Did the change change the rate? Per backup-hour where most hangs are in backups, else per hour; both are shown, with
 * runs as units, a Bayesian answer, and the e-value that holds at every weekly look. Cost: some hundred passes over the
 * spans of the two epochs.
 */
export function judge(input: EfficacyInput): EfficacyResult {
  const { ground, judged, options, clock } = input;
  const { change } = judged;
  const alpha = 1 - options.confidence;
  const ladderOptions: LadderOptions = { looks: options.looks, alpha };
  const covered = hull(ground.covered);
  const before = sideOf(ground, judged.startMs, change.timeMs);
  const after = sideOf(ground, change.timeMs, judged.endMs);
  const unit = primaryUnit(before, after);
  const stage: Stage = { startMs: judged.startMs, changeMs: change.timeMs, endMs: judged.endMs, unit };
  const ladder = climb(ground, stage, ladderOptions);
  const rawRung: Rung = ladder?.rung ?? "insufficient-evidence";
  const sensitivity = input.otherGrounds.map(
    (other): EpisodeSensitivity => ({
      gapThresholdMs: other.gapThresholdMs,
      episodes: other.episodes,
      rung: climb(other.ground, stage, ladderOptions)?.rung ?? "insufficient-evidence",
    }),
  );
  // Share of coverage is asked of time that could have been covered: from its first to its last moment.
  const within = {
    ...stage,
    startMs: Math.max(stage.startMs, covered?.startMs ?? stage.changeMs),
    endMs: Math.min(stage.endMs, covered?.endMs ?? stage.changeMs),
  };
  const burst = burstiness(ground, within, ladderOptions);
  const { checks, flags } = runChecks({
    ground,
    stage: within,
    options: ladderOptions,
    rung: rawRung,
    sensitivity,
    restsOnBursts: restsOnBursts(rawRung, burst),
    ...input.checks,
    lagMs: options.lagMs,
    trendBefore: input.trend({ ...before, startMs: within.startMs }),
  });
  const rung: Rung = rawRung === "improvement-shown" && flags.length > 0 ? "consistent-with-improvement" : rawRung;

  const compared = countsBetween(before, after, unit);
  const plan: Outcome<Waiting> =
    compared.status === "ok"
      ? waiting(ground, compared.value, unit, {
          alpha,
          now: options.now,
          looks: options.looks,
          relative: clock.relative,
        })
      : compared;
  const sequential = sequentialOver(ground, stage, compared, alpha, covered?.endMs ?? change.timeMs);
  const labels = { reference: "before the change", compared: "since the change" };
  const rates = (which: Unit): Efficacy["perHour"] => {
    const counts = countsBetween(before, after, which);
    return counts.status === "ok" ? compareRates(counts.value, which, labels, options.confidence) : counts;
  };
  const perBackupHour = rates("backup-hour");
  const perHour = rates("hour");
  const primary = unit === "hour" ? perHour : perBackupHour;

  const reasons: string[] = [wording.comparisonReason(before, after, unit)];
  const counts = compared.status === "ok" ? compared.value : null;
  const silence =
    counts === null || counts.events > 0 || counts.referenceEvents === 0 || counts.referenceExposure === 0
      ? null
      : chanceOfSilence({ events: counts.referenceEvents, exposure: counts.referenceExposure }, counts.exposure);
  if (silence !== null && after.hours > 0) reasons.push(wording.silenceReason(silence));
  if (primary.status === "ok" && primary.value.ratio !== null)
    reasons.push(wording.ratioReason(primary.value.ratio, primary.value.interval));
  if (sequential.status === "ok" && options.looks === "repeated")
    reasons.push(wording.evidenceReason(sequential.value.improved, sequential.value.boundary));
  if (ladder?.numbers?.borderline === true && options.looks === "single") reasons.push(wording.borderlineReason());
  if (sequential.status === "ok" && sequential.value.firstShownMs !== null)
    reasons.push(wording.firstShownReason(sequential.value.firstShownMs, clock));
  if (burst.status === "ok" && burst.value.uneven) reasons.push(wording.burstReason(burst.value));
  if (change.noOp) reasons.push(wording.noOpReason(change.effectiveBefore));
  else if (asksForDefault(change)) reasons.push(wording.defaultReason());
  if (change.tied) reasons.push(wording.tiedReason(change.timeMs, clock));
  reasons.push(wording.bundleReason(judged.together), ...flags.map(wording.flagReason), ...input.remarks);

  const verdict: Verdict = {
    change: judged.id,
    rung,
    headline: wording.headline({
      rung,
      counts,
      unit,
      changeMs: change.timeMs,
      clock,
      upperLimit: ladder?.numbers === null || ladder === null ? null : finite(ladder.numbers.upperLimit),
      lowerLimit: ladder?.numbers === null || ladder === null ? null : finite(ladder.numbers.lowerLimit),
      chanceOfSilence: silence,
      noOp: change.noOp ? change.title : null,
      because: compared.status === "ok" ? null : compared.because,
      confidence: options.confidence,
    }),
    wouldMove: wording.wouldMove(rung, counts, unit, plan, options.looks, clock, options.confidence),
    reasons,
    flags,
    noOp: change.noOp,
    notSeparable: judged.together,
  };
  return {
    efficacy: {
      change: judged.id,
      verdict,
      perBackupHour,
      perHour,
      perRun: perRun(before, after, alpha),
      bayes: bayes(compared, options.confidence),
      sequential,
      burstiness: burst,
      checks,
    },
    waiting: plan,
    ifHang: compared.status === "ok" ? ifHang(compared.value, unit, ladderOptions) : compared,
    sensitivity,
  };
}

/** Per backup-hour where most hangs are in backups and both sides have backups; else per hour. */
export function primaryUnit(before: Side, after: Side): Unit {
  const events = before.events + after.events;
  const inWindows = before.eventsInWindows + after.eventsInWindows;
  const hasBackups = before.windowHours > 0 || after.windowHours > 0;
  return hasBackups && (events === 0 || inWindows * 2 > events) ? "backup-hour" : "hour";
}

function perRun(before: Side, after: Side, alpha: number): Efficacy["perRun"] {
  const [old, recent] = [
    { runs: before.runs, hit: before.runsHit },
    { runs: after.runs, hit: after.runsHit },
  ];
  const result = runComparison({ before: old, after: recent, alpha });
  if (result.status !== "ok") return result;
  const { pLess, cleanRunsNeeded } = result.value;
  const unconditional = boschlooLess({ before: old, after: recent });
  return ok({
    before: old,
    after: recent,
    pLess,
    pLessUnconditional: unconditional.status === "ok" ? unconditional.value : null,
    cleanRunsNeeded,
    method: "hypergeometric, one-sided, given all hit runs",
  });
}

function bayes(counts: Outcome<Counts>, level: number): Efficacy["bayes"] {
  if (counts.status !== "ok") return counts;
  const result = gammaPoisson({ ...counts.value, prior: JEFFREYS, level });
  if (result.status !== "ok") return result;
  const { pImproved, pHalved, median, interval } = result.value;
  return ok({ prior: "Jeffreys, Gamma(1/2, 0) on each rate", pImproved, pHalved, median, interval: plain(interval) });
}

/** The e-value now and at every weekly look, and the first of them at which it was enough. */
function sequentialOver(
  ground: Ground,
  stage: Stage,
  counts: Outcome<Counts>,
  alpha: number,
  coveredEndMs: number,
): Outcome<SequentialEvidence> {
  if (counts.status !== "ok") return counts;
  const now = sequentialEvidence({ ...counts.value, alpha });
  if (now.status !== "ok") return now;
  const anytime = ratioConfidenceSequence(counts.value, 1 - alpha);
  const looks = looksAt(ground, stage, Math.min(stage.endMs, coveredEndMs));
  return ok({
    improved: Math.min(now.value.improved, Number.MAX_VALUE),
    worse: Math.min(now.value.worse, Number.MAX_VALUE),
    boundary: now.value.boundary,
    upperAnytime: finite(now.value.upperAnytime),
    intervalAnytime: anytime.status === "ok" ? plain(anytime.value) : { level: 1 - alpha, lower: 0, upper: null },
    firstShownMs: looks.find(({ improved }) => improved >= 1 / alpha)?.timeMs ?? null,
    looks,
    method: "e-value, mixture of ratios fixed in advance, scale-invariant prior on the old rate; looks every week",
  });
}

/** The e-values at weekly looks, fewer in a very long epoch. One pass over spans and onsets. */
function looksAt(ground: Ground, stage: Stage, endMs: number): SequentialEvidence["looks"] {
  const { startMs, changeMs, unit } = stage;
  const before = countsOf(sideOf(ground, startMs, changeMs), unit);
  if (before.exposure === 0 || !(endMs > changeMs)) return [];
  const stepMs = Math.max(WEEK_MS, (endMs - changeMs) / MOST_LOOKS);
  const times = Array.from({ length: Math.ceil((endMs - changeMs) / stepMs) }, (_, i) =>
    Math.min(endMs, changeMs + (i + 1) * stepMs),
  );
  const inBackups = unit === "backup-hour";
  const passed = passedMs(clip(inBackups ? ground.inWindows : ground.atRisk, changeMs, endMs), times);
  const onsets = ground.onsets.filter(({ timeMs, isInWindow }) => timeMs >= changeMs && (isInWindow || !inBackups));
  let events = 0;
  return times.flatMap((timeMs, i) => {
    while (events < onsets.length && onsets[events]!.timeMs < timeMs) events++;
    const exposure = passed[i]! / HOUR_MS;
    if (exposure === 0) return [];
    const seen = { events, exposure, referenceEvents: before.events, referenceExposure: before.exposure };
    const eValue = (bets: typeof FEWER): number => Math.min(Math.exp(lnMixture(seen, bets)), Number.MAX_VALUE);
    return [{ timeMs, improved: eValue(FEWER), worse: eValue(MORE) }];
  });
}

/** The verdict on the present state, where no change is there to judge. */
export function stateVerdict(
  ground: Ground,
  watchedKernel: boolean,
  unplaced: number,
  remarks: readonly string[],
  flags: readonly VerdictFlag[],
): Verdict {
  const whole = sideOf(ground, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return {
    change: null,
    rung: "insufficient-evidence",
    headline: wording.stateHeadline(whole, watchedKernel, unplaced),
    wouldMove: wording.stateWouldMove(watchedKernel),
    reasons: remarks,
    flags,
    noOp: false,
    notSeparable: [],
  };
}

/** Why there is nothing to wait for. */
export const NO_CHANGE: Outcome<never> = insufficient(
  "no change was found, so there is no old rate to wait against",
  "the date of a change",
);
