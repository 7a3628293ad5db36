/**
 * The report model: plain, versioned, serialisable. Every form of the report is rendered from it and from nothing
 * else. Times are Unix milliseconds UTC; Infinity is written as null with the field's meaning in its comment.
 */
import type { Outcome, Span } from "./result.js";

/** Of the report model. It grows where a field changes its meaning or goes. */
export const REPORT_VERSION = 1;

export interface Report {
  readonly reportVersion: typeof REPORT_VERSION;
  /** The caller's clock, and the options that decide the numbers. */
  readonly now: number;
  readonly options: ReportOptions;
  /** One per host and adapter with any evidence, the one with the most episodes first; empty when there is none. */
  readonly series: readonly AdapterReport[];
  readonly evidence: readonly EvidenceReport[];
  /** Driver lines that match nothing: the parser's honesty figure. */
  readonly notUnderstood: { readonly count: number; readonly samples: readonly Sample[] };
  /** Hang lines whose container could not vouch for the kernel, or that look planted. */
  readonly suspicious: readonly Sample[];
  /** Hang signs of other drivers, which are judged nowhere in this report; the most frequent first, at most 20. */
  readonly otherDrivers: readonly OtherDriverHangs[];
  /** Events that need a time and have none; they are in no rate. */
  readonly unplaced: number;
}

/** With the evidence, all that the report follows from: the same options and the same bytes give the same report. */
export interface ReportOptions {
  /** The driver whose hangs were judged, where it is another than e1000e. */
  readonly driver?: string;
  /** IANA name: the zone of times in sentences. */
  readonly timeZone: string;
  /** Only this range was judged, `since` in, `until` out; null: no bound. */
  readonly since: number | null;
  readonly until: number | null;
  /** Two-sided level of the intervals. */
  readonly confidence: number;
  /** A hang this long after a backup's end still counts as in it. */
  readonly lagMs: number;
  /** A hang this soon after a backup's start does not count as in it. */
  readonly inductionMs: number;
  /** Hang reports further apart than this are two episodes. */
  readonly gapThresholdMs: number;
  /** Of the random shifts. */
  readonly seed: number;
  /** Whether this is the one look that was declared beforehand. */
  readonly looks: "single" | "repeated";
  /** Changes that the user told, oldest first. */
  readonly changes: readonly ToldChange[];
  /** Backups that the user told, oldest first. */
  readonly windows: readonly Span[];
  /** How the evidence was read; null where the caller did not say. */
  readonly reading: Reading | null;
}

/** A change that the user tells: no log line shows it. */
export interface ToldChange {
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly title: string;
}

/** How the evidence was read. The analyzer keeps it as it was told, so that somebody else can read the evidence so again. */
export interface Reading {
  /** Name and version of what read it. */
  readonly program: string;
  /** As the user gave them; the labels of evidence begin with one of them. */
  readonly paths: readonly string[];
  /** IANA name of the zone that the user gave for stamps without one; null: `options.timeZone` was assumed. */
  readonly timeZone: string | null;
  /** The form that every text was read as; null: told by its content. */
  readonly form: string | null;
  /** Units and commands whose runs are backups. */
  readonly windowUnits: readonly string[];
}

/** A line of the evidence, quoted. */
export interface Sample {
  /** Label of the input. */
  readonly evidence: string;
  /** From 1, in the input as unpacked. */
  readonly line: number;
  /** Of its first byte, in the input as unpacked. */
  readonly byteOffset: number;
  /** As the log has it; it may be an attack on whoever prints it. */
  readonly text: string;
}

/** What the evidence holds of hangs of an adapter whose driver the report is not about. */
export interface OtherDriverHangs {
  /** Null where the lines do not name it. */
  readonly host: string | null;
  readonly driver: string | null;
  readonly interface: string | null;
  /** Hang and reset lines as they stand in the evidence; one that stands twice counts twice. */
  readonly lines: number;
  readonly place: Place;
}

/** Where something stands in the evidence. */
export interface Place {
  /** Label of the input. */
  readonly evidence: string;
  /** From 1, in the input as unpacked. */
  readonly line: number;
  /** Of its first byte, in the input as unpacked. */
  readonly byteOffset: number;
}

/** One input, and how it was read. */
export interface EvidenceReport {
  /** Label: the path as it was given, and the way below it in a folder or archive. */
  readonly evidence: string;
  /** The form that it was read as. */
  readonly form: string;
  /** Why that one. */
  readonly formReason: string;
  /** Of the bytes as stored, 64 hexadecimal digits; null where there are none of its own. */
  readonly sha256: string | null;
  /** As unpacked. */
  readonly bytes: number;
  readonly lines: number;
  /** Log entries. */
  readonly records: number;
  /** Hosts that it names, in order of appearance. */
  readonly hosts: readonly string[];
  /** First and last time of its kernel records; null without any. */
  readonly span: Span | null;
  /** Zone in which stamps without one were read; null when there were none. */
  readonly zone: string | null;
  /** Nobody named that zone. */
  readonly zoneAssumed: boolean;
  /** Where the year of stamps without one is from; null when they have it. */
  readonly year: string | null;
  /** How many of each kind. */
  readonly events: Readonly<Record<string, number>>;
  /** How many of each code. */
  readonly diagnostics: Readonly<Record<string, number>>;
}

/** Everything that is said about one adapter of one host. */
export interface AdapterReport {
  /** As the log names it; `unknown` where no evidence does. */
  readonly host: string;
  /** True: the wall time is not known; every time of this series is milliseconds since one boot. */
  readonly relativeTime: boolean;
  readonly adapter: AdapterIdentity;
  readonly verdict: Verdict;
  readonly coverage: CoverageReport;
  readonly episodes: readonly Episode[];
  readonly windows: readonly BackupWindow[];
  readonly runs: readonly BackupRun[];
  readonly changes: readonly Change[];
  readonly epochs: readonly Epoch[];
  readonly boots: readonly Boot[];
  readonly settings: readonly SettingState[];
  readonly association: Association;
  /** Factors of which the evidence shows two levels or more. */
  readonly dose: readonly DoseFactor[];
  /** Settings that had two states or more. */
  readonly contrasts: readonly SettingContrast[];
  readonly efficacy: readonly Efficacy[];
  readonly waiting: Outcome<Waiting>;
  /** What the verdict on the judged change would be, had one more hang come at the end of the evidence. */
  readonly ifHang: Outcome<IfHang>;
  readonly changeDate: Outcome<ChangeDate>;
  /** How often it recurs, on the clock of exposure. */
  readonly recurrence: Outcome<Recurrence>;
  /** In backups against outside, at other lags after a backup's end. */
  readonly lags: readonly LagRow[];
  readonly sensitivity: readonly EpisodeSensitivity[];
  /** Resets and transmit timeouts of the adapter that no hang report goes with: listed, counted as no hang. */
  readonly resetsWithoutReport: readonly Unreported[];
  readonly timeoutsWithoutReport: readonly Unreported[];
  /** Hang reports without any time: known to have happened, in no rate. */
  readonly unplacedReports: number;
  /** What to do about each failure mode that occurs, the most frequent first. */
  readonly failureModes: readonly FailureAdvice[];
  /** What transmit timeouts without a hang report look like; null when there are none. */
  readonly withoutReport: FailureJudgement | null;
}

/** A sign of trouble without a hang report. */
export interface Unreported {
  readonly timeMs: number;
  readonly place: Place;
}

/** How one adapter is known: by address, names and versions. */
export interface AdapterIdentity {
  /** PCI address, `0000:00:1f.6`; null where no line has it. */
  readonly pci: string | null;
  /** Names it had, oldest first. */
  readonly interfaces: readonly string[];
  readonly mac: string | null;
  /** As the driver's banners say, oldest first. */
  readonly driverVersions: readonly string[];
}

/** When the evidence would have shown a hang, and when not. */
export interface CoverageReport {
  /** From the first to the last moment that any evidence covers. */
  readonly span: Span | null;
  readonly covered: readonly Span[];
  readonly gaps: readonly Gap[];
  /** Hours of `covered`. */
  readonly coveredHours: number;
  /** Covered less the time in which the adapter hung. */
  readonly atRiskHours: number;
  /** Covered hours in which the adapter hung. */
  readonly hangHours: number;
}

/** Time in which no evidence would have shown a hang, and why. */
export interface Gap extends Span {
  readonly reason: "no-log" | "host-off" | "lost-records";
}

/** How an episode ended; `log-ends`: nobody saw. */
export type EpisodeEnd =
  | "driver-reset"
  | "link-cycle"
  | "driver-reload"
  | "reboot"
  | "host-crash"
  | "stall-dissolved"
  | "log-ends";

/** What others lose when an adapter hangs. */
export type CollateralKind =
  | "bond-link-lost"
  | "bridge-port-disabled"
  | "cluster-link-lost"
  | "cluster-token-late"
  | "quorum-lost"
  | "server-silent"
  | "guest-locked";

/** How often the log tells of it: in the 10 minutes before the first report, and from it to a minute after recovery. */
export interface CollateralCount {
  readonly what: CollateralKind;
  readonly before: number;
  readonly during: number;
}

/** Failures that look alike in a log and want different remedies. */
export const FAILURE_MODES = [
  "other-driver",
  "device-vanished",
  "link-up-false-positive",
  "after-resume",
  "timeout-without-report",
  "flapping",
  "endless-reports",
  "wedge",
  "passing-stall",
  "recovered-by-reset",
  "unclear",
] as const;
/** A way in which the adapter fails; `unclear` and `other-driver` say that none of them is told. */
export type FailureMode = (typeof FAILURE_MODES)[number];

/** One failure mode that was weighed. */
export interface FailureCandidate {
  readonly mode: FailureMode;
  /** Sentences, the strongest first. */
  readonly for: readonly string[];
  readonly against: readonly string[];
}

/** The failure mode that fits best, and the others that something speaks for, the next best first. */
export interface FailureJudgement extends FailureCandidate {
  readonly others: readonly FailureCandidate[];
}

/** What to do about a failure mode. */
export interface FailureAdvice {
  readonly mode: FailureMode;
  readonly title: string;
  /** Episodes that look like it. */
  readonly episodes: number;
  readonly doNext: readonly string[];
  readonly doNotBother: readonly string[];
}

/** Hang reports that belong together, from the first one to recovery. */
export interface Episode {
  /** Within the series. */
  readonly id: number;
  /** Time of the first report. */
  readonly onsetMs: number;
  /** Recovery: traffic possible again. For `log-ends` the last report; the true end is unknown. */
  readonly endMs: number;
  readonly end: EpisodeEnd;
  /** True when the end was not observed. */
  readonly censored: boolean;
  readonly reports: number;
  /** Resets by the driver. */
  readonly resets: number;
  /** Transmit timeouts that the kernel told. */
  readonly timeouts: number;
  /** Onset to recovery, hours: traffic was down. */
  readonly downHours: number;
  /** Seconds between reports, median; null with fewer than two. */
  readonly cadenceS: number | null;
  /** Which failure the episode looks like, with what speaks for and against it. */
  readonly failureMode: FailureJudgement;
  /** What host, cluster and storage said around it. */
  readonly collateral: readonly CollateralCount[];
  /** The run in whose window (with lag) the onset fell; null outside. */
  readonly run: number | null;
  /** The epoch of its onset. */
  readonly epoch: number;
  /** The boot of its onset; null when not known. */
  readonly boot: number | null;
  /** The onset lies within ± this. */
  readonly uncertaintyMs: number;
  /** `claimed`: it rests on text that any process could have written. */
  readonly trust: "kernel" | "claimed";
  /** Onset outside coverage: counted in no rate. */
  readonly outsideCoverage: boolean;
  readonly place: Place;
}

/** Merged, with lag and induction: the time that counts as "in backup". */
export interface BackupWindow extends Span {
  /** Ids of the runs in it. */
  readonly runs: readonly number[];
}

/** One backup run, from its start to its end, observed or told. */
export interface BackupRun extends Span {
  readonly id: number;
  /** Ids of the guests; empty when not known. */
  readonly guests: readonly number[];
  readonly outcome: "ok" | "failed" | "warnings" | "unknown";
  /** False when the end was not in the evidence and was bounded by other means. */
  readonly endObserved: boolean;
  readonly endBasis: "observed" | "recovery" | "next-run" | "shutdown" | "coverage-end";
  readonly storage: string | null;
  readonly mode: string | null;
  readonly bandwidthLimitKiBps: number | null;
  /** Onset of an episode within. */
  readonly hit: boolean;
  /**
   * The first line that says that something of the run failed; null: none does. vzdump gives a guest up minutes after its
   * network is gone, so the line comes late.
   */
  readonly troubleMs: number | null;
  /** Where there are both: what the evidence shows first. Null where there are not, or the clocks cannot tell. */
  readonly cameFirst: "hang" | "trouble" | null;
  /** The epoch of its start. */
  readonly epoch: number;
  /** Evidence covers all of it. */
  readonly covered: boolean;
  readonly place: Place;
}

/** One boot of the host, from its first record to its last. */
export interface Boot extends Span {
  readonly id: number;
  /** `6.8.12-15-pve`; null when not known. */
  readonly kernelRelease: string | null;
  readonly endedBy: "shutdown" | "crash" | "log-ends";
}

/** One setting: what was asked for, what was in force, and whether they agree. */
export interface SettingState {
  readonly name: string;
  /** Asked for: modprobe.d, command line, a command. */
  readonly requested: readonly {
    readonly value: string;
    readonly from: string;
    readonly timeMs: number | null;
    readonly place: Place;
  }[];
  /** What the driver said it does, at each load. */
  readonly effective: readonly { readonly mode: string; readonly timeMs: number; readonly place: Place }[];
  /** Asked for where nothing reads it. */
  readonly ignored: readonly {
    readonly value: string;
    readonly from: string;
    readonly reason: string;
    readonly place: Place;
  }[];
  /** What a tool showed when the evidence was collected. */
  readonly shown: readonly { readonly value: string; readonly place: Place }[];
  /** Whether what was asked for last was in force: as the driver said, or a tool showed. Null: the evidence cannot tell. */
  readonly tookEffect: boolean | null;
  /** In sentences: do they agree, and did anything change. */
  readonly finding: string;
}

/** A moment at which a setting, the kernel, the driver or something that the user told changed. */
export interface Change {
  readonly id: number;
  readonly timeMs: number;
  /** What the comparison is made for; a driver reload or reboot without any setting is a change too. */
  readonly kind: "setting" | "driver-reload" | "kernel" | "boot" | "command" | "told" | "link" | "firmware" | "backup";
  readonly title: string;
  /** What was asked for; null where nothing was. */
  readonly requested: string | null;
  /** What the driver did before, as far as evidence tells; null when not known. */
  readonly effectiveBefore: string | null;
  /** The same, after. */
  readonly effectiveAfter: string | null;
  /** The effective value did not change: known on both sides, or nothing but the driver's default in all evidence. */
  readonly noOp: boolean;
  /** Everything else that changed in the same switch interval. */
  readonly together: readonly string[];
  /** Null for what the user told. */
  readonly place: Place | null;
}

/** The time between two changes. */
export interface Epoch extends Span {
  readonly id: number;
  /** The change that began it; null for the first. */
  readonly change: number | null;
  readonly coveredHours: number;
  readonly atRiskHours: number;
  /** At risk, in backups. */
  readonly windowHours: number;
  readonly runs: number;
  /** Runs with a hang. */
  readonly runsHit: number;
  readonly episodes: number;
  readonly episodesInWindows: number;
}

/** Two counts with their exposures and the exact comparison. `upper` null means no upper limit. */
export interface RateComparison {
  readonly unit: "backup-hour" | "hour";
  /** Reference side: before, or outside. */
  readonly reference: RateSide;
  /** Compared side: after, or inside. */
  readonly compared: RateSide;
  /** compared/reference; null when not defined (no events at all); "infinite" when the reference has none. */
  readonly ratio: number | null | "infinite";
  readonly interval: Interval;
  readonly intervalMidP: Interval;
  /** One-sided 95 % upper limit of the ratio; null: none. */
  readonly upperOneSided: number | null;
  readonly lowerOneSided: number;
  /** One-sided: this few or fewer on the compared side, had the rates been equal. */
  readonly pLess: number;
  /** One-sided: this many or more. */
  readonly pGreater: number;
  /** Two-sided, from the smaller of the two, doubled. */
  readonly pCentral: number;
  /** Two-sided, by mid-p. */
  readonly pMid: number;
  readonly method: string;
  readonly assumptions: readonly string[];
}
/** One side of a comparison of rates. */
export interface RateSide {
  readonly label: string;
  readonly events: number;
  readonly exposureHours: number;
  /** Events per 1,000 hours with its exact interval; `upper` is never null here when exposure > 0. */
  readonly per1000Hours: number | null;
  readonly interval: Interval;
}
/** A confidence or credible interval. */
export interface Interval {
  /** Two-sided, in (0, 1). */
  readonly level: number;
  readonly lower: number;
  /** Null: no upper limit. */
  readonly upper: number | null;
}

/** Hangs on the clock of exposure: hours of backup, or hours at risk. */
export interface Recurrence {
  readonly unit: "backup-hour" | "hour";
  readonly hangs: number;
  readonly exposureHours: number;
  /** Kaplan-Meier median from one hang to the next; null when fewer than half of the gaps have ended. */
  readonly medianHours: number | null;
  /** From the last hang to the end of the evidence. */
  readonly quietHours: number;
  /** Chance that some gap is at least as long as the silence at the end, had nothing changed. */
  readonly pQuietAnywhere: number;
  /** Chance of a silence at this very place, had it been chosen beforehand. */
  readonly pQuietHere: number;
  /** Null with too few hangs. `laplaceU` below 0 and `beta` below 1: fewer as time goes on. */
  readonly trend: {
    readonly laplaceU: number;
    readonly p: number;
    readonly beta: number;
    readonly betaInterval: Interval;
  } | null;
  /** Mean cumulative function of the one adapter: hangs by exposure; above 1,000 hangs every n-th. */
  readonly cumulative: readonly CumulativePoint[];
  readonly sentence: string;
}

/** A point of the curve of hangs over time at risk. */
export interface CumulativePoint {
  readonly timeMs: number;
  readonly exposureHours: number;
  readonly hangs: number;
}

/** The comparison in and out of backups, where a hang so long after a backup still counts as in it. */
export interface LagRow {
  /** A hang so long after a backup's end counts as in it. */
  readonly lagMs: number;
  readonly events: number;
  readonly hours: number;
  readonly ratio: number | null | "infinite";
  readonly interval: Interval;
  readonly pCentral: number;
}

/** Whether hangs come with backups: crude, by epoch, and asked again in ways that other causes cannot pass. */
export interface Association {
  readonly rung: "association-shown" | "consistent-with-association" | "no-association-shown" | "insufficient";
  readonly crude: Outcome<RateComparison>;
  /** One common ratio over the epochs. */
  readonly stratified: Outcome<{
    readonly ratio: number | null | "infinite";
    readonly interval: Interval;
    readonly pCentral: number;
    readonly strata: number;
  }>;
  readonly circularShift: Outcome<{
    readonly p: number;
    readonly smallestPossible: number;
    readonly expected: number;
    readonly observed: number;
  }>;
  /** The question asked again with one other explanation taken away, and two controls that must show nothing. */
  readonly checks: readonly AssociationCheck[];
  /** A control shows the excess that only backups should show; the association is then not called shown. */
  readonly controlsFail: boolean;
  readonly sentence: string;
}

/** The question of backups asked again with one other explanation taken out, or of time that no backup explains. */
export interface AssociationCheck {
  readonly check:
    | "same-clock-hours"
    | "same-boot"
    | "self-controlled"
    | "day-after-left-out"
    | "nights-without"
    | "before-backups"
    | "after-backups";
  /** A control compares time that no backup explains: an excess speaks against backups. */
  readonly isControl: boolean;
  readonly result: Outcome<{
    readonly ratio: number | null | "infinite";
    /** Null where the method gives none. */
    readonly interval: Interval | null;
    /** Two-sided. */
    readonly p: number;
    /** Null where the method has no plain counts. */
    readonly inside: CheckSide | null;
    readonly outside: CheckSide | null;
  }>;
  readonly method: string;
}

/** Hangs in so many hours, or windows with a hang of so many. */
export interface CheckSide {
  readonly hangs: number;
  readonly of: number;
  readonly unit: "hours" | "windows";
}

/** Whether the rate in backups differs by where they write to, how, and what. */
export interface DoseFactor {
  readonly factor: "storage" | "mode" | "bandwidth limit" | "guest" | "link speed";
  readonly levels: readonly DoseLevel[];
  /** Two-sided test of one rate for all levels; adjusted by Holm over the factors. */
  readonly test: Outcome<{ readonly p: number; readonly pAdjusted: number; readonly method: string }>;
}

/** Runs of one storage, mode or bandwidth limit, and the hangs in them. */
export interface DoseLevel {
  readonly level: string;
  readonly runs: number;
  readonly runsHit: number;
  readonly hours: number;
  readonly hangs: number;
  readonly per1000Hours: number | null;
  readonly interval: Interval;
}

/** One setting's state against another one, every other setting held as it was. */
export interface SettingContrast {
  readonly setting: string;
  readonly from: string;
  readonly to: string;
  /** How often it was switched between any two states: going back and forth is the strongest evidence. */
  readonly switches: number;
  readonly unit: "backup-hour" | "hour";
  readonly result: Outcome<{
    readonly ratio: number | null | "infinite";
    readonly interval: Interval;
    readonly pLess: number;
    readonly pCentral: number;
    /** States of all other settings under which both were seen. */
    readonly strata: number;
    readonly hangsFrom: number;
    readonly hoursFrom: number;
    readonly hangsTo: number;
    readonly hoursTo: number;
  }>;
  readonly method: string;
}

/** One change judged: the epoch before it against the epoch from it on. */
export interface Efficacy {
  readonly change: number;
  readonly verdict: Verdict;
  readonly perBackupHour: Outcome<RateComparison>;
  readonly perHour: Outcome<RateComparison>;
  readonly perRun: Outcome<RunComparison>;
  readonly bayes: Outcome<BayesImprovement>;
  readonly sequential: Outcome<SequentialEvidence>;
  readonly burstiness: Outcome<Burstiness>;
  readonly checks: EfficacyChecks;
}

/** What else could look like an improvement; made for every change, whatever the verdict. */
export interface EfficacyChecks {
  /**
   * Regression to the mean. The hangs within a day before the change (or one mean gap, if shorter), with the time since
   * the first of them, left out; null with fewer than two of them.
   */
  readonly trigger: { readonly hangsLeftOut: number; readonly pLess: number; readonly rung: Rung } | null;
  /** Of dates all over the old epoch, how many show a drop as large as the real one; null with fewer than two hangs. */
  readonly placebo: { readonly dates: number; readonly asLarge: number } | null;
  /** Of the time in which the host was on, the share that evidence covers. */
  readonly coveredBefore: number;
  readonly coveredSince: number;
  /** Boots since the change that ended in a crash without a hang in the log; with a hang in each, the rung. */
  readonly crashes: { readonly count: number; readonly rung: Rung } | null;
  /** Trend of the rate before the change, Laplace; null where it cannot be told. */
  readonly trendBefore: { readonly statistic: number; readonly p: number } | null;
}

/** Whether hangs before the change come together more than chance would have it, and what that does to the claim. */
export interface Burstiness {
  /** Variance over mean of the counts in equal stretches of exposure: 1 for independent hangs. */
  readonly phi: number;
  /** P(this uneven or more), had hangs been independent and their rate constant. */
  readonly p: number;
  readonly bins: number;
  /** phi above 1 with p at most 0.05: the claim is asked of clusters too. */
  readonly uneven: boolean;
  /** Interval of the ratio widened by phi; null with fewer than 5 hangs on a side. */
  readonly widened: Interval | null;
  /** All hangs of one backup window counted once. */
  readonly clustersBefore: number;
  readonly clustersAfter: number;
  /** Exact interval of the ratio of clusters; null without exposure on both sides. */
  readonly intervalOnClusters: Interval | null;
  readonly rungOnClusters: Rung;
  readonly method: string;
}

/** Backup runs with a hang, before a change against after it. */
export interface RunComparison {
  readonly before: { readonly runs: number; readonly hit: number };
  readonly after: { readonly runs: number; readonly hit: number };
  readonly pLess: number;
  /** Boschloo, one-sided: not given the number of hit runs; null above 20,000 runs on a side. */
  readonly pLessUnconditional: number | null;
  readonly cleanRunsNeeded: number | null;
  readonly method: string;
}

/** What the counts say of the new rate over the old one, as probabilities; never decides a verdict by itself. */
export interface BayesImprovement {
  readonly prior: string;
  readonly pImproved: number;
  readonly pHalved: number;
  readonly median: number;
  readonly interval: Interval;
}

/** Evidence that stays valid however often it is looked at. */
export interface SequentialEvidence {
  /** e-value for "fewer"; the claim is made at 20. */
  readonly improved: number;
  readonly worse: number;
  readonly boundary: number;
  /** Upper limit of the ratio that holds at every look; null: none. */
  readonly upperAnytime: number | null;
  /** Two-sided limits of the ratio that hold at every look (confidence sequence). */
  readonly intervalAnytime: Interval;
  readonly firstShownMs: number | null;
  /** What each look showed, the last one at the end of the epoch; weekly, or at most 1,000 evenly spaced. */
  readonly looks: readonly { readonly timeMs: number; readonly improved: number; readonly worse: number }[];
  readonly method: string;
}

/** A rung of the verdict ladder, docs/statistics.md. */
export type Rung =
  | "improvement-shown"
  | "consistent-with-improvement"
  | "no-effect-shown"
  | "worse"
  | "insufficient-evidence";

/** A reason to doubt an improvement; each keeps it from being called shown. */
export type VerdictFlag =
  | "trigger_sensitive"
  | "cluster_sensitive"
  | "placebo_failed"
  | "trend_before"
  | "coverage_low"
  | "clock_uncertain";

/** One rung of a fixed ladder, in words, with what would move it. */
export interface Verdict {
  /** Null when there is no change to judge. */
  readonly change: number | null;
  readonly rung: Rung;
  /** First line of the report. */
  readonly headline: string;
  /** Second line: the one thing that would change it. */
  readonly wouldMove: string;
  readonly reasons: readonly string[];
  readonly flags: readonly VerdictFlag[];
  readonly noOp: boolean;
  readonly notSeparable: readonly string[];
}

/** How long to wait for an answer, and what a hang now would mean. */
export interface Waiting {
  readonly unit: "backup-hour" | "hour";
  /** Hang-free exposure after the change that the declared plan needs (statistics, single plan). */
  readonly neededHours: number;
  readonly soFarHours: number;
  readonly remainingHours: number;
  /** The same for the procedure that may be looked at every week (e-value of 20). */
  readonly neededHoursAnytime: number;
  readonly remainingHoursAnytime: number;
  readonly remainingRuns: number | null;
  /** At the present pace of backups; null when the pace is not known. */
  readonly dateMs: number | null;
  /** Had nothing changed, the chance of a silence this long. */
  readonly chanceOfSilence: number;
  /** One-sided 95 % upper limit of the rate after the change, per 1,000 hours. */
  readonly rateUpperPer1000Hours: number | null;
}

/** One more hang, in the unit in which the change is judged. */
export interface IfHang {
  readonly unit: "backup-hour" | "hour";
  readonly rung: Rung;
  /** Exposure without another hang until an improvement is shown, looked at every week; null: none would be long enough. */
  readonly remainingHours: number | null;
}

/** When the rate changed, asked without looking at the claimed date. */
export interface ChangeDate {
  readonly unit: "backup-hour" | "hour";
  readonly mostLikelyMs: number;
  /** 95 % of the posterior, to the day: start in, end out. */
  readonly fromMs: number;
  readonly toMs: number;
  /** ln of the Bayes factor of one change against none. */
  readonly lnBayesFactor: number;
  readonly p: number;
  /** Bayes factor of 10 or more, and p at most 0.05. */
  readonly isLikely: boolean;
  /** Whether the judged change lies among the likely dates; null when no change is judged. */
  readonly claimedIsAmong: boolean | null;
  readonly sentence: string;
  readonly method: string;
}

/** What another gap between episodes would make of the counts and of the verdict. */
export interface EpisodeSensitivity {
  readonly gapThresholdMs: number;
  readonly episodes: number;
  readonly rung: Rung | null;
}
