import { type BuiltEpisodes, buildEpisodes, type RawEpisode, type Reports } from "./episodes/build.js";
import { collateralOf } from "./episodes/collateral.js";
import { failureAdvice, judgeEpisodes, judgeTimeouts } from "./episodes/failure-modes.js";
import { dividing, findChanges } from "./epochs/changes.js";
import { epochsOf, listChanges } from "./epochs/epochs.js";
import { assertCellsAddUp, type Ground, layGround, sideOf } from "./epochs/ground.js";
import { readSettings } from "./epochs/settings.js";
import { type HostContext, heardBetween } from "./host-context.js";
import type { ResolvedOptions } from "./options.js";
import { association } from "./questions/association.js";
import { changeDate } from "./questions/change-date.js";
import { contrasts } from "./questions/contrasts.js";
import { dose } from "./questions/dose.js";
import { type Judged, judge, NO_CHANGE, primaryUnit, stateVerdict } from "./questions/efficacy.js";
import { coveredShareOf } from "./questions/flags.js";
import { lagTable } from "./questions/lags.js";
import { recurrence } from "./questions/recurrence.js";
import { trendOf } from "./questions/trend-before.js";
import { xoshiro128 } from "./random/xoshiro128.js";
import { remarksOf, uncleanEnds } from "./remarks.js";
import type { AdapterIdentity, AdapterReport, BackupRun, Episode, Place } from "./report.js";
import type { Span } from "./result.js";
import { settingState } from "./setting-report.js";
import { bootAt } from "./timeline/boots.js";
import { type Coverage, coverageReport, coverageWithin } from "./timeline/coverage.js";
import { type Fact, isKind, placeOf } from "./timeline/fact.js";
import { clip, contains, lengthMs, union } from "./timeline/spans.js";
import { doseRuns } from "./windows/dose-runs.js";
import { findRuns } from "./windows/runs.js";
import { boundRuns, mergeWindows, runFinder } from "./windows/windows.js";

type RunSide = Span & Pick<BackupRun, "hit" | "covered">;

/** Gap thresholds for which the report says whether the verdict would change; milliseconds. */
const THRESHOLDS_MS = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000] as const;
/** Of a log full of changes only the last ones are judged; all are listed. */
const MOST_JUDGED = 20;
const HOUR_MS = 3_600_000;

/**
 * Everything that is said about one adapter of one host.
 * @param key of the adapter; null for a host whose adapter no evidence names
 */
export function adapterReport(host: HostContext, key: string | null): AdapterReport {
  const life = key === null ? ALWAYS : host.adapters.life(key);
  const context = { ...host, coverage: coverageWithin(host.coverage, life) };
  const { timeline, options, coverage, boots, clock } = context;
  const { facts } = timeline;
  const { reports, indices } = reportsOf(context, key);
  const mine = facts.filter((fact) => isHostFact(fact) || (key !== null && context.adapters.of(fact) === key));
  const watch = {
    untilMs: timeline.watched.at(-1)?.endMs ?? facts.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY,
    heardBetween: heardBetween(timeline),
  };
  const bootStarts = boots.map((boot) => boot.startMs);
  const isAsked = rangeOf(options, timeline.relative);
  const inRange = (timeMs: number): boolean => isAsked(timeMs) && timeMs >= life.startMs && timeMs < life.endMs;
  const build = (thresholdMs: number): BuiltEpisodes => {
    const built = buildEpisodes(reports, mine, bootStarts, thresholdMs, watch);
    return {
      episodes: built.episodes.filter((episode) => inRange(episode.onsetMs)),
      resetsWithoutReport: built.resetsWithoutReport.filter((fact) => inRange(fact.timeMs)),
      timeoutsWithoutReport: built.timeoutsWithoutReport.filter((fact) => inRange(fact.timeMs)),
    };
  };
  const built = build(options.gapThresholdMs);
  const raw = built.episodes;

  const { span } = coverage;
  // Told windows reach over years; those that no evidence covers say nothing.
  const told = options.windows.filter(
    ({ startMs, endMs }) => !timeline.relative && span !== null && startMs < span.endMs && endMs > span.startMs,
  );
  const bounded = boundRuns(
    findRuns(facts, told),
    raw.map((episode) => ({ ...episode, censored: episode.end === "log-ends" })),
    boots.filter((boot) => boot.endedBy !== "log-ends").map((boot) => boot.endMs),
    coverage.span?.endMs ?? null,
  ).filter((run) => inRange(run.startMs));
  const { inductionMs, lagMs } = options;
  const windows = mergeWindows(bounded, inductionMs, lagMs);
  const runAt = runFinder(bounded, inductionMs, lagMs);
  const runsFor = (episodes: readonly RawEpisode[]): RunSide[] => {
    const hit = new Set(episodes.map((episode) => runAt(episode.onsetMs)));
    return bounded.map(({ startMs, endMs }, id) => ({
      startMs,
      endMs,
      hit: hit.has(id),
      covered: isCovered(coverage, { startMs, endMs }),
    }));
  };
  const runSides = runsFor(raw);
  const onsetIn = new Map<number | null, number>();
  for (const { onsetMs } of [...raw].reverse()) onsetIn.set(runAt(onsetMs), onsetMs);
  const groundFor = (episodes: readonly RawEpisode[], runs: readonly RunSide[]): Ground =>
    layGround({ covered: coverage.covered, windows, episodes, runs });
  const ground = groundFor(raw, runSides);

  const isMine = (fact: Fact): boolean => key === null || context.adapters.of(fact) === key;
  const identity: AdapterIdentity =
    key === null ? { pci: null, interfaces: [], mac: null, driverVersions: [] } : context.adapters.identity(key);
  const settings = readSettings(facts, timeline.untimed, isMine, identity.interfaces);
  const toldChanges = timeline.relative ? [] : options.changes;
  const found = findChanges(facts, settings, boots, toldChanges, isMine).filter((change) => inRange(change.timeMs));
  const divisions = dividing(found);
  const listed = listChanges(found, divisions, ground);
  const borders = divisions.map(({ change }) => change.timeMs);
  assertCellsAddUp(ground, borders);
  const epochs = epochsOf(ground, divisions, listed, coverage.span);
  const epochAt = (timeMs: number): number => borders.filter((border) => border <= timeMs).length;

  const remarks = remarksOf(context, raw, built, reports);
  const hostOff = union(coverage.gaps.filter((gap) => gap.reason === "host-off"));
  const counted = raw.filter((episode) => contains(coverage.covered, episode.onsetMs));
  const uncertainty = (episode: RawEpisode): number => timeline.hangs.uncertaintyMs[indices[episode.from]!]!;
  const uncertaintyMs = counted.reduce((most, episode) => Math.max(most, uncertainty(episode)), 0);
  const others = THRESHOLDS_MS.map((gapThresholdMs) => {
    const { episodes } = gapThresholdMs === options.gapThresholdMs ? built : build(gapThresholdMs);
    const sides = runsFor(episodes);
    return { gapThresholdMs, episodes: episodes.length, ground: groundFor(episodes, sides) };
  });
  const firstJudged = Math.max(0, divisions.length - MOST_JUDGED);
  const judgements = divisions.slice(firstJudged).map(({ change }, nth) => {
    const i = firstJudged + nth;
    const judged: Judged = {
      id: listed.idOf(change),
      change,
      together: listed.changes[listed.idOf(change) - 1]!.together,
      startMs: borders[i - 1] ?? Number.NEGATIVE_INFINITY,
      endMs: borders[i + 1] ?? Number.POSITIVE_INFINITY,
    };
    return judge({
      ground,
      judged,
      options,
      clock,
      otherGrounds: others,
      checks: {
        coveredShare: (from, to) => coveredShareOf(coverage.covered, hostOff, from, to),
        uncertaintyMs,
        uncleanEnds: uncleanEnds(boots, raw).filter((endMs) => endMs >= judged.change.timeMs && endMs < judged.endMs)
          .length,
      },
      trend: (side) => trendOf(ground, side),
      remarks,
    });
  });
  const primary = judgements.at(-1);
  const whole = sideOf(ground, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const watchedKernel = lengthMs(timeline.watched) > 0;
  const clockFlags = uncertaintyMs > options.lagMs ? (["clock_uncertain"] as const) : [];

  const around = facts.filter((fact) => isAround(fact) || (key !== null && context.adapters.of(fact) === key));
  const kernelAt = (timeMs: number): string | null => boots[bootAt(boots, timeMs) ?? -1]?.kernelRelease ?? null;
  const rows = Uint32Array.from(indices, (index) => timeline.hangs.rows[index]!);
  const failures = judgeEpisodes({
    episodes: raw,
    table: context.table,
    rows,
    facts: around,
    kernelAt,
    driver: options.driver,
  });
  const { timeoutsWithoutReport, resetsWithoutReport } = built;
  const withoutReport = judgeTimeouts(timeoutsWithoutReport, resetsWithoutReport, around, kernelAt, options.driver);

  const collateral = collateralOf(raw, facts, identity.interfaces);

  return {
    host: timeline.host,
    relativeTime: timeline.relative,
    adapter: identity,
    verdict:
      primary?.efficacy.verdict ?? stateVerdict(ground, watchedKernel, timeline.unplacedHangs, remarks, clockFlags),
    coverage: coverageReport(
      coverage,
      union(raw.map((episode) => ({ startMs: episode.onsetMs, endMs: episode.endMs }))),
    ),
    episodes: raw.map(
      (episode, id): Episode => ({
        id,
        onsetMs: episode.onsetMs,
        endMs: episode.endMs,
        end: episode.end,
        censored: episode.end === "log-ends",
        reports: episode.to - episode.from,
        resets: episode.resets,
        timeouts: episode.timeouts,
        downHours: (episode.endMs - episode.onsetMs) / HOUR_MS,
        cadenceS: cadence(reports.timeMs, episode),
        failureMode: failures[id]!,
        collateral: collateral[id]!,
        run: runAt(episode.onsetMs),
        epoch: epochAt(episode.onsetMs),
        boot: bootAt(boots, episode.onsetMs),
        uncertaintyMs: uncertainty(episode),
        trust: isVouched(context, indices, episode) ? "kernel" : "claimed",
        outsideCoverage: !contains(coverage.covered, episode.onsetMs),
        place: placeOfRow(context, timeline.hangs.rows[indices[episode.from]!]!),
      }),
    ),
    windows,
    runs: bounded.map(
      (run, id): BackupRun => ({
        id,
        startMs: run.startMs,
        endMs: run.endMs,
        guests: run.guests,
        outcome: run.outcome,
        endObserved: run.endObserved,
        endBasis: run.endBasis,
        storage: run.storage,
        mode: run.mode,
        bandwidthLimitKiBps: run.bandwidthLimitKiBps,
        hit: runSides[id]!.hit,
        troubleMs: run.troubleMs,
        cameFirst: cameFirst(run.troubleMs, onsetIn.get(id), uncertaintyMs),
        epoch: epochAt(run.startMs),
        covered: runSides[id]!.covered,
        place: run.place,
      }),
    ),
    changes: listed.changes,
    epochs,
    boots: boots.map(({ offUntilMs: _off, ...boot }) => boot),
    settings: settings.map((history) => settingState(history, context, found)),
    association: association(
      {
        ground,
        windows: union(windows),
        borders,
        bootAt: (timeMs) => bootAt(boots, timeMs),
        clock,
        level: options.confidence,
      },
      xoshiro128(options.seed),
    ),
    dose: dose(
      doseRuns(
        bounded.map((run, id) => ({ ...run, covered: runSides[id]!.covered })),
        counted.map(({ onsetMs }) => runAt(onsetMs)),
        facts.filter(isMine),
        ground.atRisk,
      ),
      options.confidence,
    ),
    contrasts: contrasts(ground, found, { unit: primaryUnit(whole, whole), level: options.confidence }),
    efficacy: judgements.map((judgement) => judgement.efficacy),
    waiting: primary?.waiting ?? NO_CHANGE,
    ifHang: primary?.ifHang ?? NO_CHANGE,
    changeDate: changeDate(ground, {
      unit: primaryUnit(whole, whole),
      claimedMs: divisions.at(-1)?.change.timeMs ?? null,
      clock,
      random: xoshiro128(options.seed),
    }),
    recurrence: recurrence(ground, {
      unit: primaryUnit(whole, whole),
      level: options.confidence,
    }),
    lags: lagTable(
      (lag) =>
        layGround({
          covered: coverage.covered,
          windows: mergeWindows(bounded, inductionMs, lag),
          episodes: raw,
          runs: runSides,
        }),
      options.confidence,
    ),
    sensitivity:
      primary?.sensitivity ?? others.map(({ gapThresholdMs, episodes }) => ({ gapThresholdMs, episodes, rung: null })),
    resetsWithoutReport: built.resetsWithoutReport.map(unreported),
    timeoutsWithoutReport: built.timeoutsWithoutReport.map(unreported),
    unplacedReports: timeline.unplacedHangs,
    failureModes: failureAdvice(failures, withoutReport, identity.interfaces.at(-1) ?? null),
    withoutReport,
  };
}

/** Facts of the host that a failure mode may hang on. */
function isAround(fact: Fact): boolean {
  return isKind(fact, "host.boot") || isKind(fact, "host.resume");
}

/** Facts of the host that end a hang of any adapter. */
function isHostFact(fact: Fact): boolean {
  return isKind(fact, "host.shutdown") || isKind(fact, "e1000e.driver_load");
}

function rangeOf(options: ResolvedOptions, relative: boolean): (timeMs: number) => boolean {
  if (relative) return () => true;
  const since = options.since ?? Number.NEGATIVE_INFINITY;
  const until = options.until ?? Number.POSITIVE_INFINITY;
  return (timeMs) => timeMs >= since && timeMs < until;
}

/** The adapter's reports, and where they stand in the host's rows. */
function reportsOf(context: HostContext, key: string | null): { reports: Reports; indices: Uint32Array } {
  const { table, adapters, timeline } = context;
  const { hangs } = timeline;
  const indices = key === null ? new Uint32Array(0) : adapters.reportsOf(key);
  return {
    indices,
    reports: {
      timeMs: Float64Array.from(indices, (i) => hangs.timeMs[i]!),
      timeStamp: Float64Array.from(indices, (i) => table.timeStamp[hangs.rows[i]!]!),
    },
  };
}

/** A run was watched when evidence covers it from start to end, give or take a hundredth. */
function isCovered(coverage: Coverage, run: Span): boolean {
  const length = run.endMs - run.startMs;
  if (length === 0) return contains(coverage.covered, run.startMs);
  return lengthMs(clip(coverage.covered, run.startMs, run.endMs)) >= 0.99 * length;
}

function cadence(timeMs: Float64Array, episode: RawEpisode): number | null {
  if (episode.to - episode.from < 2) return null;
  const gaps = new Float64Array(episode.to - episode.from - 1);
  for (let i = 0; i < gaps.length; i++) gaps[i] = timeMs[episode.from + i + 1]! - timeMs[episode.from + i]!;
  gaps.sort();
  const middle = gaps.length >>> 1;
  return (gaps.length % 2 === 1 ? gaps[middle]! : (gaps[middle - 1]! + gaps[middle]!) / 2) / 1000;
}

function isVouched(context: HostContext, indices: Uint32Array, episode: RawEpisode): boolean {
  for (let i = episode.from; i < episode.to; i++) if (context.timeline.hangs.vouched[indices[i]!] === 1) return true;
  return false;
}

function placeOfRow(context: HostContext, row: number): Place {
  const { table } = context;
  return {
    evidence: context.evidence.list[table.evidence[row]!]!,
    line: table.line[row]!,
    byteOffset: table.byteOffset[row]!,
  };
}

function unreported(fact: Fact): { readonly timeMs: number; readonly place: Place } {
  return { timeMs: fact.timeMs, place: placeOf(fact.event) };
}

/** Which of the two the evidence shows first; null unless both are there and further apart than the clocks are sure. */
function cameFirst(
  troubleMs: number | null,
  onsetMs: number | undefined,
  uncertaintyMs: number,
): BackupRun["cameFirst"] {
  if (troubleMs === null || onsetMs === undefined || Math.abs(troubleMs - onsetMs) <= uncertaintyMs) return null;
  return onsetMs < troubleMs ? "hang" : "trouble";
}

const ALWAYS: Span = { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY };
