/**
 * The fleet report's model: what many hosts say together. Plain, versioned, serialisable; Infinity is written as null with
 * the field's meaning in its comment.
 */
import type { Change, Interval } from "../report.js";
import type { Outcome } from "../result.js";

/** Of the fleet report model. It grows where a field changes its meaning or goes. */
export const FLEET_REPORT_VERSION = 2;

/** What the logs of many hosts say together. */
export interface FleetReport {
  readonly fleetReportVersion: typeof FLEET_REPORT_VERSION;
  /** The caller's clock. */
  readonly now: number;
  /** Two-sided level of the intervals; claims are made at (1 - confidence) one-sided, after Holm's adjustment. */
  readonly confidence: number;
  /** One sentence, the first thing to read. */
  readonly headline: string;
  readonly hosts: number;
  /** Adapters of hosts, the one with the highest shrunken rate first. */
  readonly units: readonly FleetUnitReport[];
  readonly total: FleetRate;
  /** Rates by what hosts have in common. */
  readonly groups: readonly FleetGrouping[];
  /** Hardware under one kernel and kernels on one kind of hardware, strata named. */
  readonly contrasts: readonly FleetContrasts[];
  /** The rate of the whole fleet by calendar month. */
  readonly calendar: FleetCalendar;
  /** How much hosts differ in truth. */
  readonly variation: Outcome<FleetVariation>;
  /** Changes that two hosts or more made, or one where there is no other; the one with the most hosts first. */
  readonly changes: readonly FleetChange[];
  /** What a reader must know of the evidence, sentences. */
  readonly remarks: readonly string[];
  /** What the numbers rest on. */
  readonly assumptions: readonly string[];
}

/** Episodes within exposure. */
export interface FleetRate {
  readonly episodes: number;
  readonly atRiskHours: number;
  /** Null without exposure. */
  readonly per1000Hours: number | null;
  /** Exact, of the rate per 1,000 hours; `upper` null: no limit. */
  readonly interval: Interval;
}

/** One adapter of one host. */
export interface FleetUnitReport extends FleetRate {
  readonly host: string;
  /** PCI address, else the last interface name, else null. */
  readonly adapter: string | null;
  /** What the driver calls the kind of hardware; null where no line says it. */
  readonly nic: string | null;
  /** Empirical Bayes: its rate per 1,000 hours once luck is taken into account; null where it cannot be told. */
  readonly shrunken: { readonly per1000Hours: number; readonly interval: Interval; readonly weight: number } | null;
  /** P(this many episodes or more), had it the rate of all others; exact. Null where there is nothing to compare. */
  readonly pWorse: number | null;
  /** The same, adjusted by Holm over all adapters. */
  readonly pWorseAdjusted: number | null;
  /** The same, adjusted by Benjamini and Hochberg: the false discovery rate at which it would be called worse. */
  readonly pWorseDiscovery: number | null;
  /** `pWorseAdjusted` is at most 1 - confidence: the chance that any adapter is called so by mistake is that. */
  readonly isWorse: boolean;
  /** `pWorseDiscovery` is at most 1 - confidence: of those called so, that share is mistaken on average. */
  readonly isSuspect: boolean;
  /** Of the last epoch: titles of changes made so far that a rate is divided by. */
  readonly changes: readonly string[];
}

/** Rates of the adapters that share a property. */
export interface FleetGrouping {
  /** `nic`, `kernel`, or the name of a setting. */
  readonly by: string;
  readonly levels: readonly (FleetRate & {
    /** Null: no evidence tells. */
    readonly level: string | null;
    readonly hosts: number;
  })[];
  /** "All levels have one rate": hosts differ for other reasons too, so this describes and proves nothing. */
  readonly test: Outcome<{ readonly p: number; readonly method: string }>;
}

/** Levels of one trait compared where they share another. */
export interface FleetContrasts {
  readonly by: "nic" | "kernel";
  /** What both sides of a stratum have in common. */
  readonly within: "kernel" | "nic" | "adapter";
  /** Insufficient where no stratum has two levels: the traits cannot be told apart. */
  readonly contrasts: Outcome<readonly FleetContrast[]>;
}

/** One level against all others with which it shares a stratum. */
export interface FleetContrast {
  readonly level: string;
  readonly hosts: number;
  readonly otherHosts: number;
  /** Null without any event in a usable stratum; "infinite" without one among the others. */
  readonly ratio: number | null | "infinite";
  /** Exact; takes each episode for independent of the host it came from. */
  readonly interval: Interval;
  readonly pLess: number;
  readonly pGreater: number;
  /** Adjusted by Holm over both directions of all contrasts. */
  readonly pLessAdjusted: number;
  readonly pGreaterAdjusted: number;
  /** How much adapters of one side differ among themselves, 1: as chance has it. */
  readonly spread: number;
  /** Wald's, widened by the spread; null where the ratio is 0, infinite or not defined. A claim needs it to leave out 1. */
  readonly spreadInterval: Interval | null;
  readonly strata: readonly FleetContrastStratum[];
  readonly method: string;
  readonly rung: FleetRung;
  /** One sentence. */
  readonly sentence: string;
}

/** What both sides of a contrast share here. */
export interface FleetContrastStratum {
  readonly name: string;
  readonly own: { readonly hosts: number; readonly episodes: number; readonly hours: number };
  readonly others: { readonly hosts: number; readonly episodes: number; readonly hours: number };
}

/** Rates of all hosts by month, and whether they drift. */
export interface FleetCalendar {
  readonly months: readonly (FleetRate & {
    /** `YYYY-MM`, UTC. */
    readonly month: string;
    readonly hosts: number;
  })[];
  /** "Each adapter has one rate in all months": exact given each adapter's total, or by chi-square. */
  readonly trend: Outcome<FleetTrend>;
}

/** A common change of all adapters' rates from month to month. */
export interface FleetTrend {
  /** Rate of a month over that of the month before it, common to all adapters. */
  readonly ratioPerMonth: number;
  readonly interval: Interval;
  /** Two-sided. */
  readonly p: number;
  readonly adapters: number;
  readonly method: string;
}

/** How much the rates of adapters differ beyond chance. */
export interface FleetVariation {
  /** Mean rate per 1,000 hours of the population that the adapters are from. */
  readonly per1000Hours: number;
  /** Standard deviation of the true rates over their mean; 0: no more than chance. */
  readonly variation: number;
  /** One-sided, of "all share one rate". */
  readonly p: number;
  readonly method: string;
}

/** What may be claimed of one kind of change. */
export type FleetRung = "fewer-shown" | "more-shown" | "not-shown" | "insufficient-evidence";

/** One change that hosts made, whenever each of them made it. */
export interface FleetChange {
  readonly kind: Change["kind"];
  readonly title: string;
  /** Adapters with exposure on both sides of it, and all that made it. */
  readonly compared: number;
  readonly made: number;
  /** Of those, the ones on which the effective value stayed what it was. */
  readonly noOp: number;
  readonly rung: FleetRung;
  /** One sentence. */
  readonly sentence: string;
  /** After over before, one ratio for all, exact given each adapter's total. */
  readonly perHour: Outcome<FleetRatio>;
  /** The same in backups only. */
  readonly perBackupHour: Outcome<FleetRatio>;
  /** When the first and the last of them made it, Unix milliseconds; null without dates. */
  readonly dates: { readonly firstMs: number; readonly lastMs: number } | null;
  /** Adapters that changed nothing, as controls. */
  readonly controlled: Outcome<FleetControlled>;
  /** Adapters that made it, the estimate of each. */
  readonly units: readonly FleetChangeUnit[];
  /** Hosts that never made it: they are on the old setting still. */
  readonly without: readonly string[];
}

/** Rates before and after one kind of change, pooled with each adapter as its own control. */
export interface FleetRatio {
  readonly before: { readonly episodes: number; readonly hours: number };
  readonly after: { readonly episodes: number; readonly hours: number };
  /** Null without any event in a usable stratum; "infinite" without one before. */
  readonly ratio: number | null | "infinite";
  readonly interval: Interval;
  /** One-sided, of this few or fewer. */
  readonly pLess: number;
  readonly pGreater: number;
  /** Adjusted by Holm over both directions of all changes; null beside a ratio in backups, of which no claim is made. */
  readonly pLessAdjusted: number | null;
  readonly pGreaterAdjusted: number | null;
  /** Adapters with an event and exposure on both sides. */
  readonly strata: number;
  readonly method: string;
  /** "All adapters share one ratio"; null where events are too few for it. */
  readonly homogeneityP: number | null;
}

/** A change compared with what happened meanwhile to those who did not have it. */
export interface FleetControlled {
  /** Ratio of the changed over ratio of the controls: below 1, it fell by more than for those who changed nothing. */
  readonly ratio: number | "infinite";
  readonly interval: Interval;
  readonly pLess: number;
  readonly pGreater: number;
  readonly treated: number;
  readonly controls: number;
  /** What happened to the controls over the same dates, with no change of theirs: the calendar's part. */
  readonly calendar: {
    readonly before: { readonly episodes: number; readonly hours: number };
    readonly after: { readonly episodes: number; readonly hours: number };
    readonly ratio: number | null | "infinite";
    readonly interval: Interval;
  };
  readonly method: string;
  readonly assumption: string;
}

/** One adapter that had a change, before and after it. */
export interface FleetChangeUnit {
  readonly host: string;
  readonly adapter: string | null;
  readonly timeMs: number;
  readonly noOp: boolean;
  readonly before: { readonly episodes: number; readonly hours: number };
  readonly after: { readonly episodes: number; readonly hours: number };
}
